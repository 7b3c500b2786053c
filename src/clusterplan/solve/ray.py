"""`infeasible_part`: rows and bounds that already contradict each other where nothing need be whole."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from clusterplan.instance import Ints
from clusterplan.solve.listen import Told, go
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.session import Settings, loaded

_NOTHING = 1e-9
"""A multiplier this small, against the largest, is 0."""


def infeasible_part(problem: Matrix, *, time_limit: float | None = None) -> tuple[Ints, Ints] | None:
    """Return rows, and columns by their bounds, by which a problem's relaxation fails; None if it does not.

    By Farkas' lemma there are multipliers y of the rows such that no values within the bounds give y·A·x
    what y·bounds ask for; the rows are those with a multiplier, the columns those with a coefficient in
    y·A. It is a hint and no proof: multipliers hold to the solver's tolerance. Source: Farkas 1902, Theorie
    der einfachen Ungleichungen; Gleeson and Ryan 1990, Identifying minimally infeasible subsystems of
    inequalities.

    Parameters
    ----------
    problem
        The problem.
    time_limit
        Seconds; None is returned when they run out.
    """
    relaxed = replace(
        problem,
        cost=np.zeros(problem.n_columns),
        integer=np.zeros(problem.n_columns, dtype=bool),
    )
    settings = Settings(time_limit=time_limit, options={"presolve": "off", "solver": "simplex"})
    highs, factor = loaded(relaxed, settings)
    told = Told(factor)
    highs.cbSimplexInterrupt += told.listen
    answer, interrupted = go(highs, told, None)
    if answer is None or interrupted or highs.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return None
    _, is_there, ray = highs.getDualRay()
    multipliers = np.asarray(ray, dtype=float)
    largest = np.abs(multipliers).max(initial=0.0)
    if not is_there or not largest > 0:
        return None
    rows = np.flatnonzero(np.abs(multipliers) > _NOTHING * largest)
    combined = relaxed.rows().T @ multipliers
    scale = abs(relaxed.rows()).T @ np.abs(multipliers)
    columns = np.flatnonzero(np.abs(combined) > _NOTHING * np.maximum(scale, largest))
    return rows, columns
