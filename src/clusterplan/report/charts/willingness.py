"""Why firms come: what each firm's surplus is made of."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from clusterplan.explore import Willingness
from clusterplan.explore import willingness as willingness_of
from clusterplan.explore.money.parts import SUMS
from clusterplan.plan import Plan
from clusterplan.report.charts.style import (
    INK,
    LINES,
    SMALL,
    axes_of,
    empty,
    fit,
    lettered,
    look,
    money_a_year,
    name_rows,
    patch,
    plain,
    say_left_out,
    title,
)
from clusterplan.report.names import names_of
from clusterplan.report.numbers import written

WORDS = {
    "margin": "margin",
    "place": "costs of the place",
    "trade": "trade: prices and freight",
    "collaboration": "collaboration",
    "grants": "grants",
    "elsewhere": "what it would earn elsewhere",
}
"""What the parts are called, in the order of `clusterplan.explore.money.parts.SUMS`."""


def willingness(plan: Plan, ax: Axes | None = None, *, found: Willingness | None = None) -> Axes:
    """Draw the surplus of each newcomer in parts: what speaks for coming, and what against.

    Bars to the right sum what a firm earns, bars to the left what it pays or would earn elsewhere; the
    diamond is its surplus, their difference, with its amount beside it. Firms that exist or are committed
    are left out, and so are platforms: they do not choose.

    Parameters
    ----------
    plan
        The plan.
    ax
        Axes to draw on; new ones if None.
    found
        `clusterplan.willingness` of the plan, if it is there already.

    Examples
    --------
    >>> import clusterplan as cp
    >>> ax = cp.charts.willingness(cp.solve(cp.load_region("tiny")))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Soft Seats', 'Bright Batteries']
    """
    why = willingness_of(plan) if found is None else found
    short = why.short[why.firms["status"] == "candidate"]
    with lettered():
        ax = axes_of(ax, 9.5, 2.2 + 0.3 * max(len(short), 3))
        title(ax, "why newcomers come", plan)
        if short.empty:
            return empty(ax, "No candidate comes in this plan.")
        ahead, behind = np.zeros(len(short)), np.zeros(len(short))
        for number, part in enumerate(SUMS):
            amount = short[part].fillna(0.0).to_numpy(float)
            left = np.where(amount >= 0, ahead, behind)
            bars = ax.barh(np.arange(len(short)), amount, left=left, height=0.68, **look(number), **LINES)
            bars.set_label(WORDS[part])
            ahead += np.maximum(amount, 0.0)
            behind += np.minimum(amount, 0.0)
        _surplus(ax, short["surplus"].to_numpy(float), ahead)
        called = names_of(plan.region.firms)
        name_rows(ax, [fit(called[firm]) for firm in short.index])
        pad = 0.1 * float(ahead.max() - behind.min())
        ax.set_xlim(behind.min() - 0.3 * pad, ahead.max() + 1.3 * pad)
        ax.set_xlabel(money_a_year(plan))
        ax.axvline(0.0, color=INK, linewidth=0.8)
        plain(ax)
        handles = [patch(number, WORDS[part]) for number, part in enumerate(SUMS)]
        diamond = Line2D([], [], marker="D", color="none", markerfacecolor="white", markeredgecolor=INK)
        diamond.set_label("surplus: what is left")
        ax.legend(handles=[*handles, diamond], loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
        say_left_out(ax, [plan.region.manifest.title, *(called[firm] for firm in short.index)])
    return ax


def _surplus(ax: Axes, surplus: np.ndarray, ahead: np.ndarray) -> None:
    """Mark each surplus, and write it at the end of its bar."""
    rows = np.arange(len(surplus))
    ax.scatter(surplus, rows, marker="D", s=26, c="white", edgecolors=INK, linewidths=1.0, zorder=5)
    for row, amount, end in zip(rows, surplus, ahead, strict=True):
        words = "unknown" if np.isnan(amount) else f"+{written(amount)}" if amount >= 0 else written(amount)
        ax.annotate(words, (end, row), (5, 0), textcoords="offset points", va="center", fontsize=SMALL)
