"""The layout map: parks by use and fill, firms by stage, supply between parks, roads, reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from shapely.geometry import LineString

from clusterplan.plan import Plan
from clusterplan.report.charts.mapground import beyond, frame, ground, ring_entries, small_print
from clusterplan.report.charts.mapnames import write_names
from clusterplan.report.charts.mapplaces import MapPlaces, map_places
from clusterplan.report.charts.style import (
    BLUE,
    COLOURS,
    GREY,
    INK,
    MARKERS,
    axes_of,
    fit,
    lettered,
    money_a_year,
    title,
)
from clusterplan.report.lettering import MISSING, leaves_out
from clusterplan.report.names import names_of
from clusterplan.report.numbers import share_of, significant

OPEN, FILL = "#eef3ee", "#4d4d4d"
BEND = 0.18
"""How far arrows of supply bend, as a share of their length."""


@dataclass(frozen=True)
class View:
    """How a plan is shown on a map.

    Parameters
    ----------
    places
        Where things stand.
    words
        What stands in the title after the region; None: the plan's status.
    came, left
        Firms that are marked as new, and those that are crossed out: that are not there in the other plan.
    gone
        Whether the legend tells what is crossed out.
    legend
        Whether it has a legend.
    """

    places: MapPlaces
    words: str | None = None
    came: Collection[str] = field(default_factory=frozenset)
    left: Collection[str] = field(default_factory=frozenset)
    gone: bool = False
    legend: bool = True


def layout_map(plan: Plan, ax: Axes | None = None) -> Axes:
    """Draw where everything is: parks by use and fill, firms by stage, supply between parks, roads, reach.

    Each firm is a symbol with the number of its stage, a chain owner a star. The dark arc around a park is
    the share of its land that is used. Arrows are supply between parks, the wider the more it is worth.
    Around chain owners, a dotted ring is where the proximity of supply is one half as the crow flies, a
    dashed one where it ends. Parks whose discs would lie on each other are moved apart, with a line to
    where they are.

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
    with lettered():
        ax = axes_of(ax, 11.0, 7.5)
        draw_map(plan, View(map_places([plan], side_pt(ax))), ax)
    return ax


def side_pt(ax: Axes) -> float:
    """Return about how long the side of a square map on axes is, points."""
    shown = ax.get_window_extent()
    figure = ax.figure.get_figure(root=True)
    assert figure is not None
    return float(max(72.0 * min(shown.width, shown.height) / figure.dpi, 100.0) * 1.15)


def draw_map(plan: Plan, view: View, ax: Axes) -> None:
    """Draw a plan on axes, as a view of it says; letters are the caller's (`lettered`)."""
    places = view.places
    ground(plan, places, ax)
    _parks(plan, places, ax)
    most = _supply(plan, places, ax)
    _firms(plan, view, ax)
    called = names_of(plan.region.parks)
    _names(plan, places, called, ax)
    frame(places, ax)
    title(ax, f"{plan.status} plan" if view.words is None else view.words, plan)
    stages = plan.region.manifest.stages
    if view.legend:
        handles = _legend(plan, most, view, ax)
        ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)
    lines = beyond(plan, places)
    if any("OpenStreetMap" in text for text in plan.region.notes.values()):
        lines.append("© OpenStreetMap contributors")
    if leaves_out([plan.region.manifest.title, *called.values(), *stages.values()]):
        lines.insert(0, MISSING)
    small_print(ax, lines)


def _parks(plan: Plan, places: MapPlaces, ax: Axes) -> None:
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
        share = _land(row)
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


def _land(row: pd.Series) -> float | None:
    """Return the share of a park's land that is used, None where it is not known."""
    room = row["capacity_land_ha"]
    return float(row["used_land_ha"] / room) if room > 0 else None


def _supply(plan: Plan, places: MapPlaces, ax: Axes) -> float:
    """Draw supply between parks, and return the worth of the largest, m currency/y."""
    flows = _between(plan)
    for (start, end), value in flows.items():
        arrow = FancyArrowPatch(
            places.at[start],
            places.at[end],
            connectionstyle=f"arc3,rad={BEND}",
            arrowstyle="-|>",
            mutation_scale=9,
            linewidth=supply_width(value, max(flows.values())),
            color=BLUE,
            alpha=0.5,
            shrinkA=places.radius[start] / places.metres_pt + 2,
            shrinkB=places.radius[end] / places.metres_pt + 3,
            zorder=2.5,
            gid=f"supply {start} {end}",
        )
        ax.add_patch(arrow)
    return max(flows.values(), default=0.0)


def _curves(plan: Plan, places: MapPlaces) -> list[LineString]:
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


def sign(plan: Plan, stage: str) -> tuple[str, str, str]:
    """Return marker, colour and number of a stage: alike in all pictures of a region."""
    number = list(plan.region.manifest.stages).index(stage)
    marker = MARKERS[number // len(COLOURS) % len(MARKERS)]
    return marker, COLOURS[number % len(COLOURS)], str(number + 1)


def _firms(plan: Plan, view: View, ax: Axes) -> None:
    firms = plan.firms
    placed = firms[firms["park"].notna()].sort_values("is_anchor", ascending=False, kind="stable")
    for park, inside in placed.groupby("park"):
        places = view.places.firms(str(park), len(inside))
        for firm, (east, north) in zip(inside.itertuples(), places, strict=True):
            marker, colour, number = sign(plan, firm.stage)
            is_new = firm.Index in view.came
            ax.scatter(
                east,
                north,
                s=230 if firm.is_anchor else 74,
                marker="*" if firm.is_anchor else marker,
                c=colour,
                edgecolors=INK,
                linewidths=1.7 if is_new else 0.5,
                zorder=4.5 if firm.is_anchor else 4,
                gid=f"{'new ' if is_new else ''}firm {firm.Index}",
            )
            letters = "white" if _dark(colour) else INK
            ax.text(
                east,
                north,
                number,
                fontsize=5.5,
                color=letters,
                ha="center",
                va="center_baseline",
                zorder=5,
            )
            if firm.Index in view.left:
                cross = ax.plot(east, north, "x", color=INK, markersize=11, mew=1.6, zorder=5.2)[0]
                cross.set_gid(f"gone {firm.Index}")


def _dark(colour: str) -> bool:
    """Return whether white letters are read better on a colour than black ones."""
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.45


def _names(plan: Plan, places: MapPlaces, called: dict[str, str], ax: Axes) -> None:
    """Write each park's name, and below it whether it was opened and how much of its land is used."""
    parks, labels = plan.parks, {}
    for park, row in parks.iterrows():
        share = _land(row)
        told = ["opened"] if row["open"] and row["status"] != "open" else []
        told += [str(row["level"])] if not pd.isna(row["level"]) else []
        told += [f"land {share_of(share)}"] if row["open"] and share is not None else []
        told += ["not open"] if not row["open"] else []
        labels[str(park)] = "\n".join(filter(None, (fit(called[str(park)], 40), ", ".join(told))))
    shapes = parks.to_crs(plan.region.manifest.planning_crs).geometry
    outlines = {str(park): shape for park, shape in shapes.items() if shape.geom_type != "Point"}
    pale = {str(park) for park in parks.index[~parks["open"]]}
    write_names(labels, places, outlines, _curves(plan, places), ax, pale)


def _legend(plan: Plan, most: float, view: View, ax: Axes) -> list[Line2D]:
    used = set(plan.firms.loc[plan.firms["park"].notna(), "stage"])
    handles = [_symbol("*", "white", "chain owner", size=11)]
    for stage, name in plan.region.manifest.stages.items():
        if stage in used:
            marker, colour, number = sign(plan, stage)
            handles.append(_symbol(marker, colour, f"{number}  {fit(name, 34)}"))
    if view.came:
        handles.append(_symbol("o", "white", "thick edge: not there in the other", width=1.7))
    if view.gone:
        cross = Line2D([], [], marker="x", color="none", markeredgecolor=INK, mew=1.6)
        cross.set_label("crossed out: not there in the other")
        handles.append(cross)
    handles += [
        _symbol("o", OPEN, "park that was open", edge=GREY, size=10),
        _symbol("o", OPEN, "park that the plan opens", width=1.6, size=10),
        Line2D([], [], color=FILL, linewidth=3.0, label="around a park: land used"),
    ]
    if most > 0:
        label = f"supply; widest: {significant(most, 3)} {money_a_year(plan)}"
        handles.append(Line2D([], [], color=BLUE, alpha=0.6, linewidth=4.6, label=label))
    return [*handles, *ring_entries(ax)]


def _symbol(
    marker: str, colour: str, label: str, *, edge: str = INK, width: float = 0.6, size: float = 8
) -> Line2D:
    return Line2D(
        [],
        [],
        marker=marker,
        color="none",
        markerfacecolor=colour,
        markeredgecolor=edge,
        mew=width,
        markersize=size,
        label=label,
    )
