"""`whatif` solves a changed region from the old plan, and says why each firm that moves does."""

from __future__ import annotations

import math

import pytest

import clusterplan as cp


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


def test_a_change_that_moves_nobody_keeps_the_layout_and_its_value(plan):
    asked = cp.whatif(plan, "firm.carmaker.output_per_y *= 1.2")
    assert asked.moved.empty
    assert asked.after is not None
    assert asked.kept_value == pytest.approx(asked.after.value, abs=1e-6)
    assert asked.change_m_y == pytest.approx(asked.after.value - plan.value)
    assert asked.change_m_y < 0


def test_the_new_plan_is_that_of_the_changed_region(plan):
    asked = cp.whatif(plan, "discount_rate = 0.2")
    again = cp.solve(cp.change(plan.region, "discount_rate = 0.2"))
    assert asked.after is not None
    assert asked.after.value == pytest.approx(again.value, abs=1e-6)
    assert len(cp.verify(asked.after)) == 0


def test_a_firm_that_could_earn_more_elsewhere_goes_and_the_reason_has_the_amount(plan):
    asked = cp.whatif(plan, "firm.seats.outside_m_y += 1")
    row = asked.moved.loc["seats"]
    assert (row["before"], row["after"]) == ("north", None)
    assert row["surplus_kept_m_y"] == pytest.approx(row["surplus_before_m_y"] - 1)
    assert "0.7 m a year short" in row["why"]
    assert math.isnan(asked.kept_value)


def test_a_firm_whose_park_has_no_room_any_more_is_told_so(plan):
    asked = cp.whatif(plan, "park.south.land_ha *= 0.3")
    assert "south may not take it" in asked.moved.loc["batteries", "why"]


def test_a_firm_that_is_worth_it_now_comes(plan):
    asked = cp.whatif(plan, "firm.glass.outside_m_y = -3")
    row = asked.moved.loc["glass"]
    assert row["before"] is None
    assert row["after"] == "south"
    assert "worth more with it" in row["why"]
    assert asked.kept_value <= asked.after.value


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("firm.glass.lock = in", "it is locked in now"),
        ("firm.glass.status = committed", "it is committed now"),
    ],
)
def test_a_firm_that_is_forced_in_is_held_there_and_not_called_worth_more(plan, change, why):
    asked = cp.whatif(plan, [change, "firm.glass.outside_m_y = -1"])
    told = asked.moved.loc["glass", "why"]
    assert "held there" in told
    assert why in told
    assert "worth more" not in told


def test_a_change_after_which_no_plan_exists_says_so(plan):
    asked = cp.whatif(plan, ["firm.seats.lock = in", "firm.seats.outside_m_y = 50"])
    assert asked.after is None
    assert "No plan exists" in asked.fault
    assert asked.moved.empty
    assert math.isnan(asked.change_m_y)


def test_a_firm_that_stayed_for_a_grant_goes_without_it_and_the_reason_has_the_amount(plan):
    asked = cp.whatif(plan, "budget.town.amount_m *= 0.5")
    row = asked.moved.loc["batteries"]
    assert (row["before"], row["after"]) == ("south", None)
    granted = plan.firms.loc["batteries", "grants_m_y"]
    assert f"for {granted:.3g} m a year of grants" in row["why"]
