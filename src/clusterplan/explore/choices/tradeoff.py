"""`tradeoff`: what one aim costs another, as a front of plans of which none is better in everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.choices.aims import Aim, aim_weights, bounded
from clusterplan.explore.choices.front import Front
from clusterplan.explore.choices.options import Runs
from clusterplan.instance import Floats
from clusterplan.plan import Plan
from clusterplan.region import Region


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
        Whether it is proven that no point is missing, told apart to 1e-4 of the range of the second aim and
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
    points = Front(region, weights, (runs or Runs()).within(time_limit), bounds).go(n)
    frame = pd.DataFrame(points.amounts, columns=list(weights)).rename_axis("point")
    frame["status"] = ["optimal" if proven else "feasible" for proven in points.proven]
    frame["knee"] = _knee(points.amounts)
    frame["firms"] = [int(plan.firms["park"].notna().sum()) for plan in points.plans]
    frame["parks"] = [int(plan.parks["open"].sum()) for plan in points.plans]
    frame["grants_m_y"] = [float(plan.grants["amount_m_y"].sum()) for plan in points.plans]
    return Tradeoff(tuple(weights), frame, points.plans, points.dropped, points.is_whole)


def _name(aim: Aim, number: int) -> str:
    return aim if isinstance(aim, str) else ("first", "second", "third")[number]


def _knee(points: Floats) -> list[bool]:
    """Return which point is farthest above the line (or plane) between the best of each aim."""
    span = np.ptp(points, axis=0)
    scaled = (points - points.min(axis=0)) / np.where(span > 0, span, 1.0)
    farthest = int(np.argmax(scaled.sum(axis=1)))
    return [i == farthest for i in range(len(points))]
