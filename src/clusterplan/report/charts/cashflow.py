"""The public purse by year: what goes out, what comes back, and when it has paid back."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from clusterplan.explore import Fiscal
from clusterplan.explore import fiscal as fiscal_of
from clusterplan.explore.money.fiscal import ITEMS
from clusterplan.plan import Plan
from clusterplan.report.charts.style import (
    INK,
    LINES,
    VERMILION,
    axes_of,
    empty,
    lettered,
    look,
    patch,
    plain,
    say_left_out,
    title,
)

WORDS = {
    "grants": "grants",
    "opening": "opening of parks",
    "running": "running of parks",
    "works": "public works",
    "platforms": "platforms",
    "tax": "tax",
    "land": "land",
}
"""What the items are called, in the order of `clusterplan.explore.money.fiscal.ITEMS`."""


def cash_flow(plan: Plan, ax: Axes | None = None, *, found: Fiscal | None = None) -> Axes:
    """Draw what comes with the plan in the public purse, a bar a year, and what it sums to since the start.

    Bars above 0 come in, bars below go out, at what money costs the region (`clusterplan.fiscal`). The full
    line sums all years so far, the dashed one their present values; where the full one stays above 0, it has
    paid back, and the title says when.

    Parameters
    ----------
    plan
        The plan.
    ax
        Axes to draw on; new ones if None.
    found
        `clusterplan.fiscal` of the plan, if it is there already.

    Examples
    --------
    >>> import clusterplan as cp
    >>> cp.charts.cash_flow(cp.solve(cp.load_region("tiny"))).get_title(loc="left")
    'Tiny valley, a region to compute by hand: the public purse pays back from year 3 on'
    """
    purse = fiscal_of(plan) if found is None else found
    years = purse.years()
    items = [item for item in ITEMS if years[item].abs().max() > 0]
    with lettered():
        ax = axes_of(ax, 9.5, 4.8)
        if not items:
            title(ax, "the public purse", plan)
            return empty(ax, "Nothing goes out of the public purse, and nothing comes in, with this plan.")
        back = purse.payback_year()
        when = "never pays back" if back is None else f"pays back from year {back} on"
        when = "is never behind" if back == 0 else when
        title(ax, f"the public purse {when}", plan)
        above, under = np.zeros(len(years)), np.zeros(len(years))
        for item in items:
            amount = years[item].to_numpy(float)
            bottom = np.where(amount >= 0, above, under)
            bars = ax.bar(years.index, amount, bottom=bottom, width=0.7, **look(ITEMS.index(item)), **LINES)
            bars.set_label(WORDS[item])
            above += np.maximum(amount, 0.0)
            under += np.minimum(amount, 0.0)
        lines = [
            ax.plot(
                years.index, years[column], color=colour, linestyle=dash, marker=marker, ms=4, label=words
            )[0]
            for column, colour, dash, marker, words in _LINES
        ]
        ax.axhline(0.0, color=INK, linewidth=0.8)
        ax.set(xlabel="year of the plan", ylabel=f"m {plan.region.manifest.currency}")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        plain(ax, "y")
        handles: list[Line2D] = lines
        patches = [patch(ITEMS.index(item), WORDS[item]) for item in items]
        ax.legend(handles=[*patches, *handles], loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
        say_left_out(ax, [plan.region.manifest.title])
    return ax


_LINES = (
    ("cumulative_m", INK, "-", "o", "all years so far"),
    ("discounted_m", VERMILION, "--", "s", "their present values"),
)
