"""Stability: who would rather be elsewhere, plans in which nobody would, and regions that have none."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from regions_with_works import region_with_works
from scipy.optimize import linprog
from steady import Steady, built_region, linked_region, linked_tables, linked_works_region, steady_region
from test_rules_region import ANCHOR, firm, links, parks, region

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.errors import NoPlanError, UsageError
from clusterplan.instance import as_decided, instance_of, stable_of, with_stability
from clusterplan.instance.elsewhere import PARTS, elsewhere, granted
from clusterplan.instance.moving import moved, moving
from clusterplan.plan.checks.case import case_of
from clusterplan.plan.checks.instruments import grants
from clusterplan.plan.checks.stability import _GIVEN_UP, _room, _Weighing
from clusterplan.plan.evaluate import evaluate
from clusterplan.plan.start import decisions_of
from clusterplan.rules import write

CHASE = links(("near", "chaser", "shy", 1.0, 1.0, 0.0), ("far", "chaser", "shy", -1.0, 0.0, 1.0))
"""The chaser wants to be with the shy one, which wants to be away from it."""


def pursuit(**columns):
    """A region of two open parks in which one firm runs after another."""
    firms = [firm(name, margin_m_y=3.0, **columns) for name in ("chaser", "shy")]
    return region([ANCHOR, *firms], parks=parks(status="open", open_cost_m_y=0.0), links=CHASE)


def agrees(made: cp.Region, relocation: float = 0.0) -> tuple[float, cp.Plan | None]:
    """Compare the best stable plan with that of all layouts; return what it costs, and the plan."""
    best, free = Steady(made, relocation).best(), Steady(made, math.inf).best()
    if best == -math.inf:
        with pytest.raises(NoPlanError) as told:
            cp.solve(made, stable=True, relocation_m_y=relocation, time_limit=60)
        assert told.value.faults[0].rule == ("infeasible" if free == -math.inf else "stability")
        return math.inf, None
    plan = cp.solve(made, stable=True, relocation_m_y=relocation, time_limit=60)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(best, rel=1e-5, abs=1e-5)
    assert cp.stability(plan).is_stable
    return free - best, plan


@pytest.mark.parametrize("seed", range(12))
def test_a_stable_plan_of_links_alone_is_worth_what_the_best_stable_layout_is_worth(seed):
    agrees(linked_region(seed), relocation=0.2 * (seed % 2))


def test_stability_costs_something_in_some_of_the_regions_of_links():
    made = linked_region(5)
    assert Steady(made, math.inf).best() - Steady(made).best() == pytest.approx(0.590163523530)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(16))
def test_a_stable_plan_is_worth_what_the_best_stable_layout_is_worth(seed):
    agrees(steady_region(seed))


@pytest.mark.parametrize(
    "seed",
    [43, *(pytest.param(seed, marks=pytest.mark.long) for seed in (18, 20, 21, 22, 30, 37, 38, 40, 52))],
)
def test_a_stable_plan_with_levels_works_and_access_is_worth_what_the_best_of_all_is_worth(seed):
    made = linked_works_region(seed)
    best, free = Steady(made).best(), cp.solve(made, gap=1e-9).value
    plan = cp.solve(made, stable=True, gap=1e-9)
    assert plan.value == pytest.approx(best, rel=1e-6)
    assert plan.value < free - 0.01
    assert cp.stability(plan).is_stable
    assert cp.verify(plan).empty


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 3, 7, 9, 11])
def test_a_stable_plan_with_trade_levels_and_works_is_worth_what_the_best_of_all_is_worth(seed):
    agrees(built_region(seed))


def test_works_that_are_built_and_a_laboratory_in_its_park_decide_whether_a_firm_stays():
    plans = {seed: cp.solve(linked_works_region(seed), stable=True, gap=1e-9) for seed in (20, 37, 43)}
    free = {seed: cp.solve(linked_works_region(seed), gap=1e-9) for seed in plans}
    assert not any(cp.stability(plan).is_stable for plan in free.values())
    assert any(list(plans[seed].works["built"]) != list(free[seed].works["built"]) for seed in plans)
    assert (plans[20].grants["instrument"] == "access").any()  # it holds a firm where the laboratory is


def test_a_plan_of_works_that_is_stable_starts_the_next_solve_and_an_unstable_one_does_not_fit():
    for seed in (18, 37, 40):
        made = linked_works_region(seed)
        instance = with_stability(made, instance_of(made))
        plan, free = cp.solve(made, stable=True, gap=1e-9), cp.solve(made, gap=1e-9)
        written = write(instance)
        assert worst(written, decisions_of(plan, instance)) <= 1e-6
        assert worst(written, decisions_of(free, instance)) > 0.01


def worst(written, decisions) -> float:
    """By how much column values of decisions break a row of the program at most."""
    values, most = written.values(decisions), 0.0
    for block in written.program.row_blocks:
        sums = np.bincount(block.row, weights=block.coefficient * values[block.column], minlength=block.count)
        over = {"<=": sums - block.rhs, ">=": block.rhs - sums, "==": np.abs(sums - block.rhs)}[block.sense]
        most = max(most, float(over.max(initial=0.0)))
    return most


def test_more_works_at_one_park_than_cases_can_be_looked_at_are_refused_by_name():
    tables = linked_tables(0)
    roads = [
        {"work": f"w{i}", "from": "p0", "to": "p1", "km": 7.0 - i, "cost_m_y": 0.1, "provenance": "assumed"}
        for i in range(7)
    ]
    made = cp.Region.from_frames(**tables, works=pd.DataFrame(roads))
    with pytest.raises(UsageError, match=r"7 works shorten ways .* from park 'p0'"):
        cp.solve(made, stable=True)
    fewer = cp.Region.from_frames(**tables, works=pd.DataFrame(roads[:2]))
    assert cp.solve(fewer, stable=True).status == "optimal"


@pytest.mark.parametrize(
    "made",
    [
        *map(steady_region, (0, 6, 8, 11, 12)),
        *map(region_with_works, (0, 3, 6)),
        *map(linked_works_region, (20, 37)),
    ],
    ids=lambda made: made.name,
)
def test_gains_elsewhere_are_those_that_the_check_of_a_plan_finds(made):
    plan = cp.solve(made, time_limit=20)
    whole = instance_of(plan.region)
    decisions = decisions_of(plan, whole)
    instance = as_decided(whole, decisions.level, decisions.built)
    found = elsewhere(instance, decisions, stable_of(plan.region, instance))
    case = case_of(plan, 1e-6)
    weighing = _Weighing.of(case, grants(case))
    deciding = case.decided.placed & ~case.is_platform & (case.firms["status"] != "existing").to_numpy()
    assert deciding.any()
    for f in np.flatnonzero(deciding).tolist():
        here = int(case.decided.park[f])
        for t in range(len(case.parks)):
            if t == here or not case.admissible[f, t]:
                continue
            (then, lost), (now, _) = weighing.earned(f, t), weighing.earned(f, here)
            assert found.anyhow[f, t] == pytest.approx(then - now, abs=1e-9)
            may = case.decided.opened[t] and _room(case, f, t) and lost < _GIVEN_UP
            assert found.may[f, t] == may


@pytest.mark.parametrize("seed", [0, 6, 8, 11, 12])
def test_a_firm_that_moves_gains_what_was_told(seed):
    plan = cp.solve(steady_region(seed), time_limit=20)
    instance = instance_of(plan.region)
    decisions = decisions_of(plan, instance)
    found = elsewhere(instance, decisions, stable_of(plan.region, instance))
    before = evaluate(instance, decisions).surplus
    for f, t in np.argwhere(found.welcome & (found.lost == 0)).tolist():
        after = evaluate(instance, moved(instance, decisions, f, t)).surplus
        assert after[f] - before[f] == pytest.approx(found.anyhow[f, t], abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_left_of_grants_is_what_a_firm_would_keep_if_it_could_choose(seed):
    rng = np.random.default_rng(seed)
    instance = instance_of(steady_region(0))
    awards = instance.awards
    worth = rng.choice([0.5, 0.8, 1.0], len(awards.firm))
    ceiling = np.where(
        rng.random(awards.ceiling.shape) < 0.3, np.inf, rng.uniform(0, 0.3, awards.ceiling.shape)
    )
    changed = replace(instance, awards=replace(awards, worth=worth, ceiling=ceiling))
    award = awards.cap.max(axis=1) * rng.uniform(0, 1, len(awards.firm))
    found = granted(changed, award, np.arange(instance.n_firms))
    for f in np.unique(awards.firm).tolist():
        mine = awards.firm == f
        for t in range(instance.n_parks):
            limited = np.isfinite(ceiling[f, t])
            kept = linprog(
                -worth[mine],
                A_ub=awards.counts[mine][None, :].astype(float) if limited else None,
                b_ub=[ceiling[f, t]] if limited else None,
                bounds=[(0, x) for x in np.minimum(award, awards.cap[:, t])[mine]],
            )
            assert found[f, t] == pytest.approx(-kept.fun, abs=1e-9)


def test_a_firm_that_would_rather_be_elsewhere_is_told_with_where_to_and_why():
    found = cp.stability(cp.solve(pursuit(lock="in")))
    assert not found.is_stable
    (move,) = found.moves.to_dict("records")
    assert move["gain_m_y"] == pytest.approx(sum(move[f"{part}_m_y"] for part in PARTS))
    assert move["links_m_y"] == pytest.approx(move["gain_m_y"]) == found.greatest_gain_m_y
    assert found.firms.loc[move["firm"], "status"] == "would move"
    assert found.firms.loc[move["firm"], "best_park"] == move["to"]
    assert list(found.firms.index) == ["chaser", "shy"]  # the anchor is there already


def test_a_region_without_a_stable_plan_is_told_with_the_circle_of_moves():
    with pytest.raises(NoPlanError, match="round in a circle") as told:
        cp.solve(pursuit(lock="in"), stable=True)
    head, *moves = told.value.faults
    assert head.rule == "stability"
    assert [fault.value for fault in moves] == ["shy", "chaser", "shy", "chaser"]
    assert {fault.rule for fault in moves} == {"stability_move"}


def test_firms_that_may_stay_out_are_left_out_where_that_makes_a_plan_stable():
    plan = cp.solve(pursuit(), stable=True)
    assert plan.status == "optimal"
    assert plan.firms.loc[["chaser", "shy"], "park"].notna().sum() < 2


def test_a_move_that_costs_more_than_it_gains_is_not_made():
    made = pursuit(lock="in")
    gain = cp.stability(cp.solve(made)).greatest_gain_m_y
    assert cp.solve(made, stable=True, relocation_m_y=gain * 1.01).status == "optimal"
    with pytest.raises(NoPlanError):
        cp.solve(made, stable=True, relocation_m_y=gain * 0.99)


def test_better_responses_end_where_nobody_would_move():
    made = steady_region(8)
    instance = with_stability(made, instance_of(made))
    after = moving(instance, decisions_of(cp.solve(made, time_limit=20), instance), instance.stable)
    assert after.end == "settled"
    assert after.moves
    assert elsewhere(instance, after.decisions, instance.stable).gain.max() <= 1e-6


def test_a_firm_goes_where_its_innovation_loop_would_be_closed_and_a_stable_plan_has_it_there():
    lab = firm("lab", "lab", status="committed", is_platform=True, only_parks="hill", margin_m_y=0.0)
    lab |= {"outside_m_y": None, "public_cost_m_y": 0.1}
    loop = {"loop": ["pilot"], "stage": "parts", "needs": "lab", "reach": 1.0, "value_m_y": 1.5, "share": 0.6}
    where = parks(status="open", open_cost_m_y=0.0, land_price_m_ha=[0.0, 0.5])

    def made(only):
        firms = [ANCHOR, lab, firm("a", lock="in", only_parks=only)]
        return region(firms, parks=where, loops=pd.DataFrame(loop))

    plan = replace(cp.solve(made("town")), region=made(None))
    (move,) = cp.stability(plan).moves.to_dict("records")
    assert (move["firm"], move["to"]) == ("a", "hill")
    assert move["loops_m_y"] == pytest.approx(0.9)
    assert move["gain_m_y"] == pytest.approx(0.9 - 0.25)  # the land of the hill is dearer
    assert cp.solve(made(None), stable=True).firms.loc["a", "park"] == "hill"


def exchange() -> cp.Plan:
    """A plan in which each of two firms is where the other would rather be, and no park has room for both."""
    there = [ANCHOR, firm("friend", status="existing", park="hill", is_new_entrant=False)]
    ties = links(("one", "maker", "a", 2.0, 0.0, 1.0), ("two", "friend", "b", 2.0, 0.0, 1.0))
    room = parks(status="open", open_cost_m_y=0.0, land_ha=10.0)

    def made(only_a, only_b):
        firms = [firm("a", lock="in", only_parks=only_a), firm("b", lock="in", only_parks=only_b)]
        return region([*there, *firms], parks=room, links=ties)

    return replace(cp.solve(made("hill", "town")), region=made(None, None))


def test_two_firms_that_would_change_places_are_a_pair():
    found = cp.stability(exchange())
    assert found.is_stable  # neither has room alone
    (pair,) = found.pairs.to_dict("records")
    assert (pair["first"], pair["first_from"], pair["first_to"]) == ("a", "hill", "town")
    assert (pair["second"], pair["second_from"], pair["second_to"]) == ("b", "town", "hill")
    own = exchange().distances.proximity("talent")
    assert pair["first_gain_m_y"] == pair["second_gain_m_y"] == pytest.approx(2.0 * (1.0 - own[0, 1]))


def test_two_firms_that_would_only_move_together_are_a_pair():
    prices = parks(status="open", open_cost_m_y=0.0, land_price_m_ha=[0.5, 0.0])
    tie = links(("tie", "a", "b", 4.0, 0.5, 0.5))

    def made(only):
        return region([ANCHOR, *(firm(n, lock="in", only_parks=only) for n in "ab")], parks=prices, links=tie)

    plan = replace(cp.solve(made("town")), region=made(None))
    found = cp.stability(plan)
    assert found.is_stable  # alone, either would lose the other
    (pair,) = found.pairs.to_dict("records")
    assert pair["first_to"] == pair["second_to"] == "hill"
    assert pair["first_gain_m_y"] == pytest.approx(5.0 * 0.5 * 0.1)  # land, at no interest over ten years


@pytest.mark.parametrize("seed", [6, 8, 11])
def test_pairs_are_those_that_trying_all_moves_of_two_finds(seed):
    plan = cp.solve(steady_region(seed), time_limit=20)
    instance = instance_of(plan.region)
    decisions = decisions_of(plan, instance)
    stable = stable_of(plan.region, instance)
    alone = elsewhere(instance, decisions, stable)
    before = evaluate(instance, decisions).surplus
    expected = {}
    movers = np.flatnonzero(stable.moves & (decisions.park >= 0)).tolist()
    for f in movers:
        for g in [other for other in movers if other > f]:
            for s in np.flatnonzero(alone.welcome[f]).tolist():
                for t in np.flatnonzero(alone.welcome[g]).tolist():
                    after = moved(instance, moved(instance, decisions, f, s), g, t)
                    gains = (evaluate(instance, after).surplus - before)[[f, g]]
                    back = moved(instance, after, f, int(decisions.park[f]))
                    fits = bool(
                        elsewhere(instance, back, stable).may[f, s]
                        and elsewhere(
                            instance, moved(instance, after, g, int(decisions.park[g])), stable
                        ).may[g, t]
                    )
                    single = min(alone.gain[f, s], alone.gain[g, t]) > 1e-6
                    if gains.min() > 1e-6 and fits and not single:
                        key = instance.sites.firms[f], instance.sites.firms[g]
                        expected[key] = max(expected.get(key, 0.0), float(gains.min()))
    pairs = cp.stability(plan).pairs
    least = pairs[["first_gain_m_y", "second_gain_m_y"]].min(axis=1)
    assert dict(zip(zip(pairs["first"], pairs["second"], strict=True), least, strict=True)) == pytest.approx(
        expected
    )


def test_a_stable_plan_knows_it_when_it_is_read_and_an_unstable_one_that_says_so_is_found_out(tmp_path):
    made = steady_region(8)
    stable = cp.solve(made, stable=True, time_limit=20)
    back = cp.read_plan(stable.save(tmp_path / "stable"))
    assert back.proof.options["stable"] is True
    assert cp.verify(back).empty
    free = cp.solve(made, time_limit=20)
    assert cp.verify(free).empty
    liar = replace(free, proof=replace(free.proof, options=dict(stable.proof.options)))
    moves = cp.stability(free).moves
    assert set(cp.verify(liar)["id"]) == {f"{row['firm']}/{row['to']}" for row in moves.to_dict("records")}
    assert set(cp.verify(liar)["rule"]) == {"stability.move"}


def test_what_stability_costs_is_the_difference_of_two_plans():
    plan = cp.solve(steady_region(8), time_limit=20)
    found = cp.stability_cost(plan, time_limit=20)
    assert found.cost_m_y == pytest.approx(plan.value - found.stable.value)
    assert found.cost_m_y > 0.1
    with pytest.raises(UsageError, match="stable"):
        cp.stability_cost(found.stable)


def test_a_stable_model_can_be_built_extended_and_solved():
    made = steady_region(8)
    problem = cp.build(made, stable=True)
    assert (
        any(name.startswith("stability_") for name in problem.constraints_dict())
        if hasattr(problem, "constraints_dict")
        else True
    )
    plan = cp.solve(made, problem=problem, stable=True, time_limit=20)
    assert cp.stability(plan).is_stable
    with pytest.raises(UsageError, match="stable=True"):
        cp.solve(made, problem=problem)


def test_costs_of_moving_that_cannot_be_meant_are_refused():
    made = pursuit()
    for cost in (-1.0, math.nan, math.inf):
        with pytest.raises(UsageError, match="0 or more"):
            cp.solve(made, stable=True, relocation_m_y=cost)
    with pytest.raises(UsageError, match="stable=True"):
        cp.solve(made, relocation_m_y=1.0)


def test_the_commands_plan_stably_and_tell_who_would_rather_move(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["solve", "tiny", "--stable", "--relocation", "0.1", "-o", str(out), "--json"]) == 0
    capsys.readouterr()
    assert main(["stability", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["is_stable"] is True
    assert told["relocation_m_y"] == 0.1
    assert {firm["firm"] for firm in told["firms"]} <= {"batteries", "seats", "glass"}
    cp.solve(pursuit(lock="in")).save(tmp_path / "restless")
    assert main(["stability", str(tmp_path / "restless")]) == 0
    assert "1 firm of 2" in capsys.readouterr().out


def test_a_frame_without_moves_has_its_columns():
    found = cp.stability(cp.solve(cp.load_region("tiny"), stable=True))
    assert found.moves.empty
    assert isinstance(found.moves, pd.DataFrame)
    assert list(found.moves.columns)[:5] == ["firm", "name", "from", "to", "gain_m_y"]
