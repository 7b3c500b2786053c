"""Search, improve, prove: three means, one after the other or side by side, behind one call.

1. A layout is searched for on arrays, and made a plan (`clusterplan.solve.begin`).
2. The plan is improved part by part (`clusterplan.solve.improve`), in processes of their own where there are
   threads for them.
3. The bound is brought down (`clusterplan.solve.prove`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from clusterplan.instance import Decisions, Instance
from clusterplan.solve.anywhere import bound_anywhere
from clusterplan.solve.begin import begin, plan_of
from clusterplan.solve.crew import Crew
from clusterplan.solve.improve import completed, first_plan
from clusterplan.solve.listen import finite
from clusterplan.solve.outcome import Status, relative_gap
from clusterplan.solve.progress import Progress
from clusterplan.solve.prove import AT_ONCE, LARGE, WHOLE, prove
from clusterplan.solve.proven import Proven
from clusterplan.solve.refine import refine
from clusterplan.solve.sizes import columns_of

SEARCH_SHARE, SEARCH_LEAST, PLACES_A_SECOND = 0.15, 0.6, 200
"""Share of the time that searching may take, and how many places of firms are worth a second of it."""
IMPROVE_SHARES = ((AT_ONCE, 0.0), (WHOLE, 0.3), (LARGE, 0.2), (math.inf, 1.0))
"""Share of the time left after it that improving may take, for programs of at most so many columns."""
What = Literal["improve", "prove", "better", "end"]
ANYWHERE_SHARE = 0.1
"""Share of the time for the bound with places left out."""


@dataclass(frozen=True)
class Stage:
    """What the three came to.

    Parameters
    ----------
    status, decisions, bound, nodes, limit
        As of `clusterplan.solve.Found`.
    value
        Value of the decisions, m currency/y.
    interrupted
        Whether Ctrl-C ended it.
    """

    status: Status
    decisions: Decisions | None
    value: float
    bound: float | None
    nodes: int
    limit: str | None
    interrupted: bool


def staged(
    instance: Instance,
    *,
    time_limit: float | None,
    work_limit: int | None,
    gap: float,
    seed: int,
    threads: int,
    start: Decisions | None,
    on_progress: Callable[[Progress], None] | None,
) -> Stage:
    """Return the best plan found for an instance, and the proof.

    Parameters
    ----------
    instance
        What is planned.
    time_limit, work_limit, gap, seed, threads
        As of `clusterplan.solve.Limits`.
    start
        Decisions to start from.
    on_progress
        Called now and then.
    """
    return _Stages(instance, time_limit, work_limit, gap, seed, threads, start, _Telling(on_progress)).go()


@dataclass
class _Stages:
    """One call."""

    instance: Instance
    time_limit: float | None
    work_limit: int | None
    gap: float
    seed: int
    threads: int
    start: Decisions | None
    telling: _Telling
    best: Decisions | None = None
    value: float = -math.inf
    bound: float = math.inf

    def go(self) -> Stage:
        """Search, improve and prove."""
        size = columns_of(self.instance)
        done = Proven(None, -math.inf, math.inf)
        helpers = self.threads - 1 if size > AT_ONCE and self.work_limit is None else 0
        try:
            with Crew(self.instance, helpers, self.seed, self.left()) as crew:
                if self.time_limit is None or self.time_limit > 0:
                    if size > AT_ONCE:
                        self.bounded()
                    self.searched(size)
                    crew.send(self.best, self.value)
                    if not helpers:
                        self.improved(size)
                done = self.proven(size, crew)
                if done.status == "open" and helpers and not done.interrupted:
                    self.waited(crew)
        except KeyboardInterrupt:
            done.interrupted = True
        return self.told(done)

    def searched(self, size: int) -> None:
        """Take the start if it holds, and search for a better plan.

        A program that HiGHS is given whole is solved before a search pays.
        """
        if self.start is not None:
            held = completed(self.instance, self.start, self.share(0.25))
            if held.decisions is not None:
                self.better(held.decisions, held.value)
                _heed(held.interrupted)
            elif self.instance.stable is not None:  # its firms may settle elsewhere
                plan = plan_of(self.instance, self.start.park, self.share(0.25))
                if plan is not None:
                    self.better(plan.decisions, plan.value)
                    _heed(plan.interrupted)
        if size <= AT_ONCE:
            return
        if self.best is None:  # something to show, should the search be ended early
            first = first_plan(self.instance, self.share(0.1))
            if first.decisions is not None:
                self.better(first.decisions, first.value)
                _heed(first.interrupted)
        places = self.instance.n_firms * self.instance.n_parks
        most = max(SEARCH_LEAST, places / PLACES_A_SECOND)
        limit = None if self.time_limit is None else min(most, SEARCH_SHARE * self.time_limit)
        begin(
            self.instance,
            time_limit=limit,
            seed=self.seed,
            on_better=lambda plan: self.better(plan.decisions, plan.value),
        )

    def bounded(self) -> None:
        """Bound the value with places left out, which is done before anything else is known."""
        found = bound_anywhere(self.instance, self.share(ANYWHERE_SHARE), self.seed)
        if found is not None:
            self.bound = found
        self.telling.say(self.value, self.bound, 0, "prove")

    def improved(self, size: int) -> None:
        """Improve the plan in this process."""
        share = next(share for most, share in IMPROVE_SHARES if size <= most)
        if self.best is None or not share:
            return
        found = refine(
            self.instance,
            self.best,
            time_limit=self.share(share),
            rounds=self.work_limit,
            seed=self.seed,
            on_better=self.better,
        )
        self.better(found.decisions, found.value)
        _heed(found.interrupted)

    def proven(self, size: int, crew: Crew) -> Proven:
        """Bring the bound down, hearing of plans that others find meanwhile."""

        def tell(value: float, bound: float, nodes: int) -> tuple[Decisions, float] | None:
            heard = crew.heard()
            if heard is not None:
                self.better(*heard)
            self.telling.say(max(value, self.value), bound, nodes, "prove")
            return None if heard is None or heard[1] <= value else heard

        done = prove(
            self.instance,
            decisions=self.best,
            value=self.value,
            bound=self.bound,
            time_limit=self.left(),
            work_limit=self.work_limit,
            gap=self.gap,
            seed=self.seed,
            threads=self.threads if size <= AT_ONCE else 1,
            tell=tell,
        )
        if done.decisions is not None:
            self.better(done.decisions, done.value)
        self.bound = min(self.bound, done.bound)
        return done

    def waited(self, crew: Crew) -> None:
        """Let helpers go on where the proof can't, until the time is up."""
        while crew.busy() and (left := self.left()) and left > 0:
            heard = crew.heard(wait=min(left, 0.2))
            if heard is not None:
                self.better(*heard)
                self.telling.say(self.value, self.bound, 0, "improve")

    def told(self, done: Proven) -> Stage:
        """Return what is known at the end."""
        status: Status
        bound = None if math.isinf(self.bound) else max(self.bound, self.value)
        gap = None if self.best is None else relative_gap(self.value, bound, "max")
        limit: str | None = done.limit
        if self.best is None:
            status = "infeasible" if done.status == "infeasible" and not done.interrupted else "no_plan"
        elif done.status == "closed" or (gap is not None and gap <= 1e-6):
            status, limit, bound = "optimal", None, self.value
        else:
            status = "feasible"
            limit = limit or ("gap" if gap is not None and gap <= self.gap else "time")
        self.telling.say(self.value, math.inf if bound is None else bound, done.nodes, "end")
        return Stage(status, self.best, self.value, bound, done.nodes, limit, done.interrupted)

    def better(self, decisions: Decisions, value: float) -> None:
        """Keep a plan if it is better, and tell."""
        if value > self.value:
            self.best, self.value = decisions, value
            self.telling.say(value, self.bound, 0, "better")

    def left(self) -> float | None:
        """Return the seconds that are left."""
        if self.time_limit is None:
            return None
        return max(0.0, self.time_limit - (time.perf_counter() - self.telling.begun))

    def share(self, part: float) -> float | None:
        """Return a share of the seconds that are left."""
        left = self.left()
        return None if left is None else part * left


class _Telling:
    """Passes on how far the stages are, on one clock, never with a worse plan or bound than before."""

    def __init__(self, on_progress: Callable[[Progress], None] | None) -> None:
        self._tell, self.begun = on_progress, time.perf_counter()
        self._best, self._bound = -math.inf, math.inf

    def say(self, best: float, bound: float, nodes: int, what: What) -> None:
        """Tell how far things are."""
        self._best, self._bound = max(best, self._best), min(bound, self._bound)
        if self._tell is None:
            return
        known_best, known_bound = (finite(number) for number in (self._best, self._bound))
        gap = relative_gap(known_best, known_bound, "max")
        seconds = time.perf_counter() - self.begun
        self._tell(Progress(seconds, known_best, known_bound, gap, nodes, what))


def _heed(interrupted: bool) -> None:
    """End the search where Ctrl-C was pressed within a step of it; its plan is kept."""
    if interrupted:
        raise KeyboardInterrupt
