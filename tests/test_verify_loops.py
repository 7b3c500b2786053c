"""`verify` on a plan with innovation loops computed by hand, and on the same plan tampered with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_plan import HandPlan, hand_plan, region_of, region_tables
from test_verify import Change, add, cell, double, drop, rules, without

from clusterplan.plan.verify import verify

LOOPS = pd.DataFrame(
    {
        "loop": ["proof", "return", "trial"],
        "name": ["Proving", "Taking back", "Trial cells"],
        "stage": ["pack", "recycling", "cell"],
        "route": ["lfp", None, None],
        "needs": ["testing;cell", "cell", "testing;recycling"],
        "reach": [10.0, 36.0, None],
        "value_m_y": [0.6, 0.4, 1.0],
        "share": [0.5, 0.25, None],
        "provenance": "assumed",
    }
)
"""pack (p1) has the laboratory beside it and cells at 10 km; the recycler (p3) has them at 35 km; cell (p2)
has the laboratory at 10 km, but the recycler beyond the 20 km of links."""


def looped() -> HandPlan:
    """Return the plan computed by hand with these loops: 0.6 and 0.4 are won, 0.1 of it by the recycler."""
    plan = hand_plan(region_of({**region_tables(), "loops": LOOPS.set_index("loop", drop=False)}))
    loops = pd.DataFrame(
        {
            "loop": ["proof", "return", "trial"],
            "firm": ["pack", "recycler", "cell"],
            "park": ["p1", "p3", "p2"],
            "closed": [True, True, False],
            "value_m_y": [0.6, 0.4, 0.0],
            "missing": ["", "", "recycling"],
        }
    )
    terms, firms, indicators = plan.terms.copy(), plan.firms.copy(), plan.indicators.copy()
    terms.loc["loops", ["amount", "value"]] = 1.0
    firms.loc["recycler", "surplus_m_y"] += 0.25 * 0.4
    indicators.loc["collaboration_value", "value"] += 1.0
    own = {
        "collaboration_value.loops": 1.0,
        "loops_closed": 2.0,
        "loops_open": 1.0,
        "producers_in_loops": 2 / 3,
    }
    more = pd.DataFrame({"value": pd.Series(own), "unit": "a unit", "definition": "A sentence."})
    assert plan.bound is not None
    value, bound = plan.value + 1.0, plan.bound + 1.0
    return replace(
        plan,
        loops=loops,
        terms=terms,
        firms=firms,
        indicators=pd.concat([indicators, more]),
        value=value,
        bound=bound,
        gap=(bound - value) / abs(value),
    )


@pytest.fixture(scope="module")
def plan() -> HandPlan:
    return looped()


def test_a_plan_with_loops_computed_by_hand_holds(plan: HandPlan) -> None:
    assert verify(plan).empty


TAMPERED: list[tuple[str, Change]] = [
    ("tables.column", without("loops", "missing")),
    ("tables.flag", cell("loops", 0, "closed", None)),
    ("tables.number", cell("loops", 0, "value_m_y", np.nan)),
    ("loops.missing", drop("loops", 0)),
    ("loops.missing", drop("loops", 2)),
    ("loops.repeated", double("loops", 1)),
    ("loops.unknown", cell("loops", 0, "loop", "trial")),
    ("loops.unknown", cell("loops", 1, "firm", "cell")),
    ("loops.unknown", add("loops", 0, firm="lab")),
    ("loops.park", cell("loops", 1, "park", "p1")),
    ("loops.closed", cell("loops", 2, "closed", True)),
    ("loops.closed", cell("loops", 0, "closed", False)),
    ("loops.value_m_y", cell("loops", 2, "value_m_y", 1.0)),
    ("loops.value_m_y", cell("loops", 1, "value_m_y", 0.1)),
    ("loops.stages", cell("loops", 2, "missing", "")),
    ("loops.stages", cell("loops", 0, "missing", "cell")),
    ("terms.amount", cell("terms", "loops", "amount", 2.0)),
    ("willingness.surplus_m_y", cell("firms", "recycler", "surplus_m_y", 1.20097)),
    ("indicators.value", cell("indicators", "producers_in_loops", "value", 1.0)),
    ("indicators.value", cell("indicators", "collaboration_value.loops", "value", 2.0)),
    ("indicators.missing", drop("indicators", "loops_open")),
    # a firm that is elsewhere opens one loop and closes another
    ("loops.closed", cell("firms", "cell", "park", "p3")),
    ("loops.closed", cell("firms", "lab", "park", "p3")),
]


@pytest.mark.parametrize(
    ("rule", "change"), TAMPERED, ids=[f"{i}-{rule}" for i, (rule, _) in enumerate(TAMPERED)]
)
def test_a_plan_tampered_with_is_told_by_the_rule_it_breaks(
    plan: HandPlan, rule: str, change: Change
) -> None:
    assert rule in rules(change(plan))
