"""With levels and works too, the model finds the value that trying everything finds."""

from __future__ import annotations

import math
from functools import cache

import pytest
from enumeration import Small
from regions_with_works import region_with_works

import clusterplan as cp
from clusterplan.instance import instance_of
from clusterplan.solve.anywhere import bound_anywhere

EXAMPLES = range(60)


@cache
def solved(seed: int) -> tuple[cp.Region, cp.Plan | None]:
    region = region_with_works(seed)
    try:
        return region, cp.solve(region, time_limit=60, gap=1e-9)
    except cp.NoPlanError:
        return region, None


@pytest.mark.parametrize("seed", [seed for seed in EXAMPLES if seed % 2])
def test_the_model_is_worth_what_the_best_of_all_levels_works_and_layouts_is_worth(seed):
    region, plan = solved(seed)
    expected = Small(region).best()
    if expected == -math.inf:
        assert plan is None
        return
    assert plan is not None
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)


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
