"""Other solvers through the bridge: the same values, and nothing they say taken on trust."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pulp
import pytest

from clusterplan.errors import SolverError, UsageError
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import matrix
from clusterplan.solve.other import available_solvers, solve_other
from clusterplan.solve.proof import settled
from clusterplan.solve.solvers import FAMILIES
from clusterplan.solve.violations import violations

INSTALLED = [family for family in ("cbc", "scip") if set(FAMILIES[family]) & set(available_solvers())]
each_solver = pytest.mark.parametrize("solver", INSTALLED)


def siting(seed: int, firms: int = 6, parks: int = 3) -> pulp.LpProblem:
    """A small open-and-place problem of the kind the rules write, to maximise; some seeds are infeasible."""
    rng = random.Random(seed)
    problem = pulp.LpProblem("siting", pulp.LpMaximize)
    is_open = [problem.add_variable(f"x_{s}", cat="Binary") for s in range(parks)]
    place = [[problem.add_variable(f"y_{f}_{s}", cat="Binary") for s in range(parks)] for f in range(firms)]
    load = [[problem.add_variable(f"q_{f}_{s}", 0, 1) for s in range(parks)] for f in range(firms)]
    worth = [[rng.uniform(-2, 6) for _ in range(parks)] for _ in range(firms)]
    land = [rng.uniform(2, 9) for _ in range(firms)]
    problem += (
        pulp.lpSum(worth[f][s] * load[f][s] - 0.5 * place[f][s] for f in range(firms) for s in range(parks))
        - pulp.lpSum(rng.uniform(1, 3) * x for x in is_open)
        + 12.5
    )
    for f in range(firms):
        at = pulp.lpSum(place[f])
        problem += (at == 1) if rng.random() < 0.4 else (at <= 1)
        for s in range(parks):
            problem += place[f][s] <= is_open[s]
            problem += load[f][s] <= place[f][s]
            problem += load[f][s] >= 0.3 * place[f][s]
    for s in range(parks):
        problem += pulp.lpSum(land[f] * place[f][s] for f in range(firms)) <= rng.uniform(3, 12) * is_open[s]
    return problem


def hard() -> pulp.LpProblem:
    """Many budgets over many items: values are easy, the proof is not."""
    rng = random.Random(4)
    problem = pulp.LpProblem("hard", pulp.LpMaximize)
    take = [problem.add_variable(f"take_{i}", cat="Binary") for i in range(80)]
    problem += pulp.lpSum(rng.randint(20, 120) * x for x in take)
    for _ in range(40):
        weights = [rng.randint(5, 100) for _ in take]
        problem += pulp.lpSum(w * x for w, x in zip(weights, take, strict=True)) <= 0.4 * sum(weights)
    return problem


def split() -> pulp.LpProblem:
    """Equations with binaries alone: finding any values at all is hard (Cornuéjols and Dawande 1998)."""
    rng = random.Random(0)
    problem = pulp.LpProblem("split", pulp.LpMaximize)
    take = [problem.add_variable(f"take_{i}", cat="Binary") for i in range(40)]
    problem += pulp.lpSum(take)
    for _ in range(6):
        weights = [rng.randrange(100) for _ in take]
        problem += pulp.lpSum(w * x for w, x in zip(weights, take, strict=True)) == sum(weights) // 2
    return problem


@pytest.mark.parametrize("seed", range(12))
@each_solver
def test_every_solver_has_the_status_and_value_of_highs(solver, seed):
    problem = siting(seed)
    highs, other = solve_highs(problem), solve_other(problem, solver)
    assert other.status == highs.status
    if highs.status == "optimal":
        assert other.value == pytest.approx(highs.value, rel=1e-6)
        assert other.bound == pytest.approx(highs.bound, rel=1e-6)
        assert violations(matrix(problem), other.values) == ()


def test_the_set_of_problems_has_feasible_and_infeasible_ones():
    assert {solve_highs(siting(seed)).status for seed in range(12)} == {"optimal", "infeasible"}


@each_solver
def test_constant_sense_and_small_costs_are_right(solver):
    problem = pulp.LpProblem("small_costs", pulp.LpMaximize)
    x = [problem.add_variable(f"x{i}", cat="Binary") for i in range(3)]
    problem += 3e-8 * x[0] + 5e-8 * x[1] + 4.5e-8 * x[2] - 1e-7
    problem += 3 * x[0] + 5 * x[1] + 4 * x[2] <= 8
    found = solve_other(problem, solver)
    assert found.status == "optimal"
    assert found.value == pytest.approx(-2e-8, rel=1e-9)


@each_solver
def test_rows_and_columns_of_every_kind_are_handed_on(solver):
    problem = pulp.LpProblem("kinds")
    x, free = problem.add_variable("x", 1, 6, "Integer"), problem.add_variable("free")
    paid, unused = problem.add_variable("paid", 2, 9), problem.add_variable("unused", 3, 4)
    problem += free + paid + 0.5
    problem += free >= 2 * x - 7
    problem += x + 1 == 3
    problem += pulp.lpSum([]) <= 1
    read = matrix(problem)
    found = solve_other(problem, solver)
    assert found.value == pytest.approx(-3 + 2 + 0.5)
    column = int(read.column_numbers([unused])[0])
    assert column < 0 or 3 <= found.values[column] <= 4


@each_solver
def test_infeasible_and_without_end_are_told_apart(solver):
    problem = pulp.LpProblem("endless", pulp.LpMaximize)
    x, y = (problem.add_variable(name, 0, cat="Integer") for name in "xy")
    problem += x + y
    problem += x - y <= 1
    with pytest.raises(SolverError, match="without end"):
        solve_other(problem, solver)
    problem += x + y <= -1
    assert solve_other(problem, solver).status == "infeasible"


@each_solver
def test_a_time_limit_is_never_called_optimal(solver):
    found = solve_other(hard(), solver, time_limit=0.5)
    assert found.limit == "time"
    assert found.status == ("no_plan" if found.values is None else "feasible")
    if found.bound is not None and found.value is not None:
        assert found.bound > found.value


@each_solver
def test_a_time_limit_before_any_values_is_no_plan(solver):
    found = solve_other(split(), solver, time_limit=0.5)
    assert (found.status, found.values, found.value, found.limit) == ("no_plan", None, None, "time")


@each_solver
def test_a_wide_gap_is_not_called_optimal_unless_the_bound_proves_it(solver):
    found, best = solve_other(siting(2), solver, gap=0.5), solve_highs(siting(2)).value
    assert found.status == "optimal" or (found.status, found.limit) == ("feasible", "gap")
    if found.status == "optimal":
        assert found.value == pytest.approx(best, rel=1e-6)
    if found.bound is not None:
        assert found.bound >= best - 1e-6


@each_solver
def test_no_file_is_left_and_the_folder_is_the_same_afterwards(solver, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    solve_other(siting(2), solver)
    assert Path.cwd() == tmp_path
    assert list(tmp_path.iterdir()) == []


@each_solver
def test_the_problems_variables_keep_their_values(solver):
    problem = siting(2)
    for v in problem.variables():
        v.setInitialValue(0)
    assert solve_other(problem, solver).value > 12.5
    assert {v.varValue for v in problem.variables()} == {0}


@each_solver
def test_variables_that_share_a_name_do_no_harm(solver):
    problem = pulp.LpProblem("collide", pulp.LpMaximize)
    first, second = problem.add_variable("park_a", 0, 1), problem.add_variable("park_a", 0, 2)
    problem += first + 10 * second
    problem += first + second <= 2.5
    with pytest.warns(UserWarning, match="share a name"):
        read = matrix(problem)
    found = solve_other(read, solver)
    assert found.values[read.column_numbers([first, second])].tolist() == [0.5, 2.0]


def test_highs_by_name_is_the_bridges_own():
    found = solve_other(siting(2), "HiGHS")
    assert found.solver.startswith("HiGHS ")
    assert found.nodes is not None
    assert found.value == solve_highs(siting(2)).value


def test_a_solver_object_runs_with_its_own_options_and_is_not_changed():
    solver = pulp.HiGHS(msg=False, threads=2, gapRel=1e-7)
    solve_highs(siting(2), threads=1)
    found = solve_other(siting(2), solver, time_limit=20)
    assert found.status == "optimal"
    assert found.value == pytest.approx(solve_highs(siting(2)).value, rel=1e-6)
    assert solver.timeLimit is None


class Pretender(pulp.LpSolver):
    """A solver that says "optimal" and sets every variable to the same number."""

    name = "Pretender"

    def __init__(self, number, status=1):
        super().__init__(msg=False)
        self.number, self.claim = number, status

    def available(self):
        return True

    def actualSolve(self, lp, **_):
        for v in lp.variables():
            v.varValue = self.number
        if hasattr(self, "buildStats"):
            from pulp.apis.core import clocks

            return self.buildStats(lp, self.claim, self.claim == 1, start=clocks())
        lp.assignStatus(self.claim)
        return self.claim


def test_values_that_do_not_hold_are_an_error_however_optimal():
    with pytest.raises(SolverError, match="Pretender calls values optimal that do not hold"):
        solve_other(siting(2), Pretender(1.0))


def test_integers_that_are_not_whole_are_an_error_however_optimal():
    problem = pulp.LpProblem("whole", pulp.LpMaximize)
    problem += problem.add_variable("x", 0, 3, "Integer")
    with pytest.raises(SolverError, match=r"x is off by 0\.5"):
        solve_other(problem, Pretender(1.5))


def test_a_bound_that_values_have_passed_is_an_error():
    problem = pulp.LpProblem("passed", pulp.LpMaximize)
    problem += problem.add_variable("x", 0, 3, "Integer")
    read = matrix(problem)
    with pytest.raises(SolverError, match="nothing is better than 1"):
        settled(read, np.array([3.0]), 1.0, "Pretender")
    assert settled(read, np.array([3.0]), 3.0 - 1e-9, "Pretender") == (3.0, True)
    assert settled(read, np.array([3.0]), 4.0, "Pretender") == (4.0, False)


def test_infeasible_is_not_believed_of_a_problem_that_has_values():
    problem = pulp.LpProblem("fine", pulp.LpMaximize)
    problem += problem.add_variable("x", 0, 3, "Integer")

    class Wrong(Pretender):
        def actualSolve(self, lp, **rest):
            self.claim = -1 if any(lp.objective.values()) else 1
            return super().actualSolve(lp, **rest)

    with pytest.raises(SolverError, match="says infeasible, but there are values"):
        solve_other(problem, Wrong(1.0))


def test_a_solver_that_fails_is_an_error_that_names_it():
    class Broken(Pretender):
        def actualSolve(self, lp, **_):
            raise KeyError("kSolutionLimit")

    with pytest.raises(SolverError, match="Pretender failed"):
        solve_other(siting(2), Broken(0.0))


def test_ctrl_c_in_another_solver_is_no_plan():
    class Stopped(Pretender):
        def actualSolve(self, lp, **_):
            raise KeyboardInterrupt

    found = solve_other(siting(2), Stopped(0.0))
    assert (found.status, found.interrupted, found.limit) == ("no_plan", True, None)


def test_a_missing_solver_is_an_error_that_says_what_there_is_and_what_to_install():
    missing = next(f for f, names in FAMILIES.items() if not set(names) & set(available_solvers()))
    with pytest.raises(SolverError, match=r"not installed.*To install it: .*Installed are: HiGHS"):
        solve_other(siting(2), missing)


def test_an_unknown_solver_is_refused_with_a_suggestion():
    with pytest.raises(UsageError, match="Did you mean 'cbc'"):
        solve_other(siting(2), "cbd")
    with pytest.raises(UsageError, match=r"pulp\.LpSolver"):
        solve_other(siting(2), 3)  # type: ignore[arg-type]


def test_installed_solvers_are_listed_with_versions():
    found = available_solvers()
    assert next(iter(found)) == "HiGHS"
    assert all(found.values())
    assert found["HiGHS"][0].isdigit()
