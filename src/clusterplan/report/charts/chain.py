"""The chain: its stages and routes, how much each gets from near by, and where it has gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.path import Path

from clusterplan.plan import Plan
from clusterplan.plan.serving import second_route_of
from clusterplan.report.charts.stageflows import columns_of, heights_of, inputs_by_stage, made_nowhere
from clusterplan.report.charts.style import (
    BLUE,
    GREY,
    INK,
    PAPER,
    SMALL,
    TEXT,
    VERMILION,
    axes_of,
    below,
    empty,
    fit,
    lettered,
    say_left_out,
    title,
)
from clusterplan.report.numbers import counted, share_of

WIDE, HIGH = 0.62, 0.78
"""Size of a stage's box, in columns and rows."""
BESIDE = 0.085
"""How far from the box the share stands, in columns: near the seller, where fewest arrows meet."""
LETTERS = 20
"""How wide a line in a box is, in letters."""


def chain(plan: Plan, ax: Axes | None = None) -> Axes:
    """Draw the chain of a plan: stages as boxes, an arrow to each stage that needs what another can make.

    The number on an arrow is the share by value of those inputs that firms of the one stage supply to the
    other from within reach (`clusterplan.report.charts.stageflows.inputs_by_stage`); arrows are the
    thicker the more is bought. A dashed, empty box is a gap: a stage that has nobody in the plan. Below
    the name of a stage stand its firms in the plan and known, by route where it has routes; inputs that
    no firm of the region could make are counted. Stages that trade with no other stand in a line of their
    own at the foot.

    Parameters
    ----------
    plan
        The plan.
    ax
        Axes to draw on; new ones if None.

    Examples
    --------
    >>> import clusterplan as cp
    >>> cp.charts.chain(cp.solve(cp.load_region("tiny"))).get_title(loc="left")
    'Tiny valley, a region to compute by hand: the chain and its local shares'
    """
    placing = _placing(plan)
    with lettered():
        ax = axes_of(ax, 2.2 * max(placing.wide, 3) + 1.2, 0.8 * max(placing.high, 4) + 2.0)
        _draw(plan, placing, ax)
    return ax


@dataclass(frozen=True)
class _Placing:
    """Where stages stand: column and row of those that trade, the rest, and what is bought."""

    column: dict[str, int]
    row: dict[str, float]
    apart: list[str]
    inputs: pd.DataFrame

    @property
    def wide(self) -> int:
        return max(self.column.values(), default=0) + 1

    @property
    def high(self) -> int:
        return int(2 * max(self.row.values(), default=0) + 1)


def _placing(plan: Plan) -> _Placing:
    inputs = inputs_by_stage(plan)
    stages = list(plan.region.manifest.stages)
    trading = set(inputs["seller"]) | set(inputs["buyer"])
    within = [stage for stage in stages if stage in trading]
    pairs = list(zip(inputs["seller"], inputs["buyer"], strict=True))
    column = columns_of(within, pairs)
    row = heights_of(within, column, dict.fromkeys(pairs, 1.0))
    known = set(plan.region.firms["stage"])
    return _Placing(column, row, [s for s in stages if s not in trading and s in known], inputs)


def _draw(plan: Plan, placing: _Placing, ax: Axes) -> None:
    title(ax, "the chain and its local shares", plan)
    if not placing.column:
        empty(ax, "No stage of this region makes what another needs.")
        return
    names = plan.region.manifest.stages
    low = max(placing.row.values())
    ax.set(xlim=(-0.55, placing.wide - 0.45), ylim=(low + 1.5, min(placing.row.values()) - 0.7))
    ax.axis("off")
    _arrows(placing, ax)
    lacking = made_nowhere(plan)
    for stage, column in placing.column.items():
        _box(plan, stage, (column, placing.row[stage]), len(lacking[stage]), ax)
    if placing.apart:
        told = "; ".join(f"{fit(names[s], 40)}: {_counts(plan, s)}" for s in placing.apart)
        for n, line in enumerate(wrap(f"Trade with no other stage: {told}", 24 * placing.wide)[:2]):
            ax.text(-0.5, low + 0.85 + 0.33 * n, line, fontsize=TEXT, color=INK)
    below(ax, _legend(), 4)
    say_left_out(ax, [plan.region.manifest.title, *names.values()])


def _box(plan: Plan, stage: str, at: tuple[float, float], lacking: int, ax: Axes) -> None:
    """Draw a stage with its name, its firms, and how many of its inputs nobody here could make."""
    column, row = at
    here = bool((plan.firms.loc[plan.firms["stage"] == stage, "park"].notna()).any())
    box = FancyBboxPatch(
        (column - WIDE / 2, row - HIGH / 2),
        WIDE,
        HIGH,
        boxstyle="round,pad=0,rounding_size=0.06",
        facecolor=PAPER if here else "white",
        edgecolor=INK if here else VERMILION,
        linestyle="-" if here else (0, (4, 2)),
        linewidth=1.0 if here else 1.4,
        zorder=3,
    )
    box.set_gid(f"stage {stage}")
    ax.add_patch(box)
    lines = [fit(line, LETTERS) for line in wrap(fit(plan.region.manifest.stages[stage], 38), LETTERS)[:2]]
    outside = f"{counted(lacking, 'input')} from outside" if lacking else ""
    told = [_counts(plan, stage), fit("; ".join(filter(None, (_routes(plan, stage), outside))), LETTERS + 8)]
    parting = row + (0.07 if len(lines) > 1 else 0.0)
    ax.text(column, parting - 0.02, "\n".join(lines), ha="center", va="bottom", fontsize=TEXT, zorder=4)
    ax.text(
        column,
        parting + 0.02,
        "\n".join(told),
        ha="center",
        va="top",
        fontsize=SMALL - 0.5,
        color=GREY if here else VERMILION,
        zorder=4,
    )


def _counts(plan: Plan, stage: str) -> str:
    """Return how many firms of a stage are in the plan, of how many that could be."""
    firms = plan.firms[(plan.firms["stage"] == stage) & (plan.firms["status"] != "excluded")]
    placed = int(firms["park"].notna().sum())
    return f"{placed} of {len(firms)} known" if placed else f"gap: none of {len(firms)} known"


def _routes(plan: Plan, stage: str) -> str:
    """Return how many firms of a stage serve each route in the plan; nothing where it has no routes."""
    placed = plan.firms.index[(plan.firms["stage"] == stage) & plan.firms["park"].notna()]
    firms, second = plan.region.firms.loc[placed], second_route_of(plan).reindex(placed)
    serves = Counter([*firms["route"].dropna(), *firms.loc[second > 0, "other_route"]])
    return ", ".join(f"{route} {serves[route]}" for route in plan.region.manifest.routes if serves[route])


def _arrows(placing: _Placing, ax: Axes) -> None:
    most = float(placing.inputs["bought_m_y"].max()) or 1.0
    leaving: dict[str, list[int]] = {}
    rows = placing.inputs.to_dict("records")
    for n, pair in enumerate(rows):
        leaving.setdefault(pair["seller"], []).append(n)
    for own in leaving.values():
        own.sort(key=lambda n: placing.row[rows[n]["buyer"]])
        for place, n in enumerate(own):
            step = (place - (len(own) - 1) / 2) * min(0.24, 0.6 / len(own))
            _arrow(placing, rows[n], step, most, ax)


def _arrow(placing: _Placing, pair: dict[Hashable, Any], step: float, most: float, ax: Axes) -> None:
    """Draw an arrow from the right of a box to the left of another, or back below where it leads back."""
    a, b = str(pair["seller"]), str(pair["buyer"])
    bought, share = float(pair["bought_m_y"]), float(pair["share"])
    way = -1.0 if placing.column[b] <= placing.column[a] else 1.0  # back, where the chain closes on itself
    start = (placing.column[a] + way * WIDE / 2, placing.row[a] + step)
    end = (placing.column[b] - way * WIDE / 2, placing.row[b] + (0.25 if way < 0 else 0.0))
    middle = (start[0] + end[0]) / 2 if way * (end[0] - start[0]) > 0 else start[0] + way * 0.3
    points = [start, (middle, start[1]), (middle, end[1]), end]
    known = not np.isnan(share)
    arrow = FancyArrowPatch(
        path=Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]),
        arrowstyle="-|>",
        mutation_scale=8,
        linewidth=0.8 + 2.6 * np.sqrt(bought / most),
        linestyle=_dash(share),
        color=BLUE if known and share > 0 else GREY,
        alpha=0.75,
        zorder=2,
    )
    arrow.set_gid(f"arrow {a} {b}")
    ax.add_patch(arrow)
    if known:
        ax.text(
            start[0] + way * BESIDE,
            start[1],
            share_of(share),
            ha="center",
            va="center",
            fontsize=SMALL,
            color=INK if share > 0 else VERMILION,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.9},
            zorder=5,
            gid=f"share {a} {b}",
        )


def _dash(share: float) -> str | tuple[int, tuple[float, ...]]:
    if np.isnan(share):
        return (0, (1, 2))
    return "-" if share >= 0.5 else (0, (5, 2))


def _legend() -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=BLUE, linewidth=2, label="half or more from within reach"),
        Line2D([], [], color=BLUE, linewidth=2, linestyle=(0, (4, 1.5)), label="less than half"),
        Line2D([], [], color=GREY, linewidth=1, linestyle=(0, (1, 2)), label="nobody there who buys"),
        Patch(facecolor="white", edgecolor=VERMILION, linestyle="--", label="gap: nobody of this stage"),
    ]
