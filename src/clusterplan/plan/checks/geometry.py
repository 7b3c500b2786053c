"""Geometry: parks, firms and lines are where the tables say they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import shapely

from clusterplan.distance import representative_points
from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import at
from clusterplan.plan.checks.trade import Trade

_CLOSE_DEG = 1e-6
"""How far a geometry may be off, degrees: a decimetre, as files may round."""
_WGS84 = "EPSG:4326"


def geometry(case: Case, found: Trade, links: pd.DataFrame) -> Iterator[Breach]:
    """Yield geometries, and reference systems, that are not those of the places meant."""
    plan, region, here = case.plan, case.region, case.decided.park
    for table in ("parks", "firms", "supply", "links"):
        crs = getattr(getattr(plan, table), "crs", None)
        yield from case.gauge.holds("geometry.crs", [table], [crs == _WGS84])
    nowhere = np.array([None], dtype=object)
    park = np.concatenate([np.asarray(representative_points(region.parks.geometry), dtype=object), nowhere])
    gateway = np.concatenate(
        [np.asarray(representative_points(region.gateways.geometry), dtype=object), nowhere]
    )
    shapes = np.asarray(region.parks.geometry, dtype=object)
    for table, ids, true in (("parks", case.parks.index, shapes), ("firms", case.firms.index, park[here])):
        frame = getattr(plan, table)
        position = at(ids, frame.index)
        known = position >= 0
        told = _shapes(frame)[known]
        yield from case.gauge.holds(
            f"geometry.{table}", frame.index[known], _close(told, true[position[known]])
        )
    out = gateway[case.decided.trades.gateway]
    start = np.where(case.decided.trades.seller >= 0, park[found.start], out)
    end = np.where(case.decided.trades.buyer >= 0, park[found.end], out)
    told = _shapes(plan.supply)[case.decided.trades.row]
    yield from case.gauge.holds("geometry.supply", found.ids, _close(told, _lines(start, end)))
    both = plan.links.merge(links[["link", "a", "b"]], on="link")
    start, end = (park[here[both[side].to_numpy(dtype=int)]] for side in ("a", "b"))
    told = _shapes(both)
    yield from case.gauge.holds("geometry.links", list(both["link"]), _close(told, _lines(start, end)))


def _lines(start: Any, end: Any) -> Any:
    """Return straight lines between points, None where a point is missing."""
    lines = np.full(len(start), None, dtype=object)
    there = ~(shapely.is_missing(start) | shapely.is_missing(end))
    ends = np.stack([shapely.get_coordinates(start[there]), shapely.get_coordinates(end[there])], axis=1)
    lines[there] = shapely.linestrings(ends)
    return lines


def _shapes(frame: pd.DataFrame) -> Any:
    """Return the geometries of a table, None where there is none; what is no geometry is near nothing."""
    cells = np.asarray(frame["geometry"], dtype=object)
    shapes = np.full(len(cells), shapely.Point(), dtype=object)
    shapes[pd.isna(cells)] = None
    is_shape = shapely.is_geometry(cells)
    shapes[is_shape] = cells[is_shape]
    return shapes


def _close(told: Any, true: Any) -> Any:
    """Return where two arrays of geometries are the same but for rounding, or both missing."""
    missing = shapely.is_missing(true)
    apart = shapely.hausdorff_distance(told, true)
    return np.where(missing, shapely.is_missing(told), apart <= _CLOSE_DEG)
