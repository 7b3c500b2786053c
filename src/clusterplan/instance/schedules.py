"""Payment schedules: when an instrument is paid, what that is worth today, and what a contract can take back.

With rate r, a payment in year t has the present value (1+r)^−t. Per unit of the basis, with n payments from
year t on::

    given once                    1/n in each year
    given every year              1 in each year
    interest of a bank's loan     (N − k)/N in the years t + k, k = 0 ... n − 1: the balance before each of N
                                  equal repayments, the loan drawn a year before the first
    public loan at interest j,    −1 is repaid as 1/N + j (N − k)/N in the years t + 1 + k, k = 0 ... N − 1,
    a share φ of it forgiven      of which the firm pays 1 − φ; the public pays 1 in year t

so that the grant in a public loan is 1 − (1 − φ) Σ_k (1/N + j (N − k)/N) (1+r)^−(1+k), times (1+r)^−t. At
φ = 0 and j = r that is 0, at φ = 1 it is the whole loan. To the firm it is worth the same sum at the rate at
which it could borrow elsewhere (`firm_rate`). Source: annuity arithmetic of a loan repaid in equal parts; the
grant in a loan is its gross grant equivalent as in the European Union's rules on State aid (what is lent less
the present value of what is to be paid back).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from clusterplan.region import BASES, Manifest


@dataclass(frozen=True)
class Schedule:
    """When an instrument is paid.

    Parameters
    ----------
    years
        Years of payment, counted from 0.
    parts
        Nominal payment in each year for a unit of the basis (at the rate 1; of a public loan, at its own);
        what is repaid is negative.
    at_stake
        The part of each year's payment that a performance contract can take back: all of it, or of a public
        loan what is forgiven of each repayment.
    pv
        Present value of a unit of the basis.
    """

    years: tuple[int, ...]
    parts: tuple[float, ...]
    at_stake: tuple[float, ...]
    pv: float

    def present(self, amounts: tuple[float, ...], rate: float) -> float:
        """Return the present value of amounts in the years of the schedule."""
        return sum(amount * (1.0 + rate) ** -year for year, amount in zip(self.years, amounts, strict=True))


def schedule(row: Any, manifest: Manifest) -> Schedule:
    """Return the payment schedule of an instrument (a row of `region.incentives`)."""
    if row.basis == "loan":
        years, parts, at_stake = _lent(row)
    else:
        years, parts = _paid(row, manifest)
        at_stake = parts
    pv = sum(part * (1.0 + manifest.discount_rate) ** -year for year, part in zip(years, parts, strict=True))
    return Schedule(years, parts, at_stake, pv)


def rate_of(row: Any) -> float:
    """Return what a schedule's unit is multiplied by: the rate, which that of a public loan holds already."""
    return 1.0 if row.basis == "loan" else float(row.rate)


def worth_of(row: Any, manifest: Manifest) -> float:
    """Return what a unit of an instrument is worth to the firm, a public loan at the firm's own rate."""
    worth = float(row.worth)
    if row.basis != "loan" or pd.isna(row.firm_rate):
        return worth
    plan = schedule(row, manifest)
    return worth * plan.present(plan.parts, float(row.firm_rate)) / plan.pv if plan.pv > 0 else worth


def _paid(row: Any, manifest: Manifest) -> tuple[tuple[int, ...], tuple[float, ...]]:
    once = BASES[row.basis].once
    start = (0 if once else 1) if pd.isna(row.start_y) else int(row.start_y)
    if row.basis == "interest":
        of_loan = int(row.loan_years)
        count = of_loan if pd.isna(row.years) else min(int(row.years), of_loan)
        balances = tuple((of_loan - k) / of_loan for k in range(count))
        return tuple(range(start, start + count)), balances
    count = (1 if once else max(1, round(manifest.life_y))) if pd.isna(row.years) else int(row.years)
    return tuple(range(start, start + count)), (1.0 / count if once else 1.0,) * count


def _lent(row: Any) -> tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...]]:
    start = 0 if pd.isna(row.start_y) else int(row.start_y)
    n, forgiven = int(row.loan_years), float(row.rate)
    due = [1.0 / n + float(row.loan_rate) * (n - k) / n for k in range(n)]
    parts = (1.0, *(-(1.0 - forgiven) * amount for amount in due))
    return tuple(range(start, start + n + 1)), parts, (0.0, *(forgiven * amount for amount in due))
