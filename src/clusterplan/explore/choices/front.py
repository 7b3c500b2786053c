"""The points of a front: solved for by bounds on aims, then polished so that none is weakly dominated.

Source: the ε-constraint method (`clusterplan.explore.choices.tradeoff`).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clusterplan.errors import ClusterplanError
from clusterplan.explore.choices.aims import TOLERANCE, amount_of, no_less
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.choices.unseen import Unseen
from clusterplan.explore.sweeps import Task
from clusterplan.instance import Floats
from clusterplan.plan import Plan
from clusterplan.region import Region, Term
from clusterplan.rules import Condition

STEP = 1e-4
"""Share of the range of the second aim to which points of a front are told apart."""


@dataclass(frozen=True, eq=False)
class Points:
    """Points of a front, the best in the first aim first.

    Parameters
    ----------
    amounts
        (P, A) amount of each aim, m currency/y.
    plans
        The plan of each.
    proven
        Whether all solves of each were.
    dropped
        How many were solved for that are none.
    is_whole
        Whether it is proven that there are no others.
    """

    amounts: Floats
    plans: tuple[Plan, ...]
    proven: tuple[bool, ...]
    dropped: int
    is_whole: bool


@dataclass
class Front:
    """One front.

    Parameters
    ----------
    region
        What to plan.
    weights
        By aim, the first the first: weight of each term.
    runs
        How its solves are run.
    bounds
        What every plan must keep.
    """

    region: Region
    weights: dict[str, dict[Term, float]]
    runs: Runs
    bounds: tuple[Condition, ...] = ()

    def go(self, n: int) -> Points:
        """Solve for the ends, then for the points between them: n at most of two aims."""
        names = list(self.weights)
        ends = [
            one for one in self.polished(self.solved({name: (name, ()) for name in names}), must=True) if one
        ]
        amounts = np.array([self.amounts(plan) for plan, _ in ends])
        low, high = amounts.min(axis=0), amounts.max(axis=0)
        if len(names) == 2:
            return self.between(ends, n)
        steps = [np.linspace(low[i], high[i], n)[1:-1] for i in range(1, len(names))]
        # the most is asked first: what was found keeps all bounds that follow, and the next starts from it
        bounds = [np.array(least) for least in itertools.product(*steps)][::-1]
        found = [*ends, *self.at(bounds, ends)]
        return self.points(found, len(bounds) + len(ends))

    def between(self, ends: Sequence[tuple[Plan, bool]], n: int) -> Points:
        """Look for points of two aims where some may be missing, the widest interval first."""
        found = list(ends)
        (_, low), (_, high) = (self.amounts(plan) for plan, _ in ends)
        unseen = Unseen(max(STEP * (high - low), 10 * TOLERANCE * max(1.0, abs(low), abs(high))))
        unseen.add(low, high)
        asked, points = 0, len(_best(np.array([self.amounts(plan) for plan, _ in ends])))
        while unseen.open and points < n:
            intervals = unseen.widest(n - points)
            plans = self.asked([np.array([one.ask]) for one in intervals], [plan for plan, _ in found], asked)
            for one, new in zip(intervals, plans, strict=True):
                is_new = unseen.answered(one, None if new is None else self.amounts(new[0])[1])
                points += is_new
                if new is not None and is_new:
                    found.append(new)
                unseen.given_up |= new is None or not new[1]
            asked += len(intervals)
        is_whole = not unseen.open and not unseen.given_up and all(proven for _, proven in found)
        return self.points(found, asked + len(ends), is_whole=is_whole)

    def at(self, bounds: Sequence[Floats], ends: Sequence[tuple[Plan, bool]]) -> list[tuple[Plan, bool]]:
        """Solve for a point at each bound on the aims after the first: one after another, or all at once."""
        known = [plan for plan, _ in ends]
        found: list[tuple[Plan, bool]] = []
        size = 1 if self.runs.executor == "serial" else max(1, len(bounds))
        for first in range(0, len(bounds), size):
            new = [one for one in self.asked(bounds[first : first + size], known, first) if one is not None]
            found += new
            known += [plan for plan, _ in new]
        return found

    def asked(
        self, bounds: Sequence[Floats], known: Sequence[Plan], before: int
    ) -> list[tuple[Plan, bool] | None]:
        """Solve for the best of the first aim at each bound on the others; None where no plan is known."""
        names, asked, starts = list(self.weights), {}, {}
        for number, least in enumerate(bounds, before + 1):
            held = tuple(self.held(name, bound) for name, bound in zip(names[1:], least, strict=True))
            asked[f"point {number}"] = (names[0], held)
            start = self.nearest(known, least)
            if start is not None:
                starts[f"point {number}"] = start
        return self.polished(self.solved(asked, starts))

    def nearest(self, known: Sequence[Plan], least: Floats) -> Plan | None:
        """Return the plan that is best in the first aim of those that keep bounds on the others."""
        keeping = [plan for plan in known if (np.array(self.amounts(plan)[1:]) >= least).all()]
        return max(keeping, key=lambda plan: self.amounts(plan)[0], default=None)

    def held(self, name: str, least: float) -> Condition:
        """Return the condition that an aim is no less than an amount."""
        return no_less(self.weights[name], least)

    def solved(
        self,
        asked: Mapping[str, tuple[str, tuple[Condition, ...]]],
        starts: Mapping[str, Plan] | None = None,
    ) -> list[tuple[Plan, bool] | ClusterplanError]:
        """Solve for the best of an aim under conditions, by name; a fault where there is no plan."""
        tasks = [
            Task(
                task,
                self.region,
                self.runs.options,
                self.weights[aim],
                (*self.bounds, *conditions),
                f"front of {aim}",
                (starts or {}).get(task),
            )
            for task, (aim, conditions) in asked.items()
        ]
        swept = self.runs.sweep(tasks)
        found: list[tuple[Plan, bool] | ClusterplanError] = []
        for task in tasks:
            try:
                plan = swept.plan(task.name)
                found.append((plan, plan.status == "optimal"))
            except ClusterplanError as error:
                found.append(error)
        return found

    def polished(
        self, found: Sequence[tuple[Plan, bool] | ClusterplanError], *, must: bool = False
    ) -> list[tuple[Plan, bool] | None]:
        """Hold what a plan reached in the aim it was solved for, and make the others best.

        The ends are solved for each aim in turn, the points for the first. None stands for no plan.
        """
        names = list(self.weights)
        asked, starts = {}, {}
        told: list[tuple[Plan, bool] | None] = [
            None if isinstance(one, ClusterplanError) else one for one in found
        ]
        for number, one in enumerate(found):
            if isinstance(one, ClusterplanError):
                if must:
                    raise one
                continue
            plan, _ = one
            aim = names[number] if must else names[0]
            others = [name for name in names if name != aim]
            reached = dict(zip(names, self.amounts(plan), strict=True))
            held = [self.held(aim, reached[aim])]
            if not must:
                held += [self.held(name, reached[name]) for name in others]
            asked[f"polished {number + 1}"] = (others[0], tuple(held))
            starts[f"polished {number + 1}"] = plan
        better = iter(self.solved(asked, starts))
        for number, first in enumerate(told):
            if first is not None:
                new = next(better)
                if isinstance(new, ClusterplanError):
                    told[number] = (first[0], False)
                else:
                    told[number] = (new[0], first[1] and new[1])
        return told

    def amounts(self, plan: Plan) -> list[float]:
        """Return the amount of each aim in a plan."""
        return [amount_of(weights, plan) for weights in self.weights.values()]

    def points(self, found: Sequence[tuple[Plan, bool]], asked: int, *, is_whole: bool = False) -> Points:
        """Return the points of which none is better than another, the best in the first aim first."""
        amounts = np.array([self.amounts(plan) for plan, _ in found])
        kept = sorted(_best(amounts), key=lambda i: -amounts[i, 0])
        plans, proven = zip(*(found[i] for i in kept), strict=True)
        return Points(amounts[kept], plans, proven, asked - len(kept), is_whole)


def _best(points: Floats) -> list[int]:
    """Return which points are neither worse in everything than another nor the same as one before."""
    slack = 2 * TOLERANCE * np.maximum(1.0, np.abs(points).max(axis=0))
    kept: list[int] = []
    for i, point in enumerate(points):
        no_worse = (points >= point - slack).all(axis=1)
        better = no_worse & (points > point + slack).any(axis=1)
        same = [j for j in kept if (np.abs(points[j] - point) <= slack).all()]
        if not better.any() and not same:
            kept.append(i)
    return kept
