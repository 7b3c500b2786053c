"""The region `tiny` against the hand computation of docs/tutorials/tiny.md."""

from __future__ import annotations

import pytest

import clusterplan as cp

NEAR, APART = 1.0, 1.0 - 10.0 / 40.0  # proximity within a park, and between the two


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


def test_the_plan_is_proven_best_and_worth_what_the_hand_says(plan):
    by_hand = {
        "links": 0.4 * NEAR + 2.0 * APART,
        "supply_collaboration": 0.02 * 10 * NEAR + 0.02 * 50 * APART,
        "fit": -0.1,
        "gateway_prices": -0.2,
        "freight": -(1.0 + 0.02 + 0.04),
        "parks": -5 / 10,
        "grants": -0.065,
    }
    terms = plan.terms.query("weight != 0 and value != 0")["value"]
    assert plan.status == "optimal"
    assert terms.to_dict() == pytest.approx(by_hand)
    assert plan.value == pytest.approx(0.925)


def test_every_firm_is_where_the_hand_puts_it(plan):
    assert plan.firms["park"].to_dict() == {
        "carmaker": "north",
        "seats": "north",
        "batteries": "south",
        "glass": None,
    }


def test_seats_earn_three_tenths_and_batteries_nothing_more_than_outside(plan):
    surplus = plan.firms["surplus_m_y"]
    assert surplus["seats"] == pytest.approx(1.2 - 0.2 - 1.0 + 0.4 / 2 + 0.2 / 2)
    assert surplus["batteries"] == pytest.approx(0.0, abs=1e-9)


def test_the_grant_is_what_batteries_lack_and_no_more(plan):
    lacking = 3.0 - 0.15 - 4.0 - 0.04 + 2.0 * APART / 2 + 1.0 * APART / 2
    assert plan.grants[["firm", "instrument", "budget"]].values.tolist() == [
        ["batteries", "start_grant", "town"]
    ]
    assert plan.grants["amount_m_y"].tolist() == pytest.approx([-lacking])
    assert plan.grants["amount_pv_m"].tolist() == pytest.approx([0.65])


def test_sixty_of_sixty_two_millions_of_inputs_are_local(plan):
    assert plan.indicators.loc["localisation_rate.carmaker", "value"] == pytest.approx(60 / 62)


def test_seats_in_the_south_would_cost_the_valley_fifty_five_thousand(plan):
    problem = cp.build(plan.region)
    problem += problem.model.place("seats", "south") == 1
    assert cp.solve(plan.region, problem=problem).value == pytest.approx(plan.value - 0.055)
