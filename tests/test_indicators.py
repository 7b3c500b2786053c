"""Indicators of a plan, against numbers computed by hand (`hand_plan`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hand_plan import INDICATORS, MANIFEST, HandPlan, hand_plan, region_of, region_tables

from clusterplan.plan import Plan, Proof
from clusterplan.plan.indicators import indicators, stages_present

MORE = {
    # lithium of the cell maker comes from two sources; cells of the anchor and scrap from one each
    "single_sourced_share": (20.0 + 0.32) / (20.0 + 0.32 + 2.0 + 0.4),
    "localisation_rate.stage.cell": 1.0,
    "public_cost_pv": 83.06,
    "rents": 0.572918,
}


def plan_of(hand: HandPlan) -> Plan:
    """Return the `Plan` that a plan by hand makes."""
    names = ("parks", "firms", "supply", "links", "loops", "grants", "works", "terms")
    return Plan(
        region=hand.region,
        status="feasible",
        value=hand.value,
        bound=hand.bound,
        weights=hand.weights,
        tables={name: getattr(hand, name) for name in names},
        proof=Proof("by hand", 0.0),
    )


def with_rows(hand: HandPlan, table: str, changes: dict[tuple[int, str], Any]) -> HandPlan:
    """Return the plan with cells of a table changed."""
    frame = getattr(hand, table).copy()
    for (row, column), value in changes.items():
        frame.at[row, column] = value
    return replace(hand, **{table: frame})


def without_any(hand: HandPlan) -> HandPlan:
    """Return the plan with no firm placed, nothing traded and nothing granted."""
    firms = hand.firms.assign(park=None, utilisation=0.0, surplus_m_y=np.nan, grants_m_y=0.0, geometry=None)
    parks = hand.parks.assign(**{name: 0.0 for name in hand.parks.columns if name.startswith("used_")})
    nothing = {name: getattr(hand, name).iloc[:0] for name in ("supply", "links", "loops", "grants")}
    return replace(hand, firms=firms, parks=parks, **nothing)


@pytest.fixture(scope="module")
def hand() -> HandPlan:
    return hand_plan()


@pytest.fixture(scope="module")
def table(hand: HandPlan) -> pd.DataFrame:
    return indicators(plan_of(hand))


@pytest.mark.parametrize("name", [*INDICATORS, *MORE])
def test_every_indicator_is_the_number_computed_by_hand(table: pd.DataFrame, name: str) -> None:
    wanted = {**INDICATORS, **MORE}[name]
    assert table.loc[name, "value"] == pytest.approx(wanted, rel=1e-9, nan_ok=True)


def test_no_indicator_goes_without_a_number_computed_by_hand(table: pd.DataFrame) -> None:
    assert set(table.index) == {*INDICATORS, *MORE}


def test_each_indicator_is_named_once_with_a_unit_and_one_sentence(table: pd.DataFrame) -> None:
    assert table.index.is_unique
    assert list(table.columns) == ["value", "unit", "definition"]
    assert table["unit"].str.len().min() > 0
    assert table["definition"].str.fullmatch(r"[A-Z][^.]*\.").all()
    assert table["value"].dtype == "float64"


def test_money_is_in_the_currency_of_the_region(table: pd.DataFrame) -> None:
    assert table.loc["freight_cost", "unit"] == "m CNY/y"
    assert table.loc["public_cost_pv", "unit"] == "m CNY"


def test_inputs_from_a_gateway_are_not_local_and_a_second_source(hand: HandPlan) -> None:
    half = with_rows(hand, "supply", {(0, "quantity_per_y"): 1500.0, (0, "value_m_y"): 15.0})
    bought = half.supply.iloc[[5]].assign(to="pack", product="cell", quantity_per_y=500.0, value_m_y=5.0)
    supply = pd.concat([half.supply, bought], ignore_index=True)
    found = indicators(plan_of(replace(half, supply=supply)))["value"]
    assert found["localisation_rate"] == pytest.approx(0.75)
    assert found["localisation_rate.pack"] == pytest.approx(0.75)
    assert found["localisation_rate.stage.cell"] == pytest.approx(0.75)
    assert found["single_sourced_share"] == pytest.approx(0.32 / 22.72)


def test_a_trace_of_a_second_source_leaves_an_input_single_sourced(hand: HandPlan) -> None:
    trace = {(5, "quantity_per_y"): 1e-6, (5, "value_m_y"): 1e-7}
    found = indicators(plan_of(with_rows(hand, "supply", trace)))["value"]
    assert found["single_sourced_share"] == pytest.approx(1.0, abs=1e-6)


def test_public_money_is_paid_back_by_what_is_new_alone() -> None:
    tables = region_tables()
    tables["firms"].loc[["pack", "cell"], "tax_m_y"] = [100.0, 30.0]
    found = indicators(plan_of(hand_plan(region_of(tables))))["value"]
    spent = 7.0 + 20 + 5  # grants at the cost of funds; opening the two parks that are not open yet
    earned = 30 * 0.8 + 0.3 + 0.6 + 0.05 - 0.5 - 0.2 - 3.406  # the tax of the works that is there is no gain
    assert found["years_to_pay_back"] == pytest.approx(spent / earned)


def test_money_that_was_never_spent_is_paid_back_at_once(hand: HandPlan) -> None:
    nothing = without_any(hand)
    nothing = replace(nothing, parks=nothing.parks.assign(open=[True, False, False]))
    assert indicators(plan_of(nothing)).loc["years_to_pay_back", "value"] == 0.0


def test_a_plan_without_firms_has_the_same_indicators_and_none_is_infinite(
    hand: HandPlan, table: pd.DataFrame
) -> None:
    found = indicators(plan_of(without_any(hand)))
    assert list(found.index) == list(table.index)
    assert not np.isinf(found["value"]).any()
    assert found.loc[["localisation_rate", "utilisation", "single_sourced_share"], "value"].isna().all()
    assert found.loc["stages_missing", "value"] == len(MANIFEST["stages"])


def test_a_resource_without_any_limit_has_no_share_in_use(hand: HandPlan) -> None:
    parks = hand.parks.assign(capacity_power_mw=np.nan)
    found = indicators(plan_of(replace(hand, parks=parks)))["value"]
    assert np.isnan(found["used_share.power_mw"])
    assert found["used.power_mw"] == pytest.approx(16.5)


def test_a_declared_resource_has_the_unit_of_the_manifest(hand: HandPlan) -> None:
    tables = region_tables()
    tables["parks"]["waste_t_y"], tables["firms"]["waste_t_y"] = 100.0, 10.0
    region = region_of(tables, {**MANIFEST, "resources": {"waste_t_y": "t/y"}})
    parks = hand.parks.assign(used_waste_t_y=[20.0, 10.0, 10.0], capacity_waste_t_y=100.0)
    found = indicators(plan_of(replace(hand, region=region, parks=parks)))
    assert found.loc["used.waste_t_y", "unit"] == "t/y"
    assert found.loc["used_share.waste_t_y", "value"] == pytest.approx(0.4 / 3)


def test_stages_present_lists_the_chain_in_order_with_what_is_missing(hand: HandPlan) -> None:
    firms = hand.firms.copy()
    firms.loc["lab", "park"] = None
    found = stages_present(plan_of(replace(hand, firms=firms)))
    assert list(found.index) == list(MANIFEST["stages"])
    assert found["present"].to_dict() == {"pack": True, "cell": True, "recycling": True, "testing": False}
    assert found.loc["cell", ["placed", "known"]].tolist() == [1, 2]
    assert found.loc["pack", "known"] == 1  # the excluded works is not counted


def test_a_change_to_the_indicators_read_does_not_change_the_plan(hand: HandPlan) -> None:
    plan = plan_of(hand)
    read = plan.indicators
    read["value"] = 0.0
    assert plan.indicators.loc["firms", "value"] == 3.0
