"""A `Plan` from the content of `plan.json` and its region.

Decisions and numbers are taken as they stand; what follows from the region alone (names, places,
distances, values of what is traded) is looked up in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from clusterplan.distance import (
    SUPPLY,
    RegionDistances,
    distances_with,
    region_distances,
    representative_points,
)
from clusterplan.errors import InputError
from clusterplan.instance import Floats
from clusterplan.instance.costs import MILLION
from clusterplan.instance.public import added_capacity, levels
from clusterplan.plan.known import rule_of, unknown_ids
from clusterplan.plan.plan import Plan, Proof
from clusterplan.plan.tables import WGS84, loops_table
from clusterplan.region import TERMS, Region

Rows = Sequence[Mapping[str, Any]]


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
    places = _Places(content, region)
    plan = Plan(
        region=region,
        status=content["status"],
        value=float(content["value"]),
        bound=None if content["bound"] is None else float(content["bound"]),
        weights={term: float(content["weights"][term]) for term in TERMS},
        tables={
            "parks": _parks(content, region),
            "firms": _firms(content["firms"], region, places),
            "supply": _supply(content["supply"], region, places),
            "links": _links(content["links"], region, places),
            "loops": _loops(content.get("loops", [])),
            "grants": _grants(content["grants"]),
            "works": _works(content.get("works", []), region),
            "terms": _terms(content),
        },
        proof=proof,
    )
    plan.__dict__["distances"] = places.as_they_are  # known already: fills the cached property
    return plan


class _Places:
    """Points of parks and gateways by id, and how far they are apart with what is built."""

    def __init__(self, content: Mapping[str, Any], region: Region) -> None:
        parks, gateways = region.parks.geometry, region.gateways.geometry
        self.points: dict[str, Point] = dict(zip(parks.index, representative_points(parks), strict=True))
        self.gateways: dict[str, Point] = dict(
            zip(gateways.index, representative_points(gateways), strict=True)
        )
        built = [row["work"] for row in content.get("works", []) if row["built"]]
        self.as_they_are = region_distances(region)
        self.distances: RegionDistances = distances_with(self.as_they_are, built)
        self._at = {park: s for s, park in enumerate(parks.index)}
        self._gate = {gateway: g for g, gateway in enumerate(gateways.index)}
        self._near = self.distances.proximity(SUPPLY) > 0

    def km(self, row: Mapping[str, Any]) -> float:
        """Return the road kilometres between the ends of a row of supply or of links."""
        gateway = row.get("gateway")
        if gateway is None:
            return float(self.distances.parks.km[self._at[row["from_park"]], self._at[row["to_park"]]])
        park = row["from_park"] or row["to_park"]
        return float(self.distances.gateways.km[self._at[park], self._gate[gateway]])

    def is_local(self, row: Mapping[str, Any]) -> bool:
        """Return whether the ends of a row of supply are within reach of each other."""
        if row["gateway"] is not None:
            return False
        return bool(self._near[self._at[row["from_park"]], self._at[row["to_park"]]])

    def line(self, row: Mapping[str, Any]) -> LineString:
        """Return the straight line between the ends of a row of supply or of links."""
        ends = (row[side] for side in ("from_park", "to_park"))
        return LineString(
            [self.gateways[row["gateway"]] if park is None else self.points[park] for park in ends]
        )


def _parks(content: Mapping[str, Any], region: Region) -> gpd.GeoDataFrame:
    parks, rows = region.parks, content["parks"]
    ordered = [rows[park] for park in parks.index]
    columns: dict[str, Any] = {
        "name": parks["name"],
        "status": parks["status"],
        "open": np.array([row["open"] for row in ordered], dtype=bool),
        "level": _words((row["level"] for row in ordered), parks.index),
    }
    for resource, capacity in zip(region.resources, _capacity(content, region), strict=True):
        columns[f"used_{resource}"] = np.array([row["used"][resource] for row in ordered], dtype=float)
        columns[f"capacity_{resource}"] = capacity
    return gpd.GeoDataFrame(columns, index=parks.index, geometry=parks.geometry, crs=WGS84)


def _capacity(content: Mapping[str, Any], region: Region) -> Floats:
    """Return R×S what parks have at their levels, with the works that are built; NaN for no limit."""
    parks, sizes = region.parks, levels(region)
    capacity = np.array(parks[list(region.resources)].to_numpy(float).T)
    for s, name, extra in zip(sizes.park, sizes.names, sizes.extra, strict=True):
        if content["parks"][parks.index[s]]["level"] == name:
            capacity[:, s] += extra
    built = {row["work"] for row in content.get("works", []) if row["built"]}
    added, _ = added_capacity(region)
    for work, park, more in zip(region.works.index, region.works["park"], added, strict=True):
        if work in built and park is not None:
            capacity[:, parks.index.get_loc(park)] += more
    return np.asarray(capacity)


def _firms(rows: Mapping[str, Any], region: Region, places: _Places) -> gpd.GeoDataFrame:
    firms = region.firms
    ordered = [rows[firm] for firm in firms.index]
    columns = {
        "name": firms["name"],
        "stage": firms["stage"],
        "status": firms["status"],
        "is_anchor": firms["is_anchor"],
        "is_platform": firms["is_platform"],
        "park": _words((row["park"] for row in ordered), firms.index),
        "utilisation": _numbers(ordered, "utilisation"),
        "surplus_m_y": _numbers(ordered, "surplus_m_y"),
        "grants_m_y": _numbers(ordered, "grants_m_y"),
    }
    geometry = [places.points.get(row["park"]) for row in ordered]
    return gpd.GeoDataFrame(columns, index=firms.index, geometry=geometry, crs=WGS84)


def _supply(rows: Rows, region: Region, places: _Places) -> gpd.GeoDataFrame:
    value = region.products["value"]
    worth = [value[row["product"]] * MILLION * row["quantity_per_y"] for row in rows]
    return _lines(
        {
            **{key: _words(row[key] for row in rows) for key in ("from", "to", "gateway", "product")},
            "quantity_per_y": _numbers(rows, "quantity_per_y"),
            **{key: _words(row[key] for row in rows) for key in ("from_park", "to_park")},
            "distance_km": np.array([places.km(row) for row in rows], dtype=float),
            "freight_m_y": _numbers(rows, "freight_m_y"),
            "value_m_y": np.array(worth, dtype=float),
            "local": np.array([places.is_local(row) for row in rows], dtype=bool),
        },
        rows,
        places,
    )


def _links(rows: Rows, region: Region, places: _Places) -> gpd.GeoDataFrame:
    kind = region.links["kind"]
    return _lines(
        {
            "link": _words(row["link"] for row in rows),
            "kind": _words(kind[rule_of(row, kind.index)] for row in rows),
            **{key: _words(row[key] for row in rows) for key in ("from", "to", "from_park", "to_park")},
            "distance_km": np.array([places.km(row) for row in rows], dtype=float),
            "proximity": _numbers(rows, "proximity"),
            "value_m_y": _numbers(rows, "value_m_y"),
        },
        rows,
        places,
    )


def _lines(columns: Mapping[str, Any], rows: Rows, places: _Places) -> gpd.GeoDataFrame:
    lines = [places.line(row) for row in rows]
    return gpd.GeoDataFrame(dict(columns), index=pd.RangeIndex(len(rows)), geometry=lines, crs=WGS84)


def _loops(rows: Rows) -> pd.DataFrame:
    names = ("loop", "firm", "park", "closed", "value_m_y", "missing")
    return loops_table(**{name: [row[name] for row in rows] for name in names})


def _grants(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **{key: _words(row[key] for row in rows) for key in ("firm", "instrument", "budget")},
            **{key: _numbers(rows, key) for key in ("amount_m_y", "amount_pv_m", "rent_m_y")},
        }
    )


def _works(rows: Rows, region: Region) -> pd.DataFrame:
    works = region.works
    of = {row["work"]: row for row in rows}
    ordered = [of[work] for work in works.index]
    return pd.DataFrame(
        {
            "name": works["name"],
            "park": works["park"],
            "built": np.array([row["built"] for row in ordered], dtype=bool),
            "budget": works["budget"],
            "public_cost_m_y": _numbers(ordered, "public_cost_m_y"),
        },
        index=works.index,
    )


def _terms(content: Mapping[str, Any]) -> pd.DataFrame:
    parts = {"amount": content["amounts"], "weight": content["weights"], "value": content["terms"]}
    frame = pd.DataFrame({key: [float(of[term]) for term in TERMS] for key, of in parts.items()})
    return frame.set_index(pd.Index(TERMS, name="term"))


def _words(words: Iterable[str | None], index: pd.Index | None = None) -> pd.Series:
    return pd.Series(list(words), index=index, dtype=object)


def _numbers(rows: Rows, key: str) -> np.ndarray:
    return np.array([row[key] for row in rows], dtype=float)  # None becomes NaN
