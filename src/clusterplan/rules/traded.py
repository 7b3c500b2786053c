"""Columns of supply: between firms, through gateways, and by second routes."""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.instance import Floats, Ints


@dataclass(frozen=True)
class Between:
    """Columns u of supply between firms, each array as long as its columns.

    Parameters
    ----------
    column
        Column.
    pair, seller_park, buyer_park
        Supply pair, and the parks of its two firms.
    unit
        Units of product in one unit of the column.
    way
        The way by a work that it uses, −1 for the way as it is without.
    """

    column: Ints
    pair: Ints
    seller_park: Ints
    buyer_park: Ints
    unit: Floats
    way: Ints


@dataclass(frozen=True)
class Through:
    """Columns of trade through gateways (e sold or m bought), each array as long as its columns.

    Parameters
    ----------
    column
        Column.
    firm, product, park, gateway
        Firm, its product, its park, and the gateway.
    unit
        Units of product in one unit of the column.
    way
        The way by a work that it uses, −1 for the way as it is without.
    """

    column: Ints
    firm: Ints
    product: Ints
    park: Ints
    gateway: Ints
    unit: Floats
    way: Ints


@dataclass(frozen=True)
class Second:
    """Columns d of utilisation spent on second routes, each array as long as its columns."""

    column: Ints
    firm: Ints
    park: Ints


@dataclass(frozen=True)
class Traded:
    """Columns of supply: between firms, sold and bought through gateways, and by second routes."""

    between: Between
    sold: Through
    bought: Through
    second: Second
