"""HiGHS kept from one problem to the next gives what HiGHS anew gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_regions import small_region

from clusterplan.instance import instance_of
from clusterplan.rules import write
from clusterplan.solve import Kept
from clusterplan.solve import kept as kept_module
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs


@pytest.fixture(scope="module")
def problem():
    return matrix_of(write(instance_of(small_region(3))))


def varied(problem, seed):
    """Return a problem with other costs, bounds, right sides and some other coefficients."""
    rng = np.random.default_rng(seed)

    def moved(values, by=0.2):
        return np.where(np.isfinite(values), values * (1 + by * rng.random(len(values))), values)

    return replace(
        problem,
        cost=moved(problem.cost),
        constant=problem.constant + rng.random(),
        upper=np.where(problem.integer, problem.upper, moved(problem.upper)),
        row_upper=np.where(problem.row_upper > 1.5, moved(problem.row_upper), problem.row_upper),
        values=np.where(rng.random(problem.n_nonzeros) < 0.02, problem.values * 0.99, problem.values),
    )


@pytest.mark.parametrize("whole", [True, False])
def test_a_problem_in_a_kept_solver_is_worth_what_it_is_worth_anew(problem, whole):
    kept = Kept()
    base = problem if whole else replace(problem, integer=np.zeros(problem.n_columns, dtype=bool))
    start, values = None, set()
    for seed in range(8):
        one = varied(base, seed)
        anew, again = solve_highs(one), solve_highs(one, kept=kept, start=start)
        assert again.status == anew.status == "optimal"
        assert again.value == pytest.approx(anew.value, rel=1e-6, abs=1e-6)
        start = again.values
        values.add(round(anew.value, 6))
    assert kept.anew == 1
    assert kept.again >= 7
    assert len(values) == 8, "the problems are not different"


def test_a_problem_of_another_shape_is_handed_over_anew(problem):
    kept = Kept()
    for one in (problem, problem.with_row(np.ones(problem.n_columns), 0.0, np.inf, "more"), problem):
        assert solve_highs(one, kept=kept).value == pytest.approx(solve_highs(one).value)
    assert (kept.anew, kept.again) == (3, 0)


def test_many_other_coefficients_are_handed_over_anew(problem, monkeypatch):
    monkeypatch.setattr(kept_module, "MOST_COEFFICIENTS", 0)
    kept = Kept()
    for one in (problem, varied(problem, 1)):
        assert solve_highs(one, kept=kept).value == pytest.approx(solve_highs(one).value)
    assert kept.anew == 2


def test_limits_and_options_of_the_run_before_are_forgotten(problem):
    kept = Kept()
    expected = solve_highs(problem).value
    stopped = solve_highs(problem, kept=kept, work_limit=0, time_limit=1e-9, options={"presolve": "off"})
    assert stopped.status == "no_plan"
    assert solve_highs(problem, kept=kept).value == pytest.approx(expected)
    assert kept.again >= 1


def test_what_a_run_is_told_is_not_told_to_the_run_before(problem):
    kept = Kept()
    first, second = [], []
    solve_highs(problem, kept=kept, on_progress=first.append)
    told = len(first)
    solve_highs(varied(problem, 2), kept=kept, on_progress=second.append)
    assert len(first) == told
    assert second


def test_a_kept_solver_that_raised_is_not_used_again(problem):
    kept = Kept()
    solve_highs(problem, kept=kept)

    def fail(_):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        solve_highs(varied(problem, 3), kept=kept, on_progress=fail)
    one = varied(problem, 4)
    assert solve_highs(one, kept=kept).value == pytest.approx(solve_highs(one).value)
