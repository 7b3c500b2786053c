"""The layout as a still picture in SVG: for paper, and for browsers that run no script."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from markupsafe import Markup

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
    parts = [
        Markup('<svg id="picture" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, round(frame.height), label
        ),
        *_ground(data, frame),
        *_lines(data, frame),
        *_firms(data, frame),
        *_names(data, frame),
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
        x, y = frame.at(park["at"])
        yield Markup('<circle class="{}" cx="{}" cy="{}" r="9"/>').format(kind, x, y)


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


def _lines(data: dict[str, Any], frame: Frame) -> Iterator[Markup]:
    """Yield supply between parks as curves with arrows."""
    at = {park["id"]: frame.at(park["at"]) for park in data["parks"]}
    most = max((flow["value"] for flow in data["flows"]), default=0.0)
    for flow in data["flows"]:
        (x, y), (u, v) = at[flow["from"]], at[flow["to"]]
        bend = ((x + u) / 2 - 0.18 * (v - y), (y + v) / 2 + 0.18 * (u - x))
        width = 1 + 6 * (flow["value"] / most if most > 0 else 0)
        yield Markup('<path class="flow" stroke-width="{:.1f}" d="M{} {}Q{:.1f} {:.1f} {} {}"/>').format(
            width, x, y, *bend, u, v
        )
        head = (0.25 * x + 0.5 * bend[0] + 0.25 * u, 0.25 * y + 0.5 * bend[1] + 0.25 * v)
        turn = math.degrees(math.atan2(v - y, u - x))
        yield Markup(
            '<path class="head" transform="translate({:.1f} {:.1f}) rotate({:.0f})" d="M-6,-5L7,0L-6,5Z"/>'
        ).format(*head, turn)


def _firms(data: dict[str, Any], frame: Frame) -> Iterator[Markup]:
    symbols = {stage["stage"]: stage for stage in data["stages"]}
    at = {park["id"]: frame.at(park["at"]) for park in data["parks"]}
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


def _names(data: dict[str, Any], frame: Frame) -> Iterator[Markup]:
    """Yield the names of parks: below their firms, or above where another name is there already."""
    taken: list[tuple[float, float, float]] = []
    for park in data["parks"]:
        x, y = frame.at(park["at"])
        name = park["name"] if len(park["name"]) <= 48 else f"{park['name'][:47]}…"
        half = 4.2 * width_of(name)
        x = min(max(x, half + 4), WIDTH - half - 4) if half < WIDTH / 2 else WIDTH / 2
        far = _extent(sum(firm["park"] == park["id"] for firm in data["firms"]))
        offers = [y + far + 16, y - far - 6, y + far + 34, y - far - 24]
        free = [
            offer
            for offer in offers
            if all(abs(offer - there) > 17 or abs(x - middle) > half + wide for middle, there, wide in taken)
        ]
        down = (free or offers)[0]
        taken.append((x, down, half))
        kind = "name" if park["open"] else "name shut"
        yield Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, down, name)


def _extent(count: int) -> float:
    """Return how far the symbols of so many firms reach from their park."""
    return max((math.hypot(*place) for place in around(count)), default=0.0) + 11


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
