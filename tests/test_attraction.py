"""Attraction: what landing an anchor is worth, who follows, and the least money at which they come."""

from __future__ import annotations

import itertools
import json
import math

import pandas as pd
import pytest
from enumeration import Small
from market_regions import chain
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main

SEEDS = (0, 1, 4, 7)
"""Small regions in which the anchor is a candidate or committed."""


@pytest.fixture(scope="module")
def tiny() -> cp.Attraction:
    return cp.attraction(cp.load_region("tiny"), time_limit=None)


def scaled(region: cp.Region, factor: float) -> cp.Region:
    """Return the region with all budgets so many times as large."""
    manifest = region.manifest
    budgets = {
        name: budget.model_copy(
            update={
                "amount_m": None if budget.amount_m is None else budget.amount_m * factor,
                "by_year_m": tuple(amount * factor for amount in budget.by_year_m),
            }
        )
        for name, budget in manifest.budgets.items()
    }
    changed = manifest.model_copy(update={"budgets": budgets})
    return cp.Region.from_frames(**{**region.given(), "manifest": changed})


def by_hand(small: Small, must: set[str], never: set[str]) -> float:
    """Return the value of the best layout with some firms in and others out, −inf if there is none."""
    choices = []
    for f, firm in small.firms.items():
        places: list[str | None] = [] if f in never else [s for s in small.parks if small.may(f, s)]
        sure = firm["status"] in ("existing", "committed") or firm["lock"] == "in"
        if f in never or not (f in must or sure):
            places.append(None)
        choices.append(places)
    layouts = itertools.product(*choices)
    return max((small.value(dict(zip(small.firms, at, strict=True))) for at in layouts), default=-math.inf)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_an_anchor_is_worth_is_the_difference_of_the_best_layouts(seed):
    region = small_region(seed)
    found = cp.attraction(region, "f0", time_limit=None)
    for plan, must, never in ((found.landed, {"f0"}, set()), (found.without, set(), {"f0"})):
        best = by_hand(Small(region), must, never)
        if plan is None:
            assert best == -math.inf
        else:
            assert plan.status == "optimal"
            assert plan.value == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_below_the_least_budgets_no_layout_has_the_anchor_and_above_them_one_has(seed):
    region = small_region(seed)
    rows = cp.attraction(region, "f0", time_limit=None).tipping.set_index(["what", "who"])
    least = rows.loc[("budgets", "anchor")]
    assert least["proven"]
    if math.isinf(least["at_least"]):
        assert by_hand(Small(scaled(region, 100.0)), {"f0"}, set()) == -math.inf
        return
    enough = Small(scaled(region, least["least"] + 1e-3))
    assert by_hand(enough, {"f0"}, set()) > -math.inf
    if least["least"] > 1e-3:
        assert by_hand(Small(scaled(region, least["least"] - 1e-3)), {"f0"}, set()) == -math.inf


def test_the_batch_of_tiny_comes_at_what_its_plan_pays(tiny):
    assert tiny.anchors == ("carmaker",)
    assert tiny.worth_m_y == pytest.approx(0.925)
    assert tiny.followers["in_plan"].to_dict() == {"seats": "landed", "batteries": "landed"}
    assert tiny.followers.loc["seats", ["in_market", "round"]].tolist() == ["landed", 1.0]
    assert tiny.followers.loc["batteries", "in_market"] is None
    least = tiny.tipping.set_index(["what", "who"])["least"]
    paid = float(tiny.landed.grants["amount_pv_m"].sum())
    budget = sum(b.amount_m for b in tiny.region.manifest.budgets.values())
    assert least["budgets", "batch"] == pytest.approx(paid / budget, abs=1e-6)
    assert least["budgets", "anchor"] == pytest.approx(0.0)


def test_the_least_grant_to_a_candidate_is_what_it_lacks():
    region = cp.load_region("tiny")
    found = cp.attraction(region, "batteries", time_limit=None)
    grants = found.tipping.set_index(["what", "who"])
    assert grants.loc[("grant", "anchor"), "least"] == pytest.approx(0.065)
    assert grants.loc[("grant", "anchor"), "proven"]
    frugal = found.frugal["grant", "anchor"]
    assert frugal.firms.loc["batteries", "surplus_m_y"] == pytest.approx(0.0, abs=1e-6)
    assert cp.verify(frugal).empty


def test_frugal_plans_hold_in_the_region_with_budgets_so_scaled(tiny):
    for (what, who), plan in tiny.frugal.items():
        row = tiny.tipping.set_index(["what", "who"]).loc[(what, who)]
        factor = row["least"] if what == "budgets" else 1.0
        assert float(plan.grants["amount_pv_m"].sum()) <= factor * 1.0 + 1e-6
        placed = set(plan.firms.index[plan.firms["park"].notna()])
        assert placed >= ({"carmaker"} if who == "anchor" else {"carmaker", "batteries", "seats"})


def test_budgets_that_do_not_suffice_are_told_by_how_much():
    poor = scaled(cp.load_region("tiny"), 0.5)
    found = cp.attraction(poor, "batteries", time_limit=None)
    assert found.landed is None
    assert math.isnan(found.worth_m_y)
    least = found.tipping.set_index(["what", "who"])
    assert least.loc[("budgets", "anchor"), "least"] == pytest.approx(1.3)
    assert math.isinf(least.loc[("grant", "anchor"), "at_least"])
    assert set(cp.verify(found.frugal["budgets", "anchor"])["rule"]) == {"incentives.budget_total"}


def test_the_batch_follows_in_the_order_of_the_market():
    found = cp.attraction(chain(), time_limit=None)
    assert found.anchors == ("d_carmaker",)
    assert found.followers["round"].to_dict() == {"c_miner": 1.0, "b_smelter": 2.0, "a_caster": 3.0}
    assert set(found.followers["in_market"]) == {"landed"}


def test_an_unknown_anchor_is_told():
    with pytest.raises(cp.UsageError, match="carmaker"):
        cp.attraction(cp.load_region("tiny"), "no_such_firm")
    with pytest.raises(cp.UsageError, match="seconds"):
        cp.attraction(cp.load_region("tiny"), time_limit=-1)


def test_the_command_prints_json_alone(capfd):
    assert main(["attraction", "tiny", "--json", "--time-limit", "20"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["anchors"] == ["carmaker"]
    assert told["worth_m_y"] == pytest.approx(0.925)
    assert {row["firm"] for row in told["followers"]} == {"seats", "batteries"}
    assert len(told["tipping"]) == 4


def test_the_command_shows_followers_and_the_least_money(capsys):
    assert main(["attraction", "tiny", "--anchor", "batteries", "--time-limit", "20"]) == 0
    shown = capsys.readouterr().out
    for words in ("landing Bright Batteries is worth", "The least money", "0.065", "Nobody else"):
        assert words in shown


def test_an_anchor_for_which_there_is_no_room_is_told():
    region = chain()
    firms = region.firms.assign(land_ha=6.0)  # one firm in each of the two parks
    firms.loc[["c_miner", "b_smelter"], "status"] = "committed"
    firms.loc["d_carmaker", "status"] = "candidate"
    full = cp.Region.from_frames(**{**region.given(), "firms": firms})
    found = cp.attraction(full, "d_carmaker", time_limit=None)
    assert found.landed is None
    assert found.arrivals.empty
    assert found.tipping["least"].isna().all()
    assert found.tipping["proven"].all()
    assert set(found.without.firms["park"].dropna().index) == {"c_miner", "b_smelter"}


def test_no_plan_at_all_is_told_as_json_with_exit_code_4(tmp_path, capfd):
    region = cp.load_region("tiny")
    needs = pd.DataFrame(
        {"requirement": ["glass"], "stages": ["glass"], "at_least": [1], "provenance": ["assumed"]}
    )
    cp.write_region(cp.Region.from_frames(**{**region.given(), "requirements": needs}), tmp_path / "none")
    assert main(["attraction", str(tmp_path / "none"), "--json", "--time-limit", "20"]) == 4
    told = json.loads(capfd.readouterr().out)
    assert told["status"] == "infeasible"
    assert told["faults"]


def test_time_that_runs_out_is_not_told_as_impossible():
    with pytest.raises(cp.TimeLimitError, match="longer"):
        cp.attraction(cp.load_region("yibin"), time_limit=0.0)
