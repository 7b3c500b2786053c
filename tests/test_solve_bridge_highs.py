"""HiGHS through the bridge: right values, honest statuses, starts, progress, Ctrl-C."""

from __future__ import annotations

import itertools
import json
import random
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pulp
import pytest

from clusterplan.errors import SolverError, UsageError
from clusterplan.solve import listen, session
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import matrix
from clusterplan.solve.violations import violations
from clusterplan.solve.whole import made_whole


def knapsacks(items: int, rows: int, seed: int, sense: int = pulp.LpMaximize) -> pulp.LpProblem:
    """Choose items under several budgets, or to minimise over several needs: hard to prove for many rows."""
    rng = random.Random(seed)
    problem = pulp.LpProblem("knapsacks", sense)
    take = [problem.add_variable(f"take_{i:03}", cat="Binary") for i in range(items)]
    problem += pulp.lpSum(rng.randint(20, 120) * x for x in take)
    for _ in range(rows):
        weights = [rng.randint(5, 100) for _ in take]
        total = pulp.lpSum(w * x for w, x in zip(weights, take, strict=True))
        problem += total <= 0.4 * sum(weights) if sense == pulp.LpMaximize else total >= 0.4 * sum(weights)
    return problem


def market_split(items: int = 40, rows: int = 6) -> pulp.LpProblem:
    """Equations with binaries alone: finding any values at all is hard (Cornuéjols and Dawande 1998)."""
    rng = random.Random(0)
    problem = pulp.LpProblem("split", pulp.LpMaximize)
    take = [problem.add_variable(f"take_{i:03}", cat="Binary") for i in range(items)]
    problem += pulp.lpSum(take)
    for _ in range(rows):
        weights = [rng.randrange(100) for _ in take]
        problem += pulp.lpSum(w * x for w, x in zip(weights, take, strict=True)) == sum(weights) // 2
    return problem


def test_opening_with_a_large_coefficient_is_not_called_optimal_when_it_is_not():
    # min 2b + 99999y, a + b = 10, a ≤ 100y: 20 with y = 0. highspy 1.14.0 says 99999.
    problem = pulp.LpProblem("open_close")
    a, b = problem.add_variable("a", 0), problem.add_variable("b", 0)
    y = problem.add_variable("y", cat="Binary")
    problem += 2 * b + 99999 * y
    problem += a + b == 10
    problem += a - 100 * y <= 0
    found = solve_highs(problem)
    assert (found.status, found.value, found.bound) == ("optimal", 20.0, 20.0)


def test_a_version_known_to_be_wrong_is_refused(monkeypatch):
    version = tuple(int(part) for part in session.highs_version().split("."))
    monkeypatch.setattr(session, "_WRONG_VERSIONS", {version})
    with pytest.raises(SolverError, match="pip install"):
        solve_highs(knapsacks(3, 1, seed=0))


@pytest.mark.parametrize("seed", range(15))
def test_small_programs_have_the_value_of_trying_everything(seed):
    rng = random.Random(seed)
    sense = rng.choice([pulp.LpMaximize, pulp.LpMinimize])
    problem = pulp.LpProblem("small", sense)
    x = [problem.add_variable(f"x{i}", rng.randint(-1, 0), rng.randint(1, 3), "Integer") for i in range(4)]
    problem += pulp.lpSum(rng.randint(-9, 9) * v for v in x) + rng.randint(-5, 5)
    for _ in range(3):
        problem += pulp.lpSum(rng.randint(-3, 5) * v for v in x) <= rng.randint(-2, 6)
    read = matrix(problem)
    found = solve_highs(read)
    boxes = [range(int(low), int(high) + 1) for low, high in zip(read.lower, read.upper, strict=True)]
    tried = [np.array(p, dtype=float) for p in itertools.product(*boxes)]
    held = [read.value(p) for p in tried if not violations(read, p)]
    if held:
        assert found.status == "optimal"
        assert found.value == (max(held) if sense == pulp.LpMaximize else min(held))
        assert violations(read, found.values, 0.0) == ()
    else:
        assert found.status == "infeasible"
        assert found.values is None


def test_costs_as_small_as_1e_8_are_still_told_apart():
    problem = pulp.LpProblem("small_costs", pulp.LpMaximize)
    x = [problem.add_variable(f"x{i}", cat="Binary") for i in range(3)]
    problem += 3e-8 * x[0] + 5e-8 * x[1] + 4.5e-8 * x[2]
    problem += 3 * x[0] + 5 * x[1] + 4 * x[2] <= 8
    found = solve_highs(problem)
    assert found.values.tolist() == [1.0, 1.0, 0.0]
    assert found.value == pytest.approx(8e-8, rel=1e-12)


def test_a_linear_program_is_proven_too():
    problem = pulp.LpProblem("continuous", pulp.LpMaximize)
    x, y = problem.add_variable("x", 0), problem.add_variable("y", 0)
    problem += 3 * x + 2 * y + 100
    problem += x + y <= 4
    problem += x + 3 * y <= 6
    found = solve_highs(problem)
    assert (found.status, found.bound) == ("optimal", found.value)
    assert found.value == pytest.approx(112.0, rel=1e-9)


@pytest.mark.parametrize("sense", [pulp.LpMaximize, pulp.LpMinimize])
def test_the_constant_counts_in_value_bound_and_gap(sense):
    problem = knapsacks(30, 12, seed=3, sense=sense)
    found = solve_highs(problem, work_limit=1)
    problem.setObjective(problem.objective + 5000)
    more = solve_highs(problem, work_limit=1)
    assert more.status == "feasible"
    assert more.limit == "work"
    direction = 1 if sense == pulp.LpMaximize else -1
    assert more.gap == direction * (more.bound - more.value) / abs(more.value)
    assert more.value > 5000
    assert more.gap < found.gap
    assert direction * (more.bound - more.value) > 0


def test_a_problem_without_an_objective_is_optimal_with_any_values():
    problem = pulp.LpProblem("any")
    x = problem.add_variable("x", 0, 9, "Integer")
    problem += 2 * x >= 5
    found = solve_highs(problem)
    assert (found.status, found.value, found.gap) == ("optimal", 0.0, 0.0)
    assert found.values[0] >= 3


def test_what_a_user_adds_counts():
    problem = knapsacks(8, 1, seed=1)
    alone = solve_highs(problem)
    bonus = problem.add_variable("bonus", 0, 3)
    problem.setObjective(problem.objective + 10 * bonus)
    problem += bonus <= problem.variables()[0]
    problem += pulp.lpSum(v for v in problem.variables() if v.name.startswith("take")) <= 2
    read = matrix(problem)
    found = solve_highs(problem)
    assert found.value != alone.value
    assert sum(found.values[read.integer]) <= 2
    assert violations(read, found.values) == ()


def test_the_problems_variables_keep_their_values():
    problem = knapsacks(5, 1, seed=0)
    for v in problem.variables():
        v.setInitialValue(0)
    found = solve_highs(problem)
    assert found.value > 0
    assert [v.varValue for v in problem.variables()] == [0] * 5


def test_the_same_call_gives_the_same_values():
    first, second = (solve_highs(knapsacks(40, 20, seed=5), work_limit=5, seed=7) for _ in range(2))
    assert first.values.tolist() == second.values.tolist()
    assert (first.bound, first.nodes) == (second.bound, second.nodes)


# --- nothing found, or nothing to find ------------------------------------------------------------


def test_contradictory_rows_are_infeasible():
    problem = knapsacks(6, 2, seed=0)
    problem += pulp.lpSum(problem.variables()) >= 7
    found = solve_highs(problem)
    assert (found.status, found.values, found.value, found.bound, found.limit) == ("infeasible", *[None] * 4)


@pytest.mark.parametrize("low, high", [(2, 1), (0.2, 0.8)])
def test_bounds_with_no_integer_between_them_are_infeasible(low, high):
    problem = pulp.LpProblem("box")
    x = problem.add_variable("x", low, high, "Integer")
    problem += x
    assert solve_highs(problem).status == "infeasible"


@pytest.mark.parametrize("rhs, status", [(1, "optimal"), (-1, "infeasible")])
def test_an_empty_row_holds_or_does_not(rhs, status):
    problem = pulp.LpProblem("empty")
    problem += problem.add_variable("x", 0, 1)
    problem += pulp.lpSum([]) <= rhs
    assert solve_highs(problem).status == status


@pytest.mark.parametrize("rhs, status", [(1, "optimal"), (-1, "infeasible")])
def test_without_variables_the_rows_alone_decide(rhs, status):
    problem = pulp.LpProblem("nothing")
    problem += 5
    problem += pulp.lpSum([]) <= rhs
    found = solve_highs(problem)
    assert found.status == status
    assert found.value == (5.0 if status == "optimal" else None)


@pytest.mark.parametrize("category", ["Continuous", "Integer"])
def test_an_objective_without_end_is_an_error_that_names_who_pays(category):
    problem = pulp.LpProblem("endless", pulp.LpMaximize)
    x, y = (problem.add_variable(name, 0, cat=category) for name in ("grants", "jobs"))
    problem += y - x
    problem += y - x <= 5
    problem += x >= 1
    assert solve_highs(problem).value == 5.0
    problem.setObjective(y)
    with pytest.raises(SolverError, match=r"without end.*jobs"):
        solve_highs(problem)


@pytest.mark.parametrize("category", ["Continuous", "Integer"])
def test_infeasible_is_not_mistaken_for_an_objective_without_end(category):
    problem = pulp.LpProblem("neither", pulp.LpMaximize)
    x, y, z = (problem.add_variable(name, 0, cat=category) for name in "xyz")
    problem += z
    problem += 2 * x - 2 * y <= -1
    problem += 2 * x - 2 * y >= -0.5
    assert solve_highs(problem).status == "infeasible"


def test_a_limit_before_any_values_is_no_plan_and_never_zeros():
    found = solve_highs(market_split(), time_limit=0.3)
    assert (found.status, found.values, found.value, found.gap) == ("no_plan", None, None, None)
    assert found.limit == "time"
    assert not found.interrupted


def test_a_limit_of_no_time_at_all_is_no_plan():
    found = solve_highs(knapsacks(40, 20, seed=0), time_limit=0)
    assert (found.status, found.limit) == ("no_plan", "time")


def test_a_gap_that_is_not_closed_is_not_optimal():
    found = solve_highs(knapsacks(60, 30, seed=0), gap=0.5)
    assert (found.status, found.limit) == ("feasible", "gap")
    assert 1e-6 < found.gap <= 0.5


# --- starts ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def started():
    """A hard problem, and values for it."""
    read = matrix(knapsacks(60, 30, seed=2))
    return read, solve_highs(read, work_limit=1).values


@pytest.mark.parametrize("limits", [{"work_limit": 0}, {"time_limit": 0}])
def test_a_start_is_the_least_that_is_returned(started, limits):
    read, start = started
    assert solve_highs(read, **limits).status == "no_plan"
    found = solve_highs(read, start=start, **limits)
    assert found.status == "feasible"
    assert found.value >= read.value(start)


def test_a_start_is_searched_from():
    read = matrix(market_split(items=30, rows=4))
    values = np.zeros(read.n_columns)
    values[::2] = 1.0
    half = read.rows() @ values
    read = replace(read, row_lower=half, row_upper=half)
    assert solve_highs(read, work_limit=1).status == "no_plan"
    assert solve_highs(read, work_limit=1, start=values).value >= read.value(values)


def test_what_a_start_leaves_open_is_filled_in(started):
    read, start = started
    partial = np.where(np.arange(read.n_columns) < 55, start, np.nan)
    found = solve_highs(read, start=partial, work_limit=1)
    assert found.value >= read.value(np.nan_to_num(partial))


def test_a_start_whose_numbers_are_stale_keeps_its_integers():
    problem = pulp.LpProblem("stale", pulp.LpMaximize)
    chosen = [problem.add_variable(f"y{i}", cat="Binary") for i in range(3)]
    amount = problem.add_variable("amount", 0)
    problem += amount - pulp.lpSum(chosen)
    problem += amount <= 5 * pulp.lpSum(chosen)
    read = matrix(problem)
    start = np.zeros(4)
    start[read.column_numbers([*chosen, amount])] = [1, 1, 0, 999]
    found = solve_highs(read, start=start, time_limit=0.5, work_limit=0)
    assert found.value >= 8.0


def test_a_start_that_cannot_hold_is_passed_over(started):
    read, _ = started
    found = solve_highs(read, start=np.ones(read.n_columns), work_limit=1)
    assert found.status == "feasible"
    assert violations(read, found.values) == ()


def test_a_start_of_another_length_is_refused(started):
    with pytest.raises(UsageError, match="60 columns"):
        solve_highs(started[0], start=np.zeros(3))


# --- integers that are whole ----------------------------------------------------------------------


def opening() -> pulp.LpProblem:
    problem = pulp.LpProblem("opening")
    flow = problem.add_variable("flow", 0)
    is_open, other = problem.add_variable("open", cat="Binary"), problem.add_variable("other", 0)
    problem += 50 * is_open + 2 * flow + 3 * other
    problem += flow <= 1e7 * is_open
    problem += flow + other >= 5
    return problem


def column(read, name):
    return next(j for j in range(read.n_columns) if read.column_name(j) == name)


def test_a_crumb_of_an_integer_is_not_left_to_carry_a_flow():
    read = matrix(opening())
    crumbs = np.zeros(3)
    crumbs[column(read, "flow")], crumbs[column(read, "open")] = 5.0, 5e-7
    whole = made_whole(read, crumbs)
    assert whole[column(read, "open")] == 0.0
    assert whole[column(read, "flow")] == 0.0
    assert whole[column(read, "other")] == pytest.approx(5.0, rel=1e-9)


def test_crumbs_that_nothing_whole_is_near_to_are_not_values():
    problem = opening()
    problem += problem.variables()[[v.name for v in problem.variables()].index("other")] <= 0
    read = matrix(problem)
    crumbs = np.zeros(3)
    crumbs[column(read, "flow")], crumbs[column(read, "open")] = 5.0, 5e-7
    assert made_whole(read, crumbs) is None


def test_integers_far_from_whole_are_never_rounded():
    read = matrix(opening())
    assert made_whole(read, np.full(3, 0.4)) is None


# --- settings -------------------------------------------------------------------------------------


def test_each_call_has_its_own_number_of_threads():
    values = [solve_highs(knapsacks(20, 5, seed=1), threads=n).value for n in (1, 2, 1)]
    assert len(set(values)) == 1


def test_further_options_reach_highs_and_win():
    assert solve_highs(knapsacks(40, 20, seed=0), options={"mip_max_nodes": 0}).limit == "work"
    with pytest.raises(UsageError, match="no_such_option"):
        solve_highs(knapsacks(3, 1, seed=0), options={"no_such_option": 1})


@pytest.mark.parametrize("wrong", [{"time_limit": -1}, {"work_limit": -1}, {"gap": -0.1}, {"threads": 0}])
def test_limits_that_cannot_be_meant_are_refused(wrong):
    with pytest.raises(UsageError):
        solve_highs(knapsacks(3, 1, seed=0), **wrong)


def test_a_coefficient_highs_cannot_take_is_an_error():
    problem = pulp.LpProblem("huge")
    x = problem.add_variable("x", 0, 1)
    problem += x
    problem += 1e16 * x <= 1
    with pytest.raises(SolverError, match="units"):
        solve_highs(problem)


# --- progress and Ctrl-C --------------------------------------------------------------------------


@pytest.mark.parametrize("sense", [pulp.LpMaximize, pulp.LpMinimize])
def test_progress_is_told_in_the_sense_of_the_problem(sense):
    told = []
    found = solve_highs(knapsacks(100, 50, seed=1, sense=sense), time_limit=0.7, on_progress=told.append)
    direction = 1 if sense == pulp.LpMaximize else -1
    known = [p for p in told if p.best is not None and p.bound is not None]
    assert len(known) > 1
    assert all(direction * (p.bound - p.best) >= 0 and p.gap >= 0 for p in known)
    best = [direction * p.best for p in told if p.best is not None]
    assert all(later >= earlier - 1e-6 for earlier, later in itertools.pairwise(best))
    assert best[0] > 0 if sense == pulp.LpMaximize else best[0] < 0
    assert [p.what for p in told].count("end") == 1
    assert "better" in {p.what for p in told}
    last = told[-1]
    assert (last.what, last.best, last.bound, last.gap) == ("end", found.value, found.bound, found.gap)


def test_progress_starts_from_the_start(started):
    read, start = started
    told = []
    solve_highs(read, start=start, time_limit=0.3, on_progress=told.append)
    assert all(p.best >= read.value(start) for p in told)


def test_what_progress_raises_stops_the_search_and_reaches_the_caller():
    def broken(_):
        raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        solve_highs(knapsacks(100, 50, seed=1), time_limit=60, on_progress=broken)


def test_highs_is_left_to_end_by_itself_where_it_does_not_listen(monkeypatch):
    monkeypatch.setattr(listen, "GRACE_S", 0.1)
    heard = threading.Event()

    class Deaf:
        def run(self):
            heard.wait(30)

    def press_ctrl_c(*_):
        raise KeyboardInterrupt

    told = listen.Told(1.0)
    assert listen.go(Deaf(), told, press_ctrl_c) == (None, True)
    assert told.stop
    assert listen.left_running()
    heard.set()
    for done in listen._left:
        done.wait(30)
    assert not listen.left_running()


CHILD = """
import json, sys
sys.path.insert(0, {tests!r})
from test_solve_bridge_highs import knapsacks, market_split
from clusterplan.solve.highs import solve_highs

ready = False
def tell(progress):
    global ready
    if not ready and progress.seconds > 0.5 and (progress.best is not None or {early}):
        ready = True
        print("ready", flush=True)

found = solve_highs({problem}, time_limit=60, on_progress=tell)
print(json.dumps([found.status, found.interrupted, found.limit, found.value, found.seconds]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child there")
@pytest.mark.parametrize(
    ("problem", "early", "status"),
    [("knapsacks(100, 50, seed=1)", False, "feasible"), ("market_split()", True, "no_plan")],
)
def test_ctrl_c_returns_the_best_so_far(problem, early, status):
    code = textwrap.dedent(CHILD).format(tests=str(Path(__file__).parent), problem=problem, early=early)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "ready\n"
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=40)
        finally:
            child.kill()
    got, interrupted, limit, value, _ = json.loads(said)
    assert (got, interrupted, limit) == (status, True, None)
    assert (value is not None) == (status == "feasible")
