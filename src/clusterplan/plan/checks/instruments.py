"""What a grant is, from its instrument, firm and park: full amount, schedule and present value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray, IntArray
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.costs import MILLION

_ONCE = ("investment", "land", "jobs", "fixed")
"""Bases of what is paid once (in instalments); the others are paid yearly."""


@dataclass(frozen=True)
class Grants:
    """Grants, in the order of ``case.decided.awards``.

    Parameters
    ----------
    ids
        Firm and instrument.
    firm, park
        Positions; −1 for the park of a firm that is out.
    terms
        Rows of the region's incentives, one a grant, with ``instrument`` as a column.
    amount, present
        Annual equivalent (m currency/y) and present value (m currency).
    cap
        Most it may be, annual equivalent, m currency/y; NaN for a firm that is out.
    start, years
        Years of the first payment and number of payments.
    payment
        Each of its equal payments, m currency.
    """

    ids: list[str]
    firm: IntArray
    park: IntArray
    terms: pd.DataFrame
    amount: FloatArray
    present: FloatArray
    cap: FloatArray
    start: IntArray
    years: IntArray
    payment: FloatArray


def grants(case: Case) -> Grants:
    """Return the grants of a plan with what follows from their instruments."""
    awards, manifest = case.decided.awards, case.region.manifest
    terms = case.region.incentives.iloc[awards.instrument].reset_index()
    once = terms["basis"].isin(_ONCE).to_numpy()
    start = _or(terms["start_y"], np.where(once, 0, 1))
    years = _or(terms["years"], np.where(once, 1, round(manifest.life_y)))
    worth_of_one = _annuity(manifest.discount_rate, start, years)
    present = awards.amount / manifest.capital_recovery
    park = case.decided.park[awards.firm]
    most = _most(case, terms, park, years, worth_of_one)
    return Grants(
        ids=[
            f"{case.firms.index[f]}/{name}" for f, name in zip(awards.firm, terms["instrument"], strict=True)
        ],
        firm=awards.firm,
        park=park,
        terms=terms,
        amount=awards.amount,
        present=present,
        cap=np.where(park >= 0, most * manifest.capital_recovery, np.nan),
        start=start,
        years=years,
        payment=np.divide(present, worth_of_one, out=np.zeros(len(present)), where=worth_of_one > 0),
    )


def _most(
    case: Case, terms: pd.DataFrame, park: IntArray, years: IntArray, worth_of_one: FloatArray
) -> FloatArray:
    """Return the most that each grant may be in a park, present value, m currency."""
    once = terms["basis"].isin(_ONCE).to_numpy()
    full = _base(case, terms, park) * terms["rate"].to_numpy(dtype=float)
    present = np.where(once, full / np.maximum(years, 1), full) * worth_of_one
    return np.asarray(np.fmin(present, terms["max_m"].to_numpy(dtype=float)))


def most_in(case: Case, given: Grants, park: int) -> FloatArray:
    """Return the most that each grant could be, were its firm in a park: annual equivalent, m currency/y.

    It is 0 where the instrument does not serve the park, or less than its least amount could be given there.
    """
    terms, manifest = given.terms, case.region.manifest
    there = np.full(len(given.firm), park, dtype=np.intp)
    one = _annuity(manifest.discount_rate, given.start, given.years)
    most = _most(case, terms, there, given.years, one)
    name = case.parks.index[park]
    served = np.array([not parks or name in parks for parks in terms["parks"]], dtype=bool)
    enough = most >= terms["min_m"].to_numpy(dtype=float) * (1 - 1e-9)
    return np.asarray(np.where(served & enough, most * manifest.capital_recovery, 0.0))


def _base(case: Case, terms: pd.DataFrame, park: IntArray) -> FloatArray:
    """Return what a rate of 1 comes to, m currency: once, or a year for yearly instruments."""
    f = case.decided.awards.firm
    firms = case.firms.iloc[f]

    def own(column: str) -> FloatArray:
        return firms[column].fillna(0.0).to_numpy(dtype=np.float64)

    bases = {
        "investment": own("investment_m"),
        "land": case.costs.land_price[f, park],
        "jobs": MILLION * own("workers"),
        "fixed": np.ones(len(f)),
        "tax": own("tax_m_y"),
        "energy": case.costs.energy[f, park],
        "wages": case.costs.labour[f, park],
        "output": MILLION * own("output_per_y"),
    }
    basis = terms["basis"].to_numpy()
    return np.select([basis == name for name in bases], list(bases.values()), np.nan)


def _annuity(rate: float, start: IntArray, years: IntArray) -> FloatArray:
    """Present value of one a year, over the years from the first: Σ_t (1 + rate)^−t."""
    sums = [sum((1.0 + rate) ** -t for t in range(a, a + n)) for a, n in zip(start, years, strict=True)]
    return np.array(sums, dtype=float)


def _or(values: pd.Series, default: np.ndarray) -> IntArray:
    given = values.to_numpy(dtype=float)
    return np.asarray(np.where(np.isnan(given), default, given), dtype=np.intp)
