"""Who deals with whom in a plan: the tables of supply and links."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np

from clusterplan.instance import Decisions, Instance
from clusterplan.plan.evaluate import Worth
from clusterplan.plan.tables.places import Places, geo

_SUPPLY = (
    "from",
    "to",
    "gateway",
    "product",
    "quantity_per_y",
    "from_park",
    "to_park",
    "distance_km",
    "freight_m_y",
    "value_m_y",
    "local",
    "geometry",
)


def supply_table(instance: Instance, decisions: Decisions, places: Places) -> gpd.GeoDataFrame:
    """Return a row for each quantity that goes from one firm to another or through a gateway."""
    trade, sites = instance.trade, instance.sites
    rows: list[tuple[Any, ...]] = []
    for n in np.flatnonzero(decisions.supply > 0):
        a, b, p = trade.seller[n], trade.buyer[n], trade.product[n]
        s, t, quantity = decisions.park[a], decisions.park[b], float(decisions.supply[n])
        km = float(trade.km[s, t])
        ends = (
            sites.firms[a],
            sites.firms[b],
            None,
            trade.products[p],
            quantity,
            sites.parks[s],
            sites.parks[t],
        )
        freight, value = trade.freight[p] * km * quantity, trade.value[p] * quantity
        line = places.line(places.park[s], places.park[t])
        rows.append((*ends, km, float(freight), float(value), bool(trade.proximity[s, t] > 0), line))
    for sells, quantities in ((True, decisions.sold), (False, decisions.bought)):
        for f, p, g in np.argwhere(quantities > 0):
            s, quantity = decisions.park[f], float(quantities[f, p, g])
            km = float(trade.gateway_km[s, g])
            firm, park = sites.firms[f], sites.parks[s]
            points = (places.park[s], places.gateway[g])
            ends = (
                firm if sells else None,
                None if sells else firm,
                trade.gateways[g],
                trade.products[p],
                quantity,
                park if sells else None,
                None if sells else park,
            )
            freight, value = trade.freight[p] * km * quantity, trade.value[p] * quantity
            line = places.line(*(points if sells else points[::-1]))
            rows.append((*ends, km, float(freight), float(value), False, line))
    return geo(rows, _SUPPLY)


_LINKS = (
    "link",
    "kind",
    "from",
    "to",
    "from_park",
    "to_park",
    "distance_km",
    "proximity",
    "value_m_y",
    "geometry",
)


def links_table(instance: Instance, decisions: Decisions, worth: Worth, places: Places) -> gpd.GeoDataFrame:
    """Return a row for each link whose two firms are placed."""
    links, sites = instance.links, instance.sites
    rows = []
    for n in np.flatnonzero(worth.kernel > 0):
        a, b = links.a[n], links.b[n]
        s, t = decisions.park[a], decisions.park[b]
        rows.append(
            (
                links.names[n],
                links.kinds[links.kind[n]],
                sites.firms[a],
                sites.firms[b],
                sites.parks[s],
                sites.parks[t],
                float(instance.trade.km[s, t]),
                float(worth.kernel[n]),
                float(worth.links[n]),
                places.line(places.park[s], places.park[t]),
            )
        )
    return geo(rows, _LINKS)
