"""The layout map: parks, firms by stage, local supply, roads."""

from __future__ import annotations

import geopandas as gpd
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box

from clusterplan.distance import representative_points
from clusterplan.plan import Plan
from clusterplan.report.lettering import MISSING, families, leaves_out, legible

# Okabe and Ito's colours, told apart by all; stages beyond the eighth repeat them with another marker.
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999")
MARKERS = ("o", "s", "D", "^", "v", "P", "X")


def layout_map(plan: Plan, ax: Axes | None = None) -> Axes:
    """Draw where everything is: parks by use, firms by stage, supply between parks, roads.

    Parameters
    ----------
    plan
        The plan.
    ax
        Axes to draw on; new ones if None.

    Returns
    -------
    Axes
        In the planning CRS of the region, with north up and a scale bar.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(11, 7.5), layout="constrained")
    with mpl.rc_context({"font.family": families()}):
        _draw(plan, ax)
    return ax


def _draw(plan: Plan, ax: Axes) -> None:
    crs = plan.region.manifest.planning_crs
    parks = plan.parks.to_crs(crs)
    points = representative_points(plan.parks.geometry).to_crs(crs)
    size = _spread(points)
    _roads(plan, ax, crs)
    _supply(plan, ax, points)
    _parks(parks, points, ax)
    handles = _firms(plan, points, ax, size)
    inside = plan.firms["park"].value_counts()
    _names(parks, points, ax, size, crowded=set(inside.index[inside > 8]))
    _frame(ax, points, size)
    ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)
    title = plan.region.manifest.title
    ax.set_title(f"{legible(title)}: {plan.status} plan", loc="left", fontsize=11)
    if any("OpenStreetMap" in text for text in plan.region.notes.values()):
        _small(ax, "© OpenStreetMap contributors", 0.03)
    if leaves_out([title, *plan.parks["name"], *plan.region.manifest.stages.values()]):
        _small(ax, MISSING, 0.01)


def _small(ax: Axes, text: str, height: float) -> None:
    """Write a line of small print in the lower right corner, so high up."""
    ax.annotate(text, (0.99, height), xycoords="axes fraction", ha="right", fontsize=6, color="#666666")


def _spread(points: gpd.GeoSeries) -> float:
    """Return the width in metres of what is drawn, which symbols are placed by."""
    west, south, east, north = MultiPoint(list(points)).bounds
    return float(max(east - west, north - south, 2000.0))


def _roads(plan: Plan, ax: Axes, crs: str) -> None:
    region = plan.region
    if not region.edges.empty:
        at = dict(
            zip(region.nodes.index, zip(region.nodes["lon"], region.nodes["lat"], strict=True), strict=True)
        )
        ends = zip(region.edges["from_node"], region.edges["to_node"], strict=True)
        lines = gpd.GeoSeries([LineString([at[a], at[b]]) for a, b in ends], crs="EPSG:4326")
    elif not region.roads.empty:
        lines = region.roads.geometry
    else:
        return
    lines.to_crs(crs).plot(ax=ax, color="#cccccc", linewidth=0.6, zorder=1)


def _parks(parks: gpd.GeoDataFrame, points: gpd.GeoSeries, ax: Axes) -> None:
    shapes = parks[parks.geom_type != "Point"]
    for is_open, face, edge in ((False, "none", "#888888"), (True, "#dfe8df", "#444444")):
        chosen = shapes[shapes["open"] == is_open]
        if len(chosen):
            chosen.plot(ax=ax, facecolor=face, edgecolor=edge, linewidth=0.8, zorder=2)
    opened = parks["open"].to_numpy(bool)
    ax.scatter(points.x[opened], points.y[opened], s=260, c="#dfe8df", edgecolors="#444444", zorder=3)
    ax.scatter(
        points.x[~opened], points.y[~opened], s=120, c="none", edgecolors="#888888", linestyle="--", zorder=3
    )


def _supply(plan: Plan, ax: Axes, points: gpd.GeoSeries) -> None:
    supply = plan.supply
    local = supply[supply["gateway"].isna() & (supply["from_park"] != supply["to_park"])]
    if local.empty:
        return
    flows = local.groupby(["from_park", "to_park"])["value_m_y"].sum()
    for (start, end), value in flows.items():
        arrow = FancyArrowPatch(
            (points[start].x, points[start].y),
            (points[end].x, points[end].y),
            connectionstyle="arc3,rad=0.18",
            arrowstyle="-|>",
            mutation_scale=9,
            linewidth=0.6 + 3.4 * float(value / flows.max()),
            color="#0072B2",
            alpha=0.45,
            shrinkA=9,
            shrinkB=9,
            zorder=2.5,
        )
        ax.add_patch(arrow)


def _firms(plan: Plan, points: gpd.GeoSeries, ax: Axes, size: float) -> list[Line2D]:
    """Draw firms around the middle of their park, and return the legend's entries."""
    stages = list(plan.region.manifest.stages)
    firms = plan.firms
    placed = firms[firms["park"].notna()]
    for park, inside in placed.sort_values("is_anchor", ascending=False).groupby("park"):
        around = _around(points[park], len(inside), size)
        for firm, (east, north) in zip(inside.itertuples(), around, strict=True):
            number = stages.index(firm.stage)
            ax.scatter(
                east,
                north,
                s=110 if firm.is_anchor else 32,
                marker="*" if firm.is_anchor else MARKERS[number // len(COLOURS) % len(MARKERS)],
                c=COLOURS[number % len(COLOURS)],
                edgecolors="black",
                linewidths=0.5,
                zorder=5 if firm.is_anchor else 4,
            )
    used = [stage for stage in stages if stage in set(placed["stage"])]
    handles = [
        _symbol(
            MARKERS[stages.index(stage) // len(COLOURS) % len(MARKERS)],
            COLOURS[stages.index(stage) % len(COLOURS)],
            legible(plan.region.manifest.stages[stage]),
        )
        for stage in used
    ]
    return [
        _symbol("*", "white", "chain owner"),
        *handles,
        Line2D([], [], color="#0072B2", alpha=0.6, linewidth=2, label="supply between parks"),
    ]


def _around(middle: Point, count: int, size: float) -> list[tuple[float, float]]:
    """Return places for so many symbols around a point: on rings of eight, sixteen, ..."""
    if count == 1:
        return [(middle.x, middle.y)]
    places: list[tuple[float, float]] = []
    ring = 1
    while len(places) < count:
        here = min(8 * ring, count - len(places))
        radius = size * 0.016 * ring
        turns = np.linspace(0, 2 * np.pi, here, endpoint=False)
        places += [(middle.x + radius * np.sin(turn), middle.y + radius * np.cos(turn)) for turn in turns]
        ring += 1
    return places


def _symbol(marker: str, colour: str, label: str) -> Line2D:
    return Line2D(
        [], [], marker=marker, color="none", markerfacecolor=colour, markeredgecolor="black", label=label
    )


def _names(parks: gpd.GeoDataFrame, points: gpd.GeoSeries, ax: Axes, size: float, crowded: set[str]) -> None:
    """Write each park's name below it, or where it meets the fewest other names, parks and edges."""
    margin = size * 0.02
    drawn = [
        shape.union(points[park].buffer(2 * margin if park in crowded else margin)).envelope
        for park, shape in parks.geometry.items()
    ]
    taken = list(drawn)
    window = _window(points, size)
    for park, own in zip(parks.itertuples(), drawn, strict=True):
        text = legible(park.name or park.Index)
        point, width, height = points[park.Index], 0.0115 * len(text) * size, 0.028 * size
        west, south, east, north = own.buffer(margin / 2, join_style="mitre").bounds
        offers = [
            ("center", "top", point.x, south, point.x - width / 2, south - height),
            ("center", "bottom", point.x, north, point.x - width / 2, north),
            ("left", "center", east, point.y, east, point.y - height / 2),
            ("right", "center", west, point.y, west - width, point.y - height / 2),
            ("left", "top", east, south, east, south - height),
            ("right", "top", west, south, west - width, south - height),
            ("right", "bottom", west, north, west - width, north),
        ]
        boxes = [box(left, low, left + width, low + height) for *_, left, low in offers]
        clashes = [
            sum(place.intersection(other).area for other in taken) + place.difference(window).area
            for place in boxes
        ]
        best = int(np.argmin(clashes))
        taken.append(boxes[best])
        across, upright, x, y, _, _ = offers[best]
        colour = "black" if park.open else "#666666"
        ax.text(x, y, text, ha=across, va=upright, fontsize=8, color=colour, zorder=6)


def _window(points: gpd.GeoSeries, size: float) -> Polygon:
    """Return the square that is shown."""
    west, south, east, north = MultiPoint(list(points)).bounds
    x, y, half = (west + east) / 2, (south + north) / 2, size * 0.62
    return box(x - half, y - half, x + half, y + half)


def _frame(ax: Axes, points: gpd.GeoSeries, size: float) -> None:
    """Set the window, a north arrow and a scale bar."""
    west, south, east, north = _window(points, size).bounds
    ax.set(xlim=(west, east), ylim=(south, north))
    ax.set_aspect("equal", anchor="W")
    ax.set(xticks=[], yticks=[], xlabel="", ylabel="")
    length = _round_length(size / 4)
    left, low = west + (east - west) * 0.025, south + (north - south) * 0.035
    ax.plot([left, left + length], [low, low], color="black", linewidth=2, solid_capstyle="butt", zorder=7)
    ax.annotate(
        f"{length / 1000:g} km",
        (left + length / 2, low),
        (0, 4),
        textcoords="offset points",
        ha="center",
        fontsize=8,
    )
    ax.annotate(
        "N",
        (0.97, 0.97),
        (0.97, 0.90),
        xycoords="axes fraction",
        ha="center",
        va="center",
        fontsize=9,
        arrowprops={"arrowstyle": "-|>", "color": "black"},
    )


def _round_length(metres: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))
