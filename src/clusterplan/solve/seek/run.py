"""`Run`: a search under way, turn by turn."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from clusterplan.instance import Ints
from clusterplan.solve.seek.anneal import anneal
from clusterplan.solve.seek.compiled import problem_of, state_of
from clusterplan.solve.seek.exact import Exact, Left
from clusterplan.solve.seek.layout import Layout
from clusterplan.solve.seek.measure import keeps_limits, worth
from clusterplan.solve.seek.starts import (
    classes_of_parks,
    crossed,
    greedy,
    kicked,
    renumbered,
    typical_change,
)
from clusterplan.solve.seek.ways import Way, Ways

ELITE = 10
"""Layouts kept for recombination."""
FIRST_SHARE, FIRST_SECONDS = 0.25, 1.0
"""What annealing gets before a layout without links is solved exactly: a share, and seconds at least."""
STALL = 40
"""Turns after which annealing may be said to get no further."""
PART = 0.1
"""Most of the work or time that is left that a long turn may take."""


@dataclass
class Run:
    """A search under way."""

    layout: Layout
    seed: int
    start: Ints | None
    work: int = 0
    turns: int = 0
    rate: float = 0.0
    value: float = -np.inf
    proven: bool = False
    owed_work: float = 0.0
    owed_seconds: float = 0.0
    elite: list[tuple[float, Ints]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.problem = problem_of(self.layout)
        self.random = np.random.default_rng(self.seed)
        self.bits = self.random.integers(1, 2**63, 1, dtype=np.uint64)
        self.base = max(20_000, 40 * self.layout.n_firms * min(self.layout.n_parks, 50))
        self.warm = typical_change(self.problem, greedy(self.problem, self.random))
        self.price = np.array([2.0 * self.warm])
        self.ways = Ways(self.problem)
        self.alike = classes_of_parks(self.problem)
        self.log = np.empty((2, self.layout.n_firms), np.int64)
        self.current = greedy(self.problem, self.random) if self.start is None else self.start
        # firms that have no choice are where they must be, whatever the start says
        self.best = self.current.copy()
        if self.start is not None:
            self.keep(worth(self.layout, self.start), self.start)
        self.fixed = self._fixed()
        self.exact = Exact(self.layout, annealed)

    def _fixed(self) -> Ints:
        """Return the only park of firms that have one, −1 for those that may be nowhere, −2 for the free."""
        fixed = np.full(self.layout.n_firms, -2, dtype=np.int64)
        fits = self.layout.linear > -np.inf
        alone = (fits.sum(axis=1) == 1) & self.layout.must_place
        fixed[alone] = np.argmax(fits[alone], axis=1)
        fixed[~fits.any(axis=1)] = -1
        return fixed

    def admitted(self, park: Ints) -> Ints:
        """Return a layout with every firm where it may be; others are put where they like it best."""
        out = np.where(self.fixed > -2, self.fixed, park)
        linear, firms = self.layout.linear, np.arange(len(out))
        wrong = np.where(out >= 0, np.isneginf(linear[firms, out]), self.layout.must_place)
        out[wrong] = np.where(np.isneginf(linear[wrong]).all(axis=1), -1, np.argmax(linear[wrong], axis=1))
        return out

    def keep_first(self) -> bool:
        """Keep where the search stands, for want of a better one; return whether that is feasible."""
        park = self.admitted(self.current)
        return self.keep(worth(self.layout, park), park)

    def turn(self, left: float, seconds: float) -> bool:
        """Anneal once, for so many moves or seconds at most; return whether a better layout was met."""
        way = self.ways.pick(self.random)
        park = self.admitted(self.origin(way))
        steps = min(left, self.base * way.length / (16.0 if way.start == "kick" else 1.0))
        # no turn takes more than a part of what is left
        steps = min(steps, max(self.base, PART * left))
        if seconds < np.inf:
            steps = min(steps, max(2_000.0, PART * seconds * self.rate, min(self.base, seconds * self.rate)))
        steps = int(max(1, steps))
        trades = 0.3 * way.parks + way.trades
        plan = np.array(
            [
                steps,
                way.hot * self.warm,
                way.cold * self.warm,
                way.share,
                way.shifts,
                way.parks,
                trades,
                max(way.share, way.end_share),
            ]
        )
        state = state_of(self.problem, park)
        best = park.copy()
        begun = time.monotonic()
        value, _ = anneal(
            self.problem, state, self.bits, self.price, plan, best, self.log, self.problem.free.copy()
        )
        took = time.monotonic() - begun
        if self.turns > 0 and took > 0:
            self.rate = steps / took if not self.rate else 0.5 * (self.rate + steps / took)
        self.work += steps
        self.turns += 1
        self.current = state.park.copy()
        before = self.value
        kept = value > -np.inf and self.keep(value, best)
        good = kept and self.value > before + 1e-12 * abs(self.value)
        self.ways.told(steps / self.base, good=good, fair=kept)
        return good

    def is_due(self, work: float | None, seconds: float | None, spent: float, met: float) -> bool:
        """Return whether annealing has had its share of work or seconds, or gets no further."""
        if self.exact.over or self.work < self.owed_work or spent < self.owed_seconds:
            return False
        if seconds is None:
            return work is not None and self.work >= FIRST_SHARE * work
        stalls = self.turns >= STALL and spent > max(2.0 * met, 0.1 * FIRST_SECONDS)
        return spent >= max(FIRST_SECONDS, FIRST_SHARE * seconds) or (work is None and stalls)

    def exactly(self, left: float, seconds: float, spent: float) -> bool:
        """Take a turn of the exact search; return whether a better layout was met."""
        budget, begun = Left(left, seconds), time.monotonic()
        step = self.exact.turn(self.value, self.best, budget)
        self.work += int(budget.spent)
        before = self.value
        if step.park is not None:
            self.keep(worth(self.layout, step.park), step.park)
        self.proven = step.proven
        if step.park is None:
            # what led to nothing gives as much to annealing
            if seconds < np.inf:
                self.owed_seconds = spent + 2.0 * (time.monotonic() - begun)
            else:
                self.owed_work = self.work + budget.spent
        return self.value > before

    def keep(self, value: float, park: Ints) -> bool:
        """Keep a layout among the best, if it is feasible and better than all that are nearly the same.

        Parameters
        ----------
        value
            What it is worth by the compiled sums; what is kept is measured from nothing.
        park
            (F,) the layout.

        Returns
        -------
        bool
            Whether it was kept.
        """
        if len(self.elite) == ELITE and value <= self.elite[-1][0]:
            return False
        near = [
            i
            for i, (_, other) in enumerate(self.elite)
            if (park != renumbered(park, other, self.alike)).sum() <= len(park) // 25
        ]
        if any(self.elite[i][0] >= value for i in near) or not keeps_limits(self.layout, park):
            return False
        value = worth(self.layout, park)
        self.elite = [pair for i, pair in enumerate(self.elite) if i not in near]
        self.elite.append((value, park.copy()))
        self.elite.sort(key=lambda pair: -pair[0])
        del self.elite[ELITE:]
        if value > self.value:
            self.value, self.best = value, park.copy()
        return True

    def origin(self, way: Way) -> Ints:
        """Return what the next turn starts from."""
        if way.start == "new" and (self.turns or self.start is None):
            return greedy(self.problem, self.random)
        if way.start == "current" or not self.elite:
            return self.current
        if way.start == "cross" and len(self.elite) > 1:
            one, two = self.random.choice(len(self.elite), 2, replace=False)
            return crossed(self.elite[one][1], self.elite[two][1], self.alike, self.random)
        # the best more often than the others
        rank = int(len(self.elite) * self.random.random() ** 2)
        park = self.elite[rank][1]
        return kicked(self.problem, park, self.random) if way.start == "kick" else park


def annealed(layout: Layout, park: Ints, work: float, seconds: float) -> Ints:
    """Return the best layout that annealing meets from another, or the other.

    Parameters
    ----------
    layout
        The problem.
    park
        (F,) where to begin; limits may be broken.
    work, seconds
        Moves and seconds at most; one at least is finite.
    """
    until = time.monotonic() + seconds
    run = Run(layout, 0, park)
    while run.work < work and time.monotonic() < until and len(run.problem.free):
        run.turn(work - run.work, until - time.monotonic() if seconds < np.inf else np.inf)
    return run.best if run.value > -np.inf else run.admitted(park)
