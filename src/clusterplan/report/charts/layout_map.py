"""The layout map: parks by use and fill, firms by stage, supply between parks, roads, reach."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from clusterplan.plan import Plan
from clusterplan.report.charts.mapfirms import draw_firms, sign
from clusterplan.report.charts.mapground import beyond, frame, ground, ring_entries, small_print
from clusterplan.report.charts.mapnames import write_names
from clusterplan.report.charts.mapparks import FILL, OPEN, draw_parks, land_share
from clusterplan.report.charts.mapplaces import map_places
from clusterplan.report.charts.mapsupply import curves, draw_supply, widest_supply
from clusterplan.report.charts.mapview import View
from clusterplan.report.charts.style import (
    BLUE,
    GREY,
    INK,
    axes_of,
    fit,
    lettered,
    title,
    width_of,
)
from clusterplan.report.lettering import MISSING, leaves_out, legible
from clusterplan.report.names import names_of
from clusterplan.report.numbers import share_of, significant


def layout_map(plan: Plan, ax: Axes | None = None, *, lang: str = "en") -> Axes:
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
    lang
        Language of the words: ``en`` or ``zh``; English where no font here has Chinese.

    Returns
    -------
    Axes
        In the planning CRS of the region, with north up and a scale bar.
    """
    with lettered():
        ax = axes_of(ax, 11.0, 7.5)
        draw_map(plan, View(map_places([plan], side_pt(ax)), lang=lang), ax)
    return ax


def side_pt(ax: Axes) -> float:
    """Return about how long the side of a square map on axes is, points."""
    shown = ax.get_window_extent()
    figure = ax.figure.get_figure(root=True)
    assert figure is not None
    return float(max(72.0 * min(shown.width, shown.height) / figure.dpi, 100.0) * 1.15)


def draw_map(plan: Plan, view: View, ax: Axes) -> None:
    """Draw a plan on axes, as a view of it says; letters are the caller's (`lettered`)."""
    places, w = view.places, view.spoken
    ground(plan, places, ax)
    draw_parks(plan, places, ax)
    most = max(map(widest_supply, _shown(plan, view)))
    draw_supply(plan, places, most, ax)
    draw_firms(plan, view, ax)
    called = names_of(plan.region.parks)
    _names(plan, view, called, ax)
    frame(places, ax, w("map.north"))
    title(ax, w(f"chart.{plan.status}") if view.words is None else view.words, plan)
    stages = plan.region.manifest.stages
    if view.legend:
        handles = _legend(plan, most, view, ax)
        ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)
    lines = beyond(plan, places, w)
    if any("OpenStreetMap" in text for text in plan.region.notes.values()):
        lines.append(w("chart.osm"))
    if leaves_out([plan.region.manifest.title, *called.values(), *stages.values()]):
        lines.insert(0, MISSING)
    small_print(ax, lines)


def _names(plan: Plan, view: View, called: dict[str, str], ax: Axes) -> None:
    """Write each park's name, and below it whether it was opened and how much of its land is used."""
    parks, labels, places, w = plan.parks, {}, view.places, view.spoken
    for park, row in parks.iterrows():
        share = land_share(row)
        told = [w("chart.opened")] if row["open"] and row["status"] != "open" else []
        told += [str(row["level"])] if not pd.isna(row["level"]) else []
        told += [w("chart.land", share=share_of(share))] if row["open"] and share is not None else []
        told += [w("chart.shut")] if not row["open"] else []
        labels[str(park)] = "\n".join(filter(None, (_on_lines(called[str(park)]), w.listed(told))))
    shapes = parks.to_crs(plan.region.manifest.planning_crs).geometry
    outlines = {str(park): shape for park, shape in shapes.items() if shape.geom_type != "Point"}
    pale = {str(park) for park in parks.index[~parks["open"]]}
    write_names(labels, places, outlines, curves(plan, places), ax, pale)


def _on_lines(name: str) -> str:
    """Return a name as it is drawn: on two lines where it is long and holds a second one in brackets."""
    before, bracket, second = legible(name).partition(" (")
    whole = [before, f"({second}"] if bracket and width_of(name) > 26 else [name]
    return "\n".join(fit(line, 40) for line in whole)


def _shown(plan: Plan, view: View) -> list[Plan]:
    """Return the plan and, if there is one, the plan that it is set beside."""
    return [plan, *([] if view.beside is None else [view.beside])]


def _legend(plan: Plan, most: float, view: View, ax: Axes) -> list[Line2D]:
    w, firms = view.spoken, [shown.firms for shown in _shown(plan, view)]
    used = {stage for one in firms for stage in one.loc[one["park"].notna(), "stage"]}
    handles = [_symbol("*", "white", w("role.anchor"), size=11)]
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
        _symbol("o", OPEN, w("chart.park_kept"), edge=GREY, size=10),
        _symbol("o", OPEN, w("chart.park_opened"), width=1.6, size=10),
        Line2D([], [], color=FILL, linewidth=3.0, label=w("chart.land_used")),
    ]
    if most > 0:
        label = w("chart.supply", amount=significant(most, 3), currency=plan.region.manifest.currency)
        handles.append(Line2D([], [], color=BLUE, alpha=0.6, linewidth=4.6, label=label))
    return [*handles, *ring_entries(ax, w)]


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
