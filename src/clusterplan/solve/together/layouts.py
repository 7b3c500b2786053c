"""Layouts proposed, held in all futures, and improved.

What a layout is worth is exact: with places held, awards, openings, utilisation and supply of all futures
are best by one small program. What to hold is told by searches for single instances, and by parts of the
bunched program (`clusterplan.solve.together.bunched`): some firms are freed together, or the best layout is
joined with another, each firm where one of the two has it. A part that is too large is solved for a sample of
the bunches.

Source: Shaw 1998, as of `clusterplan.solve.improve`; joining two plans: path relinking, Glover 1997, A
template for scatter search and path relinking; sampling of scenarios in local search: Kleywegt, Shapiro and
Homem-de-Mello 2002, The sample average approximation method for stochastic discrete optimization.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints, Later, mean_future
from clusterplan.solve.begin import begin, layout_part
from clusterplan.solve.finish import EXACT
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import BETTER, PART_GAP, PART_SECONDS, first_plan
from clusterplan.solve.neighbours import Neighbourhoods
from clusterplan.solve.together.shared import Part, Shared

PATIENCE, TURNS = 12, 20
"""Parts in a row without a better plan after which another layout has its turn, and most such turns."""
GROWS = 1.15
"""By how much more firms are freed where that was quickly answered."""
TURN_SECONDS = 4.0
"""Most seconds for a search for a layout."""
PART_COLUMNS = 12_000
"""Columns of a part above which futures are sampled."""
FIRST_FREE, LEAST_FREE = 8.0, 3.0
"""Firms freed at first, and at least."""
LEAST_SEARCH = 0.5
"""Least seconds of a search for a layout."""
PROPOSED_BY = 6
"""Futures that propose a layout of their own, the likeliest first."""


@dataclass
class Layouts:
    """Layouts that were held in all futures, and the best plan that they gave.

    Parameters
    ----------
    today, futures
        What is planned, and the futures.
    shared, bunched
        The program, and the one in which futures that are alike stand as one.
    ends
        When to stop, on the clock of `time.monotonic`.
    seed, gap
        Seed of what is drawn, and the relative gap at which to stop.
    best, value
        Columns of the best plan, and what it is worth, m currency/y; None and −inf without any.
    layouts
        How many were held.
    turn
        Which of the instances proposes the next.
    seen
        By layout: what no plan with it is worth more than.
    """

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
    turn: int = 0
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

    def propose(self, seconds: float | None, turns: int) -> None:
        """Try the layouts of the mean of the futures, of today, and of single futures, in turns."""
        if self.turn == 0:
            first = first_plan(replace(self.today, stable=None), seconds)
            if first.decisions is not None:
                self.tried(first.decisions.park)
        for _ in range(turns):
            if self.best is not None and self.left() == 0.0:
                break
            instance = self.asked[self.turn % len(self.asked)]
            found = begin(instance, time_limit=seconds, seed=self.seed + 7919 * self.turn)
            self.turn += 1
            if found is not None:
                self.tried(found.decisions.park)
                self.between(found.decisions.park)
        if self.best is None:
            self.tried(np.where(self.today.sites.must_place, self.today.sites.admissible.argmax(axis=1), -1))

    @cached_property
    def asked(self) -> list[Instance]:
        """What proposes layouts: the mean of the futures, today, and the likeliest futures by themselves."""
        willing = self.today.results.willing
        likely = sorted(self.futures, key=lambda later: -later.chance)[:PROPOSED_BY]
        single = [
            replace(one.instance, results=replace(one.instance.results, willing=willing)) for one in likely
        ]
        return [mean_future(self.today, self.futures), replace(self.today, stable=None), *single]

    def between(self, park: Ints) -> None:
        """Seek the best between a layout and the best one: each firm where one of them has it, or out."""
        admissible = np.array(layout_part(self.today, park).sites.admissible)
        if self.best is not None:
            best = self.shared.once(self.best).park
            there = np.flatnonzero(best >= 0)
            admissible[there, best[there]] = True
        left = self.left()
        self.part_of(admissible, PART_SECONDS if left is None else min(PART_SECONDS, left))

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
        """Free firms together, and by turns take in another layout, until the time is up."""
        if self.best is None:
            return
        kinds = Neighbourhoods(mean_future(self.today, self.futures), self.random)
        most, size, stale, turns = float(kinds.movable.sum()), FIRST_FREE, 0, 0
        while most and time.monotonic() < until and turns < TURNS:
            decisions = self.shared.once(self.best)
            free = kinds.choose(decisions, round(min(size, most)))
            admissible = np.array(self.today.sites.admissible)
            admissible[~free] = False
            there = np.flatnonzero(~free & (decisions.park >= 0))
            admissible[there, decisions.park[there]] = True
            must = (~free & (decisions.park >= 0)) | self.today.sites.must_place
            begun = time.monotonic()
            better, complete = self.part_of(admissible, min(PART_SECONDS, max(0.1, until - begun)), must)
            spent = time.monotonic() - begun
            stale = 0 if better else stale + 1
            kinds.told(better=better, seconds=spent)
            if not complete:
                size = max(LEAST_FREE, 0.9 * size)
            elif not better and spent < 0.4 * PART_SECONDS:
                size = min(size * GROWS, most)
            if stale >= PATIENCE:
                stale, turns = 0, turns + 1
                self.propose(min(TURN_SECONDS, max(LEAST_SEARCH, 0.2 * (until - time.monotonic()))), 1)
