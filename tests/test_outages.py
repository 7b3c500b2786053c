"""Each loss of firms, parks and gateways is what the layout without them is worth by a computation apart."""

from __future__ import annotations

import itertools
import json

import pandas as pd
import pytest
from enumeration import Small
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main

KINDS = ("firms", "parks", "gateways")


@pytest.fixture(scope="module")
def tiny():
    return cp.solve(cp.load_region("tiny"))


def without_rules(seed):
    """Return a plan of a small region without grants, and without rules that a loss could break."""
    region = small_region(seed)
    return cp.solve(region.replace(incentives=None, requirements=None), time_limit=30)


def worth_without(plan, firms=(), gateways=()):
    """Return what the rest of a layout is worth, by the enumeration: nobody is asked, all may stand still."""
    placed = plan.firms["park"].dropna()
    rows = plan.region.firms
    held = rows["status"].where(~rows.index.isin(placed.index) | (rows["status"] == "existing"), "committed")
    region = plan.region.replace(
        firms=plan.region.given()["firms"].assign(status=held, min_load=0.0, lock=None),
        parks=plan.region.given()["parks"].assign(
            lock=["in" if is_open else None for is_open in plan.parks["open"]]
        ),
    )
    small = Small(region)
    small.markets = [row for row in small.markets if row["gateway"] not in gateways]
    return small.value({firm: park for firm, park in placed.items() if firm not in firms})


@pytest.mark.parametrize("seed", [1, 7, *(pytest.param(n, marks=pytest.mark.long) for n in (0, 3, 9, 34))])
def test_each_loss_is_what_the_rest_of_the_layout_is_worth_less(seed):
    plan = without_rules(seed)
    there = plan.firms["park"]
    before = worth_without(plan)
    told = cp.outages(plan, of=KINDS)
    assert len(told) >= 2
    for lost, row in told.iterrows():
        firms = {"firm": [lost], "park": list(there.index[there == lost]), "gateway": []}[row["about"]]
        gateways = [lost] if row["about"] == "gateway" else []
        after = worth_without(plan, firms, gateways)
        assert row["value_lost_m_y"] == pytest.approx(before - after, abs=1e-5)


def test_two_losses_at_once_are_that_too():
    plan = without_rules(7)
    there = plan.firms["park"]
    before = worth_without(plan)
    told = cp.outages(plan, 2, of=("firms", "gateways"))
    for lost, row in told.iterrows():
        ids = lost.split(" and ")
        after = worth_without(plan, [one for one in ids if one in there.index], ids)
        assert row["value_lost_m_y"] == pytest.approx(before - after, abs=1e-5)


def test_the_local_rate_after_a_loss_is_that_of_the_recipe(tiny):
    """By hand: an anchor's inputs by value, of which those of a lost supplier come from afar."""
    region = tiny.region
    recipe = region.recipes[region.recipes["stage"] == region.firms.loc["carmaker", "stage"]]
    worth = (
        (recipe["quantity"] * recipe["input"].map(region.products["value"])).groupby(recipe["input"]).sum()
    )
    local = {"seats": worth["seats"], "batteries": worth["battery"]}
    told = cp.outages(tiny)
    for lost in local:
        left = sum(amount for firm, amount in local.items() if firm != lost)
        assert told.loc[lost, "local_rate"] == pytest.approx(left / worth.sum())


def test_a_park_is_lost_with_all_that_is_in_it(tiny):
    parks, firms = cp.outages(tiny, of="parks"), cp.outages(tiny)
    alone = tiny.firms.index[tiny.firms["park"] == "south"]
    assert list(alone) == ["batteries"]
    for column in ("local_rate", "value_lost_m_y", "others_lose_m_y"):
        assert parks.loc["south", column] == pytest.approx(firms.loc["batteries", column])
    assert cp.outages(tiny, of="parks").loc["north", "local_rate"] != parks.loc["south", "local_rate"]


def test_without_the_gateway_nothing_is_sold_and_the_anchor_stops(tiny):
    told = cp.outages(tiny, of="gateways")
    assert set(told["about"]) == {"gateway"}
    assert told["stops"].iloc[0] >= 1


def test_a_loss_that_takes_the_anchors_stands_first(tiny):
    told = cp.outages(tiny, of=("firms", "parks"))
    assert told.index[0] == "north"  # the carmaker is there
    assert pd.isna(told["local_rate"].iloc[0])
    assert told["local_lost"].iloc[1:].is_monotonic_decreasing


def test_a_firm_and_the_park_it_is_in_are_no_two_losses(tiny):
    told = cp.outages(tiny, 2, of=("firms", "parks"))
    assert "batteries and south" not in told.index
    assert "seats and south" in told.index


def test_a_second_source_says_who_it_is_what_it_costs_and_what_it_saves():
    region = cp.load_region("tiny")
    firms = region.given()["firms"]
    twin = firms.loc[["seats"]].rename(index={"seats": "more_seats"})
    twin = twin.assign(name="More Seats", land_ha=1.0, min_load=0.0, outside_m_y=-1.0, margin_m_y=0.5)
    plan = cp.solve(region.replace(firms=pd.concat([firms, twin])))
    told = cp.outages(plan, second_source=True)
    row = told.loc["seats"]
    assert row["second_status"] == "optimal"
    assert row["second"] == ("more_seats",)
    assert row["second_least_m_y"] - 1e-6 <= row["second_m_y"] <= row["second_most_m_y"] + 1e-6
    assert row["second_local_rate"] > row["local_rate"]


@pytest.mark.parametrize("of", ["roads", [], ["firms", "roads"]])
def test_what_cannot_be_lost_is_refused(tiny, of):
    with pytest.raises(cp.UsageError, match="firms, parks, gateways"):
        cp.outages(tiny, of=of)


def test_the_command_names_what_is_lost(tiny, tmp_path, capsys):
    folder = str(tiny.save(tmp_path / "tiny"))
    asked = list(itertools.chain.from_iterable(("--of", kind) for kind in KINDS))
    assert main(["outages", folder, *asked, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["about"] for row in rows} == {"firm", "park", "gateway"}
    assert main(["outages", folder, *asked, "--second-source"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "South" in words
    assert "Without The port no anchor makes anything" in words
    assert "one more firm that makes the same" in words


@pytest.mark.parametrize(("k", "of"), [(2, "firms"), (1, ["parks", "gateways"])])
def test_a_second_source_is_refused_where_no_firm_is_lost_by_itself(k, of):
    plan = cp.solve(cp.load_region("tiny"))
    with pytest.raises(cp.UsageError, match="one at a time"):
        cp.outages(plan, k, of=of, second_source=True)
