"""`willingness`: the parts of a surplus, and the least grants that keep firms."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hand_plan import hand_plan
from instrument_regions import instrument_region
from loop_regions import loop_region
from regions_with_works import region_with_works
from small_regions import small_region
from test_indicators import plan_of

import clusterplan as cp
from benchmarks.regions import NAMES, stored_plan
from clusterplan.cli import main
from clusterplan.explore.money.parts import PARTS, gains, surplus_parts
from clusterplan.instance import instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.plan.start import decisions_of

SEEDS = tuple(seed for seed in range(200, 216) if seed not in {201, 207})
"""Small regions that have a plan."""
HAIR = 1e-5


LOOPS = tuple(f"loops {seed}" for seed in (1, 6, 10, 12))
"""Small regions with innovation loops, some of which a plan closes."""
WORKS = tuple(f"works {seed}" for seed in (3, 8, 10))
"""Small regions whose plan builds works or larger sizes of parks."""
INSTRUMENTS = tuple(f"instruments {seed}" for seed in (205, 206))
"""Small regions with instruments of every kind, some of which are granted."""


@pytest.fixture(scope="module", params=[*NAMES, *SEEDS, *LOOPS, *WORKS, *INSTRUMENTS], ids=str)
def plan(request: pytest.FixtureRequest) -> cp.Plan:
    if request.param in NAMES:
        return stored_plan(request.param)
    if request.param in INSTRUMENTS:
        return cp.solve(instrument_region(int(request.param.removeprefix("instruments "))))
    if request.param in WORKS:
        return cp.solve(region_with_works(int(request.param.removeprefix("works "))))
    if request.param in LOOPS:
        return cp.solve(loop_region(int(request.param.removeprefix("loops "))))
    return cp.solve(small_region(request.param))


def test_the_parts_sum_to_the_surplus(plan: cp.Plan) -> None:
    parts = surplus_parts(plan)
    told = plan.firms.loc[parts.index, "surplus_m_y"].to_numpy(dtype=float)
    size = np.maximum(1.0, parts.abs().max(axis=1))
    np.testing.assert_allclose(parts.sum(axis=1, skipna=False) / size, told / size, atol=1e-11)
    assert list(parts.columns) == list(PARTS)
    placed = plan.firms["park"].notna() & ~plan.firms["is_platform"]
    assert list(parts.index) == list(plan.firms.index[placed])


def test_a_loop_that_is_closed_is_a_part_of_its_own() -> None:
    plan = cp.solve(loop_region(10))
    shares = plan.region.loops["share"]
    kept = plan.loops["value_m_y"] * plan.loops["loop"].map(shares)
    assert kept.sum() > 1
    assert surplus_parts(plan)["loops"].sum() == pytest.approx(kept.sum())


def test_the_parts_of_a_plan_by_hand() -> None:
    parts = surplus_parts(plan_of(hand_plan())).loc["cell"]
    expected = {"margin": 32.0, "land": -0.6, "energy": -8.0, "water": -0.12, "labour": -10.0, "fixed": 0.0}
    expected |= {"gateway_prices": -0.2, "freight": -0.008332, "links": 0.4, "supply_collaboration": 0.15125}
    expected |= {"plant": 0.0, "loops": 0.0, "grants": 0.75, "outside": -13.8}
    assert parts.to_dict() == pytest.approx(expected, abs=1e-9)


def test_where_the_outside_option_is_not_known_the_gain_is_all_that_is_earned() -> None:
    hand = plan_of(hand_plan())
    parts, gain = surplus_parts(hand), gains(hand)
    assert np.isnan(parts.at["pack", "outside"])
    assert gain["pack"] == pytest.approx(parts.loc["pack"].drop("outside").sum())
    assert gain["cell"] == pytest.approx(0.572918)


def test_the_rows_hold_the_same_parts_with_grants_by_instrument(plan: cp.Plan) -> None:
    found = cp.willingness(plan)
    rows = found.parts
    known = found.firms["surplus_m_y"].notna()
    sums = rows.groupby("firm")["amount_m_y"].sum().reindex(found.firms.index[known])
    np.testing.assert_allclose(sums, found.firms.loc[known, "surplus_m_y"], atol=1e-9 * 1e4)
    paid = rows[rows["part"] == "grants"]
    assert set(zip(paid["firm"], paid["instrument"], strict=True)) == set(
        zip(plan.grants["firm"], plan.grants["instrument"], strict=True)
    )
    assert rows.loc[rows["part"] != "grants", "instrument"].isna().all()


def test_grants_are_what_is_needed_and_rent_and_a_surplus_is_rent_and_slack(plan: cp.Plan) -> None:
    firms = cp.willingness(plan).firms
    willing = firms[firms["surplus_m_y"] >= 0]
    np.testing.assert_allclose(
        willing["needed_m_y"] + willing["rent_m_y"], willing["grants_m_y"], atol=1e-9, rtol=1e-9
    )
    np.testing.assert_allclose(
        willing["rent_m_y"] + willing["slack_m_y"], willing["surplus_m_y"], atol=1e-9, rtol=1e-9
    )
    rent = plan.grants.groupby("firm")["rent_m_y"].sum().reindex(firms.index).fillna(0.0)
    np.testing.assert_allclose(firms["rent_m_y"], rent, atol=1e-8)


def test_with_what_is_needed_each_firm_comes_and_with_less_it_does_not() -> None:
    tried = 0
    for name in ("hardin_ky", "dresden", "debrecen"):
        plan = stored_plan(name)
        instance = instance_of(plan.region)
        decisions = decisions_of(plan, instance)
        given = cp.willingness(plan).grants
        factor = (given["needed_m_y"] / given["amount_m_y"]).to_numpy()
        by_grant = dict(zip(zip(given["firm"], given["instrument"], strict=True), factor, strict=True))
        names = [
            (instance.sites.firms[f], instance.awards.instruments[i])
            for f, i in zip(instance.awards.firm, instance.awards.instrument, strict=True)
        ]
        cut = np.array([by_grant.get(key, 1.0) for key in names])
        enough = evaluate(instance, replace(decisions, award=decisions.award * cut)).surplus
        less = evaluate(instance, replace(decisions, award=decisions.award * cut * (1 - 1e-3))).surplus
        firms = cp.willingness(plan).firms
        for firm in firms.index[firms["needed_m_y"] > 0]:
            f = instance.sites.firms.index(firm)
            assert enough[f] == pytest.approx(0.0, abs=1e-6)
            assert less[f] < -1e-5
            tried += 1
    assert tried > 20


def keeps(plan: cp.Plan, firm: str | None, most: float) -> bool:
    """Whether the places of the plan can stand with grants to the firm (None: to all) worth no more."""
    problem = cp.build(plan.region)
    model = problem.model
    sites, awards = model.instance.sites, model.instance.awards
    for f, name in enumerate(sites.firms):
        for s, park in enumerate(sites.parks):
            if sites.admissible[f, s]:
                problem += model.place(name, park) == (1 if park == plan.firms.at[name, "park"] else 0)
    mine = [n for n, f in enumerate(awards.firm) if firm is None or sites.firms[f] == firm]
    worth = np.ones(len(awards.firm)) if firm is None else awards.worth
    problem += sum(worth[n] * model.variables[model.awarded.h[n]] for n in mine) <= most
    try:
        cp.solve(plan.region, problem=problem)
    except cp.NoPlanError:
        return False
    return True


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_beneath_the_exact_least_grant_the_places_cannot_stand(seed: int) -> None:
    plan = cp.solve(small_region(seed))
    found = cp.willingness(plan, exact=True)
    anew = found.firms["needed_anew_m_y"]
    candidates = found.firms["status"] == "candidate"
    assert (anew <= found.firms["grants_m_y"] + 1e-7)[candidates].all()
    assert anew[~candidates].isna().all()
    for firm in found.firms.index[candidates & (found.firms["grants_m_y"] > 0)]:
        assert keeps(plan, firm, anew[firm] + HAIR)
        assert anew[firm] == 0 or not keeps(plan, firm, anew[firm] - HAIR)
    total = found.least_total_m_y
    assert total is not None
    assert total <= plan.grants["amount_m_y"].sum() + 1e-7
    assert keeps(plan, None, total + HAIR)
    assert total == 0 or not keeps(plan, None, total - HAIR)


def test_the_least_amount_that_an_instrument_pays_counts_in_the_exact_answer() -> None:
    firm = cp.willingness(stored_plan("dresden"), exact=True).firms.loc["mask_b"]
    assert firm["needed_anew_m_y"] > firm["needed_m_y"] + 0.1


def test_where_time_runs_out_nothing_is_claimed() -> None:
    plan = cp.solve(cp.load_region("tiny"))
    found = cp.willingness(plan, exact=True, time_limit=0.0)
    assert np.isnan(found.firms.at["batteries", "needed_anew_m_y"])
    assert found.least_total_m_y is not None
    assert np.isnan(found.least_total_m_y)
    with pytest.raises(cp.UsageError, match="time limit"):
        cp.willingness(plan, exact=True, time_limit=-1.0)


def test_the_command_prints_the_same_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = cp.solve(cp.load_region("tiny"))
    plan.save(tmp_path / "tiny")
    assert main(["willingness", str(tmp_path / "tiny"), "--exact", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    expected = cp.willingness(plan, exact=True)
    assert [row["firm"] for row in told["firms"]] == list(expected.firms.index)
    assert [row["surplus_m_y"] for row in told["firms"]] == pytest.approx(list(expected.firms["surplus_m_y"]))
    assert told["least_total_m_y"] == pytest.approx(expected.least_total_m_y)
    assert {row["part"] for row in told["parts"]} <= set(PARTS)
    assert main(["willingness", str(tmp_path / "tiny")]) == 0
    shown = capsys.readouterr().out
    assert "Bright Batteries" in shown
    assert "rent" in shown


def test_the_least_grants_of_a_stable_plan_keep_it_stable() -> None:
    plan = cp.solve(small_region(206), stable=True)
    found = cp.willingness(plan, exact=True)
    free = cp.willingness(replace(plan, proof=replace(plan.proof, options={})), exact=True)
    assert found.least_total_m_y is not None
    assert free.least_total_m_y is not None
    assert found.least_total_m_y >= free.least_total_m_y - 1e-9
    without = cp.additionality(plan).without
    assert without is not None
    assert without.proof.options["stable"]
