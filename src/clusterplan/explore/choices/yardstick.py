"""The yardstick of `fit`: what moves it is no gain and no loss.

`fit` measures a firm's result at its park against its best admissible park. Where a park may take a firm at
last, or no more, the best may be another, and the term changes though nothing else does:

    value = ... + (w_fit − w_results) · Σ_f C_f · y_f,   C_f the least cost of firm f at an admissible park

So plans of regions that differ in what parks may take are compared by the yardstick of the first.
"""

from __future__ import annotations

import pandas as pd

from clusterplan.instance import instance_of
from clusterplan.plan import Plan
from clusterplan.region import Region


def yardstick(region: Region) -> pd.Series:
    """Return, by firm, what its yardstick adds to the value of a plan in which it is, m currency/y.

    Parameters
    ----------
    region
        The region. Numbers are comparable between regions that differ in capacities, locks and what parks
        admit alone; they leave out what is then the same in both.
    """
    instance = instance_of(region)
    weights = instance.weights
    at_best = instance.results.place_terms["results"][:, 0]  # margin − C − outside option
    weight = float(weights.get("results", 0.0)) - float(weights.get("fit", 0.0))
    return pd.Series(weight * at_best, index=list(instance.sites.firms), dtype=float)


def moved_by(before: pd.Series, after: pd.Series, plan: Plan) -> float:
    """Return what of a plan's value is due to another yardstick than before, m currency/y.

    Parameters
    ----------
    before, after
        Yardsticks of the first region and of the plan's own.
    plan
        The plan.
    """
    placed = plan.firms.index[plan.firms["park"].notna()]
    return float((after - before).reindex(placed).fillna(0.0).sum())


def most_moved(before: pd.Series, after: pd.Series) -> float:
    """Return the most by which the first yardstick can make any plan worth more, m currency/y.

    Parameters
    ----------
    before, after
        Yardsticks of the first region and of the other.
    """
    return float((before - after).clip(lower=0.0).sum())
