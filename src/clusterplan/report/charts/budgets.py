"""Public money: how full each budget is, by tier and instrument."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from clusterplan.plan import Plan
from clusterplan.report.charts.budgetuse import BESIDE, budget_use
from clusterplan.report.charts.style import (
    INK,
    LINES,
    PALE,
    SMALL,
    axes_of,
    below,
    chart_words,
    empty,
    fit,
    lettered,
    look,
    name_rows,
    patch,
    plain,
    say_left_out,
    title,
)
from clusterplan.report.names import names_of
from clusterplan.report.numbers import significant
from clusterplan.report.words import Words


def budgets(plan: Plan, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """Draw how much of each budget the plan takes, by tier from the top, in parts by instrument.

    The length is the share of the budget, the words beside it say the amounts as the budget counts them: in
    present value, or in the year in which it is fullest (`clusterplan.report.charts.budgetuse.budget_use`).
    Sizes of parks, public works and platforms that a budget pays are parts of their own.

    Parameters
    ----------
    plan
        The plan.
    ax
        Axes to draw on; new ones if None.
    lang
        Language of the words: ``en`` or ``zh``; English where no font here has Chinese.

    Examples
    --------
    >>> import clusterplan as cp
    >>> ax = cp.charts.budgets(cp.solve(cp.load_region("tiny")))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Town council']
    """
    used, w = budget_use(plan), chart_words(lang)
    with lettered():
        count = used["budget"].nunique()
        ax = axes_of(ax, 9.5, 1.9 + 0.42 * max(count, 2))
        title(ax, w("chart.budgets"), plan)
        if used.empty:
            return empty(ax, w("chart.no_budgets"))
        _draw(plan, used, ax, w)
    return ax


def _draw(plan: Plan, used: pd.DataFrame, ax: Axes, w: Words) -> None:
    tiers = list(dict.fromkeys(used["tier"]))
    order = sorted(dict.fromkeys(used["budget"]), key=lambda b: tiers.index(_first(used, b, "tier")))
    uses = list(used["use"].dropna().unique())
    left = dict.fromkeys(order, 0.0)
    for row in used[used["use"].notna()].to_dict("records"):
        share = row["amount_m"] / row["limit_m"] if row["limit_m"] > 0 else 0.0
        at, number = order.index(row["budget"]), uses.index(row["use"])
        bars = ax.barh(at, share, left=left[row["budget"]], height=0.62, **look(number), **LINES)
        bars.set_label(f"_{row['use']}")
        left[row["budget"]] += share
    ax.barh(
        np.arange(len(order)), 1.0, height=0.62, color="none", edgecolor=INK, linewidth=0.8, clip_on=False
    )
    currency = plan.region.manifest.currency
    for at, budget in enumerate(order):
        rows = used[used["budget"] == budget]
        year = rows["year"].iloc[0]
        when = w("chart.pv") if np.isnan(year) else w("chart.year", year=f"{year:.0f}")
        spent, limit = significant(rows["amount_m"].sum(), 3), significant(rows["limit_m"].iloc[0], 3)
        if not np.isnan(year) and not rows["amount_m"].any():
            when = w("chart.any_year")
        words = w("chart.spent", spent=spent, limit=limit, currency=currency, when=when)
        ax.annotate(words, (1.0, at), (6, 0), textcoords="offset points", va="center", fontsize=SMALL)
    heads = [_head(plan, budget, w) for budget in order]
    name_rows(ax, [fit(head, 46) for head in heads])
    for before, after in pairwise(order):
        if _first(used, before, "tier") != _first(used, after, "tier"):
            ax.axhline(order.index(after) - 0.5, color=PALE, linewidth=1.0, zorder=0)
    ax.set_xlim(0, 1.0)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_xlabel(w("chart.share"))
    plain(ax)
    called = names_of(plan.region.incentives) | {kind: w(f"chart.use.{kind}") for kind in BESIDE}
    if uses:
        handles = [patch(number, fit(called[use], 60)) for number, use in enumerate(uses)]
        below(ax, handles, 1 if len(uses) < 3 else 2, under=36)
    else:
        ax.set_title(w("chart.untouched"), loc="right", fontsize=SMALL + 1)
    say_left_out(ax, [plan.region.manifest.title, *heads, *(called[use] for use in uses)])


def _first(used: pd.DataFrame, budget: str, column: str) -> str:
    return str(used.loc[used["budget"] == budget, column].iloc[0])


def _head(plan: Plan, budget: str, w: Words) -> str:
    """Return what a budget is called, with its tier in front where that says more."""
    given = plan.region.manifest.budgets[budget]
    name = given.title or budget
    tier = w.or_else(f"tier.{given.tier}", given.tier)
    told = any(word.lower() in name.lower() for word in (given.tier, tier))
    return name if told else w("chart.tier", tier=tier, budget=name)
