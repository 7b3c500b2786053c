"""Payments, contracts and the public purse, by hand and against the terms of plans."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_plan import MANIFEST, HandPlan, hand_plan, region_of, region_tables
from instrument_regions import instrument_region
from regions_with_works import region_with_works
from test_indicators import plan_of as made_of

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.cli import main
from clusterplan.plan import Plan


def plan_of(hand: HandPlan, tables: dict[str, pd.DataFrame] | None = None, **manifest: object) -> Plan:
    """Return the hand-made plan as a `Plan`, of a region with tables or keys of the manifest changed."""
    region = region_of(region_tables() if tables is None else tables, {**MANIFEST, **manifest})
    return made_of(replace(hand, region=region))


def with_terms(instrument: str, **cells: object) -> Plan:
    tables = region_tables()
    for name, value in cells.items():
        if name not in tables["incentives"]:
            tables["incentives"][name] = None
        tables["incentives"][name] = tables["incentives"][name].astype(object)
        tables["incentives"].at[instrument, name] = value
    return plan_of(hand_plan(), tables)


# --- payments -----------------------------------------------------------------------------------------------


def test_payments_by_hand() -> None:
    """capex: 5 in two parts; land_cut: 3 at once; keep: 0.2 a year for ten years from year 1."""
    found = cp.payments(plan_of(hand_plan()))
    by_year = found.pivot_table(index="year", columns="instrument", values="nominal_m", aggfunc="sum")
    assert by_year["capex"].dropna().to_dict() == pytest.approx({0: 2.5, 1: 2.5})
    assert by_year["land_cut"].dropna().to_dict() == pytest.approx({0: 3.0})
    assert by_year["keep"].dropna().to_dict() == pytest.approx(dict.fromkeys(range(1, 11), 0.2))
    capex = found[found["instrument"] == "capex"]
    assert capex["public_m"].to_list() == pytest.approx([2.0, 2.0])
    assert capex["cost_m"].to_list() == pytest.approx([1.0, 1.0])
    assert set(capex["tier"]) == {"province"}


@pytest.mark.parametrize("seed", range(0, 12))
def test_payments_discounted_are_the_present_value_of_the_grant_and_their_cost_is_the_term(seed: int) -> None:
    plan = cp.solve(instrument_region(seed), time_limit=30)
    found = cp.payments(plan)
    given = plan.grants.set_index(["firm", "instrument"])["amount_pv_m"].sort_index()
    paid = found.groupby(["firm", "instrument"])["discounted_m"].sum()
    assert paid.to_dict() == pytest.approx(given.to_dict())
    r, crf = plan.region.manifest.discount_rate, plan.region.manifest.capital_recovery
    cost = (found["cost_m"] * (1 + r) ** -found["year"].astype(float)).sum() * crf
    assert -cost == pytest.approx(plan.terms.at["grants", "amount"])
    assert_purse_agrees_with_terms(plan)


def test_a_plan_without_grants_has_no_payments() -> None:
    hand = hand_plan()
    bare = made_of(replace(hand, grants=hand.grants.iloc[:0]))
    assert cp.payments(bare).empty
    assert cp.contracts(bare, fulfilment=0.5).firms.empty
    assert cp.fiscal(bare).years()["grants"].eq(0).all()


# --- contracts ----------------------------------------------------------------------------------------------


def test_what_comes_true_is_paid_and_nothing_is_taken_back() -> None:
    found = cp.contracts(with_terms("capex", contract="jobs"))
    assert found.payments["taken_back_m"].eq(0).all()
    assert found.payments["paid_m"].to_list() == pytest.approx(found.payments["promised_m"].to_list())
    assert found.firms["surplus_then_m_y"].to_list() == pytest.approx(
        found.firms["surplus_m_y"].to_list(), nan_ok=True
    )
    assert not found.firms["stays_out"].any()


def test_a_shortfall_of_jobs_takes_back_its_share_by_hand() -> None:
    """Of 5 in two parts, at 40 % of the jobs and a claw-back of one half, 0.3 · 5 goes back.

    It is worth 0.9 · 1.5 over ten years to the firm: its surplus of 0.572918 falls by 0.135.
    """
    found = cp.contracts(
        with_terms("capex", contract="jobs", clawback=0.5), fulfilment={"cell": {"jobs": 0.4}}
    )
    capex = found.payments[found.payments["instrument"] == "capex"]
    assert capex["taken_back_m"].to_list() == pytest.approx([0.75, 0.75])
    assert capex["kept_m"].to_list() == pytest.approx([1.75, 1.75])
    assert found.firms.at["cell", "kept_pv_m"] == pytest.approx(8.0 - 1.5)
    assert found.firms.at["cell", "surplus_then_m_y"] == pytest.approx(0.572918 - 0.135)
    assert found.budgets.loc[("province", "province", 1), "taken_back_m"] == pytest.approx(0.75)


def test_a_firm_that_would_lose_more_than_its_surplus_would_rather_have_stayed_out() -> None:
    """All of capex (0.45 a year) and of the land (0.3) taken back is more than 0.572918."""
    tables = region_tables()
    tables["incentives"]["contract"] = ["jobs", "jobs", "jobs", None]
    plan = plan_of(hand_plan(), tables)
    found = cp.contracts(plan, fulfilment=0.0).firms
    assert found["stays_out"].to_dict() == {"cell": True, "pack": False}  # pack was there before
    assert found.at["cell", "surplus_then_m_y"] == pytest.approx(0.572918 - 0.75)
    assert not cp.contracts(plan, fulfilment={"cell": 0.5}).firms["stays_out"].any()


def test_from_what_counts_as_met_nothing_is_taken_back() -> None:
    plan = with_terms("capex", contract="wages", contract_met_at=0.9)
    for share, taken in ((0.9, 0.0), (0.95, 0.0), (0.89, 0.11 * 5)):
        found = cp.contracts(plan, fulfilment={"cell": {"wages": share}})
        assert found.payments["taken_back_m"].sum() == pytest.approx(taken)
    assert cp.contracts(plan, fulfilment={"cell": {"jobs": 0.0}}).payments["taken_back_m"].sum() == 0.0


def test_of_a_public_loan_what_was_forgiven_is_asked_back() -> None:
    """50 lent over 4 years without interest, a tenth forgiven: 1.25 each year, half of it asked back."""
    plan = with_terms(
        "capex",
        basis="loan",
        rate=0.1,
        loan_share=0.5,
        loan_years=4,
        years=None,
        contract="jobs",
    )
    found = cp.contracts(plan, fulfilment={"cell": 0.5}).payments
    capex = found[found["instrument"] == "capex"]
    assert capex["year"].to_list() == [0, 1, 2, 3, 4]
    assert capex["promised_m"].to_list() == pytest.approx([50.0, *[-11.25] * 4])
    assert capex["taken_back_m"].to_list() == pytest.approx([0.0, *[0.625] * 4])


def test_a_credit_on_output_is_paid_on_the_output_that_comes_true() -> None:
    """3000 units at 0.8 load and 250 currency each are 0.6 a year, and half of it at half the output."""
    plan = with_terms("land_cut", basis="output", rate=250.0, start_y=1, years=5)  # 0.6 a year for 5 years: 3
    promised = cp.contracts(plan).payments
    half = cp.contracts(plan, fulfilment={"cell": {"output": 0.5}}).payments
    for found, amount in ((promised, 0.6), (half, 0.3)):
        assert found.loc[found["instrument"] == "land_cut", "kept_m"].to_list() == pytest.approx([amount] * 5)
    more = cp.contracts(plan, fulfilment={"cell": {"output": 2.0}}).payments
    assert more["kept_m"].to_list() == pytest.approx(promised["kept_m"].to_list())


@pytest.mark.parametrize(
    ("fulfilment", "says"),
    [
        ({"nobody": 0.5}, "nobody"),
        ({"cell": {"patents": 0.5}}, "patents"),
        (-0.1, "0 or more"),
        (math.nan, "0 or"),
    ],
)
def test_a_fulfilment_that_can_not_be_meant_is_refused(fulfilment: object, says: str) -> None:
    with pytest.raises(cp.UsageError, match=says):
        cp.contracts(plan_of(hand_plan()), fulfilment=fulfilment)  # type: ignore[arg-type]


# --- the public purse ---------------------------------------------------------------------------------------


def assert_purse_agrees_with_terms(plan: cp.Plan) -> None:
    """The net present value of all is the sum of the terms over the capital recovery factor."""
    terms = ["parks", "works", "platforms", "grants", "tax", "land_income"]
    expected = plan.terms.loc[terms, "amount"].sum() / plan.region.manifest.capital_recovery
    assert cp.fiscal(plan).npv_m(new=False) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_purse_by_hand() -> None:
    """New: cell, recycler, lab, and the parks p2 and p3. At a rate of 0 present values are sums.

    Grants at cost of funds: 1 in year 0 and 1, 3 in year 0, 0.2 a year. Opening 20 + 5; running 0.5 + 0.2;
    the lab 1.2 + 2.206; tax 3 · 0.8 + 0.3; land 6 + 0.5 once.
    """
    purse = cp.fiscal(plan_of(hand_plan()))
    table = purse.years()
    yearly = 2.4 + 0.3 - 0.7 - 3.406 - 0.2
    assert table["net_m"].to_list() == pytest.approx([6.5 - 25 - 4, yearly - 1, *[yearly] * 9])
    assert purse.npv_m() == pytest.approx(-22.5 - 1 + 10 * yearly)
    assert purse.payback_year() is None
    assert math.isnan(purse.summary["payback_year"])
    everything = purse.years(new=False)
    assert everything.loc[1, "tax"] == pytest.approx(4.7)
    assert everything.loc[1, "running"] == pytest.approx(-1.7)
    assert purse.summary["spent_pv_m"] == pytest.approx(25 + 7)
    assert purse.summary["spent_per_job_m"] == pytest.approx(32 / 250)
    assert purse.summary["spent_per_local"] == pytest.approx(32 / 200)
    assert purse.tiers.loc["province", "grants"] == pytest.approx(-4.0)  # its own money, whatever that costs
    assert_purse_agrees_with_terms(plan_of(hand_plan()))


@pytest.mark.parametrize("seed", [1, 3, 7])
def test_the_purse_agrees_with_terms_where_parks_have_sizes_and_works_are_built(seed: int) -> None:
    plan = cp.solve(region_with_works(seed), time_limit=30)
    assert_purse_agrees_with_terms(plan)


def test_among_the_stored_plans_the_purse_agrees_with_the_terms() -> None:
    for name in ("hardin_ky", "jingmen", "debrecen"):
        assert_purse_agrees_with_terms(stored_plan(name))


def test_tax_goes_to_tiers_by_their_shares() -> None:
    purse = cp.fiscal(plan_of(hand_plan(), tax_shares={"city": 0.25, "province": 0.35}))
    assert purse.years(tier="city").loc[1, "tax"] == pytest.approx(0.25 * 2.7)
    assert purse.years(tier="province").loc[1, "tax"] == pytest.approx(0.35 * 2.7)
    assert purse.tiers["tax"].to_dict() == pytest.approx({"city": 6.75, "province": 9.45, "no tier": 10.8})
    assert purse.npv_m() == pytest.approx(cp.fiscal(plan_of(hand_plan())).npv_m())
    assert purse.payback_year(tier="city") == 7  # 3 in year 0, then 0.675 less 0.2 a year


def test_payback_is_the_year_from_which_on_nothing_is_owed() -> None:
    """A grant paid late puts the purse behind again: it has paid back only after that."""
    flows = pd.DataFrame(
        {
            "year": [0, 1, 2, 3, 4],
            "tier": "city",
            "item": ["opening", "tax", "grants", "tax", "tax"],
            "is_new": True,
            "amount_m": [-2.0, 3.0, -2.0, 1.0, 1.0],
            "cost_m": [-2.0, 3.0, -2.0, 1.0, 1.0],
        }
    )
    purse = type(cp.fiscal(plan_of(hand_plan())))(flows, 0.0, 10.0, 0.0)
    assert purse.years()["cumulative_m"].to_list() == [-2.0, 1.0, -1.0, 0.0, 1.0]
    assert purse.payback_year() == 3
    assert purse.payback_year(discounted=True) == 3
    assert math.isnan(purse.summary["spent_per_local"])


def test_the_purse_and_the_indicator_of_payback_count_the_same_money() -> None:
    plan = cp.solve(cp.load_region("tiny"))
    table, r = cp.fiscal(plan).years(), plan.region.manifest.discount_rate
    factor = (1 + r) ** -table.index.to_numpy(float)
    spent = -((table["grants"] + table["opening"]) * factor).sum()
    annual = table[["tax", "running", "platforms"]].iloc[1].sum()
    land = table["land"].iloc[0] * plan.region.manifest.capital_recovery + table["land"].iloc[1]
    assert plan.indicators.at["years_to_pay_back", "value"] == pytest.approx(spent / (annual + land))
    assert np.isfinite(cp.fiscal(plan).summary.drop("spent_per_local")).all()


# --- commands -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    tables = region_tables_of_tiny()
    path = tmp_path_factory.mktemp("purse") / "tiny"
    cp.solve(cp.Region.from_frames(**tables)).save(path)
    return str(path)


def region_tables_of_tiny() -> dict[str, object]:
    given = cp.load_region("tiny").given()
    return {**given, "incentives": given["incentives"].assign(contract="jobs")}


def test_the_command_fiscal_tells_what_the_call_does(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fiscal", folder, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    purse = cp.fiscal(cp.read_plan(folder))
    assert set(told) == {"currency", "summary", "years", "years_all", "tiers", "flows"}
    assert [row["net_m"] for row in told["years"]] == pytest.approx(purse.years()["net_m"].to_list())
    assert told["summary"]["npv_new_m"] == pytest.approx(purse.npv_m())
    assert main(["fiscal", folder]) == 0
    words = capsys.readouterr().out
    assert "Paid back in nominal money: from year 3 on." in words
    assert "platf" not in words.partition("By tier")[0]  # the plan has none: no column of noughts
    assert "…" not in words


def test_the_command_contracts_tells_what_the_call_does(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["contracts", folder, "--fulfilment", "0.8", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["taken_back_m"] for row in told["payments"]] == pytest.approx([0.13])
    assert [row["stays_out"] for row in told["firms"]] == [True]
    assert main(["contracts", folder, "--fulfilment", "0.8"]) == 0
    assert "1 firm would rather have stayed out." in capsys.readouterr().out
    assert main(["contracts", folder, "--fulfilment", "-1"]) == 2
