"""Parks on the map: outlines, discs, and how much of their land is used."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from clusterplan.plan import Plan
from clusterplan.report.charts.mapplaces import MapPlaces
from clusterplan.report.charts.style import GREY, INK

OPEN, FILL = "#eef3ee", "#4d4d4d"


def draw_parks(plan: Plan, places: MapPlaces, ax: Axes) -> None:
    """Draw outlines, a disc for each park, and an arc for the land that is used."""
    parks = plan.parks
    shapes = parks.to_crs(plan.region.manifest.planning_crs)
    shapes = shapes[shapes.geom_type != "Point"]
    if len(shapes):
        shapes.boundary.plot(ax=ax, color="#888888", linewidth=0.7, zorder=2)
    for park, row in parks.iterrows():
        middle, true = places.at[str(park)], (places.x[str(park)], places.y[str(park)])
        if middle != true:
            ax.plot(*zip(true, middle, strict=True), color=INK, linewidth=0.7, zorder=2.2)
            ax.plot(*true, marker=".", color=INK, markersize=5, zorder=2.3)
        is_new = row["open"] and row["status"] != "open"
        edge, dash, width = (INK, "-", 1.6) if is_new else (GREY, "-" if row["open"] else (0, (3, 2)), 0.9)
        x, y = _arc(middle, places.radius[str(park)], 1.0)
        if row["open"]:
            ax.fill(x, y, color=OPEN, zorder=3)
        ax.plot(x, y, color=edge, linestyle=dash, linewidth=width, zorder=3.2)
        share = land_share(row)
        if row["open"] and share:
            ax.plot(
                *_arc(middle, places.radius[str(park)] + 1.6 * places.metres_pt, min(share, 1.0)),
                color=FILL,
                linewidth=3.0,
                solid_capstyle="butt",
                zorder=3.1,
                gid=f"land {park}",
            )


def _arc(middle: tuple[float, float], radius: float, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return points of a part of a circle, clockwise from the top."""
    turns = np.linspace(0, 2 * np.pi * share, max(2, int(90 * share) + 1))
    return middle[0] + radius * np.sin(turns), middle[1] + radius * np.cos(turns)


def land_share(row: pd.Series) -> float | None:
    """Return the share of a park's land that is used, None where it is not known."""
    room = row["capacity_land_ha"]
    return float(row["used_land_ha"] / room) if room > 0 else None
