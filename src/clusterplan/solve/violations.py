"""What column values break, found by arithmetic alone and trusting no solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from clusterplan.instance import Floats
from clusterplan.solve.matrix import Matrix


@dataclass(frozen=True)
class Violation:
    """One thing that does not hold.

    Parameters
    ----------
    kind
        ``row``: a row's bounds; ``column``: a column's; ``whole``: a column that should be an integer.
    number
        Row or column.
    name
        Its name.
    amount
        By how much, in the unit of the row or column.
    """

    kind: Literal["row", "column", "whole"]
    number: int
    name: str
    amount: float


def violations(matrix: Matrix, values: Floats, tolerance: float = 1e-6) -> tuple[Violation, ...]:
    """Return what values break by more than the tolerance, the worst (against its scale) first.

    The tolerance is relative to the scale of what is checked: max(1, |bound|) for a column, max(1, |bound|,
    largest |coefficient × value| of the row) for a row, as sums of large numbers carry large rounding
    errors; 1 for wholeness. A large coefficient does not widen it where its column is 0: with x ≤ 1e6·y, a
    trickle of x = 1 at y = 0 is 1 too much.

    Parameters
    ----------
    matrix
        The problem.
    values
        (n,) value of each column; what is not finite is a violation.
    tolerance
        Relative tolerance.
    """
    numbers = np.nan_to_num(values, nan=np.inf, posinf=np.inf, neginf=-np.inf)
    finite = np.isfinite(numbers)
    held = np.where(finite, numbers, 0.0)
    column = np.where(finite, _excess(held, matrix.lower, matrix.upper), np.inf)
    whole = np.where(matrix.integer & finite, np.abs(held - np.rint(held)), 0.0)
    term = matrix.values * held[matrix.indices]
    row = _excess(_by_row(np.add, term, matrix), matrix.row_lower, matrix.row_upper)
    largest = _by_row(np.maximum, np.abs(term), matrix)
    found: list[tuple[float, Violation]] = []
    for kind, excess, scale, name in (
        ("row", row, np.maximum(largest, _scale(matrix.row_lower, matrix.row_upper)), matrix.row_name),
        ("column", column, _scale(matrix.lower, matrix.upper), matrix.column_name),
        ("whole", whole, np.ones(len(whole)), matrix.column_name),
    ):
        for i in np.flatnonzero(excess > tolerance * scale).tolist():
            broken = Violation(kind, i, name(i), float(excess[i]))  # type: ignore[arg-type]
            found.append((float(excess[i] / scale[i]), broken))
    return tuple(broken for _, broken in sorted(found, key=lambda pair: -pair[0]))


def _excess(numbers: Floats, lower: Floats, upper: Floats) -> Floats:
    return np.maximum(np.maximum(lower - numbers, numbers - upper), 0.0)


def _scale(lower: Floats, upper: Floats) -> Floats:
    bounds = np.maximum(*(np.where(np.isfinite(b), np.abs(b), 0.0) for b in (lower, upper)))
    return np.maximum(bounds, 1.0)


def _by_row(combine: np.ufunc, term: Floats, matrix: Matrix) -> Floats:
    """Return the terms of each row combined, 0 for an empty one."""
    result = np.zeros(matrix.n_rows)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if len(filled):
        result[filled] = combine.reduceat(term, matrix.indptr[filled])
    return result
