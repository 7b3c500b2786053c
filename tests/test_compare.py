"""Comparing plans."""

from __future__ import annotations

import pytest

import clusterplan as cp


@pytest.fixture(scope="module")
def plans():
    region = cp.load_region("tiny")
    problem = cp.build(region)
    problem += problem.model.place("seats", "south") == 1
    return cp.solve(region), cp.solve(region, problem=problem)


def test_a_plan_compared_with_itself_has_no_difference(plans):
    assert cp.compare(plans[0], plans[0]).empty


def test_a_firm_that_moved_and_what_it_cost_are_told(plans):
    found = cp.compare(*plans).set_index(["about", "id"])
    assert tuple(found.loc[("firm", "seats"), ["first", "second"]]) == ("north", "south")
    assert found.loc[("value", "tiny"), "change"] == pytest.approx(-0.055)
    assert found.loc[("term", "freight"), "change"] == pytest.approx(-0.005)


def test_the_changes_of_the_terms_sum_to_the_change_of_the_value(plans):
    found = cp.compare(*plans)
    terms = found.loc[found["about"] == "term", "change"].sum()
    assert terms == pytest.approx(found.loc[found["about"] == "value", "change"].sum())


def test_a_firm_that_is_out_is_in_no_park(plans):
    region = cp.load_region("tiny")
    problem = cp.build(region)
    problem += problem.model.place("batteries", "south") == 0
    found = cp.compare(plans[0], cp.solve(region, problem=problem)).set_index(["about", "id"])
    assert found.loc[("firm", "batteries"), "second"] is None
    assert found.loc[("park", "south"), "second"] == "closed"
    assert ("grant", "batteries/start_grant") in found.index
