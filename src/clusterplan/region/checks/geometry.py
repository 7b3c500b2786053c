"""Geometry of layers: there, finite, valid, of the type asked for, and in degrees of longitude and latitude.

Rules: ``no_geometry``, ``empty_geometry``, ``wrong_geometry``, ``not_finite``, ``invalid_geometry``,
``swapped_coordinates``, ``not_degrees``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known
from clusterplan.region.draft import ROW
from clusterplan.region.tables import BY_NAME, TABLES

LAYERS = tuple(table.name for table in TABLES if table.geometry)
SWAP_MEND = "Write longitude first, then latitude, and export the layer again."


def check_geometry(known: Known) -> Iterator[Fault]:
    """Yield a fault for every feature whose geometry can't be used."""
    for layer in LAYERS:
        faults = [fault for fault in judged(known, layer) if fault is not None]
        yield from as_one(faults, len(known.frame(layer)))


def sound(known: Known, layer: str) -> gpd.GeoDataFrame:
    """Return the features of a layer whose geometry has no fault, in WGS 84 degrees."""
    frame = known.frame(layer)
    good = np.array([fault is None for fault in judged(known, layer)], dtype=bool)
    return gpd.GeoDataFrame(frame[good], geometry="geometry", crs="EPSG:4326")


def as_one(faults: list[Fault], n_features: int) -> Iterator[Fault]:
    """Yield faults, or a single one for the file where all of its features have the same."""
    if len(faults) > 1 and len(faults) == n_features and len({fault.rule for fault in faults}) == 1:
        yield replace(faults[0], row=None, why=f"In all {n_features} features: {faults[0].why}")
    else:
        yield from faults


def judged(known: Known, layer: str) -> list[Fault | None]:
    """Return for each feature of a layer the one fault its geometry has, or None."""
    frame = known.frame(layer)
    if not len(frame) or known.broken(layer):
        return []
    shapes = np.asarray(frame["geometry"].array, dtype=object)
    suspicious = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
    west, south, east, north = shapely.bounds(shapes).T
    with np.errstate(invalid="ignore"):
        beyond = ~((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90))
    types = [shape.geom_type if shape is not None else "" for shape in shapes]
    strange = ~np.isin(types, BY_NAME[layer].geometry)
    faults: list[Fault | None] = [None] * len(frame)
    for i in np.flatnonzero(suspicious | beyond | strange):
        faults[i] = _fault(known, layer, int(frame[ROW].iloc[i]), shapes[i])
    return faults


def _fault(known: Known, layer: str, row: int, shape: Any) -> Fault:
    rule, why, mend, value = next(_complaints(shape, BY_NAME[layer].geometry))
    return Fault(known.file(layer), why, mend, row=row, column="geometry", value=value, rule=rule)


def _complaints(shape: Any, allowed: tuple[str, ...]) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield (rule, why, mend, value) for what is wrong with a shape, what hides the rest first."""
    draw = f"Draw it as {', '.join(allowed)}"
    if shape is None:
        yield "no_geometry", "The feature has no geometry.", f"{draw}, or delete the feature.", None
    if shape.is_empty:
        yield "empty_geometry", "The geometry is empty.", f"{draw}, or delete the feature.", None
    if shape.geom_type not in allowed:
        yield "wrong_geometry", f"The feature is a {shape.geom_type}.", f"{draw}.", str(shape.geom_type)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        mend = "Export the layer again in WGS 84; such numbers come from a projection that went wrong."
        yield "not_finite", "A coordinate is not a finite number.", mend, None
    if not shape.is_valid:
        reason = str(shapely.is_valid_reason(shape))
        mend = "Redraw it so that its edge does not cross itself, or use 'Fix geometries' of QGIS."
        yield "invalid_geometry", f"The geometry is not valid: {reason}.", mend, reason
    west, south, east, north = shape.bounds
    if max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180:
        why = "Longitude and latitude are swapped: the second number is beyond 90 degrees."
        yield "swapped_coordinates", why, SWAP_MEND, place_text(shape)
    yield (
        "not_degrees",
        "The coordinates are no degrees; they look like metres of a projected CRS.",
        "Export the layer in WGS 84 (EPSG:4326), or, in a GeoPackage, state the CRS the numbers are in.",
        place_text(shape),
    )


def place_text(shape: Any) -> str:
    """Return the first coordinates of a shape as text, for messages."""
    x, y = shapely.get_coordinates(shape)[0]
    return f"{x:.6g}, {y:.6g}"
