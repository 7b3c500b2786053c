"""`flips`: beyond what it says a layout can't hold, and short of it it can, as solving anew shows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main

SEEDS = tuple(seed for seed in range(200, 216) if seed not in {201, 207})
"""Small regions that have a plan."""
HAIR = 1e-4


def holds(plan: cp.Plan, firm: str, more: float) -> bool:
    """Whether the layout of the plan, with the firm in it, can stand if the firm earned more elsewhere."""
    tables = plan.region.given()
    firms = tables["firms"]
    outside = firms["outside_m_y"].where(firms.index != firm, firms["outside_m_y"] + more)
    region = cp.Region.from_frames(**{**tables, "firms": firms.assign(outside_m_y=outside)})
    problem = cp.build(region)
    model = problem.model
    sites = model.instance.sites
    for f, name in enumerate(sites.firms):
        parks = [park for s, park in enumerate(sites.parks) if sites.admissible[f, s]]
        placed = plan.firms.at[name, "park"]
        if name == firm and placed is None:
            if not parks:
                return False
            problem += sum(model.place(name, park) for park in parks) == 1
            continue
        for park in parks:
            problem += model.place(name, park) == (1 if park == placed else 0)
    try:
        cp.solve(region, problem=problem)
    except cp.NoPlanError:
        return False
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_up_to_what_it_says_the_layout_holds_and_beyond_it_does_not(seed: int) -> None:
    plan = cp.solve(small_region(seed))
    for firm, row in cp.flips(plan).iterrows():
        if row["status"] in {"no room", "other size"}:
            assert not holds(plan, str(firm), -1e4)
            continue
        assert holds(plan, str(firm), row["most_m_y"] - HAIR), firm
        assert not holds(plan, str(firm), row["most_m_y"] + HAIR), firm


@pytest.mark.parametrize("seed", SEEDS)
def test_statuses_and_order(seed: int) -> None:
    plan = cp.solve(small_region(seed))
    found = cp.flips(plan)
    firms = plan.region.firms
    assert set(found.index) == set(firms.index[(firms["status"] == "candidate") & ~firms["is_platform"]])
    comes = found[found["status"] == "comes"]
    assert set(comes.index) == {firm for firm in found.index if plan.firms.at[firm, "park"] is not None}
    assert (comes["most_m_y"] >= comes["surplus_m_y"] - 1e-6).all()
    assert comes["most_m_y"].is_monotonic_increasing
    assert list(found.index[: len(comes)]) == list(comes.index)
    away = found[found["status"] == "stays away"]
    assert (away["most_m_y"] < 0).all()
    assert away["most_m_y"].is_monotonic_decreasing


def test_where_time_runs_out_nothing_is_claimed() -> None:
    plan = cp.solve(cp.load_region("tiny"))
    found = cp.flips(plan, time_limit=0.0)
    assert found["most_m_y"].isna().all()
    assert set(found["status"]) == {"comes", "not known"}


def test_a_firm_whose_outside_option_is_sourced_does_not_count_as_resting_on_an_assumption() -> None:
    tables = cp.load_region("tiny").given()
    firms = tables["firms"].assign(provenance="source", source="told")
    plan = cp.solve(cp.Region.from_frames(**{**tables, "firms": firms}))
    assert not cp.flips(plan)["is_assumed"].any()
    assert cp.flips(cp.solve(cp.load_region("tiny")))["is_assumed"].all()


def test_the_command_prints_the_same_numbers(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plan = cp.solve(cp.load_region("tiny"))
    plan.save(tmp_path / "tiny")
    capfd.readouterr()
    assert main(["flips", str(tmp_path / "tiny"), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    expected = cp.flips(plan)["most_m_y"]
    assert [row["firm"] for row in told] == list(expected.index)
    assert np.allclose([row["most_m_y"] for row in told], expected, atol=1e-6)
    assert main(["flips", str(tmp_path / "tiny")]) == 0
    assert "Candidates that are not in the plan" in capfd.readouterr().out


def test_a_plan_is_shown_and_saved_though_the_solver_fails_at_it(monkeypatch, capsys, tmp_path: Path) -> None:
    from clusterplan.report import assumed, terminal

    def failing(*_arguments, **_options):
        raise cp.SolverError("no")

    monkeypatch.setattr(assumed, "flips", failing)
    plan = cp.solve(cp.load_region("tiny"))
    plan.save(tmp_path / "tiny")
    assert "rests on an assumed outside option" in (tmp_path / "tiny" / "report.html").read_text(
        encoding="utf-8"
    )
    terminal.show_plan(plan, None)
    assert "is not known" in capsys.readouterr().out
