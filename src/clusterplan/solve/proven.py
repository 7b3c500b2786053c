"""What a proof finds: the best plan, and what no plan exceeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clusterplan.instance import Decisions


@dataclass
class Proven:
    """What is known at the end.

    Parameters
    ----------
    decisions, value
        The best plan: the one given, or a better one; None and −inf if there is none.
    bound
        No plan is worth more, m currency/y; infinite if unknown.
    status
        ``closed`` if every case was answered, ``infeasible`` if so and there is no plan, else ``open``.
    nodes
        Cases looked at, and nodes of HiGHS in them.
    limit
        ``time``, ``work``, or None.
    interrupted
        Whether Ctrl-C ended it.
    """

    decisions: Decisions | None
    value: float
    bound: float
    status: Literal["closed", "infeasible", "open"] = "open"
    nodes: int = 0
    limit: Literal["time", "work"] | None = None
    interrupted: bool = False
