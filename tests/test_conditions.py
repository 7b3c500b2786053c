"""Conditions on plans: rows in a planner's words, against trying every layout."""

from __future__ import annotations

import math

import pytest
from enumeration import Small
from loop_regions import loop_region
from small_regions import small_region

import clusterplan as cp
from clusterplan.explore.sweeps.held import broken
from clusterplan.explore.sweeps.work import solved


class Conditioned(Small):
    """A small region in which layouts must keep a condition too."""

    def __init__(self, region, keeps) -> None:
        super().__init__(region)
        self.keeps = keeps

    def value(self, at):
        placed = {f: s for f, s in at.items() if s is not None}
        return super().value(at) if self.keeps(self, placed) else -math.inf


def comes_at_most_half(small, placed):
    return len(placed) <= len(small.firms) / 2 + 1


def first_park_is_left_alone_by_the_last_firm(small, placed):
    return placed.get(list(small.firms)[-1]) != next(iter(small.parks))


def links_are_worth_at_most_a_tenth(small, placed):
    return sum(worth for _, _, worth, _, _ in small.realised(placed)) <= 0.1


def condition_of(keeps, small):
    firms, parks = list(small.firms), list(small.parks)
    if keeps is comes_at_most_half:
        return cp.Condition({("comes", firm): 1.0 for firm in firms}, at_most=len(firms) / 2 + 1)
    if keeps is first_park_is_left_alone_by_the_last_firm:
        return cp.Condition({("place", firms[-1], parks[0]): 1.0}, at_most=0.0)
    return cp.Condition({("term", "links"): 1.0}, at_most=0.1)


@pytest.mark.parametrize("family", [None, "one"])
@pytest.mark.parametrize(
    "keeps", [comes_at_most_half, first_park_is_left_alone_by_the_last_firm, links_are_worth_at_most_a_tenth]
)
@pytest.mark.parametrize("seed", [1, 3, 6, 7, 9])
def test_the_best_plan_that_keeps_a_condition_is_the_best_of_all_layouts_that_do(seed, keeps, family):
    region = small_region(seed)
    small = Conditioned(region, keeps)
    expected = small.best()
    condition = condition_of(keeps, small)
    task = cp.Task("one", region, {"time_limit": 30}, conditions=(condition,), family=family)
    if expected == -math.inf:
        with pytest.raises(cp.NoPlanError):
            solved(task)
        return
    plan = solved(task)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert not broken([condition], plan)


def test_the_condition_on_links_binds_and_cannot_be_met_by_links_left_out():
    small = Small(small_region(6))
    assert Conditioned(small.region, links_are_worth_at_most_a_tenth).best() < small.best() - 1e-6


@pytest.mark.parametrize(
    ("of", "at_least", "at_most"),
    [
        ({("value",): 1.0}, None, 0.5),
        ({("term", "freight"): 1.0}, -1.055, None),
        ({("open", "south"): 1.0}, None, 0.0),
        ({("surplus", "seats"): 1.0}, 0.4, None),
        ({("grant", "batteries", "start_grant"): 1.0}, None, 0.0),
        ({("comes", "glass"): 1.0, ("comes", "seats"): -1.0}, 0.0, None),
    ],
)
def test_each_kind_of_condition_changes_the_plan_of_tiny_and_holds_in_its_tables(of, at_least, at_most):
    region = cp.load_region("tiny")
    condition = cp.Condition(of, at_least=at_least, at_most=at_most)
    free = cp.solve(region)
    assert broken([condition], free), "it would hold anyway, and the test would show nothing"
    task = cp.Task("tiny", region, conditions=(condition,))
    try:
        plan = solved(task)
    except cp.NoPlanError:
        assert ("surplus", "seats") in of
        return
    assert not broken([condition], plan)
    assert plan.value < free.value - 1e-6


def test_a_plan_that_breaks_a_condition_is_told_with_the_numbers():
    plan = cp.solve(cp.load_region("tiny"))
    (line,) = broken([cp.Condition({("place", "seats", "south"): 2.0}, at_least=2)], plan)
    assert line == "{('place', 'seats', 'south'): 2.0} is 0.0, at least 2 was asked for."


@pytest.mark.parametrize(
    ("of", "bounds"),
    [
        ({}, {"at_most": 1}),
        ({("value",): 1.0}, {}),
        ({("value",): math.nan}, {"at_most": 1}),
        ({("value",): 1.0}, {"at_most": math.inf}),
        ({("place", "seats"): 1.0}, {"at_most": 1}),
        ({("colour", "seats"): 1.0}, {"at_most": 1}),
        ({"value": 1.0}, {"at_most": 1}),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused(of, bounds):
    with pytest.raises(cp.UsageError):
        cp.Condition(of, **bounds)


@pytest.mark.parametrize(
    "amount",
    [("term", "joy"), ("open", "x"), ("place", "x", "south"), ("comes", "x"), ("grant", "seats", "x")],
)
def test_a_condition_on_what_the_region_does_not_have_is_refused(amount):
    task = cp.Task("tiny", cp.load_region("tiny"), conditions=(cp.Condition({amount: 1.0}, at_most=0),))
    with pytest.raises(cp.UsageError, match="There is no"):
        solved(task)


def test_a_condition_may_go_with_options_that_change_the_program():
    condition = cp.Condition({("place", "seats", "south"): 1.0}, at_least=1)
    task = cp.Task(
        "tiny", cp.load_region("tiny"), {"relocation_m_y": 100.0, "stable": True}, conditions=(condition,)
    )
    assert solved(task).firms.loc["seats", "park"] == "south"


def test_a_condition_that_holds_loops_down_is_refused():
    region = loop_region(1)
    task = cp.Task("loops", region, conditions=(cp.Condition({("term", "loops"): 1.0}, at_most=0.0),))
    with pytest.raises(cp.UsageError, match="loops down"):
        solved(task)
