"""Instruments of every basis: schedules by hand, and plans that trying every layout finds too."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from instrument_regions import instrument_region, instrument_tables

import clusterplan as cp
from clusterplan.explore.money.parts import surplus_parts
from clusterplan.instance import instance_of
from clusterplan.instance.pooled import caps_with
from clusterplan.instance.schedules import Schedule, schedule, worth_of
from clusterplan.plan.checks.flows import flow
from clusterplan.plan.start import decisions_of
from clusterplan.region import BASES, KINDS, Manifest, Region, rows
from clusterplan.region.tables import INCENTIVES
from clusterplan.rules import write

SEEDS = range(40)


@cache
def solved(seed: int) -> cp.Plan:
    return cp.solve(instrument_region(seed), time_limit=30)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_worth_what_the_best_of_all_layouts_is_worth(seed: int) -> None:
    plan = solved(seed)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(Small(plan.region).best(), rel=1e-6, abs=1e-6)


def test_instruments_of_every_basis_of_these_regions_are_granted_somewhere() -> None:
    granted = pd.concat([solved(seed).grants for seed in SEEDS])
    firms_at_part_load = sum(
        ((solved(seed).firms["utilisation"] > 0) & (solved(seed).firms["utilisation"] < 1)).sum()
        for seed in SEEDS
    )
    assert set(granted["instrument"]) == set(
        pd.concat([solved(seed).region.incentives for seed in SEEDS]).index
    )
    assert firms_at_part_load > 0


# --- schedules ----------------------------------------------------------------------------------------------


def made(basis: str, *, rate_a_year: float = 0.25, life: float = 3.0, **cells: Any) -> tuple[Schedule, Any]:
    """Return the schedule of an instrument at 25 % a year over 3 years, and the check's own."""
    row = {column.name: column.default for column in INCENTIVES.columns}
    row |= {name: math.nan for name, value in row.items() if value is None}
    row |= {"basis": basis, "rate": 0.5, **cells}
    manifest = Manifest.model_construct(discount_rate=rate_a_year, life_y=life)
    one = next(iter(rows(pd.DataFrame([row]))))
    return schedule(one, manifest), flow(row, life)


@pytest.mark.parametrize(
    ("basis", "cells", "years", "parts", "pv"),
    [
        ("investment", {}, (0,), (1.0,), 1.0),
        ("investment", {"start_y": 1.0, "years": 2.0}, (1, 2), (0.5, 0.5), 0.4 + 0.32),
        ("tax", {}, (1, 2, 3), (1.0, 1.0, 1.0), 0.8 + 0.64 + 0.512),
        ("interest", {"loan_years": 4.0, "years": 2.0}, (1, 2), (1.0, 0.75), 0.8 + 0.75 * 0.64),
        ("interest", {"loan_years": 2.0, "start_y": 2.0}, (2, 3), (1.0, 0.5), 0.64 + 0.256),
        ("loan", {"loan_years": 2.0, "rate": 0.0}, (0, 1, 2), (1.0, -0.5, -0.5), 1 - 0.4 - 0.32),
        ("loan", {"loan_years": 2.0, "rate": 1.0}, (0, 1, 2), (1.0, 0.0, 0.0), 1.0),
        (
            "loan",
            {"loan_years": 2.0, "rate": 0.5, "loan_rate": 0.1, "start_y": 1.0},
            (1, 2, 3),
            (1.0, -0.3, -0.275),
            0.8 * (1 - 0.3 * 0.8 - 0.275 * 0.64),
        ),
    ],
)
def test_payments_and_their_present_value_by_hand(
    basis: str, cells: dict[str, float], years: tuple[int, ...], parts: tuple[float, ...], pv: float
) -> None:
    plan, checked = made(basis, **cells)
    assert plan.years == years
    assert plan.parts == pytest.approx(parts)
    assert plan.pv == pytest.approx(pv)
    assert [checked.in_year(year) for year in years] == pytest.approx(parts)
    assert checked.present(0.25) == pytest.approx(pv)
    assert checked.in_year(years[-1] + 1) == checked.in_year(years[0] - 1) == 0.0


def test_a_loan_at_the_discount_rate_grants_what_is_forgiven_of_it() -> None:
    """Nothing forgiven costs nothing; of a loan that is repaid at its own rate each part is worth itself."""
    for forgiven in (0.0, 0.3, 1.0):
        plan, _ = made("loan", loan_years=6.0, loan_rate=0.25, rate=forgiven)
        assert plan.pv == pytest.approx(forgiven)


def test_a_loan_dearer_than_the_money_of_its_budget_takes_nothing_from_it_and_frees_nothing() -> None:
    tables = instrument_tables(0)
    tables["manifest"]["budgets"]["state"] |= {"basis": "total_pv", "amount_m": 1.0, "discount_rate": 0.0}
    tables["manifest"]["budgets"]["state"].pop("by_year_m", None)
    terms = {"budget": "state", "legal_basis": "assumed", "provenance": "assumed"}
    tables["incentives"] = pd.DataFrame(
        [
            {"instrument": "loan", "basis": "loan", "rate": 0.0, "loan_share": 0.5, "loan_years": 6,
             "loan_rate": 0.02} | terms,
            {"instrument": "grant", "basis": "investment", "rate": 0.5} | terms,
        ]
    )  # fmt: skip
    tables["manifest"]["discount_rate"] = 0.08
    awards = instance_of(cp.Region.from_frames(**tables)).awards
    row = awards.budget_rows.index("state")
    lent = np.array([awards.instruments[i] == "loan" for i in awards.instrument])
    assert lent.any()
    assert not awards.budget_use[row, lent].any()
    assert (awards.budget_use[row, ~lent] > 0).all()
    region = cp.Region.from_frames(**tables)
    plan = cp.solve(region, gap=1e-9)
    assert cp.verify(plan).empty
    assert plan.value == pytest.approx(Small(region).best(), rel=1e-6, abs=1e-6)


def test_what_a_contract_can_take_back_of_a_loan_is_what_was_forgiven() -> None:
    plan, _ = made("loan", loan_years=2.0, rate=0.5, loan_rate=0.1)
    assert plan.at_stake == pytest.approx((0.0, 0.3, 0.275))
    grant, _ = made("investment", years=2.0)
    assert grant.at_stake == grant.parts


def test_a_public_loan_is_worth_more_to_a_firm_that_borrows_dear() -> None:
    row = {
        "basis": "loan",
        "rate": 0.0,
        "start_y": math.nan,
        "loan_years": 2.0,
        "loan_rate": 0.0,
        "worth": 0.9,
    }
    manifest = Manifest.model_construct(discount_rate=0.25, life_y=3.0)
    worth = [
        worth_of(next(iter(rows(pd.DataFrame([{**row, "firm_rate": rate}])))), manifest)
        for rate in (math.nan, 0.25, 1.0)
    ]
    assert worth == pytest.approx([0.9, 0.9, 0.9 * (1 - 0.25 - 0.125) / 0.28])


# --- words --------------------------------------------------------------------------------------------------


def test_every_kind_can_be_written_by_known_bases_and_every_basis_by_a_kind() -> None:
    known = {basis for kind, bases in KINDS.items() if kind != "other" for basis in bases}
    assert known == set(BASES)
    assert len(KINDS) == 13


# --- rules --------------------------------------------------------------------------------------------------


def changed(seed: int, instrument: str, **cells: Any) -> Region:
    tables = instrument_tables(seed)
    frame = tables["incentives"].set_index("instrument")
    for name, value in cells.items():
        frame.loc[instrument, name] = value
    return Region.from_frames(**{**tables, "incentives": frame.reset_index()})


def of(plan: cp.Plan, instrument: str) -> pd.DataFrame:
    return plan.grants[plan.grants["instrument"] == instrument]


def seed_with(instrument: str) -> int:
    return next(seed for seed in SEEDS if len(of(solved(seed), instrument)))


def test_no_more_than_the_order_is_paid_for() -> None:
    seed = seed_with("order")
    row = solved(seed).region.incentives.loc["order"]
    tight = cp.solve(changed(seed, "order", order_units_per_y=10.0))
    rate, life = tight.region.manifest.discount_rate, 3
    pv = sum((1 + rate) ** -t for t in range(1, life + 1)) * row["rate"] * 1e-6
    units = of(tight, "order")["amount_pv_m"].sum() / pv
    assert units <= 10.0 + 1e-6
    assert of(solved(seed), "order")["amount_pv_m"].sum() / pv > 10.0


def test_who_gets_access_has_a_platform_within_reach() -> None:
    plan = solved(seed_with("access"))
    near = pd.DataFrame(plan.distances.proximity() > 0, plan.region.parks.index, plan.region.parks.index)
    labs = plan.firms[plan.firms["is_platform"] & plan.firms["park"].notna()]["park"]
    for firm in of(plan, "access")["firm"]:
        assert near.loc[plan.firms.at[firm, "park"], labs].any()


def test_without_its_platform_nobody_has_access() -> None:
    tables = instrument_tables(seed_with("access"))
    tables["firms"].loc[tables["firms"]["is_platform"], "lock"] = "out"
    plan = cp.solve(Region.from_frames(**tables))
    assert not len(of(plan, "access"))


def test_a_region_with_none_of_this_has_no_row_of_it() -> None:
    written = write(instance_of(cp.load_region("tiny")))
    assert {"award_shared", "access"}.isdisjoint(block.rule for block in written.program.row_blocks)


def test_an_instrument_that_hangs_on_output_falls_with_utilisation() -> None:
    for seed in SEEDS:
        plan = solved(seed)
        load = plan.firms["utilisation"]
        row = of(plan, "holiday")
        if not len(row):
            continue
        crf, rate = plan.region.manifest.capital_recovery, plan.region.manifest.discount_rate
        pv = 0.7 * sum((1 + rate) ** -t for t in range(1, 5))
        most = plan.region.firms["tax_m_y"][row["firm"]].to_numpy() * load[row["firm"]].to_numpy() * pv * crf
        assert (row["amount_m_y"].to_numpy() <= most + 1e-9).all()


def test_rent_of_plants_goes_from_firms_to_the_public() -> None:
    plan = solved(3)
    firms = plan.region.firms[plan.firms["park"].notna() & ~plan.firms["is_platform"]]
    parks = plan.region.parks.loc[plan.firms.loc[firms.index, "park"]]
    land = firms["land_ha"].to_numpy() * (
        parks["land_price_m_ha"].to_numpy() * plan.region.manifest.capital_recovery
        + parks["plant_rent_m_ha_y"].to_numpy()
    )
    assert plan.terms.at["land_income", "amount"] == pytest.approx(float(np.sum(land)))


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_surpluses_with_rents_and_loans_have_the_parts_that_make_them(seed: int) -> None:
    plan = solved(seed)
    parts = surplus_parts(plan)
    told = plan.firms.loc[parts.index, "surplus_m_y"]
    known = told.notna()
    assert parts.sum(axis=1)[known].to_list() == pytest.approx(told[known].to_list(), abs=1e-9)
    assert (parts["plant"] <= 0).all()


def test_a_stable_plan_knows_the_access_that_firms_would_have_elsewhere() -> None:
    plan = cp.solve(solved(seed_with("access")).region, stable=True)
    assert len(of(plan, "access"))
    assert cp.verify(plan).empty
    assert cp.stability(plan).moves.empty


def test_who_moves_away_from_a_platform_loses_access_to_it() -> None:
    plan = solved(seed_with("access"))
    instance = instance_of(plan.region)
    decided = decisions_of(plan, instance)
    caps = caps_with(instance.awards, decided.park)
    asking = instance.awards.access >= 0
    labs = decided.park[instance.awards.platforms[0]]
    within = instance.awards.near[:, labs[labs >= 0]].any(axis=1)
    assert ((caps[asking] > 0) == (instance.awards.cap[asking] > 0) & within).all()
    assert (caps[~asking] == instance.awards.cap[~asking]).all()
    assert not caps_with(instance.awards, np.full(instance.n_firms, -1))[asking].any()


@pytest.mark.parametrize("load", [0.5, 1.0])
def test_a_cap_in_all_does_not_fall_with_utilisation_but_what_it_caps_does(load: float) -> None:
    """A tax of 1, all given up for a year, capped at 0.6: 0.5 at half load, 0.6 at full."""
    tables = cp.load_region("tiny").given()
    tables["firms"] = tables["firms"].assign(tax_m_y=1.0)
    row = {"basis": "tax", "rate": 1.0, "years": 1, "max_m": 0.6}
    tables["incentives"] = tables["incentives"].assign(**row)
    awards = instance_of(cp.Region.from_frames(**tables)).awards
    crf = tables["manifest"].capital_recovery
    most = min(awards.cap.max(), awards.load_cap[0] * load) / crf
    assert most == pytest.approx(min(0.6, load))
