"""From values that hold to a solver's tolerance to values that hold.

A solver takes 0.999999 for 1 and 1e-6 for 0. Where a coefficient is large, that crumb is worth
something: with flow ≤ 1e7·open, open = 1e-6 lets ten units through a park that is closed. So
integers are rounded, and where a row breaks by it, the rest is solved again with them fixed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.instance import Bools, Floats
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.session import Settings, run
from clusterplan.solve.violations import violations

TOLERANCE = 1e-6
"""No values are returned that break anything by more, in the sense of `violations`."""

AIM = 1e-7
"""Values that break something by more are mended if they can be."""

_NEAR = 1e-5  # integers that are off by more were not meant as integers


def made_whole(problem: Matrix, values: Floats, *, seed: int = 0) -> Floats | None:
    """Return values with exact integers that keep every bound and row, or None if there are none near.

    Parameters
    ----------
    problem
        The problem.
    values
        (n,) values to a solver's tolerance.
    seed
        Seed for solving the rest again.
    """
    rounded = np.where(problem.integer, np.rint(values), values)
    if not np.isfinite(values).all() or np.abs(rounded - values).max(initial=0.0) > _NEAR:
        return None
    rounded = np.clip(rounded, problem.lower, problem.upper) + 0.0  # turns -0.0 into 0.0
    if not violations(problem, rounded, AIM):
        return rounded
    rest = fixed(problem, rounded, problem.integer)
    for tolerance in (1e-9, None):
        again = run(rest, Settings(tolerance=tolerance, seed=seed)).values
        if again is not None:
            mended = np.clip(np.where(problem.integer, rounded, again), problem.lower, problem.upper) + 0.0
            if not violations(problem, mended, TOLERANCE):
                return mended
    return None if violations(problem, rounded, TOLERANCE) else rounded


def fixed(problem: Matrix, values: Floats, which: Bools) -> Matrix:
    """Return the problem with some columns fixed at their values; integers among them count as numbers."""
    return replace(
        problem,
        lower=np.where(which, values, problem.lower),
        upper=np.where(which, values, problem.upper),
        integer=problem.integer & ~which,
    )
