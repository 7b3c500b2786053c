"""How much of its utilisation each firm of a plan spends on its second route."""

from __future__ import annotations

import pandas as pd

from clusterplan.instance import instance_of
from clusterplan.instance.serving import by_second_route
from clusterplan.plan.plan import Plan
from clusterplan.plan.start import decisions_of


def second_route_of(plan: Plan) -> pd.Series:
    """Return by firm the part of full utilisation that goes to a second route; 0 for firms without one.

    Parameters
    ----------
    plan
        The plan.
    """
    if plan.region.firms["other_route"].isna().all():
        return pd.Series(0.0, index=plan.region.firms.index)
    instance = instance_of(plan.region, plan.distances)
    found = by_second_route(instance, decisions_of(plan, instance))
    return pd.Series(found, index=plan.region.firms.index)
