"""Inputs are chosen by what each can move with the plan's places held."""

from __future__ import annotations

import math

import pytest

import clusterplan as cp
from clusterplan.explore.choices.inputs import columns, numbers
from clusterplan.explore.choices.screen import screened

WANTED = ("freight.per_tkm", "link.*.value_m_y", "firm.*.outside_m_y", "park.*.land_ha", "firm.*.tax_m_y")


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def looked_at(plan):
    """What is chosen of five columns where two are to be."""
    inputs = [one for one in columns(plan.region, 0.2) if one.name in WANTED]
    assert {one.name for one in inputs} == set(WANTED)
    return screened(plan, inputs, 2, None)


def test_with_places_held_a_term_that_is_linear_in_an_input_changes_by_its_share(plan, looked_at):
    frame = looked_at[1]
    for name, term in (("freight.per_tkm", "freight"), ("link.*.value_m_y", "links")):
        assert frame.loc[name, "value_m_y"] == pytest.approx(0.2 * abs(plan.terms.loc[term, "value"]))


def test_what_one_firm_earns_changes_by_its_own_outside_option(plan, looked_at):
    row = looked_at[1].loc["firm.*.outside_m_y"]
    outside = plan.region.firms["outside_m_y"]
    assert row["firm_m_y"] == pytest.approx(0.2 * outside.max())
    assert row["firm"] == outside.idxmax()
    assert row["value_m_y"] == pytest.approx(0.0, abs=1e-9)


def test_what_breaks_the_layout_is_chosen_first(looked_at):
    chosen, frame = looked_at
    holds = frame["holds"].tolist()
    assert holds == sorted(holds)
    assert not frame.loc[[one.name for one in chosen], "holds"].any()
    assert frame.loc["park.*.land_ha", "value_m_y"] == math.inf  # 24 ha of 30, of which 30 are used
    assert [one.name for one in chosen] == frame.index[:2].tolist()


def test_what_moves_nothing_is_not_chosen(plan, looked_at):
    assert looked_at[1].loc["firm.*.tax_m_y", "status"] == "moves nothing"
    alone = [one for one in columns(plan.region, 0.2) if one.name == "firm.*.tax_m_y"]
    assert screened(plan, alone, 5, None)[0] == []


def test_what_time_does_not_reach_is_told_and_not_chosen(plan):
    chosen, frame = screened(plan, columns(plan.region, 0.2), 3, 0.0)
    assert chosen == []
    assert set(frame["status"]) == {"not looked at"}


def test_a_column_is_taken_apart_into_its_numbers(plan):
    found = numbers(plan.region, 0.2, ["firm.*.outside_m_y"])
    asked = plan.region.firms["outside_m_y"]
    assert [one.name for one in found] == [f"firm.{firm}.outside_m_y" for firm in asked.index[asked > 0]]


def test_only_amounts_that_can_be_moved_are_inputs():
    region = cp.load_region("yibin")
    assumed = {one.name for one in columns(region, 0.2)}
    every = {one.name.partition(" ")[0] for one in columns(region, 0.2, assumed=False)}
    assert {name.partition(" ")[0] for name in assumed} < every
    assert {"budgets.*", "discount_rate", "market.*.buys_at"} <= every
    unlike = ("bounds", "lat", "lon", "plan_year", "years", "valid_from", "probability", "roads", "nodes")
    assert not [name for name in every if any(word in name.split(".") for word in unlike)]


@pytest.mark.long
@pytest.mark.parametrize("by", ["column", "number"])
def test_a_tornado_without_inputs_solves_for_those_that_are_chosen(plan, by):
    found = cp.tornado(plan, n=2, by=by)
    chosen = found.screened.index[found.screened["status"] == "chosen"]
    assert len(chosen) == 2
    assert set(found.frame.index) == set(chosen)
    assert len(found.sides) == 4


@pytest.mark.parametrize("asked", [{"n": 0}, {"by": "firm"}])
def test_how_inputs_are_chosen_is_refused_where_it_cannot_be_meant(plan, asked):
    with pytest.raises(cp.UsageError, match="n is 1 or more"):
        cp.tornado(plan, **asked)
