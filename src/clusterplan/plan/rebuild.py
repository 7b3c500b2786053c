"""A `Plan` from the content of `plan.json` and its region.

Decisions and numbers are taken as they stand; what follows from the region alone (names, places,
distances, values of what is traded) is looked up in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from clusterplan.distance import SUPPLY, RegionDistances, region_distances, representative_points
from clusterplan.errors import InputError
from clusterplan.instance.costs import MILLION
from clusterplan.plan.known import unknown_ids
from clusterplan.plan.plan import Plan, Proof
from clusterplan.plan.tables import WGS84
from clusterplan.region import Region


def rebuild(content: Mapping[str, Any], region: Region, proof: Proof) -> Plan:
    """Return the plan that `plan.json` holds.

    Parameters
    ----------
    content
        Content of `plan.json`, fit for its schema, of a plan that exists.
    region
        The region it is a plan of.
    proof
        How it was found.

    Raises
    ------
    InputError
        If it names what the region does not have.
    """
    faults = unknown_ids(content, region)
    if faults:
        raise InputError(faults)
    distances = region_distances(region)
    trade = _Trade(region, distances)
    plan = Plan(
        region=region,
        status=content["status"],
        value=float(content["value"]),
        bound=None if content["bound"] is None else float(content["bound"]),
        weights=_floats(content["weights"]),
        tables={
            "parks": _parks(content["parks"], region),
            "firms": _firms(content["firms"], region, trade),
            "supply": trade.supply(content["supply"]),
            "links": trade.links(content["links"]),
            "grants": _grants(content["grants"]),
            "terms": _terms(content),
        },
        proof=proof,
    )
    plan.__dict__["distances"] = distances  # known already: fills the cached property
    return plan


def _parks(rows: Mapping[str, Any], region: Region) -> gpd.GeoDataFrame:
    parks = region.parks
    ordered = [rows[park] for park in parks.index]
    columns: dict[str, Any] = {
        "name": parks["name"],
        "status": parks["status"],
        "open": np.array([row["open"] for row in ordered], dtype=bool),
        "level": pd.Series([row["level"] for row in ordered], index=parks.index, dtype=object),
    }
    for resource in region.resources:
        columns[f"used_{resource}"] = np.array([row["used"][resource] for row in ordered], dtype=float)
        columns[f"capacity_{resource}"] = parks[resource]
    return gpd.GeoDataFrame(columns, index=parks.index, geometry=parks.geometry, crs=WGS84)


def _firms(rows: Mapping[str, Any], region: Region, points: Mapping[str, Point]) -> gpd.GeoDataFrame:
    firms = region.firms
    ordered = [rows[firm] for firm in firms.index]

    def numbers(key: str) -> np.ndarray:
        return np.array([row[key] for row in ordered], dtype=float)  # None becomes NaN

    columns = {
        "name": firms["name"],
        "stage": firms["stage"],
        "status": firms["status"],
        "is_anchor": firms["is_anchor"],
        "is_platform": firms["is_platform"],
        "park": np.array([row["park"] for row in ordered], dtype=object),
        "utilisation": numbers("utilisation"),
        "surplus_m_y": numbers("surplus_m_y"),
        "grants_m_y": numbers("grants_m_y"),
    }
    geometry = [points.get(row["park"]) for row in ordered]
    return gpd.GeoDataFrame(columns, index=firms.index, geometry=geometry, crs=WGS84)
