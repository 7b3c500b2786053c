"""How much of each budget a plan takes, and what for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.explore import payments
from clusterplan.instance.public import payments as paid_beside
from clusterplan.plan import Plan
from clusterplan.region import Budget

BESIDE = ("sizes of parks", "public works", "platforms")
"""What takes from budgets beside grants."""


def budget_use(plan: Plan) -> pd.DataFrame:
    """Return what a plan takes from each budget, as the budget counts it.

    A ``total_pv`` budget counts present values, at its own rate if it has one; of a ``per_year`` budget the
    year is told in which the largest share of the limit is taken. Source: the rows of budgets in
    `clusterplan.rules.incentives`.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    DataFrame
        A row for each budget and use of it: ``budget``, ``tier``, ``use`` (id of an instrument, or one of
        `BESIDE`; None in the one row of a budget that nothing is taken from), ``year`` (NaN for
        ``total_pv``), ``amount_m`` and ``limit_m`` of the budget, m currency.
    """
    flows = pd.concat([_granted(plan), _beside(plan)], ignore_index=True)
    rows = [
        (name, budget.tier, *row)
        for name, budget in plan.region.manifest.budgets.items()
        for row in _used(plan, budget, flows[flows["budget"] == name])
    ]
    frame = pd.DataFrame(rows, columns=["budget", "tier", "use", "year", "amount_m", "limit_m"])
    return frame.astype({"use": object, "year": float, "amount_m": float, "limit_m": float})


def _granted(plan: Plan) -> pd.DataFrame:
    paid = payments(plan)
    return pd.DataFrame({name: paid[column] for name, column in _COLUMNS.items()})


_COLUMNS = {"budget": "budget", "use": "instrument", "year": "year", "amount_m": "public_m"}


def _beside(plan: Plan) -> pd.DataFrame:
    """Return what sizes of parks, works and platforms of the plan are paid by year."""
    region, level = plan.region, plan.parks["level"]
    sized = [
        level[park] == name for park, name in zip(region.levels["park"], region.levels["level"], strict=True)
    ]
    chosen = [*sized, *plan.works["built"], *plan.firms["park"].notna()]
    kinds = np.repeat(BESIDE, [len(sized), len(plan.works), len(plan.firms)])
    paid = paid_beside(region)
    life = max(1, round(region.manifest.life_y))
    rows = [
        (budget, kind, year, once if year == 0 else yearly)
        for budget, kind, here, once, yearly in zip(
            paid.budget, kinds, chosen, paid.once, paid.yearly, strict=True
        )
        if here and budget is not None
        for year in range(life + 1)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _used(
    plan: Plan, budget: Budget, flows: pd.DataFrame
) -> Iterator[tuple[str | None, float, float, float]]:
    flows = flows[flows["amount_m"] != 0]
    year, limit = np.nan, float(budget.amount_m or 0.0)
    if budget.basis == "total_pv":
        rate = plan.region.manifest.discount_rate if budget.discount_rate is None else budget.discount_rate
        counted = flows["amount_m"] * (1.0 + rate) ** -flows["year"].astype(float)
    else:
        limits = np.array(budget.by_year_m)
        total = flows.groupby("year")["amount_m"].sum()
        room = limits[np.minimum(total.index.to_numpy(int), len(limits) - 1)]
        filled = np.divide(total, room, out=np.where(total > 0, np.inf, 0.0), where=room > 0)
        year = float(total.index[int(np.argmax(filled))]) if len(total) else 0.0
        limit = float(limits[min(int(year), len(limits) - 1)])
        counted = flows["amount_m"].where(flows["year"] == year, 0.0)
    by_use = counted.groupby(flows["use"], sort=False).sum()
    by_use = by_use[by_use > 0]
    if by_use.empty:
        yield None, year, 0.0, limit
    for use, amount in by_use.items():
        yield str(use), year, float(amount), limit
