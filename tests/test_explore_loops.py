"""`loops`: each missing piece closes what counting anew with it says, and nothing that would is left out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from enumeration import Small
from test_loops import planned

import clusterplan as cp
from clusterplan.cli import main

SEEDS = [seed for seed in range(30) if seed not in {5, 14, 25}]
"""Small regions with loops that have a plan."""


def closed(small: Small, at: dict[str, str]) -> Counter[tuple[str, float]]:
    return Counter((firm, worth) for firm, worth, _ in small.closed(at))


def places(plan: cp.Plan) -> dict[str, str]:
    return {str(firm): park for firm, park in plan.firms["park"].items() if park is not None}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_candidate_closes_what_is_closed_with_it(seed: int) -> None:
    plan = planned(seed)
    small, at = Small(plan.region), places(plan)
    before = closed(small, at)
    told = cp.loops(plan).pieces
    known = told[told["firm"].notna()].set_index(["firm", "park"])
    for firm in small.firms:
        for park in () if firm in at else small.parks:
            if not small.may(firm, park):
                assert (firm, park) not in known.index
                continue
            more = closed(small, {**at, firm: park}) - before
            others = {name for name, _ in more} - {firm}  # one that closes only its own loop is no piece
            assert (firm, park) in known.index or not others
            if (firm, park) in known.index:
                row = known.loc[(firm, park)]
                assert row["closes"] == more.total()
                assert row["worth_m_y"] == pytest.approx(sum(worth * n for (_, worth), n in more.items()))


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_a_platform_that_is_thought_of_closes_what_one_that_is_there_would(seed: int) -> None:
    plan = planned(seed)
    at = places(plan)
    told = cp.loops(plan).pieces
    known = told[told["firm"].isna()].set_index(["stage", "park"])
    tables = plan.region.given()
    before = closed(Small(plan.region), at)
    for stage in plan.region.manifest.stages:
        new = {"firm": "new", "stage": stage, "status": "candidate", "is_platform": True, "land_ha": 0.1}
        new |= {"investment_m": 0.0, "provenance": "assumed"}
        firms = pd.concat([tables["firms"], pd.DataFrame([new]).set_index("firm")])
        small = Small(cp.Region.from_frames(**{**tables, "firms": firms}))
        for park in plan.parks.index[plan.parks["open"]]:
            more = closed(small, {**at, "new": park}) - before
            more = Counter({key: n for key, n in more.items() if key[0] != "new"})
            if more:
                assert known.loc[(stage, park), "closes"] == more.total()
            elif (stage, park) in known.index:
                assert known.loc[(stage, park), "closes"] == 0


def test_what_brings_most_stands_first_and_room_is_told() -> None:
    pieces = pd.concat([cp.loops(planned(seed)).pieces for seed in SEEDS])
    assert (pieces["helps"] >= pieces["closes"].where(pieces["firm"].isna(), 0)).all()
    assert {True, False} <= set(pieces["fits"])
    for seed in SEEDS:
        own = cp.loops(planned(seed)).pieces
        assert own["closes"].is_monotonic_decreasing
        platforms = own["firm"].isin(["f4"])
        assert own.loc[platforms, "public_cost_m_y"].gt(0.4).all()
        assert own.loc[~platforms, "public_cost_m_y"].isna().all()


def test_a_firm_that_fits_can_be_put_there_and_one_that_does_not_cannot() -> None:
    for seed in SEEDS:
        plan = planned(seed)
        small, at = Small(plan.region), places(plan)
        for row in cp.loops(plan).pieces.itertuples():
            if row.firm is None or not row.open:
                continue
            broken = small.layout_value({**at, row.firm: row.park}) == -float("inf")
            requirements = plan.region.requirements["at_most"].notna().any()
            assert row.fits == (not broken) or (row.fits and requirements)


def test_the_command_prints_what_the_call_returns(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plan = next(plan for plan in map(planned, SEEDS) if len(cp.loops(plan).pieces))
    folder = plan.save(tmp_path / "out")
    found = cp.loops(plan)
    capfd.readouterr()

    def run(*options: str) -> str:
        assert main(["loops", str(folder), *options]) == 0
        return capfd.readouterr().out

    told = json.loads(run("--json"))
    assert [row["closes"] for row in told["pieces"]] == found.pieces["closes"].tolist()
    assert [row["loop"] for row in told["producers"]] == found.producers["loop"].tolist()
    assert "What would close most of the others" in run()


def test_loops_survive_being_saved_and_read(tmp_path: Path) -> None:
    for seed in SEEDS[:6]:
        plan = planned(seed)
        back = cp.read_plan(plan.save(tmp_path / str(seed)))
        pd.testing.assert_frame_equal(back.loops, plan.loops)
        assert cp.verify(back).empty
        page = (tmp_path / str(seed) / "report.html").read_text(encoding="utf-8")
        assert (">Innovation loops</h2>" in page) == bool(len(plan.loops))


def test_a_region_without_loops_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = cp.solve(cp.load_region("tiny")).save(tmp_path / "out")
    capfd.readouterr()
    assert main(["loops", str(folder)]) == 0
    assert "no innovation loops" in capfd.readouterr().out
