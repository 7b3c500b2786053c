"""The layout as a still picture in SVG: for paper, and for browsers that run no script."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from markupsafe import Markup

from clusterplan.report.charts.mapplaces import apart
from clusterplan.report.charts.style import width_of
from clusterplan.report.onepage.symbols import STAR

WIDTH = 1000
"""Width of the drawing, in its own units."""
MARGIN = 90
"""Room around the parks."""
LEAST_M = 2000.0
"""Least width of what is drawn, metres."""
LEAST_HEIGHT, MOST_HEIGHT = 420, 900
"""Bounds on the height of the drawing."""
Places = dict[str, tuple[float, float]]
"""Positions in the drawing, by park."""
RING = 18
"""Distance between rings of firms around a park."""
SIZE = 1.3
"""Size of symbols over that of their outlines."""


@dataclass(frozen=True)
class Frame:
    """How places become positions: a projection, an origin and a scale."""

    transform: pyproj.Transformer
    west: float
    north: float
    scale: float
    height: float

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        """Return the position of a longitude and latitude."""
        x, y = self.transform.transform(*place)
        return round((x - self.west) * self.scale, 1), round((self.north - y) * self.scale, 1)


def picture(data: dict[str, Any], crs: str, label: str, north: str) -> Markup:
    """Return the layout as an SVG element.

    Parameters
    ----------
    data
        What the map draws (`clusterplan.report.onepage.mapdata.map_data`).
    crs
        Planning CRS, in metres.
    label
        What the picture shows, for those who can't see it.
    north
        What is written at the arrow that points north.

    Returns
    -------
    Markup
        With every text escaped.
    """
    frame = _frame([park["at"] for park in data["parks"]], crs)
    at = _places(data, frame)
    parts = [
        Markup('<svg id="picture" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, round(frame.height), label
        ),
        *_ground(data, frame),
        *_discs(data, frame, at),
        *_lines(data, at),
        *_firms(data, at),
        *_names(data, at),
        *_rose(frame, north),
        Markup("</svg>"),
    ]
    return Markup("\n").join(parts)


def _frame(places: list[tuple[float, float]], crs: str) -> Frame:
    transform = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = transform.transform(*np.array(places).T)
    wide, high = max(float(np.ptp(x)), LEAST_M), max(float(np.ptp(y)), LEAST_M / 2)
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
    height = max(LEAST_HEIGHT, high * scale + 2 * MARGIN)
    middle_x, middle_y = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
    return Frame(
        transform,
        float(middle_x - WIDTH / 2 / scale),
        float(middle_y + height / 2 / scale),
        scale,
        height,
    )


def _ground(data: dict[str, Any], frame: Frame) -> Iterator[Markup]:
    """Yield the boundary, roads and parks."""
    for kind in ("boundary", "roads"):
        lines = [line for line in (_path(frame, line) for line in data[kind]) if line]
        if lines:
            yield Markup('<path class="{}" d="{}"/>').format(kind, "".join(lines))
    for park in data["parks"]:
        kind = "park" if park["open"] else "park shut"
        for ring in park["rings"]:
            yield Markup('<path class="{}" d="{}Z"/>').format(kind, _path(frame, ring) or "M0,0")


def _places(data: dict[str, Any], frame: Frame) -> Places:
    """Return the middle of each park's disc: where it is, or beside it where discs would overlap."""
    true = np.array([frame.at(park["at"]) for park in data["parks"]], dtype=float)
    radius = np.array([_radius(data, park) for park in data["parks"]])
    moved = apart(true, radius, 4.0)
    return {park["id"]: (float(x), float(y)) for park, (x, y) in zip(data["parks"], moved, strict=True)}


def _radius(data: dict[str, Any], park: dict[str, Any]) -> float:
    """Return how far the symbols of a park's firms reach from their middle."""
    count = sum(firm["park"] == park["id"] for firm in data["firms"])
    return max((math.hypot(*place) for place in around(count)), default=0.0) + (13 if count else 9)


def _discs(data: dict[str, Any], frame: Frame, at: Places) -> Iterator[Markup]:
    """Yield a disc for each park, and a line to where the park is if the disc stands beside it."""
    for park in data["parks"]:
        (x, y), (u, v) = frame.at(park["at"]), at[park["id"]]
        if math.hypot(x - u, y - v) > 1:
            yield Markup('<path class="leader" d="M{} {}L{:.1f} {:.1f}"/>').format(x, y, u, v)
        kind = "park" if park["open"] else "park shut"
        yield Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:.0f}"/>').format(
            kind, u, v, _radius(data, park)
        )


def _path(frame: Frame, line: list[tuple[float, float]]) -> str:
    """Return a line as a path in whole units; empty where it is not within the drawing."""
    places: list[tuple[int, int]] = []
    for place in line:
        x, y = frame.at(place)
        here = (round(x), round(y))
        if not places or here != places[-1]:
            places.append(here)
    inside = any(-WIDTH < x < 2 * WIDTH and -WIDTH < y < 2 * WIDTH for x, y in places)
    seen = any(0 <= x <= WIDTH and 0 <= y <= frame.height for x, y in places)
    if len(places) < 2 or not inside or not seen:
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in places)


def _lines(data: dict[str, Any], at: Places) -> Iterator[Markup]:
    """Yield supply between parks as curves with arrows."""
    most = max((flow["value"] for flow in data["flows"]), default=0.0)
    for flow in data["flows"]:
        (x, y), (u, v) = at[flow["from"]], at[flow["to"]]
        bend = ((x + u) / 2 - 0.18 * (v - y), (y + v) / 2 + 0.18 * (u - x))
        width = 1 + 6 * (flow["value"] / most if most > 0 else 0)
        yield Markup(
            '<path class="flow" stroke-width="{:.1f}" d="M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}"/>'
        ).format(width, x, y, *bend, u, v)
        head = (0.25 * x + 0.5 * bend[0] + 0.25 * u, 0.25 * y + 0.5 * bend[1] + 0.25 * v)
        turn = math.degrees(math.atan2(v - y, u - x))
        yield Markup(
            '<path class="head" transform="translate({:.1f} {:.1f}) rotate({:.0f})" d="M-6,-5L7,0L-6,5Z"/>'
        ).format(*head, turn)


def _firms(data: dict[str, Any], at: Places) -> Iterator[Markup]:
    symbols = {stage["stage"]: stage for stage in data["stages"]}
    here = {park: [firm for firm in data["firms"] if firm["park"] == park] for park in at}
    for park, firms in here.items():
        for firm, (east, down) in zip(firms, around(len(firms)), strict=True):
            symbol = symbols[firm["stage"]]
            yield Markup(
                '<g transform="translate({:.1f} {:.1f}) scale({})"><path class="firm" fill="{}" d="{}"/>'
                '<text class="no" y="2.6" fill="{}">{}</text></g>'
            ).format(
                at[park][0] + east,
                at[park][1] + down,
                SIZE,
                symbol["colour"],
                STAR if firm["anchor"] else symbol["path"],
                symbol["ink"],
                symbol["number"],
            )


def around(count: int) -> list[tuple[float, float]]:
    """Return offsets for so many symbols around a point: one in the middle, then rings of 6, 12, ..."""
    places = [(0.0, 0.0)] if count else []
    ring = 1
    while len(places) < count:
        here = min(6 * ring, count - len(places))
        turns = np.linspace(0, 2 * np.pi, here, endpoint=False)
        places += [(float(ring * RING * np.sin(t)), float(-ring * RING * np.cos(t))) for t in turns]
        ring += 1
    return places


def _names(data: dict[str, Any], at: Places) -> Iterator[Markup]:
    """Yield the names of parks, each where it meets no other name and no disc, if there is such a place."""
    taken: list[tuple[float, float, float]] = []
    discs = [(*at[park["id"]], _radius(data, park)) for park in data["parks"]]
    for park, (x, y, far) in zip(data["parks"], discs, strict=True):
        name = park["name"] if len(park["name"]) <= 48 else f"{park['name'][:47]}…"
        half = 4.2 * width_of(name)
        offers = [
            (x, y + far + 16),
            (x, y - far - 6),
            (x + far + half + 6, y + 5),
            (x - far - half - 6, y + 5),
            (x + half, y + far + 16),
            (x - half, y + far + 16),
            (x, y + far + 34),
            (x, y - far - 24),
        ]
        offers = [
            (min(max(u, half + 4), WIDTH - half - 4) if 2 * half < WIDTH - 8 else WIDTH / 2, v)
            for u, v in offers
        ]
        clashes = [_clashes(offer, half, taken, discs) for offer in offers]
        u, v = offers[clashes.index(min(clashes))]
        taken.append((u, v, half))
        kind = "name" if park["open"] else "name shut"
        yield Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, u, v, name)


def _clashes(
    offer: tuple[float, float],
    half: float,
    taken: list[tuple[float, float, float]],
    discs: list[tuple[float, float, float]],
) -> int:
    """Return how many names (each counted twice) and discs a name would lie on at a place."""
    x, y = offer
    names = sum(abs(y - v) < 17 and abs(x - u) < half + wide for u, v, wide in taken)
    lain_on = 0
    for u, v, far in discs:
        aside, down = max(abs(x - u) - half, 0.0), max(abs(y - 5 - v) - 7, 0.0)
        lain_on += math.hypot(aside, down) < far
    return 2 * names + lain_on


def _rose(frame: Frame, north: str) -> Iterator[Markup]:
    """Yield a scale bar and an arrow that points north."""
    metres = WIDTH / 5 / frame.scale
    power = 10.0 ** math.floor(math.log10(metres))
    length = max(step * power for step in (1, 2, 5) if step * power <= metres)
    low, right = frame.height - 18, 18 + length * frame.scale
    yield Markup('<path class="scale" d="M18 {:.1f}V{:.1f}H{:.1f}V{:.1f}"/>').format(
        low - 6, low, right, low - 6
    )
    yield Markup('<text class="small" x="24" y="{:.1f}">{:g} km</text>').format(low - 6, length / 1000)
    yield Markup('<path class="arrow" d="M{0} 18L{1} 44L{0} 38L{2} 44Z"/>').format(
        WIDTH - 26, WIDTH - 18, WIDTH - 34
    )
    yield Markup('<text class="small" x="{}" y="60" text-anchor="middle">{}</text>').format(WIDTH - 26, north)
