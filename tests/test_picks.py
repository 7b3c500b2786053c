"""`picks`: each is worth what the region is worth less without it, as trying every layout shows."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from enumeration import Measured, Small
from regions_with_works import region_with_works
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.explore import Runs

SEEDS = (0, 3, 9, 12, 21)
"""Small regions; some have no plan."""


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


def planned(seed):
    try:
        return cp.solve(small_region(seed), time_limit=30)
    except cp.NoPlanError:
        return None


def best_without(plan, about, one):
    """Return what the best of all layouts without a firm or a park is worth."""
    given = plan.region.given()[f"{about}s"]
    others = given.index != one
    if about == "firm":
        return Small(plan.region.replace(firms=given.assign(lock=given["lock"].where(others, "out")))).best()
    lock = given["lock"].where(others)
    excluded = given.assign(status=given["status"].where(others, "excluded"), lock=lock)
    try:
        return Measured(plan.region.replace(parks=excluded), plan.region).best()
    except cp.InputError:  # fewer parks than must be open
        return -math.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_each_pick_is_worth_what_the_best_layout_without_it_is_worth_less(seed):
    plan = planned(seed)
    if plan is None:
        pytest.skip("no plan to ask about")
    for row in cp.picks(plan).frame.itertuples():
        if row.because and row.status == "no plan":  # the inputs ask for it: there is no such region
            continue
        best = best_without(plan, row.about, row.id)
        assert (row.status == "no plan") == (best == -math.inf)
        if best > -math.inf:
            assert row.loss_m_y == pytest.approx(plan.value - best, rel=1e-6, abs=2e-6)


def test_picks_are_candidates_that_come_and_parks_that_are_opened(plan):
    frame = cp.picks(plan).frame
    assert frame[["about", "id"]].to_numpy().tolist() == [
        ["park", "south"],
        ["firm", "batteries"],
        ["firm", "seats"],
    ]


def test_what_is_different_without_a_pick_is_told_and_the_pick_itself_is_not(plan):
    frame = cp.picks(plan).frame.set_index("id")
    assert frame.loc["south", "goes"] == ("batteries",)
    assert frame.loc["south", "shuts"] == ()
    assert frame.loc["batteries", "shuts"] == ("south",)
    assert "gateway_prices" in frame.loc["batteries", "because"]


def test_a_pick_without_which_no_plan_exists_is_told_first(plan):
    needed = {"requirement": ["seats"], "firms": ["seats"], "at_least": [1], "provenance": ["assumed"]}
    region = plan.region.replace(requirements=pd.DataFrame(needed))
    frame = cp.picks(cp.solve(region)).frame
    assert frame.loc[0, ["id", "status"]].tolist() == ["seats", "no plan"]
    assert "requirements" in frame.loc[0, "because"]
    assert math.isnan(frame.loc[0, "loss_m_y"])


def test_a_firm_that_is_locked_in_is_a_pick_too(plan):
    held = cp.solve(cp.change(plan.region, "firm.seats.lock = in"))
    row = cp.picks(held, about=["seats"]).frame.iloc[0]
    assert row["loss_m_y"] == pytest.approx(1.55)


def test_a_work_is_dropped_by_leaving_it_out():
    for seed in range(20):
        try:
            plan = cp.solve(region_with_works(seed), time_limit=30)
        except cp.NoPlanError:
            continue
        built = plan.works.index[plan.works["built"]]
        if len(built):
            break
    row = cp.picks(plan, about=[built[0]]).frame.iloc[0]
    assert row["about"] == "work"
    works = plan.region.given()["works"]
    without = plan.region.replace(works=works[works.index != built[0]])
    assert row["value"] == pytest.approx(cp.solve(without, time_limit=30).value, abs=1e-6)


def test_where_time_runs_out_the_loss_lies_between_what_bounds_allow(plan):
    frame = cp.picks(plan).frame
    assert (frame["least_loss_m_y"] <= frame["loss_m_y"] + 1e-9).all()
    assert (frame["loss_m_y"] <= frame["most_loss_m_y"] + 1e-9).all()


def test_processes_tell_the_same(plan):
    one, two = (cp.picks(plan, runs=runs).frame for runs in (None, Runs("processes", workers=2)))
    assert one["loss_m_y"].tolist() == pytest.approx(two["loss_m_y"].tolist())


def test_what_is_no_pick_is_refused(plan):
    with pytest.raises(cp.UsageError, match="no pick"):
        cp.picks(plan, about=["carmaker"])


def test_the_command_says_the_same(plan, tmp_path, capsys):
    folder = str(plan.save(tmp_path / "tiny"))
    assert main(["picks", folder, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["loss_m_y"] for row in rows] == pytest.approx(cp.picks(plan).frame["loss_m_y"].tolist())
    assert rows[0]["goes"] == ["batteries"]
    assert main(["picks", folder, "--about", "south"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "Batteries goes" in words
    assert "7.045" in words
