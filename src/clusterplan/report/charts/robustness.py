"""How plans fare in futures that are not known: the range of their value."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from clusterplan.explore import Scenarios
from clusterplan.explore.futures.scenarios import BASE
from clusterplan.report.charts.style import (
    COLOURS,
    GREY,
    INK,
    MARKERS,
    SMALL,
    axes_of,
    fit,
    lettered,
    money_a_year,
    name_rows,
    plain,
    say_left_out,
    title,
)

KNOWN = "if the future were known"
"""The row of what the best plan of each future would be worth in it."""
TOLD = 14
"""So many futures are told apart by markers; more are small dots."""
NEAR, STEP = 0.02, 0.2
"""Share of the range within which marks would hide each other, and how far apart they are set, in rows."""


def robustness(found: Scenarios, ax: Axes | None = None) -> Axes:
    """Draw how the candidate plans fare: a row a plan, a mark for its value in each future.

    The line reaches from the worst future to the best, the bar across it is the expected value, and the best
    candidate stands first. The last row tells what the best plan of each future would be worth in it, which
    no plan that must be chosen before can beat. A plan that can't be held in a future says so.

    Parameters
    ----------
    found
        What `clusterplan.scenarios` returned.
    ax
        Axes to draw on; new ones if None.

    Examples
    --------
    >>> import clusterplan as cp
    >>> futures = [cp.Scenario("as it is"), cp.Scenario("slump", "market.*.buys_at *= 0.97")]
    >>> found = cp.scenarios(cp.solve(cp.load_region("tiny")), futures)
    >>> [label.get_text() for label in cp.charts.robustness(found).get_yticklabels()][-1]
    'if the future were known'
    """
    plan = next(iter(found.plans.values()))
    table = _table(found)
    with lettered():
        ax = axes_of(ax, 9.5, 1.9 + 0.42 * max(len(table), 3))
        title(ax, f"{len(table.columns)} futures", plan)
        chance = found.futures["probability"].to_numpy(float)
        near = NEAR * float(np.ptp(table.to_numpy(float)[np.isfinite(table.to_numpy(float))]))
        for row, (name, values) in enumerate(table.iterrows()):
            _row(ax, row, str(name), values.to_numpy(float), chance, near=near)
        name_rows(ax, [fit(_called(str(name)), 40) for name in table.index])
        ax.axhline(len(table) - 1.5, color=GREY, linewidth=0.6)
        ax.set_xlabel(f"value, {money_a_year(plan)}")
        plain(ax)
        ax.legend(
            handles=_legend(list(table.columns)), loc="center left", bbox_to_anchor=(1, 0.5), frameon=False
        )
        say_left_out(ax, [plan.region.manifest.title, *table.index, *table.columns])
    return ax


def _called(name: str) -> str:
    return {BASE: "the plan", KNOWN: KNOWN}.get(name, f"best for: {name}")


def _table(found: Scenarios) -> pd.DataFrame:
    """Return the value of each candidate in each future, the best first, then what knowing would give."""
    values = found.values.loc[found.candidates.index]
    return pd.concat([values, found.futures["known"].to_frame(KNOWN).T[values.columns]])


def _apart(values: np.ndarray, near: float) -> np.ndarray:
    """Return how far to set marks off their row, so that those of one value do not hide each other."""
    known = np.where(np.isfinite(values), values, np.nan)
    before = [int((np.abs(known[:n] - value) <= near).sum()) for n, value in enumerate(known)]
    return np.array([STEP * ((k + 1) // 2) * (-1) ** k for k in before])


def _row(ax: Axes, row: int, name: str, values: np.ndarray, chance: np.ndarray, *, near: float) -> None:
    held = np.isfinite(values)
    if held.any():
        ax.plot([values[held].min(), values[held].max()], [row, row], color=GREY, linewidth=1.4, zorder=1)
    few = len(values) <= TOLD
    away = _apart(values, near) if few else np.zeros(len(values))
    for n in np.flatnonzero(held):
        ax.scatter(
            values[n],
            row + away[n],
            marker=MARKERS[n % len(MARKERS)],
            c=COLOURS[n % len(COLOURS)],
            s=44 if few else 14,
            edgecolors=INK,
            linewidths=0.5,
            zorder=3,
        )
    if held.all():
        expected = float((values * chance).sum())
        ax.plot(
            [expected] * 2, [row - 0.3, row + 0.3], color=INK, linewidth=2.4, zorder=2, gid=f"expected {name}"
        )
    else:
        words = f"can't be held in {int((~held).sum())} of {len(values)} futures"
        ax.annotate(words, (0.0, row), (4, 9), ("axes fraction", "data"), "offset points", fontsize=SMALL)


def _legend(futures: list[str]) -> list[Line2D]:
    handles = [
        Line2D([], [], color=INK, marker="|", linestyle="none", ms=12, mew=2.4, label="expected value")
    ]
    if len(futures) > TOLD:
        return [
            *handles,
            Line2D([], [], marker="o", color="none", ms=4, markerfacecolor=GREY, label="a future"),
        ]
    for n, name in enumerate(futures):
        handles.append(
            Line2D(
                [],
                [],
                marker=MARKERS[n % len(MARKERS)],
                color="none",
                markerfacecolor=COLOURS[n % len(COLOURS)],
                markeredgecolor=INK,
                label=fit(str(name), 40),
            )
        )
    return handles
