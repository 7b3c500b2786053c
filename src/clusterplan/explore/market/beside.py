"""Plans of one region side by side: what a planner compares first, one measure a row."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.plan import Plan

MEASURES: tuple[str, ...] = (
    "parks_open",
    "firms",
    "firms.candidate",
    "platforms",
    "jobs_new",
    "localisation_rate",
    "collaboration_value.links",
    "collaboration_value.supply",
    "collaboration_value.loops",
    "freight_cost",
    "grants",
    "grants_pv",
    "rents",
    "tax",
    "public_cost",
    "years_to_pay_back",
)
"""Indicators shown, besides the value, as far as the region has them."""


def beside(plans: Mapping[str, Plan]) -> pd.DataFrame:
    """Return what several plans of a region come to, side by side.

    Parameters
    ----------
    plans
        The plans by the name of their column.

    Returns
    -------
    DataFrame
        By measure (``value``, then names of indicators): a column a plan, and ``unit``. NaN: not known.

    Raises
    ------
    UsageError
        If the plans are of different regions.
    """
    names = {plan.region.name for plan in plans.values()}
    if len(names) > 1:
        raise UsageError(f"These plans are of different regions: {', '.join(sorted(names))}.")
    columns, unit = {}, {}
    for name, plan in plans.items():
        told = plan.indicators
        columns[name] = {"value": plan.value} | told["value"].reindex(list(MEASURES)).to_dict()
        unit = {"value": f"m {plan.region.manifest.currency}/y"} | told["unit"].reindex(
            list(MEASURES)
        ).to_dict()
    known = [name for name in MEASURES if any(name in plan.indicators.index for plan in plans.values())]
    frame = pd.DataFrame(columns, index=["value", *known], dtype=float)
    frame.index.name = "measure"
    return frame.assign(unit=pd.Series(unit))


def change(frame: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return the frame of `beside` with a column ``change``: the second plan less the first."""
    moved = frame.drop(columns="unit")
    return moved.assign(change=frame[second] - frame[first], unit=frame["unit"])
