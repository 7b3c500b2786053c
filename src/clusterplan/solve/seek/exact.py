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
from clusterplan.solve.outcome import Outcome
from clusterplan.solve.seek.layout import Layout
from clusterplan.solve.seek.location import Location, location
from clusterplan.solve.seek.measure import keeps_limits, worth
from clusterplan.solve.seek.relaxed import Relaxed, relaxed

LARGEST = 40_000
"""Placings up to which it is tried."""
FIRST = 3
"""Placings a firm, on average, that are looked at first; each time all of that is done, twice as many."""
WHOLE = 4
"""The same where parks are given."""
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

    def time(self, share: float = 1.0) -> float:
        """Return a share of the seconds that are left, half a second at least where there is that much."""
        if self.seconds == np.inf:
            return np.inf
        left = max(0.0, self.until - time.monotonic())
        return min(left, max(0.5, share * left))

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
        self.relaxed: Relaxed | None = None
        self.barred: list[Bools] = []
        self.unsettled: list[Bools] = []

    def beaten(self, bound: float, value: float) -> bool:
        """Return whether nothing within a bound is better than a value."""
        slack = SAME * max(1.0, abs(value))
        return bound <= value + slack or (self.grain > 0.0 and bound < value + self.grain - 100.0 * slack)

    def turn(self, value: float, park: Ints, left: Left) -> Step:
        """Find parks and place the firms in them; `over` is set where nothing more can be done.

        Parameters
        ----------
        value, park
            The best layout so far; −inf if there is none.
        left
            What may be spent.
        """
        if self.relaxed is None:
            self.relaxed = self._relaxation(self.layout, np.ones(self.shape, dtype=bool), left, 0.5)
            if self.relaxed is None:
                self.over = True
                return Step(None, proven=False)
        if self.beaten(self.relaxed.bound, value):
            return Step(None, proven=True)
        may, all_that_matter = self._kernel(self.relaxed, self.size, value, park)
        program = location(self.layout, may, tied=True)
        use: Bools | None = np.ones(self.shape[1], dtype=bool)
        split = park
        if len(program.y_park):
            use, split, left_over = self._parks(program, value, park, left)
        else:
            left_over = not self.barred
        if use is not None and left_over:
            self.barred.append(use)
            return self._place(use, split, value, park, left, wide=False)
        if left_over:  # stopped before it knew anything
            self.over = True
            return Step(None, proven=False)
        if not all_that_matter:
            self.size *= 2
            return Step(None, proven=False)
        if not self.unsettled:
            return Step(None, proven=True)
        return self._place(self.unsettled.pop(0), park, value, park, left, wide=True)

    def _relaxation(self, layout: Layout, may: Bools, left: Left, share: float) -> Relaxed | None:
        program = location(layout, may, tied=False)
        work = 0.1 * ROOT * program.matrix.n_columns
        if not left.afford(work):
            return None
        left.spent += work
        return relaxed(program, self.shape, left.time(share))

    def _kernel(self, prices: Relaxed, size: int, value: float, park: Ints) -> tuple[Bools, bool]:
        """Return (F, S) the placings to look at, and whether a better layout can have no others."""
        gap = prices.bound - value + SAME * max(1.0, abs(prices.bound))
        matter = prices.loss <= gap if np.isfinite(gap) else np.isfinite(prices.loss)
        number = size * len(park)
        every = int(matter.sum()) <= 1.2 * number
        may = (
            matter
            if every
            else matter & (prices.loss <= np.partition(prices.loss, number, axis=None)[number])
        )
        if value > -np.inf:
            may = may | (np.arange(self.shape[1]) == park[:, None])
        return may, every

    def _parks(
        self, program: Location, value: float, park: Ints, left: Left
    ) -> tuple[Bools | None, Ints, bool]:
        """Return the parks to use next, who would be in them, and whether a better layout may be left."""
        y = np.arange(program.matrix.n_columns) >= len(program.firm)
        problem = replace(program.matrix, integer=y)
        for i, use in enumerate(self.barred):
            beyond = np.zeros(len(y))
            beyond[y] = ~use[program.y_park]
            problem = problem.with_row(beyond, 1.0, np.inf, f"beyond {i}")
        start = None
        if value > -np.inf and all((~use[park[park >= 0]]).any() for use in self.barred):
            start = program.start(park)
        outcome = self._solved(problem, start, left, 0.3)
        if outcome is None:
            return None, park, True
        if outcome.status == "infeasible" or (
            outcome.bound is not None and self.beaten(outcome.bound, value)
        ):
            return None, park, False
        if outcome.values is None:
            return None, park, True
        use = np.ones(self.shape[1], dtype=bool)
        use[program.y_park] = outcome.values[y] > 0.5
        counted = self.layout.open_min > 0 or self.layout.open_max < self.shape[1]
        may_shut = ((self.layout.opening_cost != 0) | counted) & ~self.layout.open_always
        use[np.setdiff1d(np.flatnonzero(may_shut), program.y_park)] = False
        return use, _nearest(program, outcome.values, len(park)), True

    def _place(self, use: Bools, split: Ints, value: float, park: Ints, left: Left, *, wide: bool) -> Step:
        """Place all firms in some parks, whole; note where better layouts there are not excluded."""
        within = replace(self.layout, linear=np.where(use, self.layout.linear, -np.inf))
        share = 0.3 if wide else 0.15
        work = 0.1 * (left.work - left.spent) if left.work < np.inf else np.inf
        begun = self.improve(within, split, work, left.time(share))
        left.spent += work if work < np.inf else 0.0
        best, top = self._better(begun, value, park)
        prices = self._relaxation(within, np.ones(self.shape, dtype=bool), left, 0.5)
        settled = prices is not None and self.beaten(prices.bound, top)
        if prices is not None and not settled:
            size = WHOLE * (4 if wide else 1)
            may, every = self._kernel(prices, size, top, best)
            program = location(within, may, tied=False)
            own = best if top > -np.inf and use[best[best >= 0]].all() else begun
            start = program.start(own) if keeps_limits(within, own) else None
            outcome = self._solved(program.matrix, start, left, 1.0 if wide else 0.4)
            if outcome is not None and outcome.values is not None:
                best, top = self._better(program.layout(outcome.values, len(park)), top, best)
            if outcome is not None and every:
                none = outcome.status == "infeasible"
                settled = none or (outcome.bound is not None and self.beaten(outcome.bound, top))
        if not settled:
            if wide:
                self.over = True
            self.unsettled.append(use)
        return Step(best if top > value else None, proven=False)

    def _better(self, new: Ints, value: float, park: Ints) -> tuple[Ints, float]:
        worth_it = worth(self.layout, new)
        if worth_it > value and keeps_limits(self.layout, new):
            return new, worth_it
        return park, value

    def _solved(self, problem, start: Floats | None, left: Left, share: float) -> Outcome | None:  # type: ignore[no-untyped-def]
        """Solve a program in a share of what is left; None where that is not enough to begin."""
        cost = ROOT * problem.n_columns
        seconds = left.time(share)
        if not left.afford(cost) or seconds <= 0.0:
            return None
        nodes = None
        if left.work < np.inf:
            room = (left.work - left.spent - cost) * min(share, 0.5)
            nodes = 1 + min(NODES, int(room / (NODE * problem.n_columns)))
        outcome = solve_highs(
            problem,
            time_limit=None if seconds == np.inf else seconds,
            work_limit=nodes,
            start=start,
            gap=0.0,
        )
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
