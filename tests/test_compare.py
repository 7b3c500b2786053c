"""Comparing plans."""

from __future__ import annotations

import json

import pytest

import clusterplan as cp
from clusterplan.cli import main


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


def test_who_gains_and_who_loses_is_told(plans):
    found = cp.compare(*plans).set_index(["about", "id"])
    first, second = (plan.firms.loc["seats", "surplus_m_y"] for plan in plans)
    assert found.loc[("surplus", "seats"), "change"] == pytest.approx(second - first)
    assert tuple(found.loc[("use", "south/land_ha"), ["first", "second"]]) == (15, 25)
    poor = cp.solve(cp.change(plans[0].region, "budget.town.amount_m = 0"))
    tiers = cp.compare(plans[0], poor).set_index("about").loc[["tier"]]
    assert tiers["change"].tolist() == pytest.approx([-plans[0].grants["amount_m_y"].sum()])


def test_three_plans_stand_side_by_side(plans):
    dear = cp.solve(cp.change(plans[0].region, "freight.per_tkm *= 2"))
    found = cp.compare(*plans, dear).set_index(["about", "id"])
    assert list(found.columns) == ["plan 1", "plan 2", "plan 3", "spread"]
    values = [plan.value for plan in (*plans, dear)]
    assert found.loc[("value", "tiny"), "spread"] == pytest.approx(max(values) - min(values))
    assert found.loc[("firm", "seats")].iloc[:3].tolist() == ["north", "south", "north"]


def test_plans_are_called_what_they_are_to_be_called(plans):
    assert list(cp.compare(*plans, names=["now", "then"]).columns) == ["about", "id", "now", "then", "change"]
    for names in (["now"], ["now", "now"], ["id", "then"]):
        with pytest.raises(cp.UsageError, match="name of its own"):
            cp.compare(*plans, names=names)


def test_the_command_takes_any_number_of_results(plans, tmp_path, capsys):
    folders = [str(plan.save(tmp_path / name)) for name, plan in zip("abc", (*plans, plans[0]), strict=True)]
    assert main(["compare", *folders, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    seats = next(row for row in rows if (row["about"], row["id"]) == ("firm", "seats"))
    assert [seats[name] for name in "abc"] == ["north", "south", "north"]
    assert main(["compare", *folders]) == 0
    assert "spread" in capsys.readouterr().out
    assert main(["compare", *folders[:2]]) == 0
    assert "change" in capsys.readouterr().out
