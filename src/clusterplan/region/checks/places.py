"""Where things are: parks in planning rectangle and boundary, nothing with longitude and latitude swapped.

Rules: ``swapped_coordinates``, ``outside_bounds``, ``outside_boundary``, ``same_place``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from clusterplan.errors import Fault
from clusterplan.region.checks.geometry import SWAP_MEND, as_one, place_text, sound
from clusterplan.region.checks.known import Known
from clusterplan.region.draft import ROW

GEOD = Geod(ellps="WGS84")
NEARER = 5.0
"""A gateway that would be so many times nearer with its coordinates swapped is taken for swapped."""


def check_places(known: Known) -> Iterator[Fault]:
    """Yield a fault for every feature that is not where it can be."""
    yield from as_one(list(_parks(known)), len(known.frame("parks")))
    for layer in ("boundary", "receptors"):
        yield from as_one(list(_elsewhere(known, layer)), len(known.frame(layer)))
    yield from _gateways(known)
    yield from _same_place(known)


def rectangle(known: Known) -> shapely.Polygon:
    """Return the planning rectangle, a hair wider so that a park may lie on its edge."""
    bounds = known.manifest.bounds
    return shapely.box(bounds.west, bounds.south, bounds.east, bounds.north).buffer(1e-9)


def swapped(shape: Any) -> Any:
    """Return a shape with longitude and latitude exchanged."""
    return shapely.transform(shape, lambda coordinates: coordinates[:, ::-1])


def _parks(known: Known) -> Iterator[Fault]:
    frame = rectangle(known)
    areas = sound(known, "boundary").geometry
    boundary = areas[areas.intersects(frame)].union_all()
    for row, shape in _shapes(sound(known, "parks")):
        if not frame.covers(shape):
            if frame.covers(swapped(shape)):
                yield _swapped_fault(known, "parks", row, shape)
            else:
                yield _outside(known, "parks", row, shape, partly=frame.intersects(shape))
        elif not boundary.is_empty and not boundary.intersects(shape.representative_point()):
            yield Fault(
                known.file("parks"),
                f"The park is outside the boundary of {known.file('boundary')}.",
                "Correct the geometry of the park or the boundary.",
                row=row,
                column="geometry",
                value=place_text(shape),
                rule="outside_boundary",
            )


def _elsewhere(known: Known, layer: str) -> Iterator[Fault]:
    """Yield features that do not touch the planning rectangle, where that can't be.

    The boundary must touch it. Homes may lie beyond it, but not if swapping brings them in.
    """
    frame = rectangle(known)
    features = sound(known, layer)
    for row, shape in _shapes(features[~features.intersects(frame)]):
        if frame.intersects(swapped(shape)):
            yield _swapped_fault(known, layer, row, shape)
        elif layer == "boundary":
            yield _outside(known, layer, row, shape, partly=False)


def _gateways(known: Known) -> Iterator[Fault]:
    """Yield gateways that would be near if swapped; to be far away alone is right for a gateway."""
    frame = rectangle(known)
    middle = frame.centroid
    for row, shape in _shapes(sound(known, "gateways")):
        if frame.covers(shape):
            continue
        turned = swapped(shape)
        if frame.covers(turned):
            yield _swapped_fault(known, "gateways", row, shape)
        elif abs(turned.y) <= 90:
            far, near = (GEOD.inv(middle.x, middle.y, point.x, point.y)[2] for point in (shape, turned))
            if near * NEARER < far:
                yield Fault(
                    known.file("gateways"),
                    f"The gateway is {far / 1000:,.0f} km away, but {near / 1000:,.0f} km with longitude and "
                    "latitude exchanged.",
                    SWAP_MEND,
                    row=row,
                    column="geometry",
                    value=place_text(shape),
                    rule="swapped_coordinates",
                    level="warning",
                )


def _same_place(known: Known) -> Iterator[Fault]:
    first: dict[bytes, int] = {}
    for row, shape in _shapes(sound(known, "parks")):
        other = first.setdefault(shapely.normalize(shape).wkb, row)
        if other != row:
            yield Fault(
                known.file("parks"),
                f"The park has the very geometry of row {other}.",
                "Correct one of the two, if they are not parcels whose edges are not known.",
                row=row,
                column="geometry",
                value=place_text(shape),
                rule="same_place",
                level="warning",
            )


def _shapes(features: gpd.GeoDataFrame) -> Iterator[tuple[int, Any]]:
    """Yield the row and the shape of each feature."""
    for row, shape in zip(features[ROW], np.asarray(features.geometry.array, dtype=object), strict=True):
        yield int(row), shape


def _swapped_fault(known: Known, layer: str, row: int, shape: Any) -> Fault:
    return Fault(
        known.file(layer),
        "Longitude and latitude are swapped: exchanged, the place lies in the planning rectangle.",
        SWAP_MEND,
        row=row,
        column="geometry",
        value=place_text(shape),
        rule="swapped_coordinates",
    )


def _outside(known: Known, layer: str, row: int, shape: Any, *, partly: bool) -> Fault:
    what = {"parks": "The park", "boundary": "The boundary"}[layer]
    return Fault(
        known.file(layer),
        f"{what} lies {'partly ' if partly else ''}outside the planning rectangle.",
        "Correct its geometry, or widen bounds in region.yaml.",
        row=row,
        column="geometry",
        value=place_text(shape),
        rule="outside_bounds",
    )
