"""`routes`: what hangs on a route is what its firms are and what is sold to them, way by way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_regions import small_tables

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.cli import main

REAL = ("ningde", "yibin", "dresden")


def hangs(plan: cp.Plan, firm: str, route: str, depth: int = 40) -> float:
    """Return the share of a firm's sales that hangs on a route, by following each sale to its buyer."""
    own = plan.region.firms.at[firm, "route"]
    if own is not None or not depth:
        return float(own == route)
    sales = [row for row in plan.supply.to_dict("records") if row["from"] == firm]
    total = sum(row["value_m_y"] for row in sales)
    if not total:
        return 0.0
    return sum(
        row["value_m_y"] / total * hangs(plan, row["to"], route, depth - 1)
        for row in sales
        if row["to"] is not None and row["value_m_y"] > 0
    )


def routed(seed: int) -> cp.Plan | None:
    """Return the plan of a small region in which assembly has a route."""
    tables = small_tables(seed)
    firms = tables["firms"]
    other = firms["stage"].eq("parts") & (np.arange(len(firms)) % 2 == 0)
    tables["firms"] = firms.assign(
        route=firms["stage"].map({"assembly": "new"}).where(~other, "old"),
        outside_m_y=firms["outside_m_y"] * 0.5,
    )
    tables["manifest"]["routes"] = {"new": "New", "old": "Old"}
    try:
        return cp.solve(cp.Region.from_frames(**tables), time_limit=30)
    except cp.NoPlanError:
        return None


@pytest.mark.parametrize("seed", range(12))
def test_shares_are_those_of_following_each_sale(seed: int) -> None:
    plan = routed(seed)
    if plan is None:
        return
    found = cp.routes(plan)
    for firm in found.firms.index:
        for route in ("new", "old"):
            assert found.firms.at[firm, route] == pytest.approx(hangs(plan, firm, route), abs=1e-9)


@pytest.mark.parametrize("name", REAL)
def test_all_of_a_plan_is_split_over_its_routes_and_none(name: str) -> None:
    plan = stored_plan(name)
    found = cp.routes(plan)
    total = found.exposure.sum()
    indicators = plan.indicators["value"]
    there = plan.firms[plan.firms["park"].notna() & ~plan.firms["is_platform"]]
    assert total["firms"] == pytest.approx(len(there))
    assert total["jobs"] == pytest.approx(plan.region.firms.loc[there.index, "workers"].sum())
    assert total["tax_m_y"] == pytest.approx(indicators["tax"])
    assert total["grants_m_y"] == pytest.approx(indicators["grants"], abs=1e-9)
    assert total["local_inputs_m_y"] == pytest.approx(indicators["local_supply"])
    sold = plan.supply[plan.supply["from"].notna()]["value_m_y"].sum()
    assert total["output_m_y"] == pytest.approx(sold)
    assert (found.exposure.to_numpy() >= -1e-9).all()


@pytest.mark.parametrize("name", REAL)
def test_firms_of_a_route_hang_on_it_wholly_and_no_firm_on_more_than_it_sells(name: str) -> None:
    plan = stored_plan(name)
    found = cp.routes(plan)
    ids = list(plan.region.manifest.routes)
    own = found.firms["own_route"].notna()
    assert all(row[row["own_route"]] == 1 for _, row in found.firms[own].iterrows())
    assert (found.firms[ids].sum(axis=1) <= 1 + 1e-9).all()
    assert found.firms.loc[~own, ids].to_numpy().max() > 0


def test_concentration_is_one_where_all_hangs_on_one_route_and_a_half_where_two_are_alike() -> None:
    plan = stored_plan("ningde")
    firms = plan.region.given()["firms"]
    one = cp.Region.from_frames(
        **{
            **plan.region.given(),
            "firms": firms.assign(route=firms["route"].where(firms["route"].isna(), "lfp")),
        }
    )
    all_lfp = cp.routes(cp.Plan(**{**vars_of(plan), "region": one}))
    assert all_lfp.concentration.to_numpy() == pytest.approx(1.0)
    assert (cp.routes(plan).concentration >= 0.5).all()


def vars_of(plan: cp.Plan) -> dict[str, object]:
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}


def test_a_region_without_routes_hangs_on_none(tmp_path: Path) -> None:
    plan = cp.solve(cp.load_region("tiny"))
    found = cp.routes(plan)
    assert list(found.exposure.index) == [("", "upstream")]
    assert found.concentration.isna().all()


def test_the_command_prints_what_the_call_returns(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plan = stored_plan("ningde")
    folder = plan.save(tmp_path / "out")
    found = cp.routes(plan)
    capfd.readouterr()

    def run(*options: str) -> str:
        assert main(["routes", str(folder), *options]) == 0
        return capfd.readouterr().out

    told = json.loads(run("--json"))
    assert [row["jobs"] for row in told["exposure"]] == pytest.approx(found.exposure["jobs"].tolist())
    assert told["exposure"][-1]["route"] is None
    assert told["concentration"]["jobs"] == pytest.approx(found.concentration["jobs"])
    assert pd.DataFrame(told["firms"])["firm"].tolist() == list(found.firms.index)
    assert "concentration" in run()
