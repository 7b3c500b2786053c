"""What holds of `hardin_ky` alone; tests/test_bundled_regions.py has what holds of every real region."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.region import Region, read_region

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "tools" / "regions" / "hardin_ky"
HOURLY_WAGE = 26.41
HOURS = 2080


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(ROOT / "data" / "regions" / "hardin_ky")


def rivals() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rivals", TOOLS / "rivals.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_loan_is_the_contract_s(region: Region) -> None:
    loan = region.incentives.loc["loan_blueoval"]
    assert (loan["basis"], loan["rate"], loan["max_m"], loan["min_workers"]) == ("loan", 1, 250, 5000)
    assert loan["loan_share"] * region.firms.at["blueoval_two", "investment_m"] == pytest.approx(250)
    assert (loan["contract"], loan["contract_met_at"], loan["clawback"]) == ("jobs", 0.9, 1)
    assert region.firms.at["blueoval_two", "workers"] == 5000
    assert region.firms.at["blueoval_one", "workers"] == 2500


def test_at_1600_jobs_the_loan_of_the_stored_plan_is_asked_back_as_the_page_says() -> None:
    found = cp.contracts(stored_plan("hardin_ky"), fulfilment={"blueoval_two": {"jobs": 1600 / 5000}})
    loan = found.payments[found.payments["instrument"] == "loan_blueoval"]
    assert loan["taken_back_m"].sum() == pytest.approx(75.35, abs=0.01)
    assert loan["paid_m"].iloc[0] == pytest.approx(110.81, abs=0.01)
    assert found.firms.at["blueoval_two", "surplus_then_m_y"] == pytest.approx(-5.9, abs=0.05)
    assert cp.contracts(stored_plan("hardin_ky"), fulfilment=0.9).payments["taken_back_m"].sum() == 0.0


def test_the_anchor_pays_the_contract_s_wage(region: Region) -> None:
    assert region.parks.at["glendale", "wage_per_y"] == pytest.approx(HOURLY_WAGE * HOURS, abs=1)


def test_the_federal_credit_costs_the_region_nothing_and_is_45x(region: Region) -> None:
    assert region.manifest.budgets["federal"].cost_of_funds == 0
    paid = region.incentives[region.incentives["budget"] == "federal"]
    assert paid["legal_basis"].str.contains("45X").all()
    assert (paid["basis"] == "output").all()
    assert paid["rate"][["credit_cell", "credit_module"]].to_list() == [35_000, 10_000]
    assert (paid["valid_from"] == 2023).all()


def test_what_is_offered_elsewhere_is_what_the_tool_computes() -> None:
    rows = csv.DictReader((TOOLS / "firms.csv").read_text(encoding="utf-8").splitlines())
    told = {row["firm"]: float(row["rival_share"]) for row in rows if row["rival_share"]}
    assert told == rivals().shares()


def test_parks_lie_in_the_counties(region: Region) -> None:
    assert region.parks.within(region.boundary.union_all()).all()
