"""A PuLP problem as arrays, and what values break in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pulp
import pytest

from clusterplan.errors import InternalError, UsageError
from clusterplan.solve import pulps
from clusterplan.solve.matrix import Matrix, matrix
from clusterplan.solve.violations import violations

inf = float("inf")


def example() -> tuple[pulp.LpProblem, dict[str, object]]:
    """3x + 2y - z + 7 to maximise, with a row of every kind."""
    problem = pulp.LpProblem("example", pulp.LpMaximize)
    x = problem.add_variable("x", 0, 4, "Integer")
    y = problem.add_variable("y", cat="Binary")
    z = problem.add_variable("z")
    fixed = problem.add_variable("fixed", 2, 2)
    paid = problem.add_variable("paid", None, 5)
    problem += 3 * x + 2 * y - z + 7 + 0 * fixed + paid
    problem.addConstraint(x + y + 3 <= 6, "constant on the left")
    problem.addConstraint(x + x - y >= z, "twice")
    problem.addConstraint(y + fixed == 3, "exact")
    problem.addConstraint(pulp.lpSum([]) <= 1, "empty")
    problem += x - x + z >= -4
    return problem, {"x": x, "y": y, "z": z, "fixed": fixed, "paid": paid}


def dense(problem: Matrix) -> dict[str, dict[str, float]]:
    rows = problem.rows().toarray()
    return {
        problem.row_name(i): {problem.column_name(j): rows[i, j] for j in np.flatnonzero(rows[i])}
        for i in range(problem.n_rows)
    }


def test_every_number_of_a_problem_arrives_in_the_arrays():
    problem, variables = example()
    read = matrix(problem)
    at = {read.column_name(j): j for j in range(read.n_columns)}
    assert set(at) == set(variables)
    assert (read.sense, read.constant) == ("max", 7.0)
    assert [read.cost[at[n]] for n in ("x", "y", "z", "fixed", "paid")] == [3, 2, -1, 0, 1]
    assert [read.lower[at[n]] for n in ("x", "y", "z", "fixed", "paid")] == [0, 0, -inf, 2, -inf]
    assert [read.upper[at[n]] for n in ("x", "y", "z", "fixed", "paid")] == [4, 1, inf, 2, 5]
    assert [read.integer[at[n]] for n in ("x", "y", "z", "fixed", "paid")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert dense(read) == {
        "constant_on_the_left": {"x": 1.0, "y": 1.0},
        "twice": {"x": 2.0, "y": -1.0, "z": -1.0},
        "exact": {"y": 1.0, "fixed": 1.0},
        "empty": {},
        "_C1": {"z": 1.0},
    }
    assert read.row_lower.tolist() == [-inf, 0, 3, -inf, -4]
    assert read.row_upper.tolist() == [3, inf, 3, 1, inf]


def test_columns_stand_in_the_order_of_the_problems_variables():
    problem, variables = example()
    read = matrix(problem)
    assert [str(v) for v in problem.variables()] == [read.column_name(j) for j in range(read.n_columns)]
    numbers = read.column_numbers([variables["paid"], variables["x"]])
    assert [read.column_name(j) for j in numbers] == ["paid", "x"]


def test_a_variable_only_the_objective_has_and_one_nothing_has():
    problem = pulp.LpProblem("few")
    paid, unused = problem.add_variable("paid", 1, 2), problem.add_variable("unused", 0, 1)
    problem += 2 * paid
    read = matrix(problem)
    assert read.sense == "min"
    column, missing = read.column_numbers([paid, unused])
    assert read.cost[column] == 2.0
    assert missing == -1 or read.cost[missing] == 0.0  # PuLP 3 does not know of it


def test_without_an_objective_all_costs_are_zero():
    problem = pulp.LpProblem("any")
    problem += problem.add_variable("x", 0, 1) >= 0.5
    read = matrix(problem)
    assert (read.constant, read.cost.tolist()) == (0.0, [0.0])


def test_a_copied_problem_reads_the_same():
    problem, _ = example()
    read, again = matrix(problem), matrix(problem.copy())
    assert dense(read) == dense(again)


def test_a_problem_with_nothing_in_it_has_no_columns_and_no_rows():
    read = matrix(pulp.LpProblem("nothing"))
    assert (read.n_columns, read.n_rows, read.n_nonzeros) == (0, 0, 0)


def test_a_variable_made_binary_later_is_whole_and_within_0_and_1():
    problem = pulp.LpProblem("later", pulp.LpMaximize)
    x = problem.add_variable("x", -3, 8)
    x.cat = "Binary"
    problem += x
    read = matrix(problem)
    assert (read.integer[0], read.lower[0], read.upper[0]) == (True, 0.0, 1.0)


def test_special_ordered_sets_are_refused_by_name():
    problem = pulp.LpProblem("sets")
    x, y = problem.add_variable("x", 0, 1), problem.add_variable("y", 0, 1)
    problem += x + y
    if hasattr(problem, "add_sos_group"):
        from pulp import _rustcore

        problem.add_sos_group(_rustcore.SosKind.Sos1, "one", {x: 1.0, y: 2.0})
    else:
        problem.sos1["one"] = {x: 1, y: 2}
    with pytest.raises(UsageError, match="special ordered sets"):
        matrix(problem)


def test_a_number_that_is_not_finite_is_refused_with_its_place():
    problem = pulp.LpProblem("broken")
    x, y = problem.add_variable("x", 0, 1), problem.add_variable("y", 0, 1)
    problem += x + y
    try:
        problem.addConstraint(pulps.expression([(x, 1.0), (y, float("nan"))]) <= 1, "odd")
    except (pulp.PulpError, ValueError):
        pytest.skip("this PuLP refuses it itself")
    with pytest.raises(UsageError, match="coefficient of y in constraint odd"):
        matrix(problem)


def test_something_else_than_a_problem_is_refused():
    with pytest.raises(UsageError, match=r"pulp\.LpProblem"):
        matrix("yibin")  # type: ignore[arg-type]


def test_variables_that_share_a_name_are_told_and_told_apart():
    problem = pulp.LpProblem("collide", pulp.LpMaximize)
    first, second = problem.add_variable("park_a", 0, 1), problem.add_variable("park_a", 0, 2)
    problem += first + 10 * second
    problem += first + second <= 9
    with pytest.warns(UserWarning, match="share a name: park_a"):
        read = matrix(problem)
    assert read.cost[read.column_numbers([first, second])].tolist() == [1.0, 10.0]


def test_arrays_are_read_only_and_leave_the_callers_alone():
    cost = np.ones(2)
    read = Matrix(
        "min", 0.0, cost, cost, cost, np.zeros(2, bool), *[np.zeros(0)] * 2, np.zeros(1), *[np.zeros(0)] * 2
    )
    with pytest.raises(ValueError, match="read-only"):
        read.cost[0] = 5.0
    cost[0] = 3.0  # still the caller's to change


def test_arrays_that_do_not_fit_are_our_fault():
    read = matrix(example()[0])
    with pytest.raises(InternalError):
        replace(read, cost=np.zeros(99))


def test_a_row_can_be_added():
    read = matrix(example()[0])
    coefficients = np.zeros(read.n_columns)
    coefficients[1] = 5.0
    more = read.with_row(coefficients, -inf, 2.0, "held")
    assert dense(more) == {**dense(read), "held": {read.column_name(1): 5.0}}
    assert more.row_upper[-1] == 2.0


def test_values_that_hold_break_nothing_and_have_their_value():
    problem, variables = example()
    read = matrix(problem)
    values = np.zeros(read.n_columns)
    columns = read.column_numbers([variables[n] for n in ("x", "y", "z", "fixed", "paid")])
    values[columns] = [2, 1, -1, 2, 5]
    assert violations(read, values) == ()
    assert read.value(values) == 3 * 2 + 2 * 1 + 1 + 7 + 5


@pytest.mark.parametrize(
    ("column", "value", "kind", "name", "amount"),
    [
        ("x", 3.0, "row", "constant_on_the_left", 1.0),
        ("x", 1.5, "whole", "x", 0.5),
        ("paid", 5.25, "column", "paid", 0.25),
        ("paid", float("nan"), "column", "paid", inf),
    ],
)
def test_each_kind_of_violation_is_found_and_measured(column, value, kind, name, amount):
    problem, variables = example()
    read = matrix(problem)
    values = np.zeros(read.n_columns)
    values[read.column_numbers([variables[n] for n in ("x", "y", "z", "fixed", "paid")])] = [2, 1, -1, 2, 5]
    values[read.column_numbers([variables[column]])] = value
    worst = violations(read, values)[0]
    assert (worst.kind, worst.name, worst.amount) == (kind, name, amount)


def test_a_trickle_through_what_is_closed_is_a_violation_whatever_the_coefficient():
    problem = pulp.LpProblem("trickle")
    flow, is_open = problem.add_variable("flow", 0), problem.add_variable("open", cat="Binary")
    problem += flow + is_open
    problem.addConstraint(flow - 1e7 * is_open <= 0, "open first")
    read = matrix(problem)
    at = read.column_numbers([flow, is_open])
    values = np.zeros(2)
    values[at] = [1.0, 0.0]
    assert [v.name for v in violations(read, values)] == ["open_first"]
    values[at] = [1e7 + 1.0, 1.0]  # one in ten million too much is rounding
    assert violations(read, values) == ()


def test_the_worst_violation_comes_first():
    problem = pulp.LpProblem("two")
    x, y = problem.add_variable("x", 0, 1), problem.add_variable("y", 0, 1)
    problem += x + y >= 0
    found = violations(matrix(problem), np.array([1.5, 3.0]))
    assert [v.amount for v in found] == [2.0, 0.5]
