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

from clusterplan.instance import Bools, Floats, Instance, Ints, Later, mean_future
from clusterplan.solve.begin import begin, layout_part
from clusterplan.solve.finish import EXACT, GRANTS_AT_MOST, hold
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import BETTER, PART_GAP, PART_SECONDS, first_plan
from clusterplan.solve.neighbours import Neighbourhoods
from clusterplan.solve.outcome import CLOSED
from clusterplan.solve.together.anywhere import bound_anywhere_together
from clusterplan.solve.together.asked import Asked
from clusterplan.solve.together.bunched import bunched, tightened
from clusterplan.solve.together.divide import Divided
from clusterplan.solve.together.shared import Part, Shared, shared

SMALL = 2_000
"""Columns up to which the whole program is solved with no layout to start from."""
WHOLE = 10_000
"""Columns up to which the whole program is solved at once, for as long as there is time."""
LARGE = 60_000
"""Columns of the bunched program above which it is not divided."""
SURE = 30_000
"""Columns of it up to which its relaxation is solved in less than a minute."""
ANYWHERE_SHARE, PROPOSE_SHARE, IMPROVE_UNTIL = 0.1, 0.2, 0.5
"""Shares of the time: for the bound with places left out, for proposing, and until when to improve."""
PATIENCE = 60
"""Parts in a row without a better plan after which improving ends."""
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
    bunched: Shared
    ends: float
    seed: int
    gap: float
    best: Floats | None = None
    value: float = -math.inf
    layouts: int = 0
    seen: dict[bytes, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)

    def left(self) -> float | None:
        """Return the seconds that are left; None: no limit."""
        return None if math.isinf(self.ends) else max(0.0, self.ends - time.monotonic())

    def tried(self, park: Ints) -> bool:
        """Hold a layout in all futures; keep it if it is better, and return whether it is."""
        before = self.value
        self.held(park)
        return self.value > before

    def held(self, park: Ints) -> float:
        """Hold a layout in all futures; return what no plan with it is worth more than, −inf without any."""
        key = park.tobytes()
        if key not in self.seen:
            self.layouts += 1
            part = self.shared.held(park)
            found = solve_highs(part.matrix, time_limit=self.left(), gap=min(self.gap, EXACT))
            if found.values is not None and found.value is not None:
                self.better(part, found.values, found.value)
            bound = math.inf if found.bound is None else found.bound
            self.seen[key] = -math.inf if found.status == "infeasible" else bound
        return self.seen[key]

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
                self.part_of(layout_part(instance, found.decisions.park).sites.admissible, PART_SECONDS)
        if self.best is None:
            self.tried(np.where(self.today.sites.must_place, self.today.sites.admissible.argmax(axis=1), -1))

    def part_of(self, admissible: Bools, seconds: float, must: Bools | None = None) -> tuple[bool, bool]:
        """Solve the bunched program with some places alone, and hold its layout.

        Returns whether that is better, and whether the part was solved to its end.
        """
        must = self.today.sites.must_place if must is None else must
        part = self.bunched.part(admissible, must)
        if part.matrix.n_columns > PART_COLUMNS:
            share = PART_COLUMNS / part.matrix.n_columns
            several = len(self.bunched.blocks)
            count = min(several, max(2, round(share * several)))
            chosen = self.random.choice(several, count, replace=False)
            part = self.bunched.part(admissible, must, sorted(chosen.tolist()))
        found = solve_highs(
            part.matrix,
            time_limit=seconds,
            gap=PART_GAP,
            start=None if self.best is None else part.start(self.shared.once(self.best)),
        )
        complete = found.status in {"optimal", "infeasible"} or found.limit == "gap"
        return found.values is not None and self.tried(
            self.shared.once(part.spread(found.values)).park
        ), complete

    def improve(self, until: float) -> None:
        """Free firms together, until the time is up or nothing more is found."""
        if self.best is None:
            return
        kinds = Neighbourhoods(mean_future(self.today, self.futures), self.random)
        most, size, stale = float(kinds.movable.sum()), FIRST_FREE, 0
        while most and time.monotonic() < until and stale < PATIENCE:
            decisions = self.shared.once(self.best)
            free = kinds.choose(decisions, round(min(size, most)))
            admissible = np.array(self.today.sites.admissible)
            admissible[~free] = False
            there = np.flatnonzero(~free & (decisions.park >= 0))
            admissible[there, decisions.park[there]] = True
            must = (~free & (decisions.park >= 0)) | self.today.sites.must_place
            begun = time.monotonic()
            better, complete = self.part_of(admissible, min(PART_SECONDS, max(0.1, until - begun)), must)
            stale = 0 if better else stale + 1
            kinds.told(better=better, seconds=time.monotonic() - begun)
            size = min(size * 1.05, most) if complete and not better else size
            size = max(LEAST_FREE, 0.8 * size) if not complete else size

    def sought(self, seconds: float) -> float:
        """Seek layouts, then divide the question; return the bound, −inf if there is no plan."""
        begun, bound = time.monotonic(), math.inf
        large = self.bunched.size > LARGE
        if self.bunched.size > SURE:
            found = bound_anywhere_together(
                self.today, self.futures, self.shared.asked, ANYWHERE_SHARE * seconds, self.seed
            )
            bound = math.inf if found is None else found
        self.propose(PROPOSE_SHARE)
        self.improve(begun + (0.98 if large else IMPROVE_UNTIL) * seconds)
        if large:
            return bound
        program = tightened(bunched(self.shared, self.apart()))
        divided = Divided(
            program, self.held, lambda: self.value, self.ends, bound=bound, gap=self.gap, seed=self.seed
        )
        return divided.go()

    def apart(self) -> Ints | None:
        """Return which futures are bad by the best plan, where they count for more than others."""
        asked, blocks = self.shared.asked, self.shared.blocks
        if self.best is None or (asked.aim == "mean" and asked.willing == "expected"):
            return None
        order = np.argsort(self.shared.values(self.best), kind="stable")
        chance = np.array([block.later.chance for block in blocks])[order]
        before = np.cumsum(chance) - chance
        tail = 1.0 - asked.alpha if asked.aim == "cvar" else 0.0
        bad = np.zeros(len(blocks), dtype=np.int64)
        bad[order[before < tail + 1e-12]] = 1
        bad[order[0]] = 2
        return bad

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
    search = _Search(today, futures, program, bunched(program), ends, seed, gap)
    for park in layouts:
        search.tried(park)
    bound, ended = math.inf, "open"
    if at_once:
        if program.size > SMALL:
            search.propose(0.2)
        bound, ended = search.proven(search.left())
    else:
        bound = search.sought(60.0 if time_limit is None else time_limit)
        ended = "infeasible" if bound == -math.inf else ended
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
