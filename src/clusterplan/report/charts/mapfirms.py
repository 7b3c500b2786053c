"""Firms on the map: a symbol with the number of the stage."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from clusterplan.plan import Plan
from clusterplan.report.charts.mapview import View
from clusterplan.report.charts.style import COLOURS, INK, MARKERS


def sign(plan: Plan, stage: str) -> tuple[str, str, str]:
    """Return marker, colour and number of a stage: alike in all pictures of a region."""
    number = list(plan.region.manifest.stages).index(stage)
    marker = MARKERS[number // len(COLOURS) % len(MARKERS)]
    return marker, COLOURS[number % len(COLOURS)], str(number + 1)


def draw_firms(plan: Plan, view: View, ax: Axes) -> None:
    """Draw firms in their parks, a chain owner as a star; mark those that are new or gone in a view."""
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
