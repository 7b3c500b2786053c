"""The ground of a map: roads, the region's outline, reach rings, scale bar and north arrow."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from shapely.geometry import LineString, Point

from clusterplan.plan import Plan
from clusterplan.report.charts.mapplaces import MapPlaces
from clusterplan.report.charts.style import GREY, INK, SMALL, TEXT
from clusterplan.report.words import Words

RINGS: dict[str, dict[str, Any]] = {
    "half": {"color": GREY, "linewidth": 1.0, "linestyle": (0, (1, 2.5))},
    "reach": {"color": GREY, "linewidth": 1.0, "linestyle": (0, (6, 3))},
}


def ground(plan: Plan, places: MapPlaces, ax: Axes) -> None:
    """Draw what lies below parks and firms."""
    _outline(plan, places, ax)
    _roads(plan, places, ax)
    _rings(plan, places, ax)


def frame(places: MapPlaces, ax: Axes, north_word: str = "N") -> None:
    """Set what is shown, a north arrow and a scale bar."""
    west, south, east, north = places.window.bounds
    ax.set(xlim=(west, east), ylim=(south, north))
    ax.set_aspect("equal", anchor="W")
    ax.set(xticks=[], yticks=[], xlabel="", ylabel="")
    length = _round_length((east - west) / 5)
    left, low = west + (east - west) * 0.025, south + (north - south) * 0.03
    ax.plot([left, left + length], [low, low], color=INK, linewidth=2, solid_capstyle="butt", zorder=7)
    ax.annotate(
        f"{length / 1000:g} km",
        (left + length / 2, low),
        (0, 4),
        textcoords="offset points",
        ha="center",
        fontsize=TEXT,
        zorder=7,
    )
    ax.annotate(
        north_word,
        (0.97, 0.98),
        (0.97, 0.91),
        xycoords="axes fraction",
        ha="center",
        va="center",
        fontsize=TEXT + 1,
        arrowprops={"arrowstyle": "-|>", "color": INK},
        zorder=7,
    )


def small_print(ax: Axes, lines: list[str]) -> None:
    """Write lines of small print in the lower right corner."""
    for n, line in enumerate(lines):
        ax.annotate(
            line,
            (0.99, 0.01 + 0.022 * n),
            xycoords="axes fraction",
            ha="right",
            fontsize=6,
            color=GREY,
            zorder=7,
        )


def beyond(plan: Plan, places: MapPlaces, w: Words) -> list[str]:
    """Return small print about a reach that goes beyond what is shown."""
    anchors = _anchors(plan, places)
    far = [
        km
        for km, word in radii(plan)
        if word == "reach" and anchors and not any(_crosses(places, at, 1000 * km) for at in anchors)
    ]
    return [w("chart.beyond", km=f"{km:g}") for km in far[:1]]


def radii(plan: Plan) -> list[tuple[float, str]]:
    """Return where the proximity of supply is one half and where it ends, km; nothing where it is hours."""
    manifest = plan.region.manifest
    if manifest.distance.unit != "km":
        return []
    given = manifest.proximity.supply or manifest.proximity.links
    reach = given.reach or max((step.reach for step in given.steps if step.value > 0), default=0.0)
    half = reach / 2 if given.shape == "linear" else given.half_distance
    return [(km, word) for km, word in ((half, "half"), (reach, "reach")) if km]


def _outline(plan: Plan, places: MapPlaces, ax: Axes) -> None:
    if not plan.region.boundary.empty:
        crs = plan.region.manifest.planning_crs
        plan.region.boundary.to_crs(crs).boundary.clip(places.window).plot(
            ax=ax, color="#b0a890", linewidth=0.8, linestyle=(0, (6, 2, 1, 2)), zorder=0.8
        )


def _roads(plan: Plan, places: MapPlaces, ax: Axes) -> None:
    region = plan.region
    if not region.edges.empty:
        lon, lat = region.nodes["lon"].to_dict(), region.nodes["lat"].to_dict()
        ends = zip(region.edges["from_node"], region.edges["to_node"], strict=True)
        lines = gpd.GeoSeries(
            [LineString([(lon[a], lat[a]), (lon[b], lat[b])]) for a, b in ends], crs="EPSG:4326"
        )
    elif not region.roads.empty:
        lines = region.roads.geometry
    else:
        return
    shown = lines.to_crs(region.manifest.planning_crs).clip(places.window)
    if len(shown):
        shown.plot(ax=ax, color="#cccccc", linewidth=0.7, zorder=1)


def _anchors(plan: Plan, places: MapPlaces) -> list[tuple[float, float]]:
    """Return where the parks are in which chain owners are, each once."""
    firms = plan.firms
    parks = dict.fromkeys(firms.loc[firms["is_anchor"] & firms["park"].notna(), "park"])
    return [(places.x[park], places.y[park]) for park in parks]


def _crosses(places: MapPlaces, middle: tuple[float, float], metres: float) -> bool:
    return bool(Point(middle).buffer(metres).boundary.intersects(places.window))


def _rings(plan: Plan, places: MapPlaces, ax: Axes) -> None:
    """Draw around each chain owner how far the proximity of supply is one half, and how far it reaches."""
    for km, word in radii(plan):
        told = False
        for middle in _anchors(plan, places):
            if not _crosses(places, middle, 1000 * km):
                continue
            turns = np.linspace(0, 2 * np.pi, 181)
            x, y = middle[0] + 1000 * km * np.sin(turns), middle[1] + 1000 * km * np.cos(turns)
            ax.plot(x, y, **RINGS[word], zorder=1.5, gid=f"{word} {km:g} km")
            if not told:
                told = _tell(places, x, y, f"{km:g} km", ax)


def ring_entries(ax: Axes, w: Words) -> list[Line2D]:
    """Return entries of a legend for the rings that are drawn."""
    drawn = {str(line.get_gid()).split(" ")[0] for line in ax.lines if line.get_gid()}
    return [Line2D([], [], **RINGS[word], label=w(f"chart.{word}")) for word in RINGS if word in drawn]


def _tell(places: MapPlaces, x: np.ndarray, y: np.ndarray, words: str, ax: Axes) -> bool:
    """Write on a ring how far it is: well inside the map, and as far as can be from any park."""
    west, south, east, north = places.window.buffer(-12 * places.metres_pt).bounds
    inside = np.flatnonzero((x > west) & (x < east) & (y > south) & (y < north))
    if not len(inside):
        return False
    parks = np.array(list(places.at.values()))
    apart = np.hypot(x[inside, None] - parks[:, 0], y[inside, None] - parks[:, 1]).min(axis=1)
    n = inside[int(np.argmax(np.round(apart)))]
    ax.text(x[n], y[n], words, fontsize=SMALL, color=GREY, ha="center", va="center", zorder=1.6).set_bbox(
        {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    )
    return True


def _round_length(metres: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))
