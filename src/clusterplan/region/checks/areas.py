"""Areas of parks, in the planning CRS: land that fits into its polygon, polygons that do not overlap.

Rules: ``land_above_area``, ``overlapping_parks``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from clusterplan.errors import Fault
from clusterplan.region.checks.crs import planning_crs
from clusterplan.region.checks.geometry import sound
from clusterplan.region.checks.known import Known, shown
from clusterplan.region.checks.places import rectangle
from clusterplan.region.draft import ROW

M2_PER_HA = 10_000.0
LAND_TOLERANCE = 1.05
"""Stated land over measured area that digitising and rounding explain."""
OVERLAP = 0.01
"""Part of the smaller park from which on an overlap is more than sloppy edges."""


def check_areas(known: Known) -> Iterator[Fault]:
    """Yield a warning for every park larger than its polygon and for every two that overlap."""
    crs = planning_crs(known)
    if crs is None:
        return
    parks = sound(known, "parks")
    inside = parks[
        parks.geometry.geom_type.isin(("Polygon", "MultiPolygon")) & parks.within(rectangle(known))
    ]
    shapes = np.asarray(inside.geometry.to_crs(crs).array, dtype=object)
    areas = shapely.area(shapes)
    for i, (row, land, area) in enumerate(zip(inside[ROW], inside["land_ha"], areas, strict=True)):
        if land * M2_PER_HA > LAND_TOLERANCE * area:
            yield known.fault(
                "parks",
                f"The park has {shown(float(land))} ha for firms, but its polygon measures "
                f"{area / M2_PER_HA:,.1f} ha.",
                "Check the unit (1 km2 is 100 ha) and the polygon; land_ha is land for firms, without roads "
                "and green.",
                rule="land_above_area",
                row={ROW: row, "land_ha": float(land)},
                column="land_ha",
                level="warning",
            )
        yield from _overlaps(known, inside["park"].tolist(), inside[ROW].tolist(), shapes, i)


def _overlaps(known: Known, ids: list[str], rows: list[int], shapes: np.ndarray, i: int) -> Iterator[Fault]:
    """Yield the parks before park `i` that it overlaps; identical ones are told elsewhere."""
    for j in np.flatnonzero(shapely.intersects(shapes[:i], shapes[i])):
        common = shapely.intersection(shapes[i], shapes[j]).area
        if common > OVERLAP * min(shapes[i].area, shapes[j].area) and not shapes[i].equals(shapes[j]):
            yield known.fault(
                "parks",
                f"The park and '{ids[j]}' overlap by {common / M2_PER_HA:,.1f} ha, counted twice.",
                "Correct the edges; cut a parcel out of the park it lies in.",
                rule="overlapping_parks",
                row={ROW: rows[i]},
                column="geometry",
                value=ids[j],
                level="warning",
            )
