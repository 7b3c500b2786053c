"""What a solver found, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clusterplan.instance import Floats

Status = Literal["optimal", "feasible", "infeasible", "no_plan"]
Sense = Literal["max", "min"]

CLOSED = 1e-6
"""A gap no larger than this is closed."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """Values by column, and the proof.

    Parameters
    ----------
    status
        ``optimal``: the gap is closed (at most `CLOSED`). ``feasible``: there are values, and the proof is
        not complete. ``infeasible``: no values exist. ``no_plan``: the solver was stopped before it found
        any, or before it could say that none exist.
    values
        Value of each column, read-only; None unless ``optimal`` or ``feasible``. They passed
        `clusterplan.solve.violations.violations`. Integer columns are exact integers: what the solver
        returned was within its tolerance of them and was rounded, and where a row did not hold after that
        the rest was solved again with the integers fixed. They are never rounded from further away.
    value
        Objective of the values, constant included, computed from them; None without values.
    bound
        No values are better than this, in the sense of the problem; None if unknown.
    gap
        `relative_gap` of value and bound; None if either is unknown.
    seconds
        Time of the whole call.
    nodes
        Branch-and-bound nodes; None where the solver does not say.
    solver
        Name and version of the solver.
    interrupted
        Whether Ctrl-C ended it.
    limit
        What ended it: ``time``, ``work`` (nodes, or another of the solver's own limits), ``gap`` (the gap
        asked for was reached, and is not closed), or None.
    """

    status: Status
    values: Floats | None
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float
    nodes: int | None
    solver: str
    interrupted: bool = False
    limit: Literal["time", "work", "gap"] | None = None

    def __post_init__(self) -> None:
        if self.values is not None:
            values = self.values.view()
            values.setflags(write=False)
            object.__setattr__(self, "values", values)


def relative_gap(value: float | None, bound: float | None, sense: Sense) -> float | None:
    """Return (bound − value) ÷ max(1e-9, |value|), signs turned for a minimum; None if either is unknown.

    Parameters
    ----------
    value
        Value of the best plan.
    bound
        No plan is better than this.
    sense
        ``max`` or ``min``.
    """
    if value is None or bound is None:
        return None
    distance = bound - value if sense == "max" else value - bound
    return distance / max(1e-9, abs(value))
