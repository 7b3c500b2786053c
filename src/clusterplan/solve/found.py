"""What solving gives back: decisions, and what is known about them."""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.instance import Decisions
from clusterplan.solve.outcome import Status


@dataclass(frozen=True)
class Found:
    """Decisions with their proof.

    Parameters
    ----------
    status
        ``optimal`` only with a closed gap; ``feasible`` where a limit stopped the proof;
        ``infeasible`` where none exist; ``no_plan`` where a limit came first.
    decisions
        What was decided; None without a plan.
    bound
        No decisions are worth more than this, m currency/y; None if unknown.
    solver
        Name and version of the solver.
    seconds
        Time taken in all.
    nodes
        Branch-and-bound nodes, or None if unknown.
    limit
        What stopped it: ``time``, ``work``, ``gap`` (the gap asked for was reached), ``interrupt``, or None.
    """

    status: Status
    decisions: Decisions | None
    bound: float | None
    solver: str
    seconds: float
    nodes: int | None = None
    limit: str | None = None
