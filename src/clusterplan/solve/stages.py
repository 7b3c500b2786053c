"""How HiGHS, improving and proving are put together for one objective.

1. A small program is given to HiGHS for a moment: most close at once.
2. Otherwise the best plan so far (or the plan of the firms that must be placed) is improved part by part,
   until nothing has been found for long.
3. The whole program is given to HiGHS with that plan: for the bound, and for what parts cannot reach.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from clusterplan.instance import Decisions, Floats
from clusterplan.rules import Model
from clusterplan.solve.columns import Columns
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import first_plan, improve
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.outcome import Outcome, relative_gap
from clusterplan.solve.progress import Progress

SMALL_COLUMNS = 12_000
"""Programs of at most so many columns are given to HiGHS first."""
QUICK_SECONDS, QUICK_SHARE, QUICK_NODES = 5.0, 0.2, 200
"""For so long: at most seconds, share of the time limit, nodes where time is not limited."""
IMPROVE_SHARES = ((0.1, 0.6), (0.01, 0.25), (0.0, 0.0))
"""Share of the time left that improving may take, by the gap that HiGHS left: the nearer, the less."""
PATIENCE = 30
"""Parts in a row without a better plan after which improving ends."""


def staged(
    model: Model,
    written: Matrix,
    columns: Columns,
    *,
    time_limit: float | None,
    work_limit: int | None,
    gap: float,
    seed: int,
    threads: int,
    start: Decisions | None,
    on_progress: Callable[[Progress], None] | None,
) -> Outcome:
    """Return the best values found for a model, and the proof.

    Parameters
    ----------
    model, written, columns
        The model, its problem as arrays, and which column is which.
    time_limit, work_limit, gap, seed, threads
        As of `clusterplan.solve.Limits`.
    start
        Decisions to start from.
    on_progress
        Called now and then.
    """
    begun = time.perf_counter()
    tell = _Telling(on_progress, begun)
    options: dict[str, Any] = {"gap": gap, "seed": seed, "threads": threads, "on_progress": tell.solver}

    def left() -> float | None:
        return None if time_limit is None else max(0.0, time_limit - (time.perf_counter() - begun))

    def values_of(decisions: Decisions) -> Floats:
        return columns.spread(model.values(decisions), fill=np.nan)

    guess = None if start is None else values_of(start)
    if not is_own(model, written, columns):
        return solve_highs(written, time_limit=time_limit, work_limit=work_limit, start=guess, **options)
    quick: Outcome | None = None
    decisions = None if start is None else start
    if written.n_columns <= SMALL_COLUMNS:
        seconds = None if time_limit is None else min(QUICK_SECONDS, QUICK_SHARE * time_limit)
        nodes = work_limit
        if time_limit is None:
            nodes = QUICK_NODES if work_limit is None else min(QUICK_NODES, work_limit)
        quick = solve_highs(written, time_limit=seconds, work_limit=nodes, start=guess, **options)
        ended = quick.status in {"optimal", "infeasible"} or quick.interrupted or quick.limit == "gap"
        if ended or (work_limit is not None and work_limit <= QUICK_NODES):
            return quick
        if quick.values is not None:
            decisions = model.decisions(columns.gather(quick.values))
    remaining = left()
    if decisions is None or (guess is None and quick is None):
        decisions = first_plan(model.instance, None if remaining is None else 0.3 * remaining)
    if decisions is None:
        return solve_highs(written, time_limit=left(), work_limit=work_limit, **options)
    remaining, share = left(), _share(quick)
    better = improve(
        model.instance,
        decisions,
        time_limit=None if remaining is None else share * remaining,
        rounds=work_limit if share else 0,
        patience=PATIENCE,
        seed=seed,
        on_better=tell.better,
    )
    last = solve_highs(
        written,
        time_limit=0.0 if better.interrupted else left(),
        work_limit=work_limit,
        start=values_of(better.decisions),
        **options,
    )
    return _together(last, quick, interrupted=better.interrupted, seconds=time.perf_counter() - begun)


def _share(quick: Outcome | None) -> float:
    """Return the share of the time left that improving may take."""
    gap = math.inf if quick is None or quick.gap is None else quick.gap
    return next(share for least, share in IMPROVE_SHARES if gap >= least)


def is_own(model: Model, written: Matrix, columns: Columns) -> bool:
    """Return whether a problem is as it was written: no row, bound or variable of the user's own."""
    own = matrix_of(model)
    used = columns.at >= 0
    if own.n_rows != written.n_rows or written.n_columns != used.sum():
        return False
    at = columns.at[used]
    same = (
        np.array_equal(own.row_lower, written.row_lower)
        and np.array_equal(own.row_upper, written.row_upper)
        and np.array_equal(own.lower[used], written.lower[at])
        and np.array_equal(own.upper[used], written.upper[at])
        and np.array_equal(own.integer[used], written.integer[at])
    )
    if not same:
        return False
    if not len(at) or not own.n_rows:
        return True
    there = written.rows()[:, at]
    return bool(abs(own.rows()[:, used] - there).max() <= 1e-12 * max(1.0, abs(there).max()))


def _together(last: Outcome, quick: Outcome | None, *, interrupted: bool, seconds: float) -> Outcome:
    """Return the last outcome with the better of the two bounds."""
    bound = last.bound
    if quick is not None and quick.bound is not None and (bound is None or quick.bound < bound):
        bound = quick.bound
    status = last.status
    return replace(
        last,
        status=status,
        bound=bound,
        gap=relative_gap(last.value, bound, "max"),
        seconds=seconds,
        nodes=(last.nodes or 0) + (0 if quick is None else quick.nodes or 0),
        interrupted=last.interrupted or interrupted,
        limit="time" if interrupted and last.limit is None else last.limit,
    )


class _Telling:
    """Passes on how far the stages are, on one clock, never with a worse plan or bound than before."""

    def __init__(self, on_progress: Callable[[Progress], None] | None, begun: float) -> None:
        self._tell, self._begun = on_progress, begun
        self._best: float | None = None
        self._bound: float | None = None
        self.solver = None if on_progress is None else self._solver

    def better(self, value: float) -> None:
        """Tell a better plan."""
        self._say(value, None, 0, "better")

    def _solver(self, said: Progress) -> None:
        self._say(said.best, said.bound, said.nodes, said.what)

    def _say(self, best: float | None, bound: float | None, nodes: int, what: Any) -> None:
        if best is not None:
            self._best = best if self._best is None else max(best, self._best)
        if bound is not None:
            self._bound = bound if self._bound is None else min(bound, self._bound)
        if self._tell is not None:
            gap = relative_gap(self._best, self._bound, "max")
            seconds = time.perf_counter() - self._begun
            self._tell(Progress(seconds, self._best, self._bound, gap, nodes, what))
