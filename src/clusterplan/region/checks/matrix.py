"""A ready matrix of distances: each row says what the manifest asks for, and none beats the straight line.

Rules: ``empty_distance``, ``distance_to_itself``, ``shorter_than_straight``, ``not_in_matrix``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from clusterplan.errors import Fault
from clusterplan.region.checks.crs import planning_crs
from clusterplan.region.checks.geometry import sound
from clusterplan.region.checks.known import Known, Row, listed, shown
from clusterplan.region.checks.places import GEOD, rectangle
from clusterplan.region.checks.roads import FEW_KM, SHORTER


def check_matrix(known: Known) -> Iterator[Fault]:
    """Yield a fault for every row of the matrix that can't be used, and for places that are not in it."""
    if known.manifest.distance.method != "matrix" or not known.given("distances"):
        return
    straight = _Straight(known)
    for row in known.rows("distances"):
        yield from _row(known, row)
        if row["km"] is None:
            continue
        km = straight.km(row["origin"], row["destination"])
        if km is not None and km > FEW_KM and row["km"] < SHORTER * km:
            yield known.fault(
                "distances",
                f"The way is {shown(row['km'])} km long, the straight line between the two {km:.3g} km.",
                "Check the unit (km) and the two ids.",
                rule="shorter_than_straight",
                row=row,
                column="km",
            )
    yield from _missing(known)


def _row(known: Known, row: Row) -> Iterator[Fault]:
    unit = known.manifest.distance.unit
    if row["km"] is None and row["hours"] is None:
        yield known.fault(
            "distances",
            "The row has neither km nor hours.",
            "Fill km (and hours, if distances are in hours); delete the row if there is no way.",
            rule="empty_distance",
            row=row,
            column=unit,
        )
    elif row[unit] is None:
        yield known.fault(
            "distances",
            f"The manifest's distance.unit is {unit}, but the row has none.",
            f"Fill {unit}; delete the row if there is no way.",
            rule="empty_distance",
            row=row,
            column=unit,
        )
    elif row["km"] is None:
        yield known.fault(
            "distances",
            "The row has hours, but no km: nothing can be supplied this way, as freight is paid by the km.",
            "Fill km.",
            rule="empty_distance",
            row=row,
            column="km",
            level="warning",
        )
    if row["origin"] is not None and row["origin"] == row["destination"] and (row["km"] or row["hours"]):
        yield known.fault(
            "distances",
            "The distance of a park from itself is 0; this row is left out of account.",
            "Delete the row.",
            rule="distance_to_itself",
            row=row,
            column="destination",
            level="warning",
        )


def _missing(known: Known) -> Iterator[Fault]:
    """Yield places that no row names: they would be out of reach of everything."""
    frame = known.frame("distances")
    named = {*frame["origin"].dropna(), *frame["destination"].dropna()}
    for table in ("parks", "gateways"):
        absent = [place for place in known.members(table) if place not in named]
        if absent:
            yield known.fault(
                "distances",
                f"No row names {listed(absent)} of {known.file(table)}, which nothing can reach.",
                "Add its distances, or delete it there.",
                rule="not_in_matrix",
                column="destination",
                value=absent[0],
                level="warning",
            )


class _Straight:
    """Straight lines between edges of parks and gateways: found in the planning CRS, geodesics by length."""

    def __init__(self, known: Known) -> None:
        self._shapes: dict[str, Any] = {}
        crs = planning_crs(known)
        if crs is None:
            return
        self._to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        frame = rectangle(known)
        for table, key in (("parks", "park"), ("gateways", "gateway")):
            layer = sound(known, table)
            # What lies outside the rectangle has been told (parks), or is where the CRS means little
            # (gateways).
            layer = layer[layer.within(frame)]
            self._shapes.update(zip(layer[key], layer.geometry.to_crs(crs), strict=True))

    def km(self, origin: str | None, destination: str | None) -> float | None:
        """Return the straight line between two places in km, or None if it can't be told."""
        a, b = self._shapes.get(origin or ""), self._shapes.get(destination or "")
        if a is None or b is None or origin == destination:
            return None
        x, y = shapely.get_coordinates(shapely.shortest_line(a, b)).T
        lon, lat = self._to_degrees.transform(x, y)
        if not np.isfinite([*lon, *lat]).all():
            return None
        return float(GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2]) / 1000
