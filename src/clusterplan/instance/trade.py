"""Trade: products, who makes and needs them, and the gateways."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance.frozen import Bools, Floats, Frozen, Ints


@dataclass(frozen=True)
class Trade(Frozen):
    """Products, who makes and needs them, and the gateways.

    Parameters
    ----------
    products, gateways
        Ids.
    output, need
        F×P, units a year at full utilisation.
    seller, buyer, product
        N, the supply pairs.
    km
        S×S road distance, NaN where there is no way.
    gateway_km
        S×G.
    freight
        P, m currency per unit and km.
    max_km
        P, farthest it is supplied between firms (infinite: any).
    value
        P, m currency per unit.
    collaboration
        P, worth of a unit traded at proximity 1, m currency.
    proximity
        S×S proximity of supply.
    share_seller, share_buyer
        Shares of supply collaboration.
    is_anchor
        F.
    buys_gain, sells_gain
        G×P, m currency a unit over (under) the product's value that the seller (buyer) gains;
        NaN where the gateway does not buy (sell).
    buys_up_to, sells_up_to
        G×P, units a year, infinite for no limit.
    serves_two
        F, True for firms that may spend part of their utilisation on a second route; None: nobody.
    other_output, other_need
        F×P, units a year at full utilisation by the second route, and as they are of firms without one; None:
        nobody has one.
    """

    products: tuple[str, ...]
    gateways: tuple[str, ...]
    output: Floats
    need: Floats
    seller: Ints
    buyer: Ints
    product: Ints
    km: Floats
    gateway_km: Floats
    freight: Floats
    max_km: Floats
    value: Floats
    collaboration: Floats
    proximity: Floats
    share_seller: float
    share_buyer: float
    is_anchor: Bools
    buys_gain: Floats
    sells_gain: Floats
    buys_up_to: Floats
    sells_up_to: Floats
    serves_two: Bools | None = None
    other_output: Floats | None = None
    other_need: Floats | None = None

    @property
    def most_output(self) -> Floats:
        """F×P, the most of each product that a firm makes by either route, units a year."""
        return self.output if self.other_output is None else np.maximum(self.output, self.other_output)

    @property
    def most_need(self) -> Floats:
        """F×P, the most of each input that a firm needs by either route, units a year."""
        return self.need if self.other_need is None else np.maximum(self.need, self.other_need)

    @property
    def second_routes(self) -> Ints:
        """Firms with a second route."""
        return np.flatnonzero([] if self.serves_two is None else self.serves_two)

    def by_own_route(self) -> Trade:
        """Return the trade in which no firm has a second route."""
        return replace(self, serves_two=None, other_output=None, other_need=None)
