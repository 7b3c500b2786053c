"""`additionality`: the plan with money beside the best without."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from enumeration import Small
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main

SEEDS = (202, 203, 210, 212)


def test_of_the_tiny_region_the_batteries_come_for_the_money_alone() -> None:
    found = cp.additionality(cp.load_region("tiny"))
    assert found.firms["status"].to_dict() == {"seats": "in both", "batteries": "only with money"}
    assert found.firms.at["batteries", "park_without"] is None
    assert found.grants_pv_m == pytest.approx(0.65)
    assert found.deadweight_pv_m == 0.0
    jobs = found.measures.loc["jobs"]
    assert jobs.to_list() == pytest.approx([600.0, 200.0, 400.0, 400.0 / 0.65])
    assert np.isnan(found.measures.at["localisation_rate", "per_million"])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_money_adds_is_the_best_with_it_less_the_best_without(seed: int) -> None:
    region = small_region(seed)
    found = cp.additionality(region)
    with_money, without = Small(region).best(), Small(region.replace(incentives=None)).best()
    if without == -np.inf:
        assert found.without is None
        return
    assert found.without is not None
    assert found.without.grants.empty
    added = found.measures.at["value_m_y", "additional"]
    if region.manifest.objective in ("collaboration", "welfare"):
        assert added == pytest.approx(with_money - without, abs=2e-6)
        assert added >= -1e-6
    low, high = found.value_range_m_y
    assert low - 1e-6 <= added <= high + 1e-6
    assert cp.verify(found.without).empty


def test_a_plan_is_taken_as_it_is() -> None:
    plan = cp.solve(cp.load_region("tiny"))
    found = cp.additionality(plan)
    assert found.plan is plan
    assert found.measures.at["value_m_y", "with_money"] == plan.value


def test_where_no_plan_exists_without_money_all_is_additional() -> None:
    region = cp.load_region("tiny")
    firms = region.given()["firms"]
    firms["lock"] = firms["lock"].astype(object)
    firms.loc["batteries", "lock"] = "in"
    found = cp.additionality(region.replace(firms=firms))
    assert found.without is None
    assert (found.measures["without"] == 0).all()
    assert set(found.firms["status"]) == {"only with money"}


def test_grants_to_firms_that_come_anyway_are_deadweight() -> None:
    region = cp.load_region("tiny")
    incentives = region.given()["incentives"]
    keep = incentives.assign(rate=0.5)
    manifest = region.manifest
    plan = cp.solve(region.replace(incentives=keep, manifest=manifest))
    tables = plan.tables
    grants = tables["grants"].copy()
    grants["firm"] = "seats"  # as if the money had gone to who comes anyway
    object.__setattr__(plan, "tables", {**tables, "grants": grants})
    found = cp.additionality(plan)
    assert found.deadweight_pv_m == pytest.approx(found.grants_pv_m)


def test_the_command_prints_the_same_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = cp.solve(cp.load_region("tiny"))
    plan.save(tmp_path / "tiny")
    assert main(["additionality", str(tmp_path / "tiny"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    expected = cp.additionality(plan)
    assert {row["measure"]: row["additional"] for row in told["measures"]} == pytest.approx(
        expected.measures["additional"].to_dict()
    )
    assert main(["additionality", str(tmp_path / "tiny")]) == 0
    assert "only with money" in capsys.readouterr().out
