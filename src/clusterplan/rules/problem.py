"""The finished program as a `pulp.LpProblem`.

PuLP 3.3 and 4 build expressions in different ways; that is hidden here, in `_Expressions`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pulp

from clusterplan.region.weights import Term
from clusterplan.rules.program import Program, RowBlock

if TYPE_CHECKING:
    from clusterplan.rules.model import Model

_SENSES = {"<=": -1, "==": 0, ">=": 1}


class Problem(pulp.LpProblem):  # type: ignore[misc]
    """A `pulp.LpProblem` that knows which plan it describes.

    Attributes
    ----------
    model
        The `Model` behind it: what each variable and row means.
    """

    model: Model


def write_problem(program: Program, weights: Mapping[Term, float], name: str) -> tuple[Problem, list[Any]]:
    """Return the program as a problem, and its variables by column number."""
    problem = Problem(name, pulp.LpMaximize)
    with _uncollected():
        variables = _variables(problem, program)
        column, amount, constant = objective(program, weights)
        problem.setObjective(
            _expression([(variables[j], v) for j, v in zip(column, amount, strict=True)], constant)
        )
        for block in program.row_blocks:
            _rows(problem, block, variables)
    return problem, variables


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause Python's search for garbage: it would pass millions of new objects, none of them garbage.

    That saves a third of the time of writing a large problem.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def objective(program: Program, weights: Mapping[Term, float]) -> tuple[list[int], list[float], float]:
    """Return columns, coefficients and constant of the weighted sum of terms."""
    total = np.zeros(program.n_columns)
    for term, weight in weights.items():
        if weight:
            _, columns, amounts = program.terms[term].arrays()
            np.add.at(total, columns, weight * amounts)
    constant = sum(weight * program.constants[term] for term, weight in weights.items())
    columns = np.flatnonzero(total)
    return columns.tolist(), total[columns].tolist(), float(constant)


def _variables(problem: Problem, program: Program) -> list[Any]:
    variables: list[Any] = []
    seen: dict[str, int] = {}
    for block in program.column_blocks:
        category = pulp.LpInteger if block.integer else pulp.LpContinuous
        start = seen.get(block.symbol, 0)
        for i, (low, high) in enumerate(zip(block.lower.tolist(), block.upper.tolist(), strict=True), start):
            variables.append(problem.add_variable(f"{block.symbol}_{i:07d}", low, high, category))
        seen[block.symbol] = start + len(block.lower)
    return variables


def add_row(problem: Problem, pairs: list[tuple[Any, float]], sense: str, rhs: float, name: str) -> None:
    """Add one row Σ coefficient · variable (sense) rhs to a problem.

    Parameters
    ----------
    problem
        The problem.
    pairs
        Variables with their coefficients.
    sense, rhs
        ``<=``, ``==`` or ``>=``, and the right-hand side.
    name
        Name of the row.
    """
    _add(problem, pairs, _SENSES[sense], rhs, name)


def _rows(problem: Problem, block: RowBlock, variables: list[Any]) -> None:
    order = np.lexsort((block.column, block.row))
    row, column, coefficient = block.row[order], block.column[order], block.coefficient[order]
    if len(row):
        same = np.flatnonzero((np.diff(row) == 0) & (np.diff(column) == 0))
        if len(same):
            keep = np.ones(len(row), dtype=bool)
            keep[same + 1] = False
            start = np.flatnonzero(keep)
            row, column, coefficient = row[keep], column[keep], np.add.reduceat(coefficient, start)
    bounds = np.searchsorted(row, np.arange(block.count + 1))
    sense = _SENSES[block.sense]
    pairs = list(zip([variables[j] for j in column.tolist()], coefficient.tolist(), strict=True))
    for i, (low, high, rhs) in enumerate(
        zip(bounds[:-1].tolist(), bounds[1:].tolist(), block.rhs.tolist(), strict=True)
    ):
        _add(problem, pairs[low:high], sense, rhs, f"{block.rule}_{block.first + i}")


if hasattr(pulp.LpAffineExpression, "from_list"):  # PuLP 4

    def _expression(pairs: list[tuple[Any, float]], constant: float) -> Any:
        return pulp.LpAffineExpression.from_list(pairs, constant)

    def _add(problem: Problem, pairs: list[tuple[Any, float]], sense: int, rhs: float, name: str) -> None:
        expression = pulp.LpAffineExpression.from_list(pairs, -rhs)
        left = expression <= 0 if sense < 0 else expression >= 0 if sense > 0 else expression == 0
        problem.addConstraint(left, name)

else:  # PuLP 3.3

    def _expression(pairs: list[tuple[Any, float]], constant: float) -> Any:
        return pulp.LpAffineExpression(pairs, constant)

    def _add(problem: Problem, pairs: list[tuple[Any, float]], sense: int, rhs: float, name: str) -> None:
        problem.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(pairs), sense, name, rhs))
