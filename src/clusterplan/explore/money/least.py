"""The least grant of each firm of a plan when others' choices and supply may change."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.money.held import with_places
from clusterplan.explore.money.parts import CRUMB
from clusterplan.instance import Floats, instance_of, with_stability
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.rules import write_model
from clusterplan.solve import Again


def least_grants(plan: Plan, *, time_limit: float | None = None) -> tuple[pd.Series, float]:
    """Return the least worth of grants that keeps each firm, and the least grants that keep them all.

        min Σ_i worth[i] · h[f,i]   over utilisation, supply and grants, with places as in the plan

    under all rules: budgets hold, every candidate of the plan stays willing, and a plan that was asked to be
    stable stays so; others may be chosen to favour f. The least amounts that instruments pay (``min_m``)
    count. The last number is min Σ_f Σ_i h[f,i], for all firms at once. One mixed-integer program each.

    Parameters
    ----------
    plan
        The plan.
    time_limit
        Seconds in all; what is not reached by then is NaN. None: no limit.

    Returns
    -------
    Series
        m currency/y by firm placed, platforms left out; 0 for candidates that get no grant in the plan, NaN
        for firms that stay whatever they earn (existing and committed).
    float
        Grants of all firms together, annual equivalent, m currency/y.

    Raises
    ------
    UsageError
        If the time limit is negative.
    """
    if time_limit is not None and not time_limit >= 0:
        raise UsageError(f"The time limit is in seconds, 0 or more, not {time_limit!r}.")
    begun = time.monotonic()
    instance = instance_of(plan.region)
    options = plan.proof.options
    if options.get("stable"):
        instance = with_stability(plan.region, instance, float(options.get("relocation_m_y", 0.0)))
    decisions = decisions_of(plan, instance)
    again = Again.of(write_model(with_places(instance, decisions.park, newcomers=False), name="least_grants"))
    awards, columns = again.model.instance.awards, again.model.awarded.h
    n = again.model.program.n_columns

    def least(amount: Floats) -> float:
        left = None if time_limit is None else time_limit - (time.monotonic() - begun)
        if left is not None and left <= 0:
            return float("nan")
        cost = np.zeros(n)
        cost[columns] = -amount
        outcome = again.most(cost, time_limit=left)
        if outcome.status != "optimal" or outcome.value is None:
            return float("nan")
        return -outcome.value if -outcome.value > CRUMB else 0.0

    placed = (decisions.park >= 0) & ~plan.firms["is_platform"].to_numpy(dtype=bool)
    bound = instance.results.willing[placed]
    found = pd.Series(np.where(bound, 0.0, np.nan), index=plan.firms.index[placed])
    paid = np.unique(awards.firm[decisions.award > 0])
    for f in paid[instance.results.willing[paid]].tolist():
        found[instance.sites.firms[f]] = least(np.where(awards.firm == f, awards.worth, 0.0))
    return found, least(np.ones(len(columns)))
