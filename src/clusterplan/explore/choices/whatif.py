"""`whatif`: what a changed input does to a plan, and why each firm that moves does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import NoPlanError, TimeLimitError
from clusterplan.explore.choices.compare import compare
from clusterplan.explore.choices.stays import all_there, stays
from clusterplan.explore.choices.yardstick import difference
from clusterplan.instance import Floats, Instance, instance_of
from clusterplan.plan import Plan
from clusterplan.plan import solve as solve_region
from clusterplan.plan.start import decisions_of
from clusterplan.region import Change, Changes, Region, changes_of
from clusterplan.region import change as changed_region
from clusterplan.solve import completed

NEGLIGIBLE = 1e-6
"""A surplus this little below 0 is rounding, m currency/y."""


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What a change does to a plan.

    Parameters
    ----------
    changes
        What was changed.
    region
        The region with the changes.
    before
        The plan without them.
    after
        The plan with them; None where there is none.
    change_m_y
        Value with the changes less the value without, m currency/y, both by the yardstick of `fit` of the
        region without them (see `clusterplan.explore.choices.yardstick`); NaN where there is no plan.
    least_m_y, most_m_y
        Between which the best plans of the two regions differ, as far as is proven.
    yardstick_m_y
        What of ``after.value`` is due to another yardstick, and no gain and no loss, m currency/y.
    kept_value
        Value of the old layout under the changes, m currency/y: every firm where it was, supply and grants
        chosen anew; NaN where that layout cannot hold any more.
    differences
        What is different, as `clusterplan.compare` tells it; empty where there is no plan.
    moved
        Firms that come, go or move, by id: ``name``, ``before`` and ``after`` (parks, None: out),
        ``surplus_before_m_y``, ``surplus_kept_m_y`` (under the changes, in the old layout with the grants it
        had), ``surplus_after_m_y`` and ``why``.
    fault
        Why there is no plan, or None.
    """

    changes: tuple[Change, ...]
    region: Region
    before: Plan
    after: Plan | None
    change_m_y: float
    least_m_y: float
    most_m_y: float
    yardstick_m_y: float
    kept_value: float
    differences: pd.DataFrame
    moved: pd.DataFrame
    fault: str | None = None


def whatif(plan: Plan, changes: Changes, *, time_limit: float | None = 60.0, **options: Any) -> WhatIf:
    """Return what changed inputs do to a plan: the region is changed and solved again, from the old plan.

    Parameters
    ----------
    plan
        The plan.
    changes
        Lines such as ``"firm.cells.output_per_y *= 1.2"``, ``"budget.city.amount_m *= 0.5"`` or
        ``"firm.anchor = gone"``; see `clusterplan.change`.
    time_limit
        Seconds for solving; None: no limit.
    **options
        Further options of `clusterplan.solve`.

    Raises
    ------
    UsageError
        If a change names nothing.
    InputError
        If the changed inputs are no region.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> asked = cp.whatif(plan, "firm.seats.outside_m_y += 1")
    >>> asked.moved[["before", "after"]].to_dict("index")
    {'seats': {'before': 'north', 'after': None}}
    """
    asked = changes_of(changes)
    region = changed_region(plan.region, asked)
    instance = instance_of(region)
    old = decisions_of(plan, instance)
    kept = completed(instance, old, time_limit)
    where_it_was = stays(instance, old, time_limit)
    surplus = np.full(instance.n_firms, np.nan) if where_it_was is None else where_it_was.surplus
    fault, after = None, None
    try:
        after = solve_region(region, start=plan, time_limit=time_limit, **options)
    except (NoPlanError, TimeLimitError) as error:
        fault = str(error)
    apart = None if after is None else difference(plan, after)
    return WhatIf(
        changes=asked,
        region=region,
        before=plan,
        after=after,
        change_m_y=np.nan if apart is None else apart.change,
        least_m_y=np.nan if apart is None else apart.least,
        most_m_y=np.nan if apart is None else apart.most,
        yardstick_m_y=np.nan if apart is None else apart.yardstick,
        kept_value=kept.value if all_there(plan, instance, old) and kept.decisions is not None else np.nan,
        differences=compare(plan, plan if after is None else after),
        moved=_moved(plan, after, instance, surplus),
        fault=fault,
    )


def _moved(plan: Plan, after: Plan | None, instance: Instance, kept: Floats) -> pd.DataFrame:
    columns = [
        "name",
        "before",
        "after",
        "surplus_before_m_y",
        "surplus_kept_m_y",
        "surplus_after_m_y",
        "why",
    ]
    if after is None:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="firm", dtype=object))
    index = after.firms.index.union(plan.firms.index, sort=False)
    before = plan.firms["park"].reindex(index).astype(object)
    now = after.firms["park"].reindex(index).astype(object)
    before, now = before.where(before.notna(), None), now.where(now.notna(), None)
    surplus = pd.Series(kept, index=list(instance.sites.firms), dtype=float)
    frame = pd.DataFrame(
        {
            "name": after.firms["name"].reindex(index).fillna(plan.firms["name"].reindex(index)),
            "before": before,
            "after": now,
            "surplus_before_m_y": plan.firms["surplus_m_y"].reindex(index),
            "surplus_kept_m_y": surplus.reindex(index),
            "surplus_after_m_y": after.firms["surplus_m_y"].reindex(index),
        },
        index=index.rename("firm"),
    )
    moved = frame[[was != is_now for was, is_now in zip(before, now, strict=True)]].copy()
    had = plan.firms["grants_m_y"].reindex(index).fillna(0.0)
    moved["why"] = [
        _why(firm, row, float(had[firm]), instance, after.region) for firm, row in moved.iterrows()
    ]
    return moved[columns]


def _why(firm: Any, row: pd.Series, had: float, instance: Instance, region: Region) -> str:
    """Return in words why a firm comes, goes or moves; it had so much of grants, m currency/y."""
    barred = None if row["before"] is None else _barred(firm, row["before"], instance)
    if barred is not None:
        return barred
    kept, stays = row["surplus_kept_m_y"], row["after"] is not None
    if row["before"] is None:
        return _held(firm, instance, region) or "The plan is now worth more with it."
    if kept < -NEGLIGIBLE:
        return f"Where it was it would now fall {-kept:.3g} m a year short, with the grants it had."
    if not stays and had - kept > NEGLIGIBLE:
        return f"It stays for {had - kept:.3g} m a year of grants, which it no longer gets."
    return "The plan is now worth more " + ("with it there." if stays else "without it.")


def _held(firm: Any, instance: Instance, region: Region) -> str | None:
    """Return in words why every plan must hold a firm, or None if a plan may leave it out."""
    if not instance.sites.must_place[instance.sites.firms.index(firm)]:
        return None
    row = region.firms.loc[firm]
    why = "locked in" if row["lock"] == "in" else row["status"]
    return f"It is held there: it is {why} now, and a plan may not leave it out."


def _barred(firm: Any, park: str, instance: Instance) -> str | None:
    """Return in words why a firm may not be where it was, or None if it may."""
    sites = instance.sites
    if firm not in sites.firms:
        return "It is not in the region any more."
    may = sites.admissible[sites.firms.index(firm)]
    if not may.any():
        return "No park may take it any more."
    if park not in sites.parks or not may[sites.parks.index(park)]:
        return f"{park} may not take it any more."
    return None
