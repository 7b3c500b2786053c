"""Money of firms and terms of the objective, added up from decisions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.instruments import Grants
from clusterplan.plan.checks.trade import Trade
from clusterplan.plan.checks.works import public_cost
from clusterplan.region import Term


@dataclass(frozen=True)
class Ledger:
    """What firms earn and what the plan amounts to.

    Parameters
    ----------
    earned
        What each firm earns a year, grants included, before its outside option; 0 for a firm that is out.
    surplus
        The same less the outside option; NaN for firms that are out, platforms, and firms whose outside
        option is unknown.
    granted
        Worth of its grants to each firm, m currency/y.
    amounts
        Unweighted amount of each term, m currency/y.
    """

    earned: FloatArray
    surplus: FloatArray
    granted: FloatArray
    amounts: dict[Term, float]


def ledger(case: Case, found: Trade, links: pd.DataFrame, loops: pd.DataFrame, given: Grants) -> Ledger:
    """Add up what firms earn and what the plan amounts to."""
    firms, placed = case.firms, case.decided.placed
    load = np.where(placed, case.decided.load, 0.0)
    granted = np.zeros(len(firms))
    np.add.at(granted, given.firm, given.worth * given.amount)
    earned = (
        np.where(placed, margins(case), 0.0)
        - case.at_place
        + _from_trade(case, found)
        + _from_links(case, links)
        + granted
    )
    np.add.at(earned, loops["f"].to_numpy(dtype=int), loops["share_m_y"].to_numpy(dtype=float))
    earned = np.where(placed, earned, 0.0)
    outside = firms["outside_m_y"].to_numpy(dtype=float)
    surplus = np.where(placed & ~case.is_platform, earned - outside, np.nan)
    amounts = {**_of_places(case, load), **_of_trade(case, found), **_of_grants(case, given)}
    amounts["links"] = float(links["value_m_y"].sum())
    amounts["loops"] = float(loops["value_m_y"].sum())
    return Ledger(earned, surplus, granted, amounts)


def margins(case: Case) -> FloatArray:
    """Margin of each firm at its utilisation, by its own route and by its second, m currency/y."""
    own = case.firms["margin_m_y"].to_numpy(dtype=np.float64)
    other = case.firms["other_margin_m_y"].fillna(case.firms["margin_m_y"]).to_numpy(dtype=np.float64)
    second = case.second
    return own * (case.decided.load - second) + other * second


def _from_trade(case: Case, found: Trade) -> FloatArray:
    """Gateway prices, freight and shares of supply collaboration, by firm.

    The seller pays the freight of what it sells, the buyer of what comes through a gateway.
    """
    rows, shares = case.decided.trades, case.region.manifest.shares
    own = np.nan_to_num(found.price_gain) - np.nan_to_num(found.freight)
    got = np.zeros(len(case.firms))
    sells, buys = rows.seller >= 0, rows.buyer >= 0
    np.add.at(got, rows.seller[sells], (own + shares.a * found.collaboration)[sells])
    np.add.at(got, rows.buyer[buys], (np.where(sells, 0.0, own) + shares.b * found.collaboration)[buys])
    return got


def _from_links(case: Case, links: pd.DataFrame) -> FloatArray:
    got = np.zeros(len(case.firms))
    for side in ("a", "b"):
        share = (links[f"share_{side}"] * links["value_m_y"]).to_numpy(dtype=float)
        np.add.at(got, links[side].to_numpy(dtype=int), share)
    return got


def _of_places(case: Case, load: FloatArray) -> dict[Term, float]:
    """Terms of where firms are, which parks are open and what is built."""
    firms, parks, crf = case.firms, case.parks, case.region.manifest.capital_recovery
    enterprise = np.flatnonzero(case.decided.placed & ~case.is_platform)
    platform = np.flatnonzero(case.decided.placed & case.is_platform)
    anyone = np.flatnonzero(case.decided.placed)
    here = case.decided.park

    def own(column: str) -> FloatArray:
        return firms[column].fillna(0.0).to_numpy(dtype=np.float64)[enterprise]

    cost = case.at_place[enterprise]
    could = np.where(case.admissible, case.costs.total, np.inf).min(axis=1, initial=np.inf)[enterprise]
    best = np.where(np.isfinite(could), could, cost)  # a firm that may be nowhere is reported by admission
    once = np.where(parks["status"] == "open", 0.0, parks["open_cost_m"].to_numpy(dtype=float))
    opening = crf * once + parks["open_cost_m_y"].to_numpy(dtype=float)
    paid = case.public.paid
    each = public_cost(case.region, paid)
    cost_of = {kind: each[(paid["kind"] == kind).to_numpy()].sum() for kind in ("level", "work", "platform")}
    return {
        "fit": float((best - cost - own("margin_m_y") + margins(case)[enterprise]).sum()),
        "results": float((own("margin_m_y") - best - own("outside_m_y")).sum()),
        "parks": -float(opening[case.decided.opened].sum() + cost_of["level"]),
        "works": -float(cost_of["work"]) + 0.0,
        "platforms": -float(case.at_place[platform].sum() + cost_of["platform"]),
        "tax": float((own("tax_m_y") * load[enterprise]).sum()),
        "land_income": float((case.costs.land + case.costs.rent)[enterprise, here[enterprise]].sum()),
        "wages": float(case.costs.labour[anyone, here[anyone]].sum()),
    }


def _of_trade(case: Case, found: Trade) -> dict[Term, float]:
    buyer = case.decided.trades.buyer
    anchors = case.firms["is_anchor"].to_numpy(dtype=bool)[buyer] & (buyer >= 0)
    return {
        "supply_collaboration": float(found.collaboration.sum()),
        "gateway_prices": float(np.nansum(found.price_gain)),
        "freight": -float(np.nansum(found.freight)),
        "local_input_value": float(found.value[found.local & anchors].sum()),
    }


def _of_grants(case: Case, given: Grants) -> dict[Term, float]:
    funds = {name: budget.cost_of_funds for name, budget in case.region.manifest.budgets.items()}
    cost = given.terms["public_cost"].to_numpy(dtype=float) * given.terms["budget"].map(funds).to_numpy(
        dtype=float
    )
    return {
        "grants": -float((cost * given.amount).sum()),
        "grants_worth": float((given.worth * given.amount).sum()),
    }
