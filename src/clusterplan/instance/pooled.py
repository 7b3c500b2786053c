"""What several awards share: budgets, orders, what a firm may stack, and platforms that give access."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances
from clusterplan.instance.awards import Awards
from clusterplan.instance.costs import MILLION
from clusterplan.instance.frozen import Floats, Ints, as_bools, as_floats, as_ints
from clusterplan.instance.public import Payments
from clusterplan.instance.schedules import Schedule, rate_of, schedule
from clusterplan.region import Region, rows


def budgets(region: Region, of: pd.DataFrame, beside: Payments) -> tuple[dict[str, Any], Floats]:
    """Return one row for a total budget, one a year for a yearly one, in what an award's unit takes.

    The second is B×n, what all of each other payment takes.

    Parameters
    ----------
    region
        The region.
    of
        Rows of `region.incentives`, one an award.
    beside
        What else is paid from budgets.
    """
    manifest = region.manifest
    crf, life = manifest.capital_recovery, max(1, round(manifest.life_y))
    plans = [schedule(row, manifest) for row in rows(of)]
    paid_in = [dict(zip(plan.years, plan.parts, strict=True)) for plan in plans]
    horizon = max((plan.years[-1] + 1 for plan in plans), default=0)
    public = of["public_cost"].to_numpy(float)
    names: list[str] = []
    use: list[Floats] = []
    others: list[Floats] = []
    limit: list[float] = []
    for name, budget in manifest.budgets.items():
        paid = np.where((of["budget"] == name).to_numpy(bool), public, 0.0)
        once, yearly = beside.of(name)
        if not paid.any() and not once.any() and not yearly.any():  # nothing is paid from it
            continue
        if budget.basis == "total_pv":
            names.append(name)
            use.append(paid / crf * _at_own_rate(plans, budget.discount_rate))
            others.append(once + yearly * _yearly(budget.discount_rate, crf, life))
            limit.append(float(budget.amount_m or 0.0))
            continue
        last = life if yearly.any() else 0
        for year in range(max(horizon, last + 1 if once.any() or yearly.any() else 0)):
            share = np.array(
                [parts.get(year, 0.0) / (plan.pv * crf) for plan, parts in zip(plans, paid_in, strict=True)]
            )
            names.append(f"{name} in year {year}")
            use.append(paid * share)
            others.append(once if year == 0 else yearly if year <= last else np.zeros_like(yearly))
            limit.append(budget.by_year_m[min(year, len(budget.by_year_m) - 1)])
    rows_of = {
        "budget_rows": tuple(names),
        "budget_use": np.array(use).reshape(len(names), len(of)),
        "budget_limit": as_floats(limit),
    }
    return rows_of, np.array(others).reshape(len(names), len(beside.budget))


def _yearly(rate: float | None, crf: float, life: int) -> float:
    """Return the present value of one a year over the life, at a budget's own rate if it has one."""
    return 1.0 / crf if rate is None else float(sum((1.0 + rate) ** -year for year in range(1, life + 1)))


def _at_own_rate(plans: list[Schedule], rate: float | None) -> Floats:
    """Return present values at a budget's own rate over those at the manifest's, one an award.

    They are no less than 0: a public loan that earns a budget more than its own money costs it nothing, and
    frees none of it for others.
    """
    if rate is None:
        return np.ones(len(plans))
    return np.array([max(0.0, plan.present(plan.parts, rate)) / plan.pv for plan in plans])


def shared(region: Region, of: pd.DataFrame, firm: list[int]) -> dict[str, Any]:
    """Return rows Σ use · h ≤ limit over awards: units of an order, and the stack of a firm.

    Parameters
    ----------
    region
        The region.
    of
        Rows of `region.incentives`, one an award.
    firm
        The firm of each award.
    """
    manifest, firms = region.manifest, region.firms.index
    crf = manifest.capital_recovery
    number: dict[str, int] = {}
    row_of, award, use, limit = [], [], [], []

    def add(name: str, n: int, amount: float, most: float) -> None:
        if name not in number:
            number[name] = len(number)
            limit.append(most)
        row_of.append(number[name])
        award.append(n)
        use.append(amount)

    for n, (f, row) in enumerate(zip(firm, rows(of), strict=True)):
        if row.basis == "order":
            of_one = rate_of(row) * MILLION * schedule(row, manifest).pv * crf
            add(f"units ordered by {of.index[n]}", n, 1.0 / of_one, float(row.order_units_per_y))
        if not pd.isna(row.stack_group) and not pd.isna(row.stack_limit_m):
            add(f"{row.stack_group} to {firms[f]}", n, 1.0 / crf, float(row.stack_limit_m))
    return {
        "shared_rows": tuple(number),
        "shared_row": as_ints(row_of),
        "shared_award": as_ints(award),
        "shared_use": as_floats(use),
        "shared_limit": as_floats(limit),
    }


def access(region: Region, of: pd.DataFrame, distances: RegionDistances) -> dict[str, Any]:
    """Return which firms are platforms that give access, and which parks are within reach of each other.

    Parameters
    ----------
    region
        The region.
    of
        Rows of `region.incentives`, one an award.
    distances
        Its distances; within reach is where the proximity of links is above 0.
    """
    firms = region.firms
    stages = tuple(dict.fromkeys(of.loc[of["basis"] == "access", "platform_stage"]))
    platform = firms["is_platform"].to_numpy(bool)
    members = [platform & (firms["stage"] == stage).to_numpy(bool) for stage in stages]
    at = {stage: k for k, stage in enumerate(stages)}
    opened_by = [at[row.platform_stage] if row.basis == "access" else -1 for row in rows(of)]
    return {
        "access": as_ints(opened_by),
        "platforms": as_bools(members).reshape(len(stages), len(firms)),
        "near": np.asarray(distances.proximity() > 0),
    }


def caps_with(awards: Awards, park: Ints) -> Floats:
    """Return A×S caps, 0 where an award gives access to a platform and none is placed within reach.

    Parameters
    ----------
    awards
        The awards.
    park
        F, park of each firm, −1 for a firm that is out.
    """
    asking = np.flatnonzero(awards.access >= 0)
    if not len(asking):
        return awards.cap
    caps = np.array(awards.cap)
    for k in np.unique(awards.access[asking]):
        at = park[awards.platforms[k]]
        mine = asking[awards.access[asking] == k]
        caps[mine] *= awards.near[:, at[at >= 0]].any(axis=1)
    return caps
