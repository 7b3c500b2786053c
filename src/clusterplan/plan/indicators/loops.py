"""Innovation loops: how many are closed, for whom, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.plan.indicators.indicator import Indicator, ratio
from clusterplan.plan.indicators.parts import money_a_year
from clusterplan.plan.plan import Plan


def loops(plan: Plan) -> Iterator[Indicator]:
    """Yield closed and open loops; nothing for a region that has none."""
    if plan.region.loops.empty:
        return
    table = plan.loops
    closed = table[table["closed"]]
    yield Indicator(
        "collaboration_value.loops",
        float(closed["value_m_y"].sum()),
        money_a_year(plan),
        "Worth of closed innovation loops, summed over loops and their producers.",
    )
    yield Indicator(
        "loops_closed",
        float(len(closed)),
        "loops",
        "Innovation loops with each stage within reach of the producer; each producer counts by itself.",
    )
    yield Indicator(
        "loops_open",
        float(len(table) - len(closed)),
        "loops",
        "Innovation loops of producers placed that lack a stage within reach.",
    )
    yield Indicator(
        "producers_in_loops",
        ratio(closed["firm"].nunique(), table["firm"].nunique()),
        "share",
        "Producers placed with at least one closed loop, of all producers placed that have a loop.",
    )
