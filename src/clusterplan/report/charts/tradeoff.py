"""What one aim costs another: the front of a trade-off, with its knee."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from clusterplan.explore import Tradeoff
from clusterplan.report.charts.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SMALL,
    axes_of,
    lettered,
    money_a_year,
    plain,
    say_left_out,
    title,
)
from clusterplan.report.numbers import significant

AIMS = {"value": "value", "grants": "grants (paid: below 0)"}
"""Aims that are called otherwise than their term."""


def tradeoff(found: Tradeoff, ax: Axes | None = None) -> Axes:
    """Draw a front of plans, each better than any other in one aim, and mark its knee.

    The first aim stands upright, the second across; more is better in both. A filled point is proven, a
    hollow one is the best that was found in time. Of a third aim each point tells the amount.

    Parameters
    ----------
    found
        What `clusterplan.tradeoff` returned.
    ax
        Axes to draw on; new ones if None.

    Examples
    --------
    >>> import clusterplan as cp
    >>> ax = cp.charts.tradeoff(cp.tradeoff(cp.load_region("tiny"), "value", "grants", n=3))
    >>> ax.get_ylabel()
    'value, m EUR a year'
    """
    front = found.front
    plan = found.plans[0]
    first, second = found.aims[:2]
    with lettered():
        ax = axes_of(ax, 7.5, 5.0)
        title(ax, "what one aim costs another", plan)
        x, y = front[second].to_numpy(float), front[first].to_numpy(float)
        if len(found.aims) == 2:
            order = np.argsort(x, kind="stable")
            ax.plot(x[order], y[order], color=GREY, linewidth=1.0, zorder=1)
        proven = (front["status"] == "optimal").to_numpy(bool)
        for which, face in ((proven, BLUE), (~proven, "white")):
            ax.scatter(x[which], y[which], s=42, c=face, edgecolors=BLUE, linewidths=1.2, zorder=3)
        knee = front["knee"].to_numpy(bool)
        ax.scatter(x[knee], y[knee], s=190, marker="*", c=ORANGE, edgecolors=INK, zorder=4)
        _told(found, x, y, ax)
        unit = money_a_year(plan)
        ax.set(xlabel=f"{AIMS.get(second, second)}, {unit}", ylabel=f"{AIMS.get(first, first)}, {unit}")
        ax.margins(0.09)
        plain(ax, "y")
        ax.legend(handles=_legend(proven), loc="best", frameon=False)
        say_left_out(ax, [plan.region.manifest.title])
    return ax


def _told(found: Tradeoff, x: np.ndarray, y: np.ndarray, ax: Axes) -> None:
    """Write beside each point how many firms its plan has, or of a third aim the amount."""
    third = found.aims[2] if len(found.aims) > 2 else None
    for n, row in enumerate(found.front.to_dict("records")):
        words = f"{row['firms']} firms" if third is None else f"{third} {significant(row[third], 3)}"
        ax.annotate(words, (x[n], y[n]), (6, 6), textcoords="offset points", fontsize=SMALL, color=INK)


def _legend(proven: np.ndarray) -> list[Line2D]:
    handles = [Line2D([], [], marker="*", color="none", markerfacecolor=ORANGE, markeredgecolor=INK, ms=12)]
    handles[0].set_label("knee: gives most of all aims")
    for there, face, words in ((proven.any(), BLUE, "proven"), ((~proven).any(), "white", "best found")):
        if there:
            handles.append(Line2D([], [], marker="o", color="none", markerfacecolor=face, label=words))
            handles[-1].set_markeredgecolor(BLUE)
    return handles
