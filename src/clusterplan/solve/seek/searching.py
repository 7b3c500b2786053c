"""`search`: a good layout in seconds, from arrays alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Ints
from clusterplan.solve.seek.layout import Layout
from clusterplan.solve.seek.run import Run

DEFAULT_WORK = 20_000_000
"""Moves tried where neither time nor work is limited."""


@dataclass(frozen=True)
class SearchResult:
    """What `search` found.

    Parameters
    ----------
    park
        (F,) park of each firm, −1 where it stays out.
    value
        Worth of the layout, measured from nothing; −inf where it is not feasible.
    feasible
        Whether it keeps every limit, checked from nothing.
    work
        Moves tried.
    seconds, seconds_to_best
        Time in all, and when the best was met.
    proven
        Whether no layout is better; only problems without links are ever proven.
    """

    park: Ints
    value: float
    feasible: bool
    work: int
    seconds: float
    seconds_to_best: float
    proven: bool = False

    def __getitem__(self, key: str) -> Any:
        """Return a field by name."""
        try:
            return getattr(self, key)
        except AttributeError as fault:
            raise KeyError(key) from fault


@cache
def warm() -> None:
    """Have what is compiled ready: compiled the first time ever, read from disk once a process."""
    two = {"linear": np.zeros((2, 2)), "link_a": [0], "link_b": [1]}
    search(two, work_limit=1)


def search(
    instance: Any,
    *,
    time_limit: float | None = None,
    work_limit: int | None = None,
    seed: int = 0,
    start: Any = None,
    target: float | None = None,
    on_best: Callable[[float, Ints, float], None] | None = None,
) -> SearchResult:
    """Return a good layout: which firm in which park.

    Annealing over moves of one firm, exchanges of two, and whole parks shut, opened, joined or exchanged,
    restarted from nothing, from the best layouts and from crosses of two of them, with runs that grow longer.
    The temperature that leads to good layouts, and the mix of moves, are learned on the way. Limits may be
    broken on the way at a price that adapts, so that layouts are found where capacity is nearly used up.
    Where there are no links, a first share goes to that and the rest to linear programs, which may prove the
    layout best and end the search (see `clusterplan.solve.seek.exact`).

    Parameters
    ----------
    instance
        Mapping or object with the keys of `Layout.of`, or a `Layout`.
    time_limit
        Seconds; None: no limit.
    work_limit
        Moves tried; with this alone the same seed gives the same layout. With neither limit: `DEFAULT_WORK`.
    seed
        Seed of the random numbers, not negative.
    start
        (F,) layout to start from, −1 for a firm that is out. What is returned is never worse than a feasible
        start.
    target
        Value at which to stop.
    on_best
        Called with value, layout and seconds when a better layout is met.

    Returns
    -------
    SearchResult

    Raises
    ------
    UsageError
        If the arrays do not fit each other, or a firm that must be placed has no park.

    References
    ----------
    Kirkpatrick, Gelatt and Vecchi 1983 (annealing); Connolly 1990 (the temperature at which the best is met);
    Glover 1986 (strategic oscillation); Lourenço, Martin and Stützle 2003 (kicks).
    """
    begun = time.monotonic()
    layout = Layout.of(instance)
    if work_limit is None and time_limit is None:
        work_limit = DEFAULT_WORK
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise UsageError(f"The seed is {seed!r}; a whole number, not negative, is meant.")
    for name, limit in (("time_limit", time_limit), ("work_limit", work_limit)):
        if limit is not None and not limit >= 0:
            raise UsageError(f"`{name}` is {limit!r}; a number that is not negative is meant.")
    run = Run(layout, int(seed), checked_start(layout, start))
    met = time.monotonic()
    ended = met
    while True:
        left = np.inf if work_limit is None else work_limit - run.work
        seconds = np.inf if time_limit is None else time_limit - (ended - begun)
        met_target = target is not None and run.value >= target
        if left <= 0 or seconds <= 0 or met_target or run.proven or not len(run.problem.free):
            break
        if run.is_due(work_limit, time_limit, ended - begun, met - begun):
            better = run.exactly(left, seconds, ended - begun)
        else:
            better = run.turn(left, seconds)
        ended = time.monotonic()
        if better:
            met = ended
            if on_best is not None:
                on_best(run.value, run.best.copy(), met - begun)
    if run.value == -np.inf and run.keep_first() and on_best is not None:
        on_best(run.value, run.best.copy(), met - begun)
    return SearchResult(
        park=run.best.copy(),
        value=run.value,
        feasible=run.value > -np.inf,
        work=run.work,
        seconds=ended - begun,
        seconds_to_best=met - begun,
        proven=run.proven,
    )


def checked_start(layout: Layout, start: Any) -> Ints | None:
    """Return a start as whole numbers.

    Raises
    ------
    UsageError
        If it is no layout of this problem.
    """
    if start is None:
        return None
    park = np.array(start)
    if park.shape != (layout.n_firms,) or (park.size and park.dtype.kind not in "iu"):
        raise UsageError(f"`start` must hold {layout.n_firms} whole numbers, a park or −1 for each firm.")
    park = np.array(park, dtype=np.int64)
    if park.size and (park.min() < -1 or park.max() >= layout.n_parks):
        raise UsageError(
            f"`start` must hold parks from 0 to {layout.n_parks - 1}, or −1 for a firm left out."
        )
    return park
