"""Curves of value and bound over time, as a picture that is read without colour too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

Row = dict[str, Any]
Points = tuple[list[float], list[float]]
Lines = dict[tuple[str, str], Points]

STYLES = {
    "clusterplan": {"color": "#0072B2", "linewidth": 2.2},
    "HiGHS alone": {"color": "#D55E00", "linewidth": 1.4},
}
"""Blue and vermilion (Okabe and Ito 2008) differ for every kind of colour sight, and in grey by width."""
DASHES: dict[tuple[str, str], Any] = {
    ("clusterplan", "best"): "-",
    ("clusterplan", "bound"): (0, (4, 2)),
    ("HiGHS alone", "best"): (0, (7, 1.5, 1.5, 1.5)),
    ("HiGHS alone", "bound"): (0, (1.2, 1.6)),
}
WORDS = {"best": "plan", "bound": "bound"}
FIRST_S = 0.1
"""Where the axis of time begins, s."""
UNDER = 1.5
"""How far a panel reaches below the best plan, in distances of that from the least bound."""
FAR = 4.0
"""A bound is cut off where it is so many times as far from the best plan as that is from 0 and the other."""
APART = 0.075
"""Least distance of two labels, as a share of the height."""


def draw(rows: Sequence[Row], path: Path) -> None:
    """Write a picture with a panel for each region.

    Parameters
    ----------
    rows
        Points with ``region``, ``how``, ``seconds``, ``best`` and ``bound``.
    path
        File to write; its ending says the format.
    """
    regions = list(dict.fromkeys((row["region"], row["seed"]) for row in rows))
    across = min(2, len(regions))
    down = math.ceil(len(regions) / across)
    figure = Figure(figsize=(5.6 * across, 3.5 * down), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(down, across, squeeze=False).flat
    for axes, (region, seed) in zip(panels, regions, strict=False):
        here = [row for row in rows if (row["region"], row["seed"]) == (region, seed)]
        firms, parks = region.split("x")
        axes.set_title(f"{firms} firms, {parks} parks", loc="left", fontsize=11, fontweight="bold")
        _panel(axes, here)
    for axes in list(panels)[len(regions) :]:
        axes.set_visible(False)
    figure.supxlabel("seconds", fontsize=10)
    figure.supylabel("value and bound, millions a year", fontsize=10)
    figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _panel(axes: Axes, rows: Sequence[Row]) -> None:
    ends = max(row["seconds"] for row in rows)
    there = [how for how in STYLES if any(row["how"] == how for row in rows)]
    lines = {(how, key): points(rows, how, key) for how in there for key in WORDS}
    low, high = window(lines)
    axes.set_xscale("log")
    axes.set_xlim(FIRST_S, 1.1 * max(ends, 2 * FIRST_S))
    axes.set_ylim(low, high)
    labels = []
    for (how, key), (x, y) in lines.items():
        if x:
            axes.step([*x, ends], [*y, y[-1]], where="post", linestyle=DASHES[how, key], **STYLES[how])
        labels += [(min(max(end, low), high), text, how) for end, text in said(lines, how, key, low, high)]
    for (where, text, how), at in zip(labels, spread([label[0] for label in labels], low, high), strict=True):
        colour = STYLES[how]["color"]
        axes.annotate(
            text,
            xy=(1, (where - low) / (high - low)),
            xytext=(1.03, (at - low) / (high - low)),
            xycoords="axes fraction",
            textcoords="axes fraction",
            color=colour,
            fontsize=8.5,
            va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 0},
            annotation_clip=False,
        )
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.10g}".replace("-", "−")))
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)


def said(lines: Lines, how: str, key: str, low: float, high: float) -> list[tuple[float, str]]:
    """Return where a line ends, and its label: one for both lines of a way that proves its plan."""
    end, other = (lines[how, one][1][-1:] for one in (key, "bound" if key == "best" else "best"))
    if not end:
        return [(low, f"{how}: no plan")] if key == "best" else []
    number = f"{end[0]:,.{0 if abs(end[0]) >= 1000 else 1}f}".replace("-", "−")
    if other and abs(end[0] - other[0]) <= 1e-5 * max(1.0, abs(end[0])):
        return [(end[0], f"{how}: proven {number}")] if key == "best" else []
    beyond = " far above," if end[0] > high else " far below," if end[0] < low else ""
    return [(end[0], f"{how}: {WORDS[key]}{beyond} {number}")]


def points(rows: Sequence[Row], how: str, key: str) -> Points:
    """Return times and values of a way, best or bound: where it was known, none before `FIRST_S`."""
    known = [(row["seconds"], row[key]) for row in rows if row["how"] == how and row[key] is not None]
    return [max(FIRST_S, seconds) for seconds, _ in known], [value for _, value in known]


def window(lines: Lines) -> tuple[float, float]:
    """Return the values that a panel reaches from and to: plans and bounds at the end.

    First plans that are far below, and bounds so far above that they say nothing yet, are cut off.
    """
    plans, bounds = ([y[-1] for (_, one), (_, y) in lines.items() if one == key and y] for key in WORDS)
    first = [y[0] for (_, key), (_, y) in lines.items() if key == "best" and y]
    best = max(plans, default=min(bounds, default=0.0))
    between = max(best - min(plans, default=best), 0.05 * abs(best), 1.0)
    near = [bound for bound in bounds if bound - best <= FAR * max(between, abs(best))]
    reach = max(between, min(near, default=best) - best)
    high = max([best + 0.3 * reach, *near]) + 0.1 * reach
    low = max(best - UNDER * reach, min([*first, *plans, best - reach]))
    pad = 0.05 * (high - low)
    return low - pad, high + pad


def spread(wanted: Sequence[float], low: float, high: float) -> list[float]:
    """Return heights near those wanted, in their order, far enough apart for text.

    What would lie on each other is spread about its middle (pooling of adjacent violators).
    """
    step = APART * (high - low)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    pools: list[list[float]] = []
    for rank, i in enumerate(order):
        pools.append([wanted[i] - rank * step])
        while len(pools) > 1 and sum(pools[-2]) / len(pools[-2]) > sum(pools[-1]) / len(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    bases = [sum(pool) / len(pool) for pool in pools for _ in pool]
    at = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        at[i] = bases[rank] + rank * step
    return at
