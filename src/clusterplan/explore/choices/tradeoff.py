"""`tradeoff`: what one aim costs another, as a front of plans of which none is better in everything."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.errors import ClusterplanError, NoPlanError, TimeLimitError, UsageError
from clusterplan.explore.choices.aims import TOLERANCE, Aim, aim_weights, amount_of, bounded, no_less
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.sweeps import Task
from clusterplan.instance import Floats
from clusterplan.plan import Plan
from clusterplan.region import Region, Term
from clusterplan.rules import Condition


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
    """

    aims: tuple[str, ...]
    front: pd.DataFrame
    plans: tuple[Plan, ...]
    dropped: int

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

    Each of n values between the two ends is asked of the second aim while the first is best, and then what
    was reached is held while the second is best, so that no plan is left that could be better in one aim at
    no cost in the other. With a third aim, n × n pairs of values are asked for. The most is asked of the
    others first, so that what was found for one point is a plan for the next, and each solve starts from the
    best plan known to keep its bounds.

    Parameters
    ----------
    region
        What to plan.
    first, second, third
        Aims: ``"value"``, a term (its unweighted amount, which is signed, so that more is better: fewer
        grants are more), or weights of terms. See `clusterplan.region.weights`.
    n
        Points of the front, at least 2; those that coincide are told once.
    at_least
        What every plan must reach, by ``"value"`` or term, m currency/y: ``{"grants": -5}`` pays no more than
        5 (see `clusterplan.explore.choices.aims`).
    time_limit
        Seconds for each solve; None: no limit. There are at most two solves a point.
    runs
        How they are solved (`clusterplan.explore.Runs`).

    Raises
    ------
    NoPlanError, TimeLimitError
        If there is no plan that is best in one aim, or none was found in time.
    UsageError
        If an aim is none, or n is less than 2.

    References
    ----------
    Haimes, Lasdon and Wismer 1971 (ε-constraint); Mavrotas 2009, Effective implementation of the ε-constraint
    method in multi-objective mathematical programming (points that are not weakly dominated); Das 1999, On
    characterizing the knee of the Pareto curve.

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
        ends = self.polished(self.solved({name: (name, ()) for name in names}), must=True)
        amounts = np.array([self.amounts(plan) for plan, _ in ends])
        low, high = amounts.min(axis=0), amounts.max(axis=0)
        steps = [np.linspace(low[i], high[i], n)[1:-1] for i in range(1, len(names))]
        # the most is asked first: what was found keeps all bounds that follow, and the next starts from it
        bounds = [np.array(least) for least in itertools.product(*steps)][::-1]
        found = [*ends, *self.between(bounds, ends)]
        kept = _best([self.amounts(plan) for plan, _ in found])
        return self.told([found[i] for i in kept], len(bounds) + len(ends) - len(kept))

    def between(self, bounds: Sequence[Floats], ends: Sequence[tuple[Plan, bool]]) -> list[tuple[Plan, bool]]:
        """Solve for a point at each bound on the aims after the first: one after another, or all at once."""
        names, known = list(self.weights), [plan for plan, _ in ends]
        found: list[tuple[Plan, bool]] = []
        size = 1 if self.runs.executor == "serial" else max(1, len(bounds))
        for first in range(0, len(bounds), size):
            asked, starts = {}, {}
            for number, least in enumerate(bounds[first : first + size], first + 1):
                held = tuple(self.held(name, bound) for name, bound in zip(names[1:], least, strict=True))
                asked[f"point {number}"] = (names[0], held)
                start = self.nearest(known, least)
                if start is not None:
                    starts[f"point {number}"] = start
            new = self.polished(self.solved(asked, starts))
            found += new
            known += [plan for plan, _ in new]
        return found

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
    ) -> list[tuple[Plan, bool]]:
        """Hold what a plan reached in the aim it was solved for, and make the others best.

        The ends are solved for each aim in turn, the points for the first.
        """
        names = list(self.weights)
        asked, proven, plans, starts = {}, [], [], {}
        for number, one in enumerate(found):
            if isinstance(one, ClusterplanError):
                if must and isinstance(one, NoPlanError | TimeLimitError):
                    raise one
                continue
            plan, is_proven = one
            aim = names[number] if must else names[0]
            others = [name for name in names if name != aim]
            reached = dict(zip(names, self.amounts(plan), strict=True))
            held = [self.held(aim, reached[aim])]
            if not must:
                held += [self.held(name, reached[name]) for name in others]
            asked[f"polished {number + 1}"] = (others[0], tuple(held))
            starts[f"polished {number + 1}"] = plan
            proven.append(is_proven)
            plans.append(plan)
        better = self.solved(asked, starts)
        return [
            (plan, False) if isinstance(new, ClusterplanError) else (new[0], was and new[1])
            for plan, was, new in zip(plans, proven, better, strict=True)
        ]

    def amounts(self, plan: Plan) -> list[float]:
        """Return the amount of each aim in a plan."""
        return [amount_of(weights, plan) for weights in self.weights.values()]

    def told(self, found: Sequence[tuple[Plan, bool]], dropped: int) -> Tradeoff:
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
        return Tradeoff(tuple(self.weights), frame.rename_axis("point"), plans, dropped)


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
