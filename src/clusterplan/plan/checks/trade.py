"""What each row of supply costs and is worth, from its ends and quantity alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.distance import SUPPLY
from clusterplan.distance.arrays import BoolArray, FloatArray, IntArray
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import at
from clusterplan.plan.checks.costs import MILLION


@dataclass(frozen=True)
class Trade:
    """Rows of supply, in the order of ``case.decided.trades``.

    Parameters
    ----------
    ids
        Seller or gateway, buyer or gateway, product.
    start, end
        Parks the seller and the buyer are in, −1 for a gateway or a firm that is out.
    km
        Road kilometres, the way beyond a gateway included; NaN where an end is out or there is no way.
    freight, value
        m currency/y.
    local
        True between firms within reach of each other.
    price_gain
        What a gateway's price adds for the firm over the product's value, m currency/y; NaN where the
        gateway does not trade the product.
    collaboration
        Worth of working closely, m currency/y.
    """

    ids: list[str]
    start: IntArray
    end: IntArray
    km: FloatArray
    freight: FloatArray
    value: FloatArray
    local: BoolArray
    price_gain: FloatArray
    collaboration: FloatArray


def trade(case: Case) -> Trade:
    """Return what the rows of supply cost and are worth."""
    rows, here, products = case.decided.trades, case.decided.park, case.products
    p, quantity = rows.product, rows.quantity
    start = np.where(rows.seller >= 0, here[rows.seller], -1)
    end = np.where(rows.buyer >= 0, here[rows.buyer], -1)
    between = rows.gateway < 0
    km = np.where(
        between,
        _look_up(case.distances.parks.km, start, end),
        _look_up(case.distances.gateways.km, np.where(rows.seller >= 0, start, end), rows.gateway),
    )
    rate = products["freight_per_tkm"].astype(float).fillna(case.region.manifest.freight.per_tkm)
    per_km = (products["tonnes_per_unit"] * rate).to_numpy(dtype=float)[p] * quantity * MILLION
    value = products["value"].to_numpy(dtype=float)[p] * quantity * MILLION
    near = np.nan_to_num(_look_up(case.distances.proximity(SUPPLY), start, end))
    share = products["collaboration_share"].to_numpy(dtype=float)[p]
    return Trade(
        ids=_ids(case),
        start=start,
        end=end,
        km=km,
        freight=per_km * km,
        value=value,
        local=between & (near > 0),
        price_gain=_price_gain(case, quantity, value),
        collaboration=np.where(between, share * value * near, 0.0),
    )


def market(case: Case, column: str) -> FloatArray:
    """Return a column of the markets as gateways × products, NaN where there is no such row or cell."""
    gateways, products = case.region.gateways.index, case.products.index
    found = np.full((len(gateways), len(products)), np.nan)
    rows = case.region.markets
    found[at(gateways, rows["gateway"]), at(products, rows["product"])] = rows[column].to_numpy(dtype=float)
    return found


def _price_gain(case: Case, quantity: FloatArray, value: FloatArray) -> FloatArray:
    rows = case.decided.trades
    at_buys = MILLION * quantity * _look_up(market(case, "buys_at"), rows.gateway, rows.product)
    at_sells = MILLION * quantity * _look_up(market(case, "sells_at"), rows.gateway, rows.product)
    through = np.where(rows.seller >= 0, at_buys - value, value - at_sells)
    return np.where(rows.gateway < 0, 0.0, through)


def _look_up(matrix: FloatArray, row: IntArray, column: IntArray) -> FloatArray:
    """Return entries of a matrix, NaN where a position is −1."""
    found = np.full(len(row), np.nan)
    there = np.flatnonzero((row >= 0) & (column >= 0))
    found[there] = np.asarray(matrix, dtype=float)[row[there], column[there]]
    return found


def _ids(case: Case) -> list[str]:
    rows = case.decided.trades
    firms, gateways = [*case.firms.index], [*case.region.gateways.index]
    products = pd.Index(case.products.index)
    return [
        f"{firms[a] if a >= 0 else gateways[g]}/{firms[b] if b >= 0 else gateways[g]}/{products[p]}"
        for a, b, g, p in zip(rows.seller, rows.buyer, rows.gateway, rows.product, strict=True)
    ]
