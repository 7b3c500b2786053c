"""`refine`: improving and searching by turns, until the time is up.

Parts of a plan that are solved exactly find what is near; a search from another seed, or from the plan's own
layout, finds what is far. Where one has nothing more to give, the other goes on from the best plan.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from clusterplan.instance import Decisions, Instance
from clusterplan.solve.begin import begin
from clusterplan.solve.improve import Improved, improve

PATIENCE = 12
"""Parts in a row without a better plan after which the search has its turn."""
SEARCH_SHARE = 0.3
"""Share of the time left that a search takes."""
LEAST_TURN = 0.5
"""Seconds below which no further search is begun."""


def refine(
    instance: Instance,
    decisions: Decisions,
    *,
    time_limit: float | None = None,
    rounds: int | None = None,
    seed: int = 0,
    on_better: Callable[[Decisions, float], object] | None = None,
) -> Improved:
    """Return a plan no worse than the one given.

    Without a time limit there is one turn of improving, limited by work, and the same call gives the same
    plan.

    Parameters
    ----------
    instance
        What is planned.
    decisions
        A plan that holds.
    time_limit
        Seconds; None: no limit.
    rounds
        Parts to solve where time is not limited; None: no limit.
    seed
        Seed of the first turn.
    on_better
        Called with each better plan and its value.
    """
    ends = math.inf if time_limit is None else time.monotonic() + time_limit
    turn, done = 0, 0
    while True:
        left = ends - time.monotonic()
        best = improve(
            instance,
            decisions,
            time_limit=None if math.isinf(ends) else max(0.0, left),
            rounds=rounds,
            patience=PATIENCE,
            seed=seed + 7919 * turn,
            on_better=on_better,
        )
        decisions, done = best.decisions, done + best.rounds
        left = ends - time.monotonic()
        if best.interrupted or math.isinf(ends) or left < LEAST_TURN:
            return Improved(decisions, best.value, done, best.interrupted)
        turn += 1
        # by turns from nothing, and from the plan's own layout
        found = begin(
            instance,
            time_limit=SEARCH_SHARE * left,
            seed=seed + 7919 * turn,
            start=decisions.park if turn % 2 else None,
        )
        if found is not None and found.value > best.value:
            decisions = found.decisions
            if on_better is not None:
                on_better(decisions, found.value)
