"""Where things stand on a map: a disc for each park, wide enough for its firms, and no two on each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon, box

from clusterplan.distance import representative_points
from clusterplan.instance import Floats
from clusterplan.plan import Plan

SYMBOL_PT = 11.0
"""Room for the symbol of a firm, points across."""
CLOSED_PT = 5.0
"""Radius of a park that is not open, points."""
MARGIN = 0.11
"""Share of the map's side that is kept free on each side."""
LEAST_M = 2500.0
"""Least side of a map, m."""


@dataclass(frozen=True)
class MapPlaces:
    """Where parks and firms are drawn; metres of the planning CRS.

    Parameters
    ----------
    x, y
        By park, where it is.
    at
        By park, the middle of its disc: where it is, or beside it where discs would lie on each other.
    radius
        By park, of its disc.
    window
        What is shown: a square.
    metres_pt
        Metres that a point of the picture (1/72 inch) covers.
    """

    x: dict[str, float]
    y: dict[str, float]
    at: dict[str, tuple[float, float]]
    radius: dict[str, float]
    window: Polygon
    metres_pt: float

    def firms(self, park: str, count: int) -> list[tuple[float, float]]:
        """Return places for so many firms in the disc of a park: in the middle, then in rings."""
        east, north = self.at[park]
        pitch = SYMBOL_PT * self.metres_pt
        places: list[tuple[float, float]] = []
        for many, out in rings(count):
            turns = np.linspace(0, 2 * np.pi, many, endpoint=False) + (np.pi / 4 if count == 2 else 0.0)
            places += [(east + out * pitch * np.sin(t), north + out * pitch * np.cos(t)) for t in turns]
        return places


def rings(count: int) -> list[tuple[int, float]]:
    """Return rings from the middle outward on which so many symbols stand: how many, and how far out.

    The distance is in symbols; neighbours are one apart or a little more, so that few leave little room
    empty.
    """
    if count < 6:
        return [(count, _out(count))]
    if count < 10:
        return [(1, 0.0), (count - 1, max(_out(count - 1), 0.95))]
    if count < 17:
        inner = count // 3
        return [(inner, _out(inner)), (count - inner, max(_out(count - inner), _out(inner) + 0.95))]
    found, left, ring = [(1, 0.0)], count - 1, 1
    while left > 0:
        found.append((min(6 * ring, left), float(ring)))
        left, ring = left - 6 * ring, ring + 1
    return found


def _out(count: int) -> float:
    """Return how far from the middle so many symbols stand on a ring, next to each other."""
    return 0.0 if count == 1 else 0.5 / math.sin(math.pi / count)


def map_places(plans: Sequence[Plan], side_pt: float) -> MapPlaces:
    """Return where parks and firms of plans of one region are drawn, the same for all of them.

    Parameters
    ----------
    plans
        At least one; discs have room for the fullest.
    side_pt
        Side of the map on paper, points.
    """
    region = plans[0].region
    points = representative_points(region.parks.geometry).to_crs(region.manifest.planning_crs)
    ids = [str(park) for park in region.parks.index]
    true = np.array([points.x.to_numpy(float), points.y.to_numpy(float)]).T
    count = np.zeros(len(ids), dtype=int)
    opened = np.zeros(len(ids), dtype=bool)
    for plan in plans:
        count = np.maximum(count, plan.firms["park"].value_counts().reindex(ids, fill_value=0).to_numpy(int))
        opened |= plan.parks["open"].to_numpy(bool)
    side = max(float(np.ptp(true, axis=0).max()) * (1 + 2 * MARGIN), LEAST_M)
    middle = (true.max(axis=0) + true.min(axis=0)) / 2
    at, radius = true, np.zeros(len(ids))
    for _ in range(2):  # discs are as large on paper whatever the map shows, and it shows all of them
        metres_pt = side / side_pt
        radius = metres_pt * np.where(opened, [_radius_pt(n) for n in count], CLOSED_PT)
        at = apart(true, radius, 4.0 * metres_pt)
        low, high = (at - radius[:, None]).min(axis=0), (at + radius[:, None]).max(axis=0)
        side = max(float((high - low).max()) * (1 + 2 * MARGIN), LEAST_M)
        middle = (low + high) / 2
    half = side / 2
    return MapPlaces(
        x=dict(zip(ids, true[:, 0].tolist(), strict=True)),
        y=dict(zip(ids, true[:, 1].tolist(), strict=True)),
        at={park: (float(e), float(n)) for park, (e, n) in zip(ids, at, strict=True)},
        radius=dict(zip(ids, radius.tolist(), strict=True)),
        window=box(middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half),
        metres_pt=side / side_pt,
    )


def _radius_pt(count: int) -> float:
    """Return the radius of a disc with room for so many symbols, points."""
    return SYMBOL_PT * (rings(max(count, 1))[-1][1] + 0.7)


def apart(true: Floats, radius: Floats, gap: float) -> Floats:
    """Return middles near the true ones of discs that do not lie on each other.

    Discs that meet push each other away along the line between them, over and over; the first two that lie
    on one point part eastward. Source: the cartogram of Dorling (1996), without its attraction of neighbours.
    """
    at = np.array(true, dtype=float)
    for _ in range(300):
        moved = False
        for i in range(len(at)):
            for j in range(i + 1, len(at)):
                way = at[j] - at[i]
                far = float(np.hypot(*way))
                lack = radius[i] + radius[j] + gap - far
                if lack > 1e-6 * gap:
                    step = way / far if far > 1e-9 else np.array([1.0, 0.0])
                    weight = radius[j] / (radius[i] + radius[j])  # the larger disc keeps its place
                    at[i] -= step * lack * weight
                    at[j] += step * lack * (1.0 - weight)
                    moved = True
        if not moved:
            break
    return at
