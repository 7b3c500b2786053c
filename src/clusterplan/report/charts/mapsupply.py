"""Supply between parks on the map: arrows, the wider the more it is worth."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from shapely.geometry import LineString

from clusterplan.plan import Plan
from clusterplan.report.charts.mapplaces import MapPlaces
from clusterplan.report.charts.style import BLUE

BEND = 0.18
"""How far arrows of supply bend, as a share of their length."""


def widest_supply(plan: Plan) -> float:
    """Return the worth of the largest supply between two parks, m currency/y; 0 where there is none."""
    return max(_between(plan).values(), default=0.0)


def draw_supply(plan: Plan, places: MapPlaces, most: float, ax: Axes) -> None:
    """Draw supply between parks, as wide as it is worth beside so many m currency/y."""
    flows = _between(plan)
    for (start, end), value in flows.items():
        arrow = FancyArrowPatch(
            places.at[start],
            places.at[end],
            connectionstyle=f"arc3,rad={BEND}",
            arrowstyle="-|>",
            mutation_scale=9,
            linewidth=supply_width(value, most),
            color=BLUE,
            alpha=0.5,
            shrinkA=places.radius[start] / places.metres_pt + 2,
            shrinkB=places.radius[end] / places.metres_pt + 3,
            zorder=2.5,
            gid=f"supply {start} {end}",
        )
        ax.add_patch(arrow)


def curves(plan: Plan, places: MapPlaces) -> list[LineString]:
    """Return the way of each arrow of supply."""
    found = []
    for start, end in _between(plan):
        (x0, y0), (x1, y1) = places.at[start], places.at[end]
        x, y = (x0 + x1) / 2 + BEND * (y1 - y0), (y0 + y1) / 2 - BEND * (x1 - x0)
        t = np.linspace(0.0, 1.0, 17)
        found.append(
            LineString(
                np.column_stack(
                    [
                        (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
                        for a, b, c in ((x0, x, x1), (y0, y, y1))
                    ]
                )
            )
        )
    return found


def _between(plan: Plan) -> dict[tuple[str, str], float]:
    """Return the worth of supply between each two parks, m currency/y."""
    supply = plan.supply
    between = supply[supply["gateway"].isna() & (supply["from_park"] != supply["to_park"])]
    found: dict[tuple[str, str], float] = {}
    for row in between.to_dict("records"):
        pair = str(row["from_park"]), str(row["to_park"])
        found[pair] = found.get(pair, 0.0) + float(row["value_m_y"])
    return dict(sorted(found.items()))


def supply_width(value: float, most: float) -> float:
    """Return how wide an arrow is, points."""
    return 0.6 + 4.0 * value / most if most > 0 else 0.6
