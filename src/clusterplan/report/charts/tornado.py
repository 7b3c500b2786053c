"""Which inputs move a plan most: a bar each, from what it is worth with the input low to high."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from clusterplan.explore import Tornado
from clusterplan.report.charts.style import (
    BLUE,
    GREY,
    INK,
    LINES,
    ORANGE,
    SMALL,
    axes_of,
    empty,
    fit,
    lettered,
    money_a_year,
    plain,
    say_left_out,
    title,
)

MOST = 16
"""Bars drawn, the widest first."""
ELSEWHERE = "+n: firms elsewhere"
LOOKS = {
    "low": {"facecolor": ORANGE, "hatch": "////", **LINES},
    "high": {"facecolor": BLUE, "hatch": "", **LINES},
}
"""The input low, and high: in grey the hatch tells them apart."""


def tornado(found: Tornado, ax: Axes | None = None) -> Axes:
    """Draw how far each input moves the value of a plan, down and up from the plan's own, the widest on top.

    At the end of a bar stands how many firms are elsewhere then, if any are: those inputs change the plan,
    the others its value alone. An end at which no plan exists says so; ≥ marks an end that was not proven:
    the best plan may be worth more.

    Parameters
    ----------
    found
        What `clusterplan.tornado` returned.
    ax
        Axes to draw on; new ones if None.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> ax = cp.charts.tornado(cp.tornado(plan, ["link.*.value_m_y", "freight.per_tkm"]))
    >>> ax.get_xlabel()
    'value of the best plan then, m EUR a year'
    """
    table = found.frame.iloc[:MOST]
    names = [str(name) for name in table.index]
    with lettered():
        ax = axes_of(ax, 8.5, 1.6 + 0.38 * max(3, len(table)))
        if table.empty:
            return empty(ax, "No input was moved.")
        title(ax, "which inputs move the plan most", found.plan)
        base = found.plan.value
        for at, row in enumerate(table.to_dict("records")):
            sides = sorted(LOOKS, key=lambda side: -abs(row[f"{side}_m_y"] - base))  # the longer one behind
            for side in sides:
                value = float(row[f"{side}_m_y"])
                if math.isnan(value):
                    words = f"{side}: {str(row[f'{side}_status']).replace('_', ' ')}"
                    offset = -8 if side == "low" else 8
                    ax.annotate(words, (base, at), (offset, 0), textcoords="offset points", fontsize=SMALL,
                                ha="right" if side == "low" else "left", va="center", color=INK)  # fmt: skip
                    continue
                ax.barh(at, value - base, left=base, height=0.62, **LOOKS[side])
                proven = row[f"{side}_status"] == "optimal"
                _end(int(row[f"{side}_elsewhere"]), proven, (value, at), value >= base, ax)
        ax.axvline(base, color=INK, linewidth=1.0)
        ax.set_yticks(range(len(names)), [fit(name, 44) for name in names])
        ax.invert_yaxis()
        ax.set_xlabel(f"value of the best plan then, {money_a_year(found.plan)}")
        ax.margins(x=0.14)
        plain(ax, "x")
        handles = [Patch(label=f"input {side}", **look) for side, look in LOOKS.items()]
        ax.legend(
            handles=handles,
            loc="center left",
            bbox_to_anchor=(1.0, 0.5),
            frameon=False,
            title="+n: firms elsewhere",
            title_fontsize=SMALL,
        )
        say_left_out(ax, names)
    return ax


def _end(n: int, is_proven: bool, at: tuple[float, int], right: bool, ax: Axes) -> None:
    """Write at the end of a bar how many firms are elsewhere, and whether its solve was not proven."""
    words = ("" if is_proven else "≥ ") + (f"+{n}" if n else "")
    ax.annotate(words.strip(), at, (4 if right else -4, 0), textcoords="offset points", fontsize=SMALL,
                ha="left" if right else "right", va="center", color=GREY)  # fmt: skip
