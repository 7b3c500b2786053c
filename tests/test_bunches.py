"""Futures that are alike stand as one in the program that bounds several: no plan is lost by it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module

import numpy as np
import pytest
from small_regions import small_region
from test_robust import AIMS, futures_for

import clusterplan as cp
from clusterplan.explore.futures.laters import futures_ready
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.session import Settings, run
from clusterplan.solve.together import Asked, Divided, bunched, search_together, shared, tightened

NAMES = ["mean", "worst", "cvar", "always"]


def alike_futures(seed):
    """Return four futures that differ in prices, volumes and margins alone."""
    rng = np.random.default_rng(seed + 99)
    idle = ["firm.*.min_load = 0"] if seed % 3 == 0 else []
    return [
        cp.Scenario(
            str(n),
            [
                f"market.*.buys_at *= {rng.uniform(0.9, 1.15)}",
                f"market.*.buys_up_to_per_y *= {rng.uniform(0.6, 1.2)}",
                f"firm.*.margin_m_y *= {rng.uniform(0.8, 1.1)}",
                *idle,
            ],
            probability=float(rng.uniform(0.5, 2.0)),
        )
        for n in range(4)
    ]


@cache
def ready_for(seed, alike):
    region = small_region(seed)
    return futures_ready(region, alike_futures(seed) if alike else futures_for(region, seed)[0])


def program_of(seed, options, *, alike):
    ready = ready_for(seed, alike)
    return shared(ready.today, ready.laters, Asked(**options))


def best(program):
    found = solve_highs(program.part().matrix)
    return -np.inf if found.value is None else found.value


def slack(value):
    return 1e-5 * max(1.0, abs(value)) if np.isfinite(value) else 0.0


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in (*range(4, 11), *range(12, 29))]


@pytest.mark.parametrize("alike", [True, False], ids=["alike", "several kinds"])
@pytest.mark.parametrize("options", AIMS, ids=NAMES)
@pytest.mark.parametrize("seed", [0, 2, 3, *LONG])
def test_no_plan_is_worth_more_than_the_program_in_bunches_or_its_relaxation(seed, options, alike):
    program = program_of(seed, options, alike=alike)
    value = best(program)
    joint = bunched(program)
    assert best(joint) >= value - slack(value)
    tight = tightened(joint)
    assert best(tight) >= value - slack(value)
    whole = tight.part().matrix
    relaxed = run(replace(whole, integer=np.zeros(whole.n_columns, dtype=bool)), Settings())
    assert relaxed.claim == "optimal" or value == -np.inf
    if relaxed.claim == "optimal":
        assert relaxed.bound >= value - slack(value)


@pytest.mark.parametrize("options", AIMS, ids=NAMES)
@pytest.mark.parametrize("seed", [0, 2, 3])
def test_rows_that_tighten_lose_no_plan_of_the_whole_program(seed, options):
    program = program_of(seed, options, alike=False)
    assert best(tightened(program)) == pytest.approx(best(program), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_prices_volumes_and_margins_are_told_exactly_where_the_mean_is_made_best(seed):
    program = program_of(seed, {}, alike=True)
    joint = bunched(program)
    assert len(joint.blocks) == 1
    assert best(joint) == pytest.approx(best(program), rel=1e-6, abs=1e-6)


def test_futures_that_are_told_apart_are_not_put_together():
    program = program_of(2, {"aim": "worst"}, alike=True)
    assert len(bunched(program, [0, 1, 0, 2]).blocks) == 3
    assert best(bunched(program, range(4))) == pytest.approx(best(program), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("alike", [True, False], ids=["alike", "several kinds"])
@pytest.mark.parametrize("options", AIMS, ids=NAMES)
@pytest.mark.parametrize("seed", [0, 2])
def test_dividing_the_question_ends_at_the_best_plan(seed, options, alike):
    program = program_of(seed, options, alike=alike)
    value = best(program)
    found = [-np.inf]

    def held(park):
        told = solve_highs(program.held(park).matrix)
        found[0] = max(found[0], -np.inf if told.value is None else told.value)
        return -np.inf if told.bound is None or told.status == "infeasible" else told.bound

    bound = Divided(tightened(bunched(program)), held, lambda: found[0], np.inf).go()
    assert found[0] == pytest.approx(value, rel=1e-6, abs=1e-6)
    assert bound == pytest.approx(value, rel=2e-6, abs=1e-6)


@pytest.mark.parametrize("options", AIMS, ids=NAMES)
def test_seeking_layouts_finds_and_proves_the_best_plan_whatever_is_asked(options):
    program = program_of(2, options, alike=True)
    ready = ready_for(2, True)
    found = search_together(ready.today, ready.laters, Asked(**options), time_limit=4, whole=False)
    value = best(program)
    assert found.how == "layouts"
    assert found.bound >= value - slack(value)
    assert found.value == pytest.approx(value, rel=1e-6, abs=1e-6)


def test_ctrl_c_ends_the_dividing_and_leaves_the_bound_open(monkeypatch):
    looked = []

    def stopped(problem, settings, **_):
        looked.append(problem)
        return replace(run(problem, replace(settings, time_limit=0.0)), claim="stopped", interrupted=True)

    monkeypatch.setattr(import_module("clusterplan.solve.together.divide"), "run", stopped)
    program = bunched(program_of(1, AIMS[0], alike=True))
    divided = Divided(tightened(program), lambda _: -np.inf, lambda: -np.inf, np.inf, bound=7.0)
    assert divided.go() == 7.0
    assert divided.interrupted
    assert len(looked) == 1


def test_ctrl_c_within_the_search_ends_it_and_keeps_the_plan(monkeypatch):
    module = import_module("clusterplan.solve.together.layouts")

    def pressed(*_, **__):
        raise KeyboardInterrupt

    ready = ready_for(1, alike=True)
    monkeypatch.setattr(module, "begin", pressed)
    found = search_together(ready.today, ready.laters, Asked(), time_limit=20, whole=False)
    assert found.status == "feasible"
    assert found.columns is not None
    assert found.bound is None
    monkeypatch.setattr(import_module("clusterplan.solve.together.divide"), "run", pressed)
    with pytest.raises(KeyboardInterrupt):
        search_together(ready.today, ready.laters, Asked(), time_limit=20, whole=False)
