"""What a grant is, from its instrument, firm and park: full amount, schedule and present value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import BoolArray, FloatArray, IntArray
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.costs import MILLION
from clusterplan.plan.checks.flows import Flow, flow


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
    worth
        What a unit of it is worth to the firm.
    flows
        What each pays by year for one unit of its full amount.
    units
        Units of its full amount.
    """

    ids: list[str]
    firm: IntArray
    park: IntArray
    terms: pd.DataFrame
    amount: FloatArray
    present: FloatArray
    cap: FloatArray
    worth: FloatArray
    flows: list[Flow]
    units: FloatArray


def grants(case: Case) -> Grants:
    """Return the grants of a plan with what follows from their instruments."""
    awards, manifest = case.decided.awards, case.region.manifest
    terms = case.region.incentives.iloc[awards.instrument].reset_index()
    flows = [flow(row, manifest.life_y) for row in terms.to_dict("records")]
    of_one = np.array([paid.present(manifest.discount_rate) for paid in flows], dtype=float)
    present = awards.amount / manifest.capital_recovery
    park = case.decided.park[awards.firm]
    most = _most(case, terms, park, of_one)
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
        worth=_worth(terms, flows, of_one),
        flows=flows,
        units=np.divide(present, of_one, out=np.zeros(len(present)), where=of_one > 0),
    )


def _most(case: Case, terms: pd.DataFrame, park: IntArray, of_one: FloatArray) -> FloatArray:
    """Return the most that each grant may be in a park, as its firm runs, present value, m currency."""
    lent = (terms["basis"] == "loan").to_numpy()
    full = _base(case, terms, park) * np.where(lent, 1.0, terms["rate"].to_numpy(dtype=float))
    return np.asarray(np.fmin(full * of_one, terms["max_m"].to_numpy(dtype=float)))


def platform_near(case: Case, terms: pd.DataFrame, park: IntArray) -> BoolArray:
    """Return whether a platform of the stage asked for, if any, is placed within reach of each park."""
    near = np.asarray(case.distances.proximity())
    stage, here = case.firms["stage"].to_numpy(), case.decided.park
    standing = case.is_platform & case.decided.placed
    asked = terms["platform_stage"].where(terms["basis"] == "access", None)
    found = [
        pd.isna(wanted) or s < 0 or bool((near[s, here[standing & (stage == wanted)]] > 0).any())
        for wanted, s in zip(asked, park, strict=True)
    ]
    return np.array(found, dtype=bool)


def most_in(case: Case, given: Grants, park: int) -> FloatArray:
    """Return the most that each grant could be, were its firm in a park: annual equivalent, m currency/y.

    It is 0 where the instrument does not serve the park, or less than its least amount could be given there.
    """
    terms, manifest = given.terms, case.region.manifest
    there = np.full(len(given.firm), park, dtype=np.intp)
    of_one = np.array([paid.present(manifest.discount_rate) for paid in given.flows], dtype=float)
    most = _most(case, terms, there, of_one)
    name, area = case.parks.index[park], case.parks["area"].iloc[park]
    served = np.array(
        [
            (not parks or name in parks) and (not areas or area in areas)
            for parks, areas in zip(terms["parks"], terms["areas"], strict=True)
        ],
        dtype=bool,
    )
    served &= platform_near(case, terms, there)
    enough = most >= terms["min_m"].to_numpy(dtype=float) * (1 - 1e-9)
    return np.asarray(np.where(served & enough, most * manifest.capital_recovery, 0.0))


def _worth(terms: pd.DataFrame, flows: list[Flow], of_one: FloatArray) -> FloatArray:
    """Return what a unit is worth: as the instrument says, of a public loan at the firm's own rate."""
    worth = terms["worth"].to_numpy(dtype=float)
    own = np.array(
        [
            paid.present(rate) if basis == "loan" and not np.isnan(rate) else one
            for paid, rate, basis, one in zip(flows, terms["firm_rate"], terms["basis"], of_one, strict=True)
        ],
        dtype=float,
    )
    return np.asarray(worth * np.divide(own, of_one, out=np.ones(len(own)), where=of_one > 0))


def _base(case: Case, terms: pd.DataFrame, park: IntArray) -> FloatArray:
    """Return what a rate of 1 comes to, m currency, once or a year; of loans the loan."""
    f = case.decided.awards.firm
    firms = case.firms.iloc[f]

    def own(column: str) -> FloatArray:
        return firms[column].fillna(0.0).to_numpy(dtype=np.float64)

    load = case.decided.load[f]
    output = MILLION * own("output_per_y") * load
    lent = own("investment_m") * terms["loan_share"].fillna(0.0).to_numpy(dtype=float)
    bases = {
        "investment": own("investment_m"),
        "land": case.costs.land_price[f, park],
        "jobs": MILLION * own("workers"),
        "fixed": np.ones(len(f)),
        "access": np.ones(len(f)),
        "rent": case.costs.rent[f, park],
        "tax": own("tax_m_y") * load,
        "energy": case.costs.energy[f, park],
        "wages": case.costs.labour[f, park],
        "output": output,
        "order": output,
        "interest": lent,
        "loan": lent,
    }
    basis = terms["basis"].to_numpy()
    return np.select([basis == name for name in bases], list(bases.values()), np.nan)
