"""Names on a map: each beside its park, where it meets the fewest others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from shapely.geometry import LineString, Point, Polygon, box

from clusterplan.report.charts.mapplaces import MapPlaces
from clusterplan.report.charts.style import GREY, INK, TEXT, width_of

LETTER_PT, LINE_PT = 0.58 * TEXT, 1.25 * TEXT
"""Room that a letter takes across and a line upright, points; a little more than they do."""


def write_names(  # noqa: PLR0917  (what is written, what it must keep clear of, where)
    labels: Mapping[str, str],
    places: MapPlaces,
    shapes: Mapping[str, Polygon],
    lines: Sequence[LineString],
    ax: Axes,
    pale: set[str] | frozenset[str] = frozenset(),
) -> None:
    """Write what each park is called, where it covers the fewest other names, discs and edges.

    Parameters
    ----------
    labels
        Text by park; lines are parted by line breaks.
    places
        Where parks are.
    shapes
        Outlines of the parks that have one, in the planning CRS.
    lines
        Lines that names should not lie on, in the planning CRS.
    ax
        Axes to write on.
    pale
        Parks whose name is written in grey.
    """
    discs = {park: Point(places.at[park]).buffer(places.radius[park]) for park in labels}
    own = {park: discs[park].union(shapes[park]) if park in shapes else discs[park] for park in labels}
    leaders = [
        LineString([(places.x[park], places.y[park]), places.at[park]]).buffer(2 * places.metres_pt)
        for park in labels
        if (places.x[park], places.y[park]) != places.at[park]
    ]
    taken: list[Polygon] = [*own.values(), *leaders, *(line.buffer(2 * places.metres_pt) for line in lines)]
    for park in sorted(labels, key=lambda park: -places.radius[park]):
        offers = _offers(labels[park], own[park], places)
        clashes = [
            sum(where.intersection(other).area for other in taken)
            + 3.0 * where.difference(places.window).area
            + order * 1e-3 * where.area
            for order, (where, *_) in enumerate(offers)
        ]
        where, across, upright, x, y = offers[int(np.argmin(clashes))]
        taken.append(where)
        ax.text(
            x,
            y,
            labels[park],
            ha=across,
            va=upright,
            fontsize=TEXT - 0.5,
            linespacing=1.1,
            color=GREY if park in pale else INK,
            zorder=6,
            gid=f"name {park}",
        )


def _offers(label: str, own: Polygon, places: MapPlaces) -> list[tuple[Polygon, str, str, float, float]]:
    """Return places for a label around a park: its box, alignment, and where it is anchored."""
    lines = label.split("\n")
    wide = max(map(width_of, lines)) * LETTER_PT * places.metres_pt
    high = len(lines) * LINE_PT * places.metres_pt
    west, south, east, north = own.buffer(2.5 * places.metres_pt, join_style="mitre").bounds
    x, y = (west + east) / 2, (south + north) / 2
    offers = []
    for across, upright, ax, ay in (
        ("center", "top", x, south),
        ("center", "bottom", x, north),
        ("left", "center", east, y),
        ("right", "center", west, y),
        ("left", "top", east, south),
        ("right", "top", west, south),
        ("left", "bottom", east, north),
        ("right", "bottom", west, north),
    ):
        left = ax - {"left": 0.0, "center": 0.5, "right": 1.0}[across] * wide
        low = ay - {"bottom": 0.0, "center": 0.5, "top": 1.0}[upright] * high
        offers.append((box(left, low, left + wide, low + high), across, upright, ax, ay))
    return offers
