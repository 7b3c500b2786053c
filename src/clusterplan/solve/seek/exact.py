"""Layouts without links, solved by which parks are in use: a bound from split firms, then each firm whole.

Where firms may be split between parks, which parks to use is a small program that HiGHS solves well, and no
layout is worth more than its value. The parks it names are then all that firms are placed in, whole. That set
is barred afterwards: a further layout must use a park outside it. Once nothing that is left can be better,
the best layout is proven (logic-based Benders decomposition: Hooker and Ottosson 2003). Placings that lose
more by the relaxation than a better layout could are left out; at first, so are others, to be quick.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance import Bools, Floats, Ints
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.outcome import Outcome
from clusterplan.solve.seek.layout import Layout
from clusterplan.solve.seek.location import Location, location
from clusterplan.solve.seek.measure import keeps_limits, worth
from clusterplan.solve.seek.relaxed import Relaxed, relaxed

LARGEST = 40_000
"""Placings up to which it is tried."""
FIRST = 3
"""Placings a firm, on average, that are looked at first; each time all of that is done, twice as many."""
WHOLE, WIDE = 2, 6
"""The same where parks are given, and where they are looked at again."""
ROOT, NODE = 4_000, 400
"""Moves that a column costs, about: in all, and at each node beyond the first; where work is limited."""
NODES = 200
"""Nodes at most, where only work is limited."""
SAME = 1e-9
"""Values that differ by this share are the same."""

Improve = Callable[[Layout, Ints, float, float], Ints]
"""Anneals a layout problem from a layout, for so much work and so many seconds at most."""


@dataclass
class Left:
    """What is left of work (moves, about) and time."""

    work: float
    seconds: float

    def __post_init__(self) -> None:
        self.until = time.monotonic() + self.seconds
        self.spent = 0.0

    def time(self, share: float, least: float = 0.5) -> float:
        """Return a share of the seconds that are left, and so many at least where there are."""
        if self.seconds == np.inf:
            return np.inf
        left = max(0.0, self.until - time.monotonic())
        return min(left, max(least, share * left))

    def afford(self, work: float) -> bool:
        """Return whether there is so much work left."""
        return self.spent + work <= self.work


@dataclass(frozen=True)
class Step:
    """What a turn led to.

    Parameters
    ----------
    park
        (F,) a layout that keeps all limits, or None.
    proven
        Whether no layout is better than the best of this and the one given.
    """

    park: Ints | None
    proven: bool


class Exact:
    """The exact search of a layout problem, turn by turn.

    Parameters
    ----------
    layout
        The problem.
    improve
        Anneals.
    """

    def __init__(self, layout: Layout, improve: Improve) -> None:
        self.layout, self.improve = layout, improve
        self.shape = layout.linear.shape
        fits = layout.linear > -np.inf
        self.over = len(layout.link_a) > 0 or layout.willing is not None or not 0 < fits.sum() <= LARGEST
        numbers = np.concatenate([layout.linear[fits], layout.opening_cost])
        self.grain = 1.0 if (numbers == np.floor(numbers)).all() else 0.0
        self.size = FIRST
        self.value, self.park = -np.inf, np.full(self.shape[0], -1, dtype=np.int64)
        self.left = Left(0.0, 0.0)
        self.relaxed: Relaxed | None = None
        self.barred: list[Bools] = []
        self.unsettled: list[Bools] = []
        self.holder: Bools | None = None  # the parks of the best layout, to be looked at again

    def turn(self, value: float, park: Ints, left: Left) -> Step:
        """Find parks and place the firms in them; `over` is set where nothing more can be done.

        Parameters
        ----------
        value, park
            The best layout so far; −inf if there is none.
        left
            What may be spent.
        """
        self.value, self.park, self.left = value, park, left
        if self.relaxed is None:
            self.relaxed = self._relaxation(self.layout, 0.5)
        self.over = self.relaxed is None
        proven = self.relaxed is not None and (self.beaten(self.relaxed.bound) or self._turn(self.relaxed))
        return Step(self.park if self.value > value else None, proven)

    def beaten(self, bound: float | None) -> bool:
        """Return whether nothing within a bound is better than the best layout."""
        slack = SAME * max(1.0, abs(self.value))
        return bound is not None and (
            bound <= self.value + slack
            or (self.grain > 0.0 and bound < self.value + self.grain - 100.0 * slack)
        )

    def _turn(self, prices: Relaxed) -> bool:
        """Take a turn; return whether it proves the best layout."""
        if self.holder is not None and len(self.barred) % 2 == 0:
            use, self.holder = self.holder, None
            self.unsettled = [other for other in self.unsettled if other is not use]
            self._place(use, self.park, WIDE, 0.4)
            return False
        may, all_that_matter = self._kernel(prices, self.size)
        parks = self._parks(location(self.layout, may, tied=True))
        if parks is not None:
            self.barred.append(parks[0])
            self._place(*parks, WHOLE, 0.25)
        elif self.over:
            pass
        elif not all_that_matter:
            self.size *= 2
        elif self.unsettled:
            self.over = not self._place(self.unsettled.pop(0), self.park, self.shape[1], 0.5)
        else:
            return True
        return False

    def _relaxation(self, layout: Layout, share: float) -> Relaxed | None:
        """Return bound and losses of a problem, if there is enough left for them."""
        program = location(layout, layout.linear > -np.inf, tied=False)
        work = 0.1 * ROOT * program.matrix.n_columns
        if not self.left.afford(work):
            return None
        self.left.spent += work
        return relaxed(program, self.shape, self.left.time(share))

    def _kernel(self, prices: Relaxed, size: int) -> tuple[Bools, bool]:
        """Return (F, S) the placings to look at, and whether a better layout can have no others."""
        gap = prices.bound - self.value + SAME * max(1.0, abs(prices.bound))
        matter = prices.loss <= gap if np.isfinite(gap) else np.isfinite(prices.loss)
        number = size * len(self.park)
        every = int(matter.sum()) <= 1.2 * number
        may = matter
        if not every:
            may = matter & (prices.loss <= np.partition(prices.loss, number, axis=None)[number])
        if self.value > -np.inf:
            may = may | (np.arange(self.shape[1]) == self.park[:, None])
        return may, every

    def _parks(self, program: Location) -> tuple[Bools, Ints] | None:
        """Return the parks to use next and who would be in them; None if that can't lead to better layouts.

        Where the program was stopped before it had any, the search is `over`, and None is returned.
        """
        if not len(program.y_park):
            return None if self.barred else (np.ones(self.shape[1], dtype=bool), self.park)
        y = np.arange(program.matrix.n_columns) >= len(program.firm)
        problem = replace(program.matrix, integer=y)
        for i, use in enumerate(self.barred):
            problem = problem.with_row(
                np.append(0.0 * y[~y], ~use[program.y_park]), 1.0, np.inf, f"beyond {i}"
            )
        start = None
        if self.value > -np.inf and all((~use[self.park[self.park >= 0]]).any() for use in self.barred):
            start = program.start(self.park)
        outcome = self._solved(problem, start, 0.3)
        if outcome is not None and (outcome.status == "infeasible" or self.beaten(outcome.bound)):
            return None
        if outcome is None or outcome.values is None:
            self.over = True
            return None
        counted = self.layout.open_min > 0 or self.layout.open_max < self.shape[1]
        use = ~(((self.layout.opening_cost != 0) | counted) & ~self.layout.open_always)
        use[program.y_park] = outcome.values[y] > 0.5
        return use, _nearest(program, outcome.values, len(self.park))

    def _place(self, use: Bools, split: Ints, size: int, share: float) -> bool:
        """Place all firms in some parks, whole; return whether nothing better can be there."""
        within = replace(self.layout, linear=np.where(use, self.layout.linear, -np.inf))
        before, own = self.value, self.park
        if before == -np.inf or not use[own[own >= 0]].all():
            work = 0.05 * (self.left.work - self.left.spent)
            own = self.improve(within, split, work, self.left.time(0.03, 0.1))
            self.left.spent += work if work < np.inf else 0.0
            self._take(own)
        prices = self._relaxation(within, 0.3)
        settled = prices is not None and self.beaten(prices.bound)
        if prices is not None and not settled:
            may, every = self._kernel(prices, size)
            program = location(within, may, tied=False)
            start = program.start(own) if keeps_limits(within, own) else None
            outcome = self._solved(program.matrix, start, share)
            if outcome is not None and outcome.values is not None:
                self._take(program.layout(outcome.values, len(own)))
            if outcome is not None and every:
                settled = outcome.status == "infeasible" or self.beaten(outcome.bound)
        if not settled:
            self.unsettled.append(use)
        if self.value > before:
            self.holder = None if settled or size > WHOLE else use
        return settled

    def _take(self, park: Ints) -> None:
        """Take a layout for the best if it is."""
        value = worth(self.layout, park)
        if value > self.value and keeps_limits(self.layout, park):
            self.value, self.park = value, park

    def _solved(self, problem: Matrix, start: Floats | None, share: float) -> Outcome | None:
        """Solve a program in a share of what is left; None where that is not enough to begin."""
        left, cost = self.left, ROOT * problem.n_columns
        seconds = left.time(share)
        if not left.afford(cost) or seconds <= 0.0 or not problem.n_columns:
            return None
        nodes = None
        if left.work < np.inf:
            room = (left.work - left.spent - cost) * min(share, 0.5)
            nodes = 1 + min(NODES, int(room / (NODE * problem.n_columns)))
        limit = None if seconds == np.inf else seconds
        outcome = solve_highs(problem, time_limit=limit, work_limit=nodes, start=start, gap=0.0)
        if outcome.interrupted:
            raise KeyboardInterrupt
        left.spent += cost + NODE * problem.n_columns * max(0, (outcome.nodes or 0) - 1)
        return outcome


def _nearest(program: Location, values: Floats, n: int) -> Ints:
    """Return each firm in the park that has most of it; out, where most of it is out."""
    out = np.full(n, -1, dtype=np.int64)
    most = np.full(n, 0.3)
    for f, s, x in zip(program.firm, program.park, values, strict=False):
        if x > most[f]:
            most[f], out[f] = x, s
    return out
