"""`priorities`, and bounds on terms: each aim is best among the plans that are best in those before it."""

from __future__ import annotations

import json

import pytest

import clusterplan as cp
from clusterplan import synthetic
from clusterplan.cli import main


@pytest.fixture(scope="module")
def tiny():
    return cp.load_region("tiny")


def test_the_first_aim_is_as_good_as_it_can_be_and_the_second_as_it_then_can(tiny):
    found = cp.priorities(tiny, ["grants", "value"])
    front = cp.tradeoff(tiny, "value", "grants", n=2).front
    assert found.frame["grants"].tolist() == pytest.approx([0, 0], abs=1e-5)
    assert found.frame["value"].iloc[-1] == pytest.approx(front["value"].min(), abs=1e-5)
    assert set(found.frame["status"]) == {"optimal"}


def test_an_aim_that_comes_later_never_costs_one_before_it():
    region = synthetic.region(6, 3, 2)
    found = cp.priorities(region, ["links", "value", "freight"])
    near = 5e-6 * found.frame[["links", "value"]].abs().max()
    assert (found.frame["links"].diff().dropna() >= -near["links"]).all()
    assert found.frame["value"].iloc[2] >= found.frame["value"].iloc[1] - near["value"]
    assert found.frame["value"].max() <= cp.solve(region).value + near["value"]


def test_a_slack_lets_the_next_aim_have_more(tiny):
    sharp = cp.priorities(tiny, ["value", "grants"]).frame["grants"].iloc[-1]
    loose = cp.priorities(tiny, ["value", "grants"], slack=10).frame["grants"].iloc[-1]
    assert loose >= sharp
    assert loose == pytest.approx(0, abs=1e-5)


def test_a_bound_on_a_term_holds_and_costs_what_a_smaller_purse_does(tiny):
    held = cp.priorities(tiny, ["value"], at_least={"grants": -0.01})
    assert held.plan.terms.loc["grants", "amount"] >= -0.01 - 1e-5
    assert held.frame["value"].iloc[0] == pytest.approx(-6.12)


def test_every_point_of_a_front_keeps_a_bound(tiny):
    front = cp.tradeoff(tiny, "value", "links", n=3, at_least={"grants": -0.01}).front
    plans = cp.tradeoff(tiny, "value", "links", n=3, at_least={"grants": -0.01}).plans
    assert len(front) >= 1
    assert all(plan.terms.loc["grants", "amount"] >= -0.01 - 1e-5 for plan in plans)


def test_a_bound_that_no_plan_keeps_is_told(tiny):
    with pytest.raises(cp.NoPlanError):
        cp.priorities(tiny, ["value"], at_least={"value": 100})


def test_what_is_no_aim_is_refused(tiny):
    for aims in ([], ["value", "value"]):
        with pytest.raises(cp.UsageError, match="aim"):
            cp.priorities(tiny, aims)
    with pytest.raises(cp.UsageError, match="grants"):
        cp.priorities(tiny, ["grant"])


def test_the_commands_say_the_same(capsys):
    assert main(["priorities", "tiny", "grants", "value", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["steps"][-1]["value"] == pytest.approx(-6.12)
    assert answer["parks"]["batteries"] is None
    assert main(["priorities", "tiny", "value", "--at-least", "grants=-0.01"]) == 0
    assert "Soft Seats" in capsys.readouterr().out
    assert main(["tradeoff", "tiny", "-n", "2", "--at-least", "grants=-0.01", "--json"]) == 0
    assert all(row["grants"] >= -0.0101 for row in json.loads(capsys.readouterr().out)["front"])
    assert main(["priorities", "tiny", "value", "--at-least", "grants"]) == 2
