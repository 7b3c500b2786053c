"""A plan for several futures: the whole where it fits, layouts held in all futures where it does not.

1. Layouts are proposed and held in all futures, and the best is improved
   (`clusterplan.solve.together.layouts`).
2. A bound: the bunched program is divided (`clusterplan.solve.together.divide`); where it is too large for
   that, the relaxation with places left out.

A small program is solved whole instead, started from the best plan.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints, Later
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.outcome import CLOSED
from clusterplan.solve.together.anywhere import bound_anywhere_together
from clusterplan.solve.together.asked import Asked
from clusterplan.solve.together.bunched import bunched, tightened
from clusterplan.solve.together.divide import Divided
from clusterplan.solve.together.layouts import LEAST_SEARCH, TURN_SECONDS, Layouts
from clusterplan.solve.together.shared import Shared, shared

SMALL = 2_000
"""Columns up to which the whole program is solved with no layout to start from."""
WHOLE = 10_000
"""Columns up to which the whole program is solved at once, for as long as there is time."""
LARGE = 60_000
"""Columns of the bunched program above which it is not divided."""
ROOT_SHARE, ANYWHERE_SHARE, PROPOSE_SHARE = 0.5, 0.1, 0.05
"""Most of the time for the first relaxation, for that with places left out, and for each first layout."""
IMPROVE_UNTIL, IMPROVE_LEAST = 0.6, 0.2
"""Until what share of the time layouts are improved, and how much of it they have at least."""


@dataclass(frozen=True, eq=False)
class Together:
    """What was found for several futures.

    Parameters
    ----------
    status
        ``optimal``, ``feasible``, ``infeasible`` or ``no_plan``, as of `clusterplan.solve.Found`.
    columns
        Values of the columns of the program; None without a plan.
    value, bound
        What the plan is worth by the aim, and what none exceeds (None if unknown), m currency/y.
    shared
        The program.
    how
        ``whole``, or ``layouts``: layouts held in all futures.
    layouts
        How many layouts were held in all futures.
    seconds
        Time taken.
    """

    status: str
    columns: Floats | None
    value: float
    bound: float | None
    shared: Shared
    how: str
    layouts: int
    seconds: float


def _sought(search: Layouts, seconds: float) -> float:
    """Bound the question, seek layouts, then divide it; return the bound, −inf if there is no plan."""
    begun, large = time.monotonic(), search.bunched.size > LARGE
    bound = math.inf
    if not large:
        divided = _dividing(search, search.bunched, math.inf)
        divided.ends = begun + ROOT_SHARE * seconds
        bound = divided.root()
        if divided.interrupted:  # what is there is wanted now
            search.ends = time.monotonic()
    if bound == math.inf:
        found = bound_anywhere_together(
            search.today, search.futures, search.shared.asked, ANYWHERE_SHARE * seconds, search.seed
        )
        bound = math.inf if found is None else found
    search.propose(min(TURN_SECONDS, max(LEAST_SEARCH, PROPOSE_SHARE * seconds)), 2)
    if not large and divided.closed(bound, search.gap):
        return bound
    until = begun + (0.98 if large else IMPROVE_UNTIL) * seconds
    least = time.monotonic() + IMPROVE_LEAST * (begun + seconds - time.monotonic())
    search.improve(min(search.ends, max(until, least)))
    if large:
        return bound
    apart = _apart(search)
    if apart is not None:
        divided = _dividing(search, bunched(search.shared, apart), bound)
    divided.ends = search.ends
    return min(bound, divided.go())


def _dividing(search: Layouts, program: Shared, bound: float) -> Divided:
    """Return the question of a bunched program, ready to be divided."""
    return Divided(
        tightened(program), search.held, lambda: search.value, search.ends, bound, search.gap, search.seed
    )


def _apart(search: Layouts) -> Ints | None:
    """Return which futures are bad by the best plan, where they count for more than others."""
    asked, blocks = search.shared.asked, search.shared.blocks
    if search.best is None or (asked.aim == "mean" and asked.willing == "expected"):
        return None
    order = np.argsort(search.shared.values(search.best), kind="stable")
    chance = np.array([block.later.chance for block in blocks])[order]
    before = np.cumsum(chance) - chance
    tail = 1.0 - asked.alpha if asked.aim == "cvar" else 0.0
    bad = np.zeros(len(blocks), dtype=np.int64)
    bad[order[before < tail + 1e-12]] = 1
    bad[order[0]] = 2
    return bad


def _proven(search: Layouts, time_limit: float | None) -> tuple[float, str]:
    """Solve the whole from the best plan; return a bound and how it ended."""
    part = search.shared.part()
    start = None if search.best is None else search.best[part.columns]
    found = solve_highs(part.matrix, time_limit=time_limit, gap=search.gap, seed=search.seed, start=start)
    if found.values is not None and found.value is not None:
        search.better(part, found.values, found.value)
    if found.status == "infeasible":
        return -math.inf, "infeasible"
    return math.inf if found.bound is None else found.bound, found.status


def _answered(search: Layouts, time_limit: float | None, *, at_once: bool) -> tuple[float, str]:
    """Solve the whole, or seek layouts and divide; return a bound and how it ended."""
    if not at_once:
        bound = _sought(search, 60.0 if time_limit is None else search.left() or 0.0)
        return bound, "infeasible" if bound == -math.inf else "open"
    if search.shared.size > SMALL:
        search.propose(None if time_limit is None else max(LEAST_SEARCH, 0.05 * time_limit), 4)
    return _proven(search, search.left())


def search_together(
    today: Instance,
    futures: Sequence[Later],
    asked: Asked,
    *,
    time_limit: float | None = None,
    gap: float = 1e-6,
    seed: int = 0,
    layouts: Sequence[Ints] = (),
    whole: bool | None = None,
) -> Together:
    """Return the best plan found for several futures, with a bound.

    Parameters
    ----------
    today, futures, asked
        What is planned, the futures, and what is made best.
    time_limit
        Seconds; None: no limit, for programs that are solved whole.
    gap
        Relative gap at which to stop.
    seed
        Seed of search and solver.
    layouts
        (F,) parks of firms, −1 for none, that are tried first.
    whole
        Whether the whole program is solved at once; None: where it is small enough.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C came before any plan was found; after that it ends the search.
    """
    begun = time.monotonic()
    ends = math.inf if time_limit is None else begun + time_limit
    program = shared(today, futures, asked)
    at_once = program.size <= WHOLE if whole is None else whole
    search = Layouts(today, futures, program, bunched(program), ends, seed, gap)
    for park in layouts:
        search.tried(park)
    try:
        bound, ended = _answered(search, time_limit, at_once=at_once)
    except KeyboardInterrupt:  # what is there is wanted now
        if search.best is None:
            raise
        bound, ended = math.inf, "open"
    return _told(search, bound, ended, "whole" if at_once else "layouts", time.monotonic() - begun)


def _told(search: Layouts, bound: float, ended: str, how: str, seconds: float) -> Together:
    known = None if math.isinf(bound) else max(bound, search.value)
    if search.best is None:
        status = "infeasible" if ended == "infeasible" else "no_plan"
    else:
        closed = known is not None and known - search.value <= CLOSED * max(1e-9, abs(search.value))
        status = "optimal" if closed else "feasible"
    return Together(status, search.best, search.value, known, search.shared, how, search.layouts, seconds)
