"""`contracts`: what is paid, and taken back, if firms keep only a part of what they promised.

With φ the share of what was promised that comes true (jobs, output, wages), a the award as its payments by
year, c the `clawback` and φ* the `contract_met_at` of an instrument::

    paid        a · min(1, cap · φ_output / award)   where it hangs on output (tax, output, order), cap
                                                     being what it gives at the plan's utilisation; else a
    taken back  c · (1 − φ) of what was paid         where φ < φ*; nothing from φ* on

of a public loan c · (1 − φ) of what was forgiven of each repayment. The firm's surplus falls by what it does
not get or has to give back, at what that is worth to it; its results stay as planned. Source: claw-back in
proportion to the shortfall, as in performance agreements of development agencies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.money.payments import Paid, paid
from clusterplan.instance import instance_of
from clusterplan.plan import Plan
from clusterplan.region import BASES
from clusterplan.region.instruments import CONTRACTS

Fulfilment = float | Mapping[str, float | Mapping[str, float]]
NEGLIGIBLE = 1e-6
"""A surplus this little below 0 is rounding, m currency/y."""


@dataclass(frozen=True)
class Contracts:
    """What a plan's contracts come to.

    Parameters
    ----------
    payments
        One row a grant and year: ``firm``, ``instrument``, ``budget``, ``tier``, ``contract`` (None: none),
        ``year``; in m currency ``promised_m``, ``paid_m``, ``taken_back_m``, ``kept_m`` (what is left of it).
    firms
        By firm, those with grants: ``promised_pv_m``, ``kept_pv_m``, ``surplus_m_y`` (of the plan),
        ``surplus_then_m_y``, and ``stays_out``, True for a candidate that would rather have stayed out.
    """

    payments: pd.DataFrame
    firms: pd.DataFrame

    @property
    def budgets(self) -> pd.DataFrame:
        """By budget and year: promised, paid, taken back and kept, m currency."""
        amounts = ["promised_m", "paid_m", "taken_back_m", "kept_m"]
        return self.payments.groupby(["budget", "tier", "year"])[amounts].sum()


def contracts(plan: Plan, *, fulfilment: Fulfilment = 1.0) -> Contracts:
    """Return what is paid and taken back if firms keep only a part of what they promised.

    Parameters
    ----------
    plan
        The plan.
    fulfilment
        Share of what was promised that comes true: a number for all; or by firm, a number or numbers by
        measure (``jobs``, ``output``, ``wages``). What is not named comes true.

    Raises
    ------
    UsageError
        If a firm or measure is not known, or a share is negative.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> found = cp.contracts(plan, fulfilment={"batteries": {"jobs": 0.5}})
    >>> float(found.payments["taken_back_m"].sum())  # its grant hangs on no contract
    0.0
    """
    shares = _shares(plan, fulfilment)
    manifest = plan.region.manifest
    caps = _caps(plan)
    rows: list[tuple[Any, ...]] = []
    lost: dict[str, float] = {}
    for one in paid(plan):
        firm, contract = one.grant.firm, one.terms.contract
        cap = caps[firm, one.grant.instrument]
        got, back = _kept(one, shares[firm], cap)
        rows.extend(
            (firm, one.grant.instrument, one.terms.budget, one.budget.tier, contract, *amounts)
            for amounts in zip(
                one.plan.years,
                one.units * np.array(one.plan.parts),
                got,
                back,
                got - back,
                strict=True,
            )
        )
        rate = one.terms.firm_rate
        at = manifest.discount_rate if one.terms.basis != "loan" or pd.isna(rate) else float(rate)
        less = tuple(one.units * np.array(one.plan.parts) - got + back)
        lost[firm] = lost.get(firm, 0.0) + float(one.terms.worth) * one.plan.present(less, at)
    amounts = ["promised_m", "paid_m", "taken_back_m", "kept_m"]
    columns = ["firm", "instrument", "budget", "tier", "contract", "year", *amounts]
    frame = pd.DataFrame(rows, columns=columns).astype({"year": int, **dict.fromkeys(amounts, float)})
    return Contracts(payments=frame, firms=_firms(plan, frame, lost))


def _shares(plan: Plan, fulfilment: Fulfilment) -> dict[str, dict[str, float]]:
    """Return the share of each measure that comes true, by firm."""
    of_all = 1.0 if isinstance(fulfilment, Mapping) else fulfilment
    by_firm = fulfilment if isinstance(fulfilment, Mapping) else {}
    unknown = [name for name in by_firm if name not in plan.firms.index]
    if unknown:
        raise UsageError(f"There is no firm {unknown[0]!r} in this plan's region.")
    found = {}
    for firm in plan.firms.index:
        own = by_firm.get(firm, of_all)
        shares = (
            {**dict.fromkeys(CONTRACTS, 1.0), **own}
            if isinstance(own, Mapping)
            else dict.fromkeys(CONTRACTS, own)
        )
        strange = [name for name in shares if name not in CONTRACTS]
        if strange:
            raise UsageError(f"{strange[0]!r} is no measure; there are {', '.join(CONTRACTS)}.")
        if not all(share >= 0 for share in shares.values()):
            raise UsageError(f"The fulfilment of {firm!r} must be a share, 0 or more.")
        found[firm] = {name: float(share) for name, share in shares.items()}
    return found


def _caps(plan: Plan) -> dict[tuple[str, str], float]:
    """Return what each grant gives as its firm runs, m currency/y; infinite where it is not by load."""
    instance = instance_of(plan.region, plan.distances)
    awards, firms = instance.awards, instance.sites.firms
    load = plan.firms["utilisation"].reindex(list(firms)).to_numpy(dtype=float)
    return {
        (firms[f], awards.instruments[i]): float(awards.load_cap[n] * load[f]) if load[f] > 0 else 0.0
        for n, (f, i) in enumerate(zip(awards.firm, awards.instrument, strict=True))
    }


def _kept(one: Paid, shares: Mapping[str, float], cap: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what is paid, and taken back, in each year of a grant's schedule, m currency."""
    share = 1.0
    if BASES[one.terms.basis].by_load and one.grant.amount_m_y > 0:
        share = min(1.0, cap * shares["output"] / one.grant.amount_m_y)
    got = share * one.units * np.array(one.plan.parts)
    contract = one.terms.contract
    if pd.isna(contract) or shares[contract] >= one.terms.contract_met_at:
        return got, np.zeros(len(got))
    shortfall = max(0.0, 1.0 - shares[contract])
    return got, one.terms.clawback * shortfall * share * one.units * np.array(one.plan.at_stake)


def _firms(plan: Plan, payments: pd.DataFrame, lost: Mapping[str, float]) -> pd.DataFrame:
    manifest = plan.region.manifest
    names = list(lost)
    factor = (1.0 + manifest.discount_rate) ** -payments["year"].astype(float)
    present = pd.DataFrame(
        {
            "promised_pv_m": (payments["promised_m"] * factor).groupby(payments["firm"]).sum(),
            "kept_pv_m": (payments["kept_m"] * factor).groupby(payments["firm"]).sum(),
        }
    ).reindex(names)
    surplus = plan.firms.loc[names, "surplus_m_y"].astype(float)
    then = surplus - manifest.capital_recovery * pd.Series(lost, dtype=float).reindex(names)
    free = (plan.firms.loc[names, "status"] == "candidate").to_numpy()
    frame = present.assign(
        surplus_m_y=surplus, surplus_then_m_y=then, stays_out=(then < -NEGLIGIBLE).to_numpy() & free
    )
    frame.index.name = "firm"
    return frame
