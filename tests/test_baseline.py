"""The baseline: what would be there without a plan, and what a plan adds."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from market_regions import chain, pair, rivals
from regions_with_works import region_with_works
from small_regions import small_region

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.cli import main
from clusterplan.report.market import show_baseline

MAY_FAIL = {
    "today": {"siting.committed", "siting.locked_in_firm", "siting.least_open", "requirements.at_least"},
    "anchor_alone": {
        "siting.locked_in_firm",
        "siting.least_open",
        "requirements.at_least",
        "requirements.at_most",
        "willingness.surplus",
    },
    "market": {
        "siting.locked_in_firm",
        "siting.least_open",
        "requirements.at_least",
        "requirements.at_most",
    },
}
WORKS = 10_000
"""From here on seeds are those of regions with levels and works."""
SEEDS = (*(seed for seed in range(22) if seed != 5), *range(WORKS, WORKS + 8))


@cache
def found(seed: int) -> cp.Baseline | None:
    try:
        region = region_with_works(seed - WORKS) if seed >= WORKS else small_region(seed)
        return cp.baseline(region, orders=2)
    except cp.NoPlanError:
        return None


def in_park(plan: cp.Plan) -> dict[str, str]:
    return plan.firms["park"].dropna().to_dict()


def test_rivals_for_one_supplier_come_in_the_order_of_their_turns():
    told = cp.baseline(rivals())
    assert in_park(told.market) == {"mine": "east", "smelter_a": "east"}
    assert told.depends_on_order
    assert told.orders["end"].nunique() == 2
    assert told.candidates["comes"].to_dict().keys() == {"smelter_a", "smelter_b"}
    assert told.candidates["share"].sum() == pytest.approx(1.0)
    assert set(told.candidates["comes"]) == {"mostly", "seldom"}


def test_a_pair_that_needs_each_other_does_not_begin_and_the_plan_gets_both():
    region = pair()
    told = cp.baseline(region)
    assert in_park(told.market) == {"carmaker": "east"}
    assert told.arrivals.empty
    assert told.settled
    plan = cp.solve(region)
    assert set(in_park(plan)) == {"carmaker", "caster", "smelter"}
    assert plan.grants.empty
    value = told.coordination(plan).loc["value"]
    assert value["change"] == pytest.approx(plan.value - told.market.value)
    assert value["change"] > 0
    added = told.added(plan)
    assert list(added.index) == ["caster", "smelter"]
    assert set(added["only_in"]) == {"plan"}
    assert np.isnan(told.additionality(plan).loc["firms", "per_grant_m"])


def test_one_that_comes_drives_a_batch_in_waves():
    told = cp.baseline(chain())
    steps = told.arrivals[["round", "firm", "brought_by"]].to_numpy().tolist()
    assert steps == [
        [1, "c_miner", ("d_carmaker",)],
        [2, "b_smelter", ("c_miner",)],
        [3, "a_caster", ("b_smelter",)],
    ]
    drivers = told.drivers
    assert drivers[["brings", "batch"]].loc["d_carmaker"].tolist() == [1, 3]
    assert drivers.loc["d_carmaker", "firms"] == ("a_caster", "b_smelter", "c_miner")
    assert told.today.firms["park"].notna().sum() == 0
    assert in_park(told.anchor_alone) == {"d_carmaker": "east"}


def test_firms_worth_the_same_in_two_parks_take_the_lower_id():
    region = chain()
    parks = region.parks.assign(land_price_m_ha=0.0)
    told = cp.baseline(cp.Region.from_frames(**{**region.given(), "parks": parks}))
    assert set(in_park(told.market).values()) == {"east"}


def test_the_order_of_rows_in_the_tables_does_not_matter():
    region = rivals()
    turned = {**region.given(), "firms": region.firms.iloc[::-1], "parks": region.parks.iloc[::-1]}
    told = cp.baseline(cp.Region.from_frames(**turned), orders=0)
    assert in_park(told.market) == {"mine": "east", "smelter_a": "east"}


def test_what_it_needs_to_pay_for_opens_no_park():
    told = cp.baseline(cp.load_region("tiny"))
    assert told.market.parks["open"].to_dict() == {"north": True, "south": False}
    assert in_park(told.market) == {"carmaker": "north", "seats": "north"}


@pytest.mark.parametrize("seed", SEEDS)
def test_ends_hold_in_every_rule_but_those_a_market_does_not_know(seed):
    told = found(seed)
    if told is None:
        return
    for end, part in told.unmet.groupby("end"):
        assert set(part["rule"]) <= MAY_FAIL[end]
    assert told.market.grants.empty


@pytest.mark.parametrize("seed", SEEDS)
def test_a_proven_plan_is_worth_no_less_than_a_market_that_keeps_all_rules(seed):
    told = found(seed)
    if told is None or (told.unmet["end"] == "market").any():
        return
    plan = cp.solve(told.region)
    assert plan.status == "optimal"
    assert plan.value >= told.market.value - 1e-5 * max(1.0, abs(plan.value))


@pytest.mark.long
@pytest.mark.parametrize("name", ["debrecen", "ningde", "yibin"])
def test_ends_of_real_regions_hold_and_the_market_is_worth_less_than_the_plan(name):
    told = cp.baseline(cp.load_region(name), orders=1)
    for end, part in told.unmet.groupby("end"):
        assert set(part["rule"]) <= MAY_FAIL[end]
    assert told.settled
    plan = stored_plan(name)
    changed = told.coordination(plan)["change"]
    assert changed["value"] > 0
    assert changed["firms"] > 0


def test_ends_are_plans_that_can_be_compared_saved_and_read(tmp_path):
    told = cp.baseline(cp.load_region("tiny"))
    plan = cp.solve(told.region)
    assert not cp.compare(told.market, plan).empty
    told.market.save(tmp_path / "market")
    again = cp.read_plan(tmp_path / "market")
    assert again.value == pytest.approx(told.market.value)
    assert cp.verify(again).empty


def test_a_baseline_and_a_plan_of_another_region_are_refused():
    told = cp.baseline(cp.load_region("tiny"), orders=0)
    other = cp.solve(pair())
    for ask in (told.coordination, told.additionality, told.added):
        with pytest.raises(cp.UsageError, match="of the same region"):
            ask(other)
    with pytest.raises(cp.UsageError, match="0 or more"):
        cp.baseline(told.region, orders=-1)


def test_no_room_for_what_is_committed_is_told():
    region = chain()
    firms = region.firms
    firms["status"] = "committed"
    apart = pd.DataFrame(
        {
            "stage": ["casting", "casting", "smelting"],
            "from_stage": ["smelting", "mining", "mining"],
            "min_km": 0.0,
            "provenance": "assumed",
        }
    )
    crowded = cp.Region.from_frames(**{**region.given(), "firms": firms, "separations": apart})
    with pytest.raises(cp.NoPlanError, match="no room together"):
        cp.baseline(crowded)


def test_the_command_prints_json_alone(capfd):
    assert main(["baseline", "tiny", "--json", "--time-limit", "20", "--orders", "1"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["region"] == "tiny"
    assert [row["firm"] for row in told["arrivals"]] == ["seats"]
    measures = pd.DataFrame(told["measures"]).set_index("measure")
    assert measures.loc["value", "plan"] - measures.loc["value", "market"] == pytest.approx(7.045)
    assert [row["firm"] for row in told["added"]] == ["batteries"]


def test_the_command_compares_with_a_result_folder(tmp_path, capsys):
    region = cp.load_region("tiny")
    cp.solve(region).save(tmp_path / "out")
    assert main(["baseline", "tiny", "--plan", str(tmp_path / "out"), "--orders", "0"]) == 0
    shown = capsys.readouterr().out
    for words in ("round by round", "drive a batch", "value of coordination", "1 firm in the plan"):
        assert words in shown
    assert main(["baseline", "tiny", "--time-limit", "0", "--orders", "0"]) == 0
    assert "value of coordination" not in capsys.readouterr().out


def test_what_is_not_kept_is_told_in_words_and_names(capsys):
    region = cp.load_region("tiny")
    firms = region.firms
    firms.loc["seats", "status"] = "committed"
    found = cp.baseline(cp.Region.from_frames(**{**region.given(), "firms": firms}), orders=0)
    show_baseline(found, None)
    assert "Not kept today, committed, and not there: Soft Seats." in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_plan_of_another_region_is_told_before_anything_is_shown(capsys, tmp_path):
    folder = cp.solve(cp.load_region("tiny")).save(tmp_path / "tiny")
    cp.write_region(cp.synthetic.region(5, 2, seed=1), tmp_path / "other")
    assert main(["baseline", str(tmp_path / "other"), "--plan", str(folder), "--orders", "0"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "a plan of the same region" in " ".join(told.err.split())
