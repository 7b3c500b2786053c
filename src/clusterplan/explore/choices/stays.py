"""A plan's layout in a changed region: every firm where it was with the grants it had, supply chosen anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance import Decisions, Floats, Instance
from clusterplan.plan import Plan
from clusterplan.plan.evaluate import evaluate
from clusterplan.solve import completed


@dataclass(frozen=True, eq=False)
class Stays:
    """How a layout fares where nobody is asked whether it would come.

    Parameters
    ----------
    value
        Weighted sum of terms, m currency/y.
    surplus
        (F,) surplus of each firm with the grants it had, m currency/y; NaN for firms that are out.
    """

    value: float
    surplus: Floats


def stays(instance: Instance, old: Decisions, time_limit: float | None) -> Stays | None:
    """Return how a layout fares in a changed region; None if it can't be supplied there.

    Parameters
    ----------
    instance
        The changed region.
    old
        The layout, in the terms of the instance. Grants are cut to what each park allows now.
    time_limit
        Seconds; None: no limit.
    """
    nobody_asked = replace(instance.results, willing=np.zeros(instance.n_firms, dtype=bool))
    kept = completed(replace(instance, results=nobody_asked), old, time_limit).decisions
    if kept is None:
        return None
    most = instance.awards.cap[np.arange(len(old.award)), old.park[instance.awards.firm]]
    found = evaluate(instance, replace(kept, award=np.minimum(old.award, most)))
    value = sum(weight * found.amounts[term] for term, weight in instance.weights.items())
    return Stays(float(value), found.surplus)


def all_there(plan: Plan, instance: Instance, old: Decisions) -> bool:
    """Return whether every firm of a plan has its place in an instance."""
    placed = {firm for firm, park in plan.firms["park"].items() if park is not None}
    return placed == {instance.sites.firms[f] for f in np.flatnonzero(old.park >= 0)}
