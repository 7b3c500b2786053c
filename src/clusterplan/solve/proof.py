"""Whether a bound proves values optimal."""

from __future__ import annotations

from clusterplan.errors import SolverError
from clusterplan.instance import Floats
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.outcome import CLOSED, relative_gap

_EQUAL = 1e-9  # shares of `Matrix.magnitude`
_WRONG = 1e-4


def settled(problem: Matrix, values: Floats, bound: float | None, solver: str) -> tuple[float | None, bool]:
    """Return the bound, and whether the gap is closed.

    A bound that differs from the value by no more than rounding errors, or that values within the tolerance
    of `violations` have passed by a little, becomes the value.

    Parameters
    ----------
    problem
        The problem.
    values
        (n,) values that hold.
    bound
        What the solver says nothing is better than, or None.
    solver
        Its name, for the message.

    Raises
    ------
    SolverError
        If the values are clearly better than the bound: the solver is wrong.
    """
    if bound is None:
        return None, False
    value = problem.value(values)
    ahead = problem.direction * (value - bound)
    magnitude = problem.magnitude(values)
    if ahead > _WRONG * magnitude:
        raise SolverError(
            f"{solver} says that nothing is better than {bound}, but values worth {value} are known. "
            "Use another version of it, or another solver."
        )
    if ahead > -_EQUAL * magnitude:
        bound = value
    distance = relative_gap(value, bound, problem.sense)
    return bound, distance is not None and distance <= CLOSED
