"""How improving and proving are put together for one objective.

A small program is given to HiGHS as it is. A larger one is first improved part by part, from the plan
given or from one of the firms that must be placed alone; the larger it is, the longer. Then HiGHS gets the
whole program with that plan: for the bound, and for what parts cannot reach.
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
from clusterplan.solve.improve import completed, first_plan, improve
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.outcome import Outcome, relative_gap
from clusterplan.solve.progress import Progress

IMPROVE_SHARES = ((4_000, 0.0), (20_000, 0.15), (math.inf, 0.6))
"""Share of the time that improving may take, for programs of at most so many columns."""
PATIENCE = 20
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

    def values_of(decisions: Decisions | None) -> Floats | None:
        return None if decisions is None else columns.spread(model.values(decisions), fill=np.nan)

    share = next(share for most, share in IMPROVE_SHARES if written.n_columns <= most)
    spend = None if time_limit is None else share * time_limit
    try:
        own = share > 0 and is_own(model, written, columns)
        first = _first(model, start, spend) if own else None
        better = (
            None
            if first is None
            else improve(
                model.instance,
                first,
                time_limit=None if spend is None else spend - (time.perf_counter() - begun),
                rounds=work_limit,
                patience=PATIENCE,
                seed=seed,
                on_better=tell.better,
            )
        )
    except KeyboardInterrupt:  # before there was a plan of its own
        last = solve_highs(written, time_limit=0.0, work_limit=0, start=values_of(start), **options)
        return replace(last, seconds=time.perf_counter() - begun, interrupted=True)
    if better is None:
        return solve_highs(
            written, time_limit=left(), work_limit=work_limit, start=values_of(start), **options
        )
    last = solve_highs(
        written,
        time_limit=0.0 if better.interrupted else left(),
        work_limit=work_limit,
        start=values_of(better.decisions),
        **options,
    )
    return replace(
        last,
        seconds=time.perf_counter() - begun,
        interrupted=last.interrupted or better.interrupted,
        limit="time" if better.interrupted and last.limit is None else last.limit,
    )


def _first(model: Model, start: Decisions | None, spend: float | None) -> Decisions | None:
    """Return a plan to improve: the start if it holds, else one of the firms that must be placed."""
    half = None if spend is None else spend / 2
    begun_with = None if start is None else completed(model.instance, start, half)
    return first_plan(model.instance, half) if begun_with is None else begun_with


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
