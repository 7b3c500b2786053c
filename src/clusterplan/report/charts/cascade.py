"""Who comes by itself and whom it brings: a market cascade, round by round."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from clusterplan.explore import Attraction, Baseline
from clusterplan.report.charts.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    SMALL,
    VERMILION,
    axes_of,
    below,
    empty,
    fit,
    lettered,
    say_left_out,
    title,
)
from clusterplan.report.names import names_of

MARKS = {"there": ("s", GREY), "comes": ("o", BLUE), "moves": (">", ORANGE), "leaves": ("X", VERMILION)}
WORDS = {
    "there": "there before",
    "comes": "comes",
    "moves": "moves to another park",
    "leaves": "leaves again",
}
LETTERS = 26
"""How wide a name is at most, in letters."""


def cascade(found: Baseline | Attraction, ax: Axes | None = None) -> Axes:
    """Draw who came in which round of a market without public money, and who brought whom.

    A line leads from each firm without which another would not have come to that other. In the first column
    stand the firms that were there before and brought others; who has no line would have come anyway.

    Parameters
    ----------
    found
        What `clusterplan.baseline` or `clusterplan.attraction` returned.
    ax
        Axes to draw on; new ones if None.

    Examples
    --------
    >>> import clusterplan as cp
    >>> ax = cp.charts.cascade(cp.baseline(cp.load_region("tiny")))
    >>> [text.get_text() for text in ax.texts]
    ['Valley Cars', 'Soft Seats, North park', 'there before', 'round 1']
    """
    steps = found.arrivals
    with lettered():
        at = _places(steps)
        rounds = sorted(set(steps["round"]))
        high = max(Counter(column for column, _ in at.values()).values(), default=1)
        ax = axes_of(ax, 2.7 * (len(rounds) + 1) + 0.5, 0.3 * max(high, 4) + 1.6)
        title(ax, "who comes by itself", found.region)
        if steps.empty:
            return empty(ax, "Nobody comes without public money.")
        _draw(found, steps, at, ax)
        shown_before = any(place[0] == 0 for place in at.values())
        for column, words in enumerate(["there before", *(f"round {number}" for number in rounds)]):
            if column or shown_before:
                ax.text(column, -1.0, words, fontsize=SMALL + 1, color=GREY, ha="left" if column else "right")
                ax.axvline(column - 0.06, color=PALE, linewidth=0.6, zorder=0)
        ax.axis("off")
        ax.set(xlim=(-0.8 if shown_before else 0.85, len(rounds) + 0.9), ylim=(high - 0.4, -1.4))
        region = found.region
        names = [*names_of(region.firms).values(), *names_of(region.parks).values()]
        say_left_out(ax, [region.manifest.title, *names])
    return ax


def _places(steps: pd.DataFrame) -> dict[tuple[str, int], tuple[int, int]]:
    """Return column and row of each firm at the steps of its own, and of those there before (step −1)."""
    at: dict[tuple[str, int], tuple[int, int]] = {}
    filled: Counter[int] = Counter()
    column_of = {number: n + 1 for n, number in enumerate(sorted(set(steps["round"])))}
    came: set[str] = set()
    for n, step in enumerate(steps.to_dict("records")):
        for firm in step["brought_by"]:
            if firm not in came and (firm, -1) not in at:
                at[firm, -1] = (0, filled[0])
                filled[0] += 1
        column = column_of[step["round"]]
        at[step["firm"], n] = (column, filled[column])
        filled[column] += 1
        came.add(step["firm"])
    return at


def _draw(
    found: Baseline | Attraction,
    steps: pd.DataFrame,
    at: dict[tuple[str, int], tuple[int, int]],
    ax: Axes,
) -> None:
    called, parks = names_of(found.region.firms), names_of(found.region.parks)
    last: dict[str, int] = {firm: -1 for firm, n in at if n < 0}
    shown = {"there"} if last else set()
    for firm in last:
        _mark(at[firm, -1], "there", fit(called[firm], LETTERS), ax)
    for n, step in enumerate(steps.to_dict("records")):
        place = at[step["firm"], n]
        for firm in step["brought_by"]:
            _line(at[firm, last[firm]], place, f"{firm} {step['firm']}", ax)
        where = "" if step["what"] == "leaves" else f", {fit(parks[step['park']], LETTERS)}"
        _mark(place, step["what"], f"{fit(called[step['firm']], LETTERS)}{where}", ax)
        shown.add(step["what"])
        last[step["firm"]] = n
    below(ax, [_entry(what) for what in MARKS if what in shown], 4)


def _mark(place: tuple[int, int], what: str, words: str, ax: Axes) -> None:
    """Draw a firm with its name, which stands left in the first column: lines leave to the right."""
    marker, colour = MARKS[what]
    side, aside = ("right", -7) if what == "there" else ("left", 7)
    ax.scatter(*place, marker=marker, s=46, c=colour, edgecolors=INK, linewidths=0.6, zorder=4)
    ax.annotate(
        words, place, (aside, 0), textcoords="offset points", ha=side, va="center", fontsize=SMALL, zorder=5
    ).set_bbox({"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75})


def _line(start: tuple[int, int], end: tuple[int, int], name: str, ax: Axes) -> None:
    bend = 0.35 if start[0] == end[0] else 0.06
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=7,
            connectionstyle=f"arc3,rad={bend}",
            color=GREY,
            linewidth=0.7,
            shrinkA=4,
            shrinkB=4,
            alpha=0.8,
            zorder=2,
            gid=f"brought {name}",
        )
    )


def _entry(what: str) -> Line2D:
    marker, colour = MARKS[what]
    return Line2D(
        [], [], marker=marker, color="none", markerfacecolor=colour, markeredgecolor=INK, label=WORDS[what]
    )
