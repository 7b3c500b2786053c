"""With levels and works too, the model finds the value that trying everything finds."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from enumeration import Small
from regions_with_works import region_with_ways, region_with_works

import clusterplan as cp
from clusterplan.instance import instance_of
from clusterplan.plan.document import document
from clusterplan.plan.evaluate import evaluate
from clusterplan.plan.start import decisions_of
from clusterplan.rules import write
from clusterplan.solve.anywhere import bound_anywhere

EXAMPLES = range(60)


@cache
def solved(seed: int) -> tuple[cp.Region, cp.Plan | None]:
    region = region_with_works(seed)
    try:
        return region, cp.solve(region, time_limit=60, gap=1e-9)
    except cp.NoPlanError:
        return region, None


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=[pytest.mark.long] if seed > 24 else []) for seed in EXAMPLES if seed % 2],
)
def test_the_model_is_worth_what_the_best_of_all_levels_works_and_layouts_is_worth(seed):
    region, plan = solved(seed)
    expected = Small(region).best()
    if expected == -math.inf:
        assert plan is None
        return
    assert plan is not None
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)


WAYS = (2, 6, 7, 18)
"""Seeds of regions in which a work shortens several ways."""


@pytest.mark.parametrize(
    "seed", [6, 18, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2, 7, 36))]
)
def test_a_work_that_shortens_several_ways_is_worth_what_the_best_of_all_is_worth(seed):
    region = region_with_ways(seed)
    plan = cp.solve(region, time_limit=60, gap=1e-9)
    assert plan.value == pytest.approx(Small(region).best(), rel=1e-6, abs=1e-6)
    assert cp.verify(plan).empty


def test_more_ways_of_a_work_make_no_plan_worse_and_some_better():
    gained = []
    for seed in WAYS:
        _, plan = solved(seed)
        assert plan is not None
        more = cp.solve(region_with_ways(seed), time_limit=60, gap=1e-9)
        gained.append(more.value - plan.value)
        assert cp.verify(more).empty
    assert min(gained) > -1e-6
    assert max(gained) > 1e-3


def test_among_these_regions_plans_build_works_of_every_kind_and_take_levels():
    built: set[str] = set()
    levels = 0
    for seed in EXAMPLES:
        region, plan = solved(seed)
        if plan is None:
            continue
        levels += int(plan.parks["level"].notna().sum())
        works = region.works[plan.works["built"]]
        built |= {"adds"} if works["adds"].map(len).any() else set()
        built |= {"saves"} if (works["fixed_cost_change_m_y"] < 0).any() else set()
        built |= {"way"} if works["to"].isin(region.parks.index).any() else set()
        built |= {"gate"} if works["to"].isin(region.gateways.index).any() else set()
    assert built == {"adds", "saves", "way", "gate"}
    assert levels > 2


@pytest.mark.parametrize("seed", EXAMPLES)
def test_the_bound_with_places_left_out_is_one(seed):
    region, plan = solved(seed)
    if plan is None:
        return
    bound = bound_anywhere(instance_of(region), 20.0)
    assert bound is None or bound >= plan.value - 1e-6 * max(1.0, abs(plan.value))


def changed(plan: cp.Plan, table: str, row: object, column: str, value: object) -> set[str]:
    """Return the rules that a plan with one cell changed breaks."""
    frame = plan.tables[table].copy()
    frame.at[row, column] = value
    return set(cp.verify(replace(plan, tables={**plan.tables, table: frame}))["rule"])


def plans() -> list[cp.Plan]:
    return [plan for _, plan in map(solved, EXAMPLES) if plan is not None]


def test_a_plan_whose_works_are_said_not_to_be_built_or_whose_levels_are_taken_away_is_told():
    unbuilt = smaller = 0
    for plan in plans():
        for work in plan.works.index[plan.works["built"]]:
            assert (
                "works.public_cost_m_y" in changed(plan, "works", work, "built", False)
                or not (plan.works.at[work, "public_cost_m_y"])
            )
            assert changed(plan, "works", work, "built", False)
            unbuilt += 1
        for park in plan.parks.index[plan.parks["level"].notna()]:
            found = changed(plan, "parks", park, "level", None)
            assert {"tables.copied", "capacity.land_ha", "terms.amount"} & found
            smaller += 1
    assert unbuilt > 3
    assert smaller > 3


def test_a_work_that_costs_something_said_to_be_built_and_a_level_of_no_park_are_told():
    for plan in plans()[:12]:
        works = plan.region.works
        costs = (works["cost_m"] + works["cost_m_y"] > 0) & ~plan.works["built"]
        for work in works.index[costs]:
            assert "works.public_cost_m_y" in changed(plan, "works", work, "built", True) or (
                plan.region.manifest.budgets[works.at[work, "budget"]].cost_of_funds == 0
            )
        assert "works.level" in changed(plan, "parks", plan.parks.index[0], "level", "huge")


def test_plans_with_levels_and_works_are_read_back_as_they_were_saved(tmp_path):
    built = [plan for plan in plans() if plan.works["built"].any() and plan.parks["level"].notna().any()]
    assert built
    for n, plan in enumerate(built):
        back = cp.read_plan(plan.save(tmp_path / str(n)))
        assert document(back) == document(plan)
        for name, table in plan.tables.items():
            pd.testing.assert_frame_equal(
                pd.DataFrame(back.tables[name]), pd.DataFrame(table), check_exact=False
            )


def test_a_plan_starts_the_next_solve_with_its_levels_and_works():
    for plan in [plan for plan in plans() if plan.works["built"].any()][:4]:
        instance = instance_of(plan.region)
        decisions = decisions_of(plan, instance)
        assert list(decisions.built) == list(plan.works["built"])
        assert evaluate(instance, decisions).amounts["works"] == pytest.approx(
            plan.terms.at["works", "amount"]
        )
        written = write(instance)
        coefficients, constant = written.objective(instance.weights)
        assert coefficients @ written.values(decisions) + constant == pytest.approx(plan.value, abs=1e-6)


def test_levels_and_works_that_may_be_left_alone_never_make_a_plan_worse():
    for region, plan in map(solved, (3, 11, 20, 31)):
        tables = {name: table for name, table in region.given().items() if name not in ("levels", "works")}
        try:
            without = cp.solve(cp.Region.from_frames(**tables), time_limit=60, gap=1e-9).value
        except (cp.NoPlanError, cp.InputError):
            continue
        assert plan is not None
        assert plan.value >= without - 1e-6
