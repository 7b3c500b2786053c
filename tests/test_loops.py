"""Innovation loops: worth what trying every layout says, in every way of finding a plan."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from loop_regions import loop_region, loop_tables
from strategies import renamed, reordered, tables_of

import clusterplan as cp
from clusterplan.explore.money.parts import surplus_parts
from clusterplan.instance import NO_LOOPS, instance_of
from clusterplan.plan.start import decisions_of
from clusterplan.rules import write
from clusterplan.rules.tighten import tighten
from clusterplan.solve.anywhere import bound_anywhere
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.surrogate import layout_of
from clusterplan.solve.violations import violations

SEEDS = range(30)


@cache
def planned(seed: int) -> cp.Plan | None:
    """Return the plan of a small region with loops, None where there is none."""
    try:
        return cp.solve(loop_region(seed), time_limit=30)
    except cp.NoPlanError:
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_is_worth_what_the_best_of_all_layouts_is_worth(seed: int) -> None:
    expected, plan = Small(loop_region(seed)).best(), planned(seed)
    if plan is None:
        assert expected == -math.inf
        return
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert cp.verify(plan).empty


def test_in_these_regions_loops_are_closed_lack_stages_and_bring_firms() -> None:
    plans = [plan for plan in map(planned, SEEDS) if plan is not None]
    loops = pd.concat([plan.loops for plan in plans])
    assert loops["closed"].sum() >= 10
    assert (loops["missing"].str.count(";") >= 1).any()
    brought = 0
    for plan in plans:
        kept = plan.loops.merge(plan.region.loops["share"], left_on="loop", right_index=True)
        own = (kept["share"] * kept["value_m_y"]).groupby(kept["firm"]).sum()
        candidates = plan.firms[plan.firms["status"] == "candidate"]
        brought += int((candidates["surplus_m_y"] < own.reindex(candidates.index).fillna(0) - 1e-6).sum())
    assert brought > 0


@pytest.mark.parametrize("seed", range(0, 30, 2))
def test_tighter_rows_lose_no_plan(seed: int) -> None:
    plan = planned(seed)
    if plan is None:
        return
    instance = instance_of(plan.region)
    tight = tighten(write(instance))
    found = solve_highs(matrix_of(tight.written), gap=1e-9)
    assert found.value == pytest.approx(plan.value, rel=1e-6, abs=1e-6)
    values = tight.values(decisions_of(plan, instance))
    assert not violations(matrix_of(tight.written), values)


@pytest.mark.parametrize("seed", range(1, 30, 2))
def test_with_places_left_out_the_bound_holds(seed: int) -> None:
    plan = planned(seed)
    if plan is None:
        return
    bound = bound_anywhere(instance_of(plan.region), None)
    assert bound is None or bound >= plan.value - 1e-6 * max(1.0, abs(plan.value))


@pytest.mark.parametrize("seed", range(12))
def test_a_loop_that_costs_is_counted_too(seed: int) -> None:
    tables = loop_tables(seed)
    tables["manifest"]["weights"] = {"loops": -1.0}
    region = cp.Region.from_frames(**tables)
    expected = Small(region).best()
    if expected == -math.inf:
        return
    plan = cp.solve(region, time_limit=30)
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
    instance = instance_of(region)
    written = write(instance)
    assert not violations(matrix_of(written), written.values(decisions_of(plan, instance)))


def test_a_firm_is_no_stage_of_its_own_loop() -> None:
    tables = loop_tables(0)
    tables["loops"] = pd.DataFrame(
        {
            "loop": ["alone"],
            "stage": ["assembly"],
            "needs": ["assembly"],
            "value_m_y": [50.0],
            "provenance": ["assumed"],
        }
    )
    plan = cp.solve(cp.Region.from_frames(**tables))
    assert not plan.loops["closed"].any()
    assert plan.terms.at["loops", "amount"] == 0


def test_the_share_of_loops_is_a_part_of_the_surplus() -> None:
    kept = 0.0
    for seed in SEEDS:
        plan = planned(seed)
        if plan is None:
            continue
        parts = surplus_parts(plan)
        surplus = plan.firms.loc[parts.index, "surplus_m_y"]
        assert parts.sum(axis=1).to_numpy() == pytest.approx(surplus.to_numpy(), abs=1e-9)
        kept += parts["loops"].sum()
    assert kept > 1


@pytest.mark.parametrize("seed", range(0, 12, 3))
def test_names_and_order_do_not_matter(seed: int) -> None:
    plan = planned(seed)
    if plan is None:
        return
    for say in (renamed, reordered):
        other = cp.solve(cp.Region.from_frames(**say(tables_of(plan.region), seed)), time_limit=30)
        assert other.value == pytest.approx(plan.value, rel=1e-6, abs=1e-6)
        assert cp.verify(other).empty


def test_the_search_sees_what_a_loop_with_one_open_stage_is_worth() -> None:
    compared = 0
    for seed in SEEDS:
        plan = planned(seed)
        if plan is None:
            continue
        instance = instance_of(plan.region)
        loops = instance.loops
        others = loops.piece_firms[:, None, :] & (np.arange(instance.n_firms) != loops.producer[:, None])
        alone = (others & instance.sites.admissible.any(axis=1)).sum(axis=2) <= 1
        if not alone[loops.needs().T].all():
            continue
        without = layout_of(replace(instance, loops=NO_LOOPS))
        layout = layout_of(instance)
        park = decisions_of(plan, instance).park
        closed = float((loops.value[loops.loop] * loops.closed(park)).sum()) * instance.weights["loops"]
        pieces = np.bincount(loops.piece_loop)[loops.loop]
        part = (loops.needs() & ~loops.lacks(park)).sum(axis=1) / pieces * (park[loops.producer] >= 0)
        counted = float((loops.value[loops.loop] * part).sum()) * instance.weights["loops"]
        more = _worth(layout, park) - _worth(without, park)
        assert more == pytest.approx(counted, abs=1e-9)
        compared += closed > 0
    assert compared > 0


def _worth(layout: object, park: np.ndarray) -> float:
    """Return what places and links of a layout are worth, willingness left out."""
    placed = np.flatnonzero(park >= 0)
    total = float(layout.linear[placed, park[placed]].sum())
    s, t = park[layout.link_a], park[layout.link_b]
    both = (s >= 0) & (t >= 0)
    kernel = layout.values[layout.link_kind[both], s[both], t[both]]
    return total + float((layout.link_weight[both] * kernel).sum())
