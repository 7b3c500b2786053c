"""`prove`: how good a plan is at most, by dividing the question until each case is answered.

A case of the question is the instance with some parks shut or open for sure, and some firms kept to some
parks. What is shut has no columns, so cases get small quickly; and their relaxation, with the rows of
`clusterplan.rules.tighten`, is strong where few parks are left. A case is answered when its bound is no
better than the best plan, or when it is small enough for HiGHS to solve it whole. Others are divided: at the
park that its relaxation opens by half; where it opens parks wholly, at the firm with most ties that it
spreads over parks. At every time the greatest bound of the open cases is a bound of the whole.

Source: branch and bound (Land and Doig 1960), on opening decisions first, as usual for location problems.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import numpy as np

from clusterplan.instance import Decisions, Floats, Instance
from clusterplan.rules import Written, write
from clusterplan.rules.tighten import Tightened, tighten
from clusterplan.solve.cases import Case, divided
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.neighbours import ties
from clusterplan.solve.outcome import CLOSED, Outcome
from clusterplan.solve.progress import Progress
from clusterplan.solve.proven import Proven
from clusterplan.solve.session import TO_PROVE, Settings, run
from clusterplan.solve.sizes import columns_of
from clusterplan.solve.whole import made_whole

AT_ONCE = 5_000
"""Columns up to which a program is given to HiGHS whole at once, for as long as there is time."""
WHOLE = 16_000
"""Columns up to which that is done once a plan was searched for and improved."""
SMALL = 6_000
"""Columns up to which a case is given to HiGHS before it is divided further."""
SMALL_SECONDS, SMALL_NODES = 20.0, 200
"""Most seconds for a case, nodes where time is not limited."""
LARGE = 60_000
"""Columns above which no relaxation is tried: it would take minutes."""
BY_IPM = 8_000
"""Columns above which relaxations are solved by the interior point method."""

Tell = Callable[[float, float, int], tuple[Decisions, float] | None]
"""Told the best value, the bound and the nodes; may return a plan that was found elsewhere."""


def prove(
    instance: Instance,
    *,
    decisions: Decisions | None,
    value: float,
    bound: float = math.inf,
    time_limit: float | None = None,
    work_limit: int | None = None,
    gap: float = 1e-6,
    seed: int = 0,
    threads: int = 1,
    tell: Tell = lambda value, bound, nodes: None,
) -> Proven:
    """Return how much any plan can be worth, and a plan no worse than the one given.

    Parameters
    ----------
    instance
        What is planned.
    decisions, value
        The best plan so far and its value; None and −inf if there is none.
    bound
        What no plan exceeds by other means.
    time_limit, work_limit
        Seconds; cases and nodes; None: no limit.
    gap
        Relative gap at which to stop.
    seed, threads
        Seed and threads of the solver.
    tell
        Told how far the proof is; see `Tell`.
    """
    ends = math.inf if time_limit is None else time.monotonic() + time_limit
    proof = _Proof(instance, gap, seed, threads, ends, work_limit, tell, Proven(decisions, value, bound))
    proof.go()
    return proof.best


@dataclass
class _Proof:
    """A proof under way: the cases that are open, the one with the greatest bound first."""

    instance: Instance
    gap: float
    seed: int
    threads: int
    ends: float
    work_limit: int | None
    tell: Tell
    best: Proven
    cases: list[tuple[float, int, Case]] = field(default_factory=list)
    number: count[int] = field(default_factory=count)

    def go(self) -> None:
        """Divide until nothing is open or a limit is met; leave the bound and the status in ``best``."""
        sites, size = self.instance.sites, columns_of(self.instance)
        root = Case(sites.admissible, sites.must_place, sites.open_always, sites.open_never)
        self.put(self.best.bound, root)
        if size <= WHOLE:
            case, before = self.next()
            self.answer(case, before, tightly=size <= AT_ONCE)
        while WHOLE < size <= LARGE and self.cases and not self.stopped():
            if self.cases[0][0] >= -(self.best.value + self.tolerance()):
                break  # within the gap asked for
            self.look(*self.next())
        if size > LARGE:
            self.best.limit = "time"
        self.best.bound = max([self.best.value, *(-minus for minus, _, _ in self.cases)])
        if self.best.decisions is not None and self.closed(self.best.bound):
            self.best.status = "closed"
        elif not self.cases:
            self.best.status = "infeasible"

    def look(self, case: Case, before: float) -> None:
        """Bound a case by its relaxation, and answer it or divide it."""
        tight, problem = self.written(case)
        relaxed = replace(problem, integer=np.zeros(problem.n_columns, dtype=bool))
        options = {"solver": "ipm"} if problem.n_columns > BY_IPM else {}
        settings = Settings(time_limit=self.left(), seed=self.seed, threads=self.threads, options=options)
        self.best.nodes += 1
        found = run(relaxed, settings, watch=lambda *_: self.say(before))
        self.best.interrupted |= found.interrupted
        if found.claim == "infeasible":
            return
        if found.claim != "optimal" or found.bound is None or found.values is None:
            self.put(before, case)
            if found.claim == "failed":
                self.best.limit = "work"
            return
        bound = min(before, found.bound)
        if self.closed(bound) or (self.is_plan(tight, problem, found.values) and self.closed(bound)):
            return
        if problem.n_columns <= SMALL:
            bound = self.small(case, tight, problem, bound)
            if self.closed(bound):
                return
        children = divided(case, tight.written.sited, found.values, self.weight)
        if not children:  # all places are decided, and whole numbers of grants alone are left
            bound = self.small(case, tight, problem, bound)
            if not self.closed(bound):
                self.put(bound, case)
                self.best.limit = self.best.limit or "work"
        for child in children:
            self.put(bound, child)

    def answer(self, case: Case, before: float, *, tightly: bool) -> None:
        """Give the whole question to HiGHS for as long as there is time, with tighter rows or as it is."""
        written = write(case.of(self.instance))
        tight = tighten(written, fully=False) if tightly else None
        problem = matrix_of(written)
        start = None if self.best.decisions is None else (tight or written).values(self.best.decisions)
        found = self.solved(
            problem,
            before,
            time_limit=self.left(),
            work_limit=self.work_limit,
            start=start,
            options=None if start is None else TO_PROVE,
        )
        bound = self.taken(written, found, before)
        if not self.closed(bound):
            self.put(bound, case)
            if found.limit != "gap":
                self.best.limit = "time" if found.limit == "time" else "work"

    def small(self, case: Case, tight: Tightened, problem: Matrix, before: float) -> float:
        """Give a small case to HiGHS for a while; return what is then known to bound it, −inf if answered."""
        start = None
        if self.best.decisions is not None and case.holds(self.best.decisions):
            start = tight.values(self.best.decisions)
        elif self.best.decisions is not None:  # only better plans are of interest
            least = self.best.value + CLOSED / 4 * abs(self.best.value) - problem.constant
            problem = problem.with_row(problem.cost, least, np.inf, "clusterplan_better")
        left = self.left()
        seconds = None if left is None else min(left, SMALL_SECONDS)
        nodes = None if self.work_limit is None else min(SMALL_NODES, self.work_left())
        found = self.solved(
            problem,
            before,
            time_limit=seconds,
            work_limit=nodes,
            start=start,
            options={"mip_heuristic_effort": 0.01},
        )
        return self.taken(tight.written, found, before)

    def solved(
        self,
        problem: Matrix,
        before: float,
        *,
        time_limit: float | None,
        work_limit: int | None,
        start: Floats | None,
        options: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Solve a program with HiGHS, telling how far it is."""
        nodes = self.best.nodes

        def listen(said: Progress) -> None:
            self.best.nodes = nodes + said.nodes
            self.say(before if said.bound is None else min(before, said.bound))

        found = solve_highs(
            problem,
            time_limit=time_limit,
            work_limit=work_limit,
            gap=self.gap,
            seed=self.seed,
            threads=self.threads,
            start=start,
            on_progress=listen,
            options=options,
        )
        self.best.nodes = nodes + (found.nodes or 0)
        self.best.interrupted |= found.interrupted
        return found

    def taken(self, written: Written, found: Outcome, before: float) -> float:
        """Keep a better plan, and return the bound that is known now; −inf if nothing is left."""
        if found.values is not None and found.value is not None:
            self.better(written.decisions(found.values), found.value)
        if found.status == "infeasible":
            return -math.inf
        return before if found.bound is None else min(before, found.bound)

    # the state of the proof

    def __post_init__(self) -> None:
        self.weight = 1e-6 + np.asarray(ties(self.instance).sum(axis=1)).ravel()

    def written(self, case: Case) -> tuple[Tightened, Matrix]:
        """Write the program of a case, with tighter rows."""
        tight = tighten(write(case.of(self.instance)))
        return tight, matrix_of(tight.written)

    def is_plan(self, tight: Tightened, problem: Matrix, values: Floats) -> bool:
        """Keep a relaxation's solution if it is a plan; return whether it is one."""
        if np.abs(values - np.rint(values))[problem.integer].max(initial=0.0) > 1e-6:
            return False
        whole = made_whole(problem, values, seed=self.seed)
        if whole is None:
            return False
        self.better(tight.written.decisions(whole), problem.value(whole))
        return True

    def better(self, decisions: Decisions, value: float) -> None:
        """Keep a plan if it is better."""
        if value > self.best.value:
            self.best.decisions, self.best.value = decisions, value

    def put(self, bound: float, case: Case) -> None:
        """Leave a case open."""
        heapq.heappush(self.cases, (-bound, next(self.number), case))

    def next(self) -> tuple[Case, float]:
        """Take the open case with the greatest bound."""
        minus, _, case = heapq.heappop(self.cases)
        return case, -minus

    def tolerance(self) -> float:
        """Return by how much a bound may be above the value where the gap asked for is reached."""
        return max(self.gap, CLOSED / 2) * max(1e-9, abs(self.best.value))

    def closed(self, bound: float) -> bool:
        """Return whether nothing within a bound is better than the best plan."""
        if math.isinf(bound):
            return bound < 0
        known = self.best.decisions is not None
        return known and bound <= self.best.value + CLOSED / 2 * max(1e-9, abs(self.best.value))

    def left(self) -> float | None:
        """Return the seconds that are left."""
        return None if math.isinf(self.ends) else max(0.0, self.ends - time.monotonic())

    def work_left(self) -> int:
        """Return the nodes that are left, at least 1."""
        return max(1, (self.work_limit or 0) - self.best.nodes)

    def stopped(self) -> bool:
        """Return whether a limit is met, and take it down."""
        if time.monotonic() >= self.ends:
            self.best.limit = self.best.limit or "time"
        elif self.work_limit is not None and self.best.nodes >= self.work_limit:
            self.best.limit = self.best.limit or "work"
        return self.best.interrupted or self.best.limit is not None

    def say(self, here: float) -> None:
        """Tell the bound, of which ``here`` is that of the case looked at; take what others found."""
        others = max((-minus for minus, _, _ in self.cases), default=-math.inf)
        heard = self.tell(self.best.value, max(here, others, self.best.value), self.best.nodes)
        if heard is not None:
            self.better(*heard)
