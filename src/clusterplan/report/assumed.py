"""What of a plan rests on assumed outside options, and how far each may move."""

from __future__ import annotations

import pandas as pd

from clusterplan.errors import SolverError
from clusterplan.explore import flips
from clusterplan.plan import Plan
from clusterplan.plan.document import firms_on_assumed_outside

SECONDS = 10.0
"""Time in which a plan's display looks for what would turn firms away."""


def resting_flips(plan: Plan) -> pd.DataFrame | None:
    """Return `clusterplan.flips` of the firms whose coming rests on an assumed outside option.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    DataFrame or None
        Firms that flip soonest first, those not reached in `SECONDS` last, with NaN. None where a solver
        failed: a plan is shown and saved all the same.
    """
    resting = firms_on_assumed_outside(plan)
    try:
        found = flips(plan, time_limit=SECONDS)
    except SolverError:
        return None
    return found[found.index.isin(resting)]
