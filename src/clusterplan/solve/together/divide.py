"""How good a plan for several futures is at most: the bunched program, divided as one future's is.

The relaxation of the bunched program, with all rows that tighten it, bounds every plan. It is divided at
parks that it opens by half and at firms that it spreads over parks (`clusterplan.solve.prove` does so for one
future); a case is answered when its bound is no better than the best plan. Layouts that a relaxation decides
wholly are held in all futures, so that they are worth what they are. Source: branch and bound (Land and Doig
1960); on the scenarios' aggregate as in Song and Luedtke 2015.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from clusterplan.instance import Floats, Ints, mean_future
from clusterplan.solve.cases import Case, by_firm, by_park
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.neighbours import ties
from clusterplan.solve.outcome import CLOSED
from clusterplan.solve.prove import BY_IPM, SMALL, SMALL_SECONDS
from clusterplan.solve.session import Settings, run
from clusterplan.solve.together.shared import Part, Shared

HALF = 0.1
"""From what fraction on a park is decided before firms: one that is all but shut tells little."""

Held = Callable[[Ints], float]
"""Holds a layout in all futures; returns what no plan with it is worth more than, −inf if there is none."""
Best = Callable[[], float]
"""Returns the value of the best plan so far, −inf without any."""


@dataclass
class Divided:
    """A question that is being divided: cases that are open, the one with the greatest bound first.

    Parameters
    ----------
    program
        The bunched program with the rows that tighten it.
    held, best
        Hold layouts, and tell what is the best so far.
    ends
        When to stop, on the clock of `time.monotonic`.
    bound
        What is known by other means, m currency/y.
    gap
        Relative gap at which to stop.
    seed
        Seed of the solver.
    cases
        Those that are open, by their bounds.
    looked
        How many were looked at.
    interrupted
        Whether Ctrl-C was pressed, or the solver can't go on.
    """

    program: Shared
    held: Held
    best: Best
    ends: float
    bound: float = math.inf
    gap: float = 1e-6
    seed: int = 0
    cases: list[tuple[float, int, Case]] = field(default_factory=list)
    number: count[int] = field(default_factory=count)
    looked: int = 0
    interrupted: bool = False

    def __post_init__(self) -> None:
        sites = self.program.today.sites
        mean = mean_future(self.program.today, [block.later for block in self.program.blocks])
        self.weight = 1e-6 + np.asarray(ties(mean).sum(axis=1)).ravel()
        self.put(self.bound, Case(sites.admissible, sites.must_place, sites.open_always, sites.open_never))

    def go(self) -> float:
        """Divide until nothing is open or the time is up; return the bound, −inf if there is no plan."""
        while self.cases and not self.interrupted and time.monotonic() < self.ends:
            if self.closed(-self.cases[0][0], self.gap):
                break
            before, case = self.next()
            self.look(case, before)
        return max([self.best(), *(-minus for minus, _, _ in self.cases)])

    def root(self) -> float:
        """Look at the whole question; return the bound, −inf if there is no plan, infinite if unknown."""
        before, case = self.next()
        self.look(case, before)
        return max([self.best(), *(-minus for minus, _, _ in self.cases)])

    def look(self, case: Case, before: float) -> None:
        """Bound a case by its relaxation, and answer it or divide it."""
        part, problem = self.part(case)
        relaxed = replace(problem, integer=np.zeros(problem.n_columns, dtype=bool))
        options = {"solver": "ipm"} if problem.n_columns > BY_IPM else {}
        found = run(relaxed, Settings(time_limit=self.left(), seed=self.seed, options=options))
        self.looked += 1
        self.interrupted |= found.interrupted or (found.claim == "stopped" and found.limit == "work")
        if found.claim == "infeasible":
            return
        if found.claim != "optimal" or found.bound is None or found.values is None:
            self.put(before, case)
            if found.claim != "stopped":
                self.ends = -math.inf  # a relaxation that the solver can't solve: no more is known
            return
        bound = min(before, found.bound)
        if self.closed(bound):
            return
        y = self.places(part, found.values)
        if np.abs(y - np.rint(y)).max(initial=0.0) <= 1e-6:
            self.held(np.where(y.max(axis=1) > 0.5, y.argmax(axis=1), -1))
            if self.closed(bound):
                return
        if problem.n_columns <= SMALL:
            bound = self.small(part, problem, bound)
            if self.closed(bound):
                return
        for child in self.divided(case, bound, part, found.values, y):
            self.put(bound, child)

    def small(self, part: Part, problem: Matrix, before: float) -> float:
        """Give a small case to HiGHS for a while; return what is then known to bound it."""
        if not math.isinf(self.best()):  # only better plans are of interest
            least = self.best() + CLOSED / 4 * abs(self.best()) - problem.constant
            problem = problem.with_row(problem.cost, least, np.inf, "clusterplan_better")
        found = solve_highs(
            problem,
            time_limit=min(self.left(), SMALL_SECONDS),
            gap=self.gap,
            seed=self.seed,
            options={"mip_heuristic_effort": 0.01},
        )
        self.interrupted |= found.interrupted
        if found.values is not None:
            self.held(self.program.once(part.spread(found.values)).park)
        if found.status == "infeasible":
            return -math.inf
        return before if found.bound is None else min(before, found.bound)

    def divided(self, case: Case, bound: float, part: Part, values: Floats, y: Floats) -> list[Case]:
        """Return cases that cover a case, as its relaxation suggests; none if it is answered."""
        program = self.program
        opened = part.spread(values)[program.at[program.first.written.sited.x]]
        half = np.where(case.opened | case.shut, 0.0, np.minimum(opened, 1 - opened))
        most = half.max(initial=0.0)
        if most > HALF:
            return by_park(case, int(np.argmax(half)))
        spread = 1.0 - np.maximum(y.max(axis=1), 1.0 - y.sum(axis=1))
        asks = np.where(spread > 1e-6, spread * self.weight, 0.0)
        f = int(np.argmax(asks))
        if asks[f] <= 0.0:
            if most > 1e-6:
                return by_park(case, int(np.argmax(half)))
            # whole numbers of grants are left, or futures of a bunch: any firm with a choice will do
            several = case.admissible.sum(axis=1) + ~case.must_place
            f = int(np.argmax(several))
            if several[f] <= 1:
                return self.leaf(case, bound)
        return by_firm(case, f, y[f])

    def leaf(self, case: Case, before: float) -> list[Case]:
        """Hold the only layout of a case; leave the case open if that does not answer it."""
        park = np.where(case.admissible.any(axis=1), case.admissible.argmax(axis=1), -1)
        bound = min(before, self.held(park))
        if not self.closed(bound):
            self.put(bound, case)
            self.ends = -math.inf
        return []

    def part(self, case: Case) -> tuple[Part, Matrix]:
        """Return a case's part of the program, and its matrix with parks open or shut for sure."""
        program = self.program
        part = program.part(case.admissible, case.must_place)
        lower, upper = np.full(program.size, -np.inf), np.full(program.size, np.inf)
        x = program.at[program.first.written.sited.x]
        lower[x[case.opened]], upper[x[case.shut]] = 1.0, 0.0
        lower, upper = lower[part.columns], upper[part.columns]
        problem = part.matrix
        return part, replace(
            problem, lower=np.maximum(problem.lower, lower), upper=np.minimum(problem.upper, upper)
        )

    def places(self, part: Part, values: Floats) -> Floats:
        """Return (F, S) how much of each firm is where."""
        program, sited = self.program, self.program.first.written.sited
        y = np.zeros(program.today.sites.admissible.shape)
        y[sited.firm, sited.park] = part.spread(values)[program.at[sited.y[sited.firm, sited.park]]]
        return y

    def put(self, bound: float, case: Case) -> None:
        """Leave a case open."""
        heapq.heappush(self.cases, (-bound, next(self.number), case))

    def next(self) -> tuple[float, Case]:
        """Take the open case with the greatest bound."""
        minus, _, case = heapq.heappop(self.cases)
        return -minus, case

    def closed(self, bound: float, gap: float = CLOSED / 2) -> bool:
        """Return whether nothing within a bound is better than the best plan."""
        value = self.best()
        if math.isinf(bound) or math.isinf(value):
            return bound == -math.inf
        return bound <= value + max(gap, CLOSED / 2) * max(1e-9, abs(value))

    def left(self) -> float:
        """Return the seconds that are left."""
        return max(0.0, self.ends - time.monotonic())
