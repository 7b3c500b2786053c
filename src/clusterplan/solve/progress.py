"""What a solver says while it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """How far a solver is, in the sense of the problem: a maximum is bounded from above.

    Parameters
    ----------
    seconds
        Time since the call.
    best
        Value of the best plan so far; None before the first.
    bound
        No plan is better than this; None if unknown.
    gap
        Distance of bound and best by `clusterplan.solve.outcome.relative_gap`; None if either is unknown.
    nodes
        Branch-and-bound nodes so far.
    what
        ``start`` while a given start is completed, ``search`` while a solver searches, ``improve`` while the
        plan is improved, ``prove`` while the bound is brought down, ``better`` the first time a better plan
        is reported, ``end`` once, last of all.
    """

    seconds: float
    best: float | None
    bound: float | None
    gap: float | None
    nodes: int
    what: Literal["start", "search", "improve", "prove", "better", "end"]
