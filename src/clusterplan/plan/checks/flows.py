"""What an instrument pays, year by year, for one unit of its full amount.

The full amount is what a rate of 1 comes to; of a public loan, the loan. Equal payments of what is given
once, the same each year of what is yearly; of an interest subsidy the balance before each repayment; of a
public loan the loan, and then, as negative payments, what the firm has to pay back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray
from clusterplan.region import BASES


class Flow(NamedTuple):
    """Payments in consecutive years from the first on, for one unit of the full amount."""

    first: int
    paid: FloatArray

    def present(self, rate: float) -> float:
        """Return the present value at a rate."""
        years = self.first + np.arange(len(self.paid))
        return float(np.sum(self.paid / np.power(1.0 + rate, years)))

    def in_year(self, year: int) -> float:
        """Return what is paid in a year."""
        at = year - self.first
        return float(self.paid[at]) if 0 <= at < len(self.paid) else 0.0


def flow(terms: Any, life_y: float) -> Flow:
    """Return what an instrument pays.

    Parameters
    ----------
    terms
        A row of the region's incentives.
    life_y
        Life of the manifest, years.
    """
    once = BASES[terms["basis"]].once
    first = (0 if once else 1) if pd.isna(terms["start_y"]) else int(terms["start_y"])
    if terms["basis"] == "loan":
        return Flow(first, _loan(int(terms["loan_years"]), terms["loan_rate"], terms["rate"]))
    years = (1 if once else round(life_y)) if pd.isna(terms["years"]) else int(terms["years"])
    if terms["basis"] == "interest":
        loan_years = int(terms["loan_years"])
        owed = np.linspace(1.0, 0.0, loan_years + 1)[:-1]
        return Flow(first, owed if pd.isna(terms["years"]) else owed[:years])
    return Flow(first, np.full(max(years, 1), 1.0 / max(years, 1) if once else 1.0))


def _loan(years: int, interest: float, forgiven: float) -> FloatArray:
    """Return a unit lent, then what comes back, by running the account down year by year."""
    owed, paid = 1.0, [1.0]
    for _ in range(years):
        due = 1.0 / years + interest * owed
        owed -= 1.0 / years
        paid.append(-due * (1.0 - forgiven))
    return np.array(paid)
