"""`payments`: what every grant of a plan pays in every year, from which budget and tier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from clusterplan.instance.schedules import Schedule, schedule
from clusterplan.plan import Plan
from clusterplan.region import Budget, rows

COLUMNS = (
    "year",
    "firm",
    "instrument",
    "budget",
    "tier",
    "nominal_m",
    "discounted_m",
    "public_m",
    "cost_m",
)


class Paid(NamedTuple):
    """A grant of a plan with what it is paid by.

    Parameters
    ----------
    grant
        Row of `plan.grants`.
    terms
        Row of `region.incentives`.
    budget
        The budget it is paid from.
    plan
        Payments of one unit.
    units
        Units that are paid, m currency.
    """

    grant: Any
    terms: Any
    budget: Budget
    plan: Schedule
    units: float


def paid(plan: Plan) -> Iterator[Paid]:
    """Yield the grants of a plan with their payment schedules."""
    manifest, incentives = plan.region.manifest, plan.region.incentives
    terms = {row.Index: row for row in rows(incentives)}
    for grant in rows(plan.grants):
        row = terms[grant.instrument]
        made = schedule(row, manifest)
        yield Paid(grant, row, manifest.budgets[row.budget], made, grant.amount_pv_m / made.pv)


def payments(plan: Plan) -> pd.DataFrame:
    """Return what every grant pays in every year.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    DataFrame
        One row a grant and year: ``year`` (0: when the plan begins), ``firm``, ``instrument``, ``budget``,
        ``tier``; ``nominal_m``, what the firm gets in that year, m currency (of a public loan, what it pays
        back is negative); ``discounted_m``, its present value at the manifest's rate, which sums to the
        grant's ``amount_pv_m``; ``public_m``, what the budget pays (× the instrument's ``public_cost``);
        ``cost_m``, what that costs the region (× the budget's ``cost_of_funds``).

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> cp.payments(plan)[["year", "firm", "tier", "nominal_m"]].round(2).to_dict("records")
    [{'year': 0, 'firm': 'batteries', 'tier': 'town', 'nominal_m': 0.65}]
    """
    rate = plan.region.manifest.discount_rate
    found = [
        (
            year,
            one.grant.firm,
            one.grant.instrument,
            one.terms.budget,
            one.budget.tier,
            part * one.units,
            part * one.units * (1.0 + rate) ** -year,
            part * one.units * one.terms.public_cost,
            part * one.units * one.terms.public_cost * one.budget.cost_of_funds,
        )
        for one in paid(plan)
        for year, part in zip(one.plan.years, one.plan.parts, strict=True)
    ]
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    kinds = {name: float for name in COLUMNS if name.endswith("_m")}
    return frame.astype({"year": int, **kinds}).sort_values("year", kind="stable", ignore_index=True)
