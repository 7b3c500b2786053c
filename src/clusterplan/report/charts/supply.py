"""Who supplies whom: the flows between stages, and what comes from and goes to places outside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from clusterplan.plan import Plan
from clusterplan.report.charts.stageflows import OUTSIDE, columns_of, flows_by_stage, heights_of
from clusterplan.report.charts.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SMALL,
    TEXT,
    axes_of,
    below,
    empty,
    fit,
    lettered,
    money_a_year,
    say_left_out,
    title,
)
from clusterplan.report.numbers import significant

WIDE = 0.07
"""Width of a stage's bar, in columns."""
STUB = 0.14
"""Length of what comes from outside or goes there, in columns."""
GAP = 0.62
"""Least height between bars, in rows: room for a name."""
KINDS: dict[str, dict[str, Any]] = {
    "near": {"facecolor": BLUE, "alpha": 0.6},
    "far": {"facecolor": "white", "edgecolor": BLUE, "hatch": "////"},
    "bought": {"facecolor": "#ffffff00", "edgecolor": GREY, "hatch": "xxxxxx"},
    "sold": {"facecolor": "#ffffff00", "edgecolor": ORANGE, "hatch": "...."},
}
WORDS = {
    "near": "supplied from within reach",
    "far": "supplied from beyond reach",
    "bought": "bought outside the region",
    "sold": "sold outside the region",
}


Flow = dict[Any, Any]
"""A row of `clusterplan.report.charts.stageflows.flows_by_stage`."""


def supply(plan: Plan, ax: Axes | None = None) -> Axes:
    """Draw the supply of a plan as flows between stages, as wide as their value a year.

    Suppliers stand left of their buyers. Short flows into the left of a stage are bought through gateways,
    those out of its right are sold there (`clusterplan.report.charts.stageflows.flows_by_stage`). The number
    at a name is the larger of what the stage takes and what it sells.

    Parameters
    ----------
    plan
        The plan.
    ax
        Axes to draw on; new ones if None.

    References
    ----------
    Schmidt 2008, The Sankey diagram in energy and material flow management.

    Examples
    --------
    >>> import clusterplan as cp
    >>> cp.charts.supply(cp.solve(cp.load_region("tiny"))).get_title(loc="left")
    'Tiny valley, a region to compute by hand: supply, m EUR a year'
    """
    flows = flows_by_stage(plan)
    with lettered():
        stages = [s for s in plan.region.manifest.stages if s in {*flows["seller"], *flows["buyer"]}]
        inner = flows[(flows["seller"] != OUTSIDE) & (flows["buyer"] != OUTSIDE)]
        pairs = {(row["seller"], row["buyer"]): row["value_m_y"] for row in inner.to_dict("records")}
        columns = columns_of(stages, pairs)
        wide = max(columns.values(), default=0) + 1
        high = max((list(columns.values()).count(column) for column in range(wide)), default=1)
        ax = axes_of(ax, 2.3 * max(wide, 3) + 0.6, 0.5 * max(high, 5) + 3.2)
        title(ax, f"supply, {money_a_year(plan)}", plan)
        if flows.empty:
            return empty(ax, "Nobody supplies anybody in this plan.")
        bars = _stacked(stages, columns, heights_of(stages, columns, pairs), flows)
        _draw(plan, flows, bars, ax)
        ax.axis("off")
        ax.set(xlim=(-STUB - 0.05, wide - 1 + WIDE + STUB + 0.05))
        used = [kind for kind in KINDS if any(p.get_label() == f"_{kind}" for p in ax.patches)]
        below(ax, [Patch(**KINDS[kind], label=WORDS[kind]) for kind in used], 4)
        say_left_out(ax, [plan.region.manifest.title, *(plan.region.manifest.stages[s] for s in stages)])
    return ax


@dataclass(frozen=True)
class _Bar:
    """A stage: where its bar begins, and how high it is."""

    x: float
    y: float
    high: float


def _stacked(
    stages: list[str], columns: dict[str, int], rows: dict[str, float], flows: pd.DataFrame
) -> dict[str, _Bar]:
    """Return the bars of stages, one below the other in each column; the fullest column is `_FULL` high."""
    size = {
        stage: max(float(flows.loc[flows[end] == stage, "value_m_y"].sum()) for end in ("seller", "buyer"))
        for stage in stages
    }
    inside: dict[int, list[str]] = {}
    for stage in sorted(stages, key=lambda s: (columns[s], rows[s])):
        inside.setdefault(columns[stage], []).append(stage)
    fullest = max(sum(size[stage] for stage in group) for group in inside.values())
    scale = _FULL / fullest if fullest > 0 else 0.0
    bars = {}
    for column, group in inside.items():
        y = -(scale * sum(size[stage] for stage in group) + GAP * (len(group) - 1)) / 2
        for stage in group:
            bars[stage] = _Bar(float(column), y, max(scale * size[stage], 0.015))
            y += scale * size[stage] + GAP
    return bars


_FULL = 4.0


def _draw(plan: Plan, flows: pd.DataFrame, bars: dict[str, _Bar], ax: Axes) -> None:
    sizes = {
        stage: max(float(flows.loc[flows[end] == stage, "value_m_y"].sum()) for end in ("seller", "buyer"))
        for stage in bars
    }
    largest = max(sizes, key=lambda stage: sizes[stage])
    scale = bars[largest].high / sizes[largest] if sizes[largest] > 0 else 0.0
    rows: list[Flow] = [dict(row) for row in flows.to_dict("records")]
    starts, ends = (_edges(rows, bars, side, other, scale) for side, other in (_SIDES, _SIDES[::-1]))
    for n, flow in enumerate(rows):
        high, near = scale * flow["value_m_y"], scale * flow["local_m_y"]
        if flow["seller"] == OUTSIDE:
            x = bars[flow["buyer"]].x
            _ribbon((x - STUB, ends[n]), (x, ends[n]), high, "bought", ax)
        elif flow["buyer"] == OUTSIDE:
            x = bars[flow["seller"]].x + WIDE
            _ribbon((x, starts[n]), (x + STUB, starts[n]), high, "sold", ax)
        else:
            x, to = bars[flow["seller"]].x + WIDE, bars[flow["buyer"]].x
            for kind, offset, part in (("near", 0.0, near), ("far", near, high - near)):
                if part > 1e-9 * high:
                    _ribbon((x, starts[n] + offset), (to, ends[n] + offset), part, kind, ax)
    _bars(plan, bars, sizes, ax)


_SIDES = ("seller", "buyer")


def _edges(rows: list[Flow], bars: dict[str, _Bar], side: str, other: str, scale: float) -> dict[int, float]:
    """Return where each flow meets the bar of one side: in the order of the bars at its other end."""
    at, taken = {}, {stage: bar.y for stage, bar in bars.items()}
    order = [n for n, flow in enumerate(rows) if flow[side] != OUTSIDE]
    far = max(bar.y for bar in bars.values()) + 1.0
    order.sort(key=lambda n: far if rows[n][other] == OUTSIDE else bars[rows[n][other]].y)
    for n in order:
        at[n] = taken[rows[n][side]]
        taken[rows[n][side]] += scale * rows[n]["value_m_y"]
    return at


def _bars(plan: Plan, bars: dict[str, _Bar], sizes: dict[str, float], ax: Axes) -> None:
    for stage, bar in bars.items():
        ax.add_patch(Rectangle((bar.x, bar.y), WIDE, bar.high, facecolor=INK, zorder=4, gid=f"stage {stage}"))
        name = fit(plan.region.manifest.stages[stage], 34)
        words = f"{name} {significant(sizes[stage], 3)}"
        ax.annotate(
            words,
            (bar.x + WIDE / 2, bar.y),
            (0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=TEXT if len(bars) < 10 else SMALL,
            zorder=5,
            bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.6},
        )
    low = min(bar.y for bar in bars.values())
    high = max(bar.y + bar.high for bar in bars.values())
    ax.set_ylim(high + 0.1, low - GAP)


def _ribbon(start: tuple[float, float], end: tuple[float, float], high: float, kind: str, ax: Axes) -> None:
    """Draw a flow from one side of its upper edge to the other, bent like an S."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2 if x1 > x0 else x0 + 0.25
    back = (x0 + x1) / 2 if x1 > x0 else x1 - 0.25
    edge: Iterable[tuple[tuple[float, float], Any]] = (
        ((x0, y0), Path.MOVETO),
        ((middle, y0), Path.CURVE4),
        ((back, y1), Path.CURVE4),
        ((x1, y1), Path.CURVE4),
        ((x1, y1 + high), Path.LINETO),
        ((back, y1 + high), Path.CURVE4),
        ((middle, y0 + high), Path.CURVE4),
        ((x0, y0 + high), Path.CURVE4),
        ((x0, y0), Path.CLOSEPOLY),
    )
    points, codes = zip(*edge, strict=True)
    look = {"linewidth": 0.3, "edgecolor": KINDS[kind]["facecolor"], **KINDS[kind]}
    zorder = 2 if kind in ("near", "far") else 1.5
    ax.add_patch(PathPatch(Path(points, codes), zorder=zorder, label=f"_{kind}", **look))
