"""A plan for several futures: the whole where it fits, layouts held in all futures where it does not.

1. Layouts are proposed: by the search for today, for the mean of the futures and for futures by themselves.
2. Each is held in all futures; awards, openings, utilisation and supply are then best by one small
program, so
   that what a layout is worth is exact.
3. The best is improved: some firms are freed together in all futures, or in a sample of them where there are
   many, and what that proposes is held in all (`clusterplan.solve.improve` does so for one future).
4. A bound: the whole program, started from the best plan, and the relaxation with places left out.

Source: Shaw 1998, as of `clusterplan.solve.improve`; sampling of scenarios in local search as in Kleywegt,
Shapiro and Homem-de-Mello 2002, The sample average approximation method for stochastic discrete optimization.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from clusterplan.instance import Floats, Instance, Ints, Later, mean_future
from clusterplan.solve.begin import begin
from clusterplan.solve.finish import EXACT, GRANTS_AT_MOST, hold
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import BETTER, PART_GAP, PART_SECONDS, first_plan
from clusterplan.solve.neighbours import Neighbourhoods
from clusterplan.solve.outcome import CLOSED
from clusterplan.solve.together.anywhere import bound_anywhere_together
from clusterplan.solve.together.asked import Asked
from clusterplan.solve.together.shared import Part, Shared, shared

SMALL = 2_000
"""Columns up to which the whole program is solved with no layout to start from."""
WHOLE = 10_000
"""Columns up to which the whole program is solved at once, for as long as there is time."""
LARGE = 120_000
"""Columns above which the whole program is not solved at all."""
PART_COLUMNS = 12_000
"""Columns of a part above which futures are sampled."""
FIRST_FREE, LEAST_FREE = 8.0, 3.0
"""Firms freed at first, and at least."""
LEAST_SEARCH = 0.5
"""Least seconds of a search for a layout."""
PROPOSED_BY = 6
"""Futures that propose a layout of their own, the likeliest first."""


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


@dataclass
class _Search:
    """One call."""

    today: Instance
    futures: Sequence[Later]
    shared: Shared
    ends: float
    seed: int
    gap: float
    best: Floats | None = None
    value: float = -math.inf
    layouts: int = 0
    seen: set[bytes] = field(default_factory=set)

    def left(self) -> float | None:
        """Return the seconds that are left; None: no limit."""
        return None if math.isinf(self.ends) else max(0.0, self.ends - time.monotonic())

    def tried(self, park: Ints) -> bool:
        """Hold a layout in all futures; keep it if it is better, and return whether it is."""
        key = park.tobytes()
        if key in self.seen:
            return False
        self.seen.add(key)
        self.layouts += 1
        part = self.shared.held(park)
        found = part.solved(time_limit=self.left(), gap=min(self.gap, EXACT))
        return found is not None and self.better(part, *found)

    def better(self, part: Part, values: Floats, value: float) -> bool:
        """Keep values if they are better."""
        if not math.isinf(self.value) and value <= self.value + BETTER * max(1.0, abs(self.value)):
            return False
        self.best, self.value = part.spread(values), value
        return True

    def propose(self, share: float) -> None:
        """Try the layouts of today, of the mean and of single futures."""
        willing = self.today.results.willing
        mean = mean_future(self.today, self.futures)
        likely = sorted(self.futures, key=lambda later: -later.chance)[:PROPOSED_BY]
        single = [
            replace(one.instance, results=replace(one.instance.results, willing=willing)) for one in likely
        ]
        asked = [mean, replace(self.today, stable=None), *single]
        left = self.left()
        each = None if left is None else max(LEAST_SEARCH, share * left / len(asked))
        first = first_plan(asked[1], each)
        if first.decisions is not None:
            self.tried(first.decisions.park)
        for instance in asked:
            if self.best is not None and self.left() == 0.0:
                break
            found = begin(instance, time_limit=each, seed=self.seed)
            if found is not None:
                self.tried(found.decisions.park)
        if self.best is None:
            self.tried(np.where(self.today.sites.must_place, self.today.sites.admissible.argmax(axis=1), -1))

    def improve(self, until: float) -> None:
        """Free firms together, until the time is up or nothing more is found."""
        if self.best is None:
            return
        random = np.random.default_rng(self.seed)
        kinds = Neighbourhoods(mean_future(self.today, self.futures), random)
        most, size, stale = float(kinds.movable.sum()), FIRST_FREE, 0
        while most and time.monotonic() < until and stale < 60:
            decisions = self.shared.once(self.best)
            free = kinds.choose(decisions, round(min(size, most)))
            admissible = np.array(self.today.sites.admissible)
            admissible[~free] = False
            there = np.flatnonzero(~free & (decisions.park >= 0))
            admissible[there, decisions.park[there]] = True
            must = ~free & (decisions.park >= 0)
            part = self.shared.part(admissible, must)
            if part.matrix.n_columns > PART_COLUMNS:
                share = PART_COLUMNS / part.matrix.n_columns
                count = max(2, round(share * len(self.futures)))
                chosen = random.choice(len(self.futures), min(count, len(self.futures)), replace=False)
                part = self.shared.part(admissible, must, sorted(chosen.tolist()))
            begun = time.monotonic()
            found = solve_highs(
                part.matrix,
                time_limit=min(PART_SECONDS, max(0.1, until - begun)),
                gap=PART_GAP,
                start=part.start(decisions),
            )
            better = False
            if found.values is not None:
                better = self.tried(self.shared.once(part.spread(found.values)).park)
            stale = 0 if better else stale + 1
            kinds.told(better=better, seconds=time.monotonic() - begun)
            complete = found.status == "optimal" or found.limit == "gap"
            size = min(size * 1.05, most) if complete and not better else size
            size = max(LEAST_FREE, 0.8 * size) if not complete else size

    def proven(self, time_limit: float | None) -> tuple[float, str]:
        """Solve the whole from the best plan; return a bound and how it ended."""
        part = self.shared.part()
        start = None if self.best is None else self.best[part.columns]
        found = solve_highs(part.matrix, time_limit=time_limit, gap=self.gap, seed=self.seed, start=start)
        if found.values is not None and found.value is not None:
            self.better(part, found.values, found.value)
        if found.status == "infeasible":
            return -math.inf, "infeasible"
        return math.inf if found.bound is None else found.bound, found.status


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
    """
    begun = time.monotonic()
    ends = math.inf if time_limit is None else begun + time_limit
    program = shared(today, futures, asked)
    at_once = program.size <= WHOLE if whole is None else whole
    search = _Search(today, futures, program, ends, seed, gap)
    for park in layouts:
        search.tried(park)
    bound, ended = math.inf, "open"
    if at_once and program.size > SMALL:
        search.propose(0.2)
    if not at_once:
        left = 60.0 if time_limit is None else time_limit
        found = bound_anywhere_together(today, futures, asked, 0.15 * left, seed)
        bound = math.inf if found is None else found
        search.propose(0.2)
        search.improve(time.monotonic() + (0.6 if program.size <= LARGE else 0.98) * (search.left() or left))
    if at_once or program.size <= LARGE:
        told, ended = search.proven(search.left())
        bound = min(bound, told)
    return _told(search, bound, ended, "whole" if at_once else "layouts", time.monotonic() - begun)


def _told(search: _Search, bound: float, ended: str, how: str, seconds: float) -> Together:
    known = None if math.isinf(bound) else max(bound, search.value)
    if search.best is None:
        status = "infeasible" if ended == "infeasible" else "no_plan"
    else:
        closed = known is not None and known - search.value <= CLOSED * max(1e-9, abs(search.value))
        status = "optimal" if closed else "feasible"
    return Together(status, search.best, search.value, known, search.shared, how, search.layouts, seconds)


def least_awards(found: Together) -> Floats:
    """Return column values with places and the value held, and no award larger than it must be."""
    if found.columns is None:
        raise ValueError("There is no plan.")
    program = found.shared
    part = program.held(program.once(found.columns).park)
    values = found.columns[part.columns]
    h = program.at[program.first.written.awarded.h]
    k = program.at[program.first.written.awarded.k[program.first.written.awarded.k >= 0]]
    public = np.zeros(program.size)
    public[h] = 1.0 + 1e-3 * program.today.awards.cost
    if not (found.columns[h] > 0).any():
        return found.columns
    held = hold(part.matrix, part.matrix.value(values), "value")
    droppable = np.isin(part.columns, k)
    least = solve_highs(
        replace(
            held,
            cost=-public[part.columns],
            constant=0.0,
            lower=np.where(held.integer & ~droppable, np.rint(values), held.lower),
            upper=np.where(held.integer, np.rint(values), held.upper),
        ),
        time_limit=GRANTS_AT_MOST,
        gap=EXACT,
        start=values,
    )
    return found.columns if least.values is None else part.spread(least.values)
