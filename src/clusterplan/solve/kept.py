"""`Kept`: HiGHS with a problem in it, taken again for the next problem that differs in numbers only.

What is alike is not handed over again: the same columns, the same rows, coefficients in the same places.
Costs, bounds and right sides are changed in place, and a few coefficients. HiGHS keeps its last basis, from
which a linear program is solved in few steps; a program with whole numbers starts from the values given.

One is used by one thread at a time.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from clusterplan.solve.matrix import Matrix
from clusterplan.solve.session import Settings, cost_scale, loaded, set_options

MOST_COEFFICIENTS = 2_000
"""Most coefficients that are changed one by one; with more, the problem is handed over anew."""


class Kept:
    """HiGHS kept between two runs.

    Attributes
    ----------
    again
        How often it was taken with its problem in it.
    anew
        How often a problem was handed over whole.
    """

    def __init__(self) -> None:
        self._highs: Any = None
        self._problem: Matrix | None = None
        self.again = 0
        self.anew = 0

    def taken(self, problem: Matrix, settings: Settings) -> tuple[Any, float]:
        """Return HiGHS with a problem in it, and what its objective is to be multiplied by.

        It is no longer kept until it is `put` back: a run that was left to itself is not touched again.

        Parameters
        ----------
        problem
            The problem.
        settings
            How HiGHS is to run.
        """
        highs, before = self._highs, self._problem
        self._highs = self._problem = None
        if highs is None or before is None or not _alike(before, problem):
            self.anew += 1
            return loaded(problem, settings)
        self.again += 1
        scale = cost_scale(problem.cost)
        to_highs = -problem.direction * scale
        highs.resetOptions()
        set_options(highs, problem, settings, scale)
        _change(highs, before, problem, to_highs)
        return highs, 1.0 / to_highs

    def put(self, highs: Any, problem: Matrix) -> None:
        """Keep HiGHS after a run that ended."""
        self._highs, self._problem = highs, problem


def _alike(before: Matrix, problem: Matrix) -> bool:
    """Return whether two problems differ in costs, bounds, right sides and few coefficients only."""
    same = (
        np.array_equal(before.indptr, problem.indptr)
        and np.array_equal(before.indices, problem.indices)
        and np.array_equal(before.integer, problem.integer)
    )
    return bool(same and np.count_nonzero(before.values != problem.values) <= MOST_COEFFICIENTS)


def _change(highs: Any, before: Matrix, problem: Matrix, to_highs: float) -> None:
    """Change what differs; costs are all given again, since their scale may have changed."""
    columns = np.arange(problem.n_columns, dtype=np.int32)
    highs.changeObjectiveSense(highspy.ObjSense.kMinimize)
    highs.changeColsCost(len(columns), columns, problem.cost * to_highs)
    highs.changeObjectiveOffset(problem.constant * to_highs)
    moved = np.flatnonzero((before.lower != problem.lower) | (before.upper != problem.upper)).astype(np.int32)
    if len(moved):
        highs.changeColsBounds(len(moved), moved, problem.lower[moved], problem.upper[moved])
    changed = (before.row_lower != problem.row_lower) | (before.row_upper != problem.row_upper)
    rows = np.flatnonzero(changed).astype(np.int32)
    if len(rows):
        highs.changeRowsBounds(len(rows), rows, problem.row_lower[rows], problem.row_upper[rows])
    other = np.flatnonzero(before.values != problem.values)
    row_of = np.searchsorted(problem.indptr, other, side="right") - 1
    for row, at in zip(row_of.tolist(), other.tolist(), strict=True):
        highs.changeCoeff(row, int(problem.indices[at]), float(problem.values[at]))
