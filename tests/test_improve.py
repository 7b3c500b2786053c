"""Improving parts of a plan: never worse, as good as the whole where a part is all, always a plan."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from small_regions import small_region

import clusterplan as cp
from clusterplan.instance import instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.rules import write, write_model
from clusterplan.solve import Limits, find
from clusterplan.solve import improve as improving
from clusterplan.solve import stages as solve_stages
from clusterplan.solve.columns import Columns
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.find import is_own
from clusterplan.solve.improve import first_plan, improve, part_of, solved
from clusterplan.solve.matrix import matrix

SEEDS = (202, 206, 208, 209, 210, 212, 213, 215)
"""Small regions that have a plan of the firms that must be placed alone."""


def value_of(instance, decisions) -> float:
    amounts = evaluate(instance, decisions).amounts
    return sum(instance.weights[term] * amount for term, amount in amounts.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_least_plan_it_reaches_the_best(seed: int) -> None:
    region = small_region(seed)
    instance = instance_of(region)
    first = first_plan(instance, None).decisions
    assert first is not None
    found = improve(instance, first, rounds=40, seed=seed)
    best = cp.solve(region)
    assert found.value == pytest.approx(best.value, rel=2e-4, abs=2e-4)
    assert value_of(instance, found.decisions) == pytest.approx(found.value, abs=1e-6)


def test_a_part_leaves_every_other_firm_where_it_is() -> None:
    region = cp.synthetic.region(24, 5, 3)
    instance = instance_of(region)
    first = first_plan(instance, None).decisions
    assert first is not None
    plan = improve(instance, first, rounds=6, seed=5).decisions
    assert (plan.park >= 0).sum() > (first.park >= 0).sum()
    free = np.zeros(instance.n_firms, dtype=bool)
    free[np.random.default_rng(1).permutation(instance.n_firms)[:6]] = True
    part = solved(instance, plan, free, None)
    assert part.decisions is not None
    assert (part.decisions.park[~free] == plan.park[~free]).all()
    assert part.value >= value_of(instance, plan) - 1e-6
    assert write(part_of(instance, plan, free)).program.n_columns < write(instance).program.n_columns / 2


def test_rounds_and_seed_repeat_and_more_rounds_are_never_worse() -> None:
    instance = instance_of(cp.synthetic.region(24, 5, 1))
    first = first_plan(instance, None).decisions
    values = []
    for rounds in (0, 6, 12):
        one, two = (improve(instance, first, rounds=rounds, seed=5) for _ in range(2))
        assert np.array_equal(one.decisions.park, two.decisions.park)
        assert one.value == two.value
        values.append(one.value)
    assert values == sorted(values)
    assert values[-1] > values[0]


def test_a_program_written_directly_is_the_one_that_pulp_hands_over() -> None:
    model = write_model(instance_of(cp.load_region("yibin")))
    direct, handed = matrix_of(model), matrix(model.problem)
    at = Columns.of(model, handed).at
    used = at >= 0
    assert np.array_equal(direct.row_lower, handed.row_lower)
    assert np.array_equal(direct.row_upper, handed.row_upper)
    assert np.allclose(direct.cost[used], handed.cost[at[used]])
    assert direct.constant == pytest.approx(handed.constant)
    assert abs(direct.rows()[:, used] - handed.rows()[:, at[used]]).max() < 1e-12


def changed_problems():
    def row(problem):
        problem += problem.model.place("anode_b", "gong") == 0

    def bound(problem):
        problem.model.place("anode_b", "gong").upBound = 0

    return [row, bound]


@pytest.mark.parametrize("change", changed_problems(), ids=["row", "bound"])
def test_what_a_user_added_is_seen_and_kept(change) -> None:
    region = cp.load_region("yibin")
    problem = cp.build(region)
    written = matrix(problem)
    assert is_own(problem.model, written, Columns.of(problem.model, written))
    change(problem)
    written = matrix(problem)
    assert not is_own(problem.model, written, Columns.of(problem.model, written))


@pytest.mark.long
def test_the_stages_end_with_a_proven_plan_and_tell_progress_that_never_goes_back(monkeypatch) -> None:
    region = cp.load_region("debrecen")
    expected = cp.solve(region)
    monkeypatch.setattr(solve_stages, "IMPROVE_SHARES", ((np.inf, 0.3),))  # first plan, improving, proof
    said = []
    plan = cp.solve(region, time_limit=60, on_progress=said.append)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected.value, rel=2e-6)
    best = [progress.best for progress in said if progress.best is not None]
    assert best == sorted(best)
    assert [progress.seconds for progress in said] == sorted(progress.seconds for progress in said)


def test_with_a_work_limit_the_stages_repeat(monkeypatch) -> None:
    monkeypatch.setattr(solve_stages, "IMPROVE_SHARES", ((np.inf, 0.3),))
    instance = instance_of(cp.synthetic.region(20, 5, 2))
    runs = [find(write_model(instance), Limits(work_limit=8)) for _ in range(2)]
    assert runs[0].status == runs[1].status
    assert np.array_equal(runs[0].decisions.park, runs[1].decisions.park)


def test_a_start_that_no_longer_holds_is_left_aside(monkeypatch) -> None:
    monkeypatch.setattr(solve_stages, "IMPROVE_SHARES", ((np.inf, 0.3),))
    region = cp.load_region("tiny")
    plan = cp.solve(region)
    tables = region.given()
    land = tables["parks"]["land_ha"].where(tables["parks"].index != "south", 1.0)
    changed = {**tables, "parks": tables["parks"].assign(land_ha=land)}
    smaller = cp.solve(cp.Region.from_frames(**changed), start=plan)
    assert smaller.value < plan.value
    assert cp.solve(region, start=smaller).value == pytest.approx(plan.value)


def stopped_at(call: int):
    """Return `solved` that Ctrl-C ends at its n-th call."""
    calls = []

    def solved_or_stopped(*arguments):
        calls.append(None)
        if len(calls) == call:
            raise KeyboardInterrupt
        return solved(*arguments)

    return solved_or_stopped


def test_ctrl_c_keeps_the_best_plan_so_far(monkeypatch) -> None:
    instance = instance_of(cp.synthetic.region(24, 5, 1))
    first = first_plan(instance, None).decisions
    monkeypatch.setattr(improving, "solved", stopped_at(6))
    found = improve(instance, first, rounds=20, seed=5)
    assert found.interrupted
    assert found.rounds == 4
    assert found.value == pytest.approx(value_of(instance, found.decisions))


def pressed(*_arguments, **_options):
    raise KeyboardInterrupt


def test_ctrl_c_before_the_first_plan_ends_without_one(monkeypatch) -> None:
    monkeypatch.setattr(solve_stages, "AT_ONCE", 0)
    monkeypatch.setattr(solve_stages, "first_plan", pressed)
    found = find(instance_of(cp.load_region("debrecen")), Limits(time_limit=20))
    assert found.status == "no_plan"
    assert found.decisions is None
    assert found.limit == "interrupt"


def test_ctrl_c_while_improving_keeps_the_plan_and_the_bound(monkeypatch) -> None:
    monkeypatch.setattr(solve_stages, "AT_ONCE", 0)
    monkeypatch.setattr(solve_stages, "IMPROVE_SHARES", ((np.inf, 0.3),))
    monkeypatch.setattr(solve_stages, "refine", pressed)
    instance = instance_of(cp.synthetic.region(12, 3, 0))
    found = find(instance, Limits(time_limit=20))
    assert found.status == "feasible"
    assert found.limit == "interrupt"
    assert found.bound >= value_of(instance, found.decisions)


def test_ctrl_c_within_a_step_of_the_search_ends_it_and_its_plan_is_told(monkeypatch):
    instance = instance_of(small_region(3))
    module = import_module("clusterplan.solve.begin")
    part = module.solve_part
    monkeypatch.setattr(module, "solve_part", lambda *asked: replace(part(*asked), interrupted=True))
    told = []
    with pytest.raises(KeyboardInterrupt):
        module.begin(instance, time_limit=0.2, seed=0, on_better=told.append)
    assert len(told) == 1
