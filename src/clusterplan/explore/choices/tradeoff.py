"""`tradeoff`: what one aim costs another, as a front of plans of which none is better in everything."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.errors import ClusterplanError, UsageError
from clusterplan.explore.choices.aims import TOLERANCE, Aim, aim_weights, amount_of, bounded, no_less
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
class Tradeoff:
    """A front of plans.

    Parameters
    ----------
    aims
        Names of the aims: columns of the front.
    front
        A row for each plan, from the best in the first aim to the best in the second: the amount of each aim,
        ``status`` (``optimal`` only if all its solves were proven), ``knee`` (True for the one plan that
        gives most of all), ``firms``, ``parks``, ``grants_m_y``.
    plans
        The plans, in the same order.
    dropped
        Points that were solved for and are no better in any aim than another, or had no plan.
    is_whole
        Whether it is proven that no point is missing, told apart to `STEP` of the range of the second aim and
        to 1e-5 of its amounts (of two aims; never said of three).
    """

    aims: tuple[str, ...]
    front: pd.DataFrame
    plans: tuple[Plan, ...]
    dropped: int
    is_whole: bool = False

    @property
    def knee(self) -> Plan:
        """The plan that gives most of all aims: farthest from the line between the ends."""
        return self.plans[int(np.flatnonzero(self.front["knee"])[0])]


def tradeoff(
    region: Region,
    first: Aim = "value",
    second: Aim = "grants",
    third: Aim | None = None,
    *,
    n: int = 10,
    at_least: Mapping[str, float] | None = None,
    time_limit: float | None = 30.0,
    runs: Runs | None = None,
) -> Tradeoff:
    """Return plans of which none is better than another in every aim.

    Between the best plans for either aim, so much is asked of the second aim while the first is best, and
    then what was reached is held while the second is best, so that no plan is left that could be better in
    one aim at no cost in the other. The next bound goes where most may be missing
    (`clusterplan.explore.choices.unseen`), until there are n points or it is proven that there are no more.
    With a third aim, each pair of the n − 2 values between the ends is asked for. Each solve starts from the
    best plan known to keep its bounds.

    Parameters
    ----------
    region
        What to plan.
    first, second, third
        Aims: ``"value"``, a term (its unweighted amount, which is signed, so that more is better: fewer
        grants are more), or weights of terms. See `clusterplan.region.weights`.
    n
        Points of the front at most, at least 2; of three aims values asked of the second, and of the third.
    at_least
        What every plan must reach, by ``"value"`` or term, m currency/y: ``{"grants": -5}`` pays no more than
        5 (see `clusterplan.explore.choices.aims`).
    time_limit
        Seconds for each solve; None: no limit. Each question takes two, also one that finds no new point.
    runs
        How they are solved (`clusterplan.explore.Runs`).

    Raises
    ------
    NoPlanError, TimeLimitError, SolverError
        If there is no plan that is best in one aim, none was found in time, or a solve failed.
    UsageError
        If an aim is none, or n is less than 2.

    References
    ----------
    Haimes, Lasdon and Wismer 1971 (ε-constraint); Hamacher, Pedersen and Ruzika 2007 (where to ask); Mavrotas
    2009, Effective implementation of the ε-constraint method in multi-objective mathematical programming
    (points that are not weakly dominated); Das 1999, On characterizing the knee of the Pareto curve.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.tradeoff(cp.load_region("tiny"), "value", "grants", n=3)
    >>> found.front[["value", "grants"]].round(3).to_numpy().tolist()
    [[0.925, -0.065], [-6.12, 0.0]]
    """
    if n < 2:
        raise UsageError(f"A front has at least 2 points, not {n}.")
    weights = {_name(aim, i): aim_weights(aim, region) for i, aim in enumerate((first, second, third)) if aim}
    if len(weights) < (2 if third is None else 3):
        raise UsageError("The aims of a trade-off must differ.")
    bounds = bounded(region, at_least)
    return _Front(region, weights, (runs or Runs()).within(time_limit), bounds).go(n)


def _name(aim: Aim, number: int) -> str:
    return aim if isinstance(aim, str) else ("first", "second", "third")[number]


@dataclass
class _Front:
    """One call."""

    region: Region
    weights: dict[str, dict[Term, float]]
    runs: Runs
    bounds: tuple[Condition, ...] = ()

    def go(self, n: int) -> Tradeoff:
        """Solve for the ends, then for the points between them."""
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
        kept = _best([self.amounts(plan) for plan, _ in found])
        return self.told([found[i] for i in kept], len(bounds) + len(ends) - len(kept))

    def between(self, ends: Sequence[tuple[Plan, bool]], n: int) -> Tradeoff:
        """Look for points of two aims where some may be missing, the widest interval first."""
        found = list(ends)
        (_, low), (_, high) = (self.amounts(plan) for plan, _ in ends)
        unseen = Unseen(max(STEP * (high - low), 10 * TOLERANCE * max(1.0, abs(low), abs(high))))
        unseen.add(low, high)
        asked, points = 0, len(_best([self.amounts(plan) for plan, _ in ends]))
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
        kept = _best([self.amounts(plan) for plan, _ in found])
        is_whole = not unseen.open and not unseen.given_up and all(proven for _, proven in found)
        return self.told([found[i] for i in kept], asked + len(ends) - len(kept), is_whole=is_whole)

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

    def told(self, found: Sequence[tuple[Plan, bool]], dropped: int, *, is_whole: bool = False) -> Tradeoff:
        """Return the front in order."""
        amounts = np.array([self.amounts(plan) for plan, _ in found])
        order = np.argsort(-amounts[:, 0], kind="stable")
        plans = tuple(found[i][0] for i in order)
        frame = pd.DataFrame(amounts[order], columns=list(self.weights))
        frame["status"] = ["optimal" if found[i][1] else "feasible" for i in order]
        frame["knee"] = _knee(amounts[order])
        frame["firms"] = [int(plan.firms["park"].notna().sum()) for plan in plans]
        frame["parks"] = [int(plan.parks["open"].sum()) for plan in plans]
        frame["grants_m_y"] = [float(plan.grants["amount_m_y"].sum()) for plan in plans]
        return Tradeoff(tuple(self.weights), frame.rename_axis("point"), plans, dropped, is_whole)


def _best(amounts: Sequence[Sequence[float]]) -> list[int]:
    """Return which points are neither worse in everything than another nor the same as one before."""
    points = np.asarray(amounts, dtype=float)
    slack = 2 * TOLERANCE * np.maximum(1.0, np.abs(points).max(axis=0))
    kept: list[int] = []
    for i, point in enumerate(points):
        no_worse = (points >= point - slack).all(axis=1)
        better = no_worse & (points > point + slack).any(axis=1)
        same = [j for j in kept if (np.abs(points[j] - point) <= slack).all()]
        if not better.any() and not same:
            kept.append(i)
    return kept


def _knee(points: Floats) -> list[bool]:
    """Return which point is farthest above the line (or plane) between the best of each aim."""
    span = np.ptp(points, axis=0)
    scaled = (points - points.min(axis=0)) / np.where(span > 0, span, 1.0)
    farthest = int(np.argmax(scaled.sum(axis=1)))
    return [i == farthest for i in range(len(points))]
