"""What each firm's surplus is made of, read off a plan's tables and its region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.distance import SUPPLY
from clusterplan.instance import Floats
from clusterplan.instance.costs import MILLION, costs
from clusterplan.instance.public import changes_built
from clusterplan.instance.schedules import worth_of
from clusterplan.plan import Plan
from clusterplan.plan.known import rule_of
from clusterplan.plan.serving import second_route_of
from clusterplan.region import rows

PARTS: dict[str, str] = {
    "margin": "margin at the utilisation of the plan",
    "land": "land at the park",
    "energy": "energy at the park",
    "water": "water at the park",
    "labour": "wages at the park",
    "plant": "rent of a ready-built plant at the park",
    "fixed": "what any firm pays for being in the park",
    "gateway_prices": "what gateways pay above, or take below, the value of a product",
    "freight": "freight it pays",
    "links": "its share of collaboration links",
    "supply_collaboration": "its share of working closely in supply",
    "loops": "its share of innovation loops",
    "grants": "worth of its grants",
    "outside": "what it would earn at its best place elsewhere",
}
"""Parts of a surplus, in the order in which they are added, and what each is."""
SUMS: dict[str, tuple[str, ...]] = {
    "margin": ("margin",),
    "place": ("land", "energy", "water", "labour", "plant", "fixed"),
    "trade": ("gateway_prices", "freight"),
    "collaboration": ("links", "supply_collaboration", "loops"),
    "grants": ("grants",),
    "elsewhere": ("outside",),
}
"""The same in a few columns: which parts each sums."""
CRUMB = 1e-9
"""Amounts below this, m currency/y, are rounding and count as 0."""


def surplus_parts(plan: Plan) -> pd.DataFrame:
    """Return the parts of each firm's surplus, signed: costs and the outside option count below 0.

        surplus = margin · utilisation − costs at the park + gateway prices − freight + shares of links, of
                  supply collaboration and of loops + worth of grants − outside option

    The seller pays the freight of what it sells, the buyer of what comes through a gateway. Source: the
    participation constraint of `clusterplan.rules.willingness`, term by term.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    DataFrame
        A row for each enterprise placed, in the region's order; columns of `PARTS`, m currency/y.
        ``outside`` is NaN where the outside option is not known.
    """
    region, decided = plan.region, plan.firms
    here = decided["park"].notna() & ~decided["is_platform"]
    firms = region.firms.loc[decided.index[here]]
    parts = pd.DataFrame(0.0, index=firms.index, columns=pd.Index(PARTS))
    spent = second_route_of(plan).reindex(firms.index)
    other = firms["other_margin_m_y"].fillna(firms["margin_m_y"])
    parts["margin"] = firms["margin_m_y"] * decided.loc[firms.index, "utilisation"]
    parts["margin"] += (other - firms["margin_m_y"]) * spent
    f = region.firms.index.get_indexer(firms.index)
    s = region.parks.index.get_indexer(decided.loc[firms.index, "park"])
    place = costs(region)
    for part in ("land", "energy", "water", "labour", "fixed"):
        parts[part] = -getattr(place, part)[f, s]
    for part, change in changes_built(plan.region, plan.works["built"]).items():
        parts[part] -= change[f, s]
    parts["plant"] = -place.rent[f, s]
    _add_supply(plan, parts)
    _add_links(plan, parts)
    _add_loops(plan, parts)
    worth = grants_worth(plan)
    _add(parts, "grants", worth["firm"], worth["worth_m_y"])
    parts["outside"] = -firms["outside_m_y"]
    return parts + 0.0  # no negative zeros


def gains(plan: Plan) -> pd.Series:
    """Return what each enterprise placed gains in the plan, m currency/y, by firm.

    It is its surplus; where the outside option is not known (a firm that is there anyway), all it earns.
    """
    return swept(surplus_parts(plan).fillna({"outside": 0.0}).sum(axis=1))


def swept(amounts: pd.Series) -> pd.Series:
    """Return amounts with what is less than `CRUMB` either way, and so rounding, as 0."""
    return amounts.where(~(amounts.abs() < CRUMB), 0.0)


def grants_worth(plan: Plan) -> pd.DataFrame:
    """Return the plan's grants with ``worth_m_y``: what each is worth to its firm, m currency/y."""
    grants, manifest = plan.grants, plan.region.manifest
    worth = {row.Index: worth_of(row, manifest) for row in rows(plan.region.incentives)}
    a_unit = grants["instrument"].map(worth).to_numpy(dtype=float)
    return grants.assign(worth_m_y=grants["amount_m_y"].to_numpy(dtype=float) * a_unit)


def _add(parts: pd.DataFrame, part: str, firms: pd.Series, amounts: pd.Series | Floats) -> None:
    """Add amounts to a part of the firms named; who is no enterprise of the plan is passed over."""
    total = pd.Series(np.asarray(amounts, dtype=float)).groupby(firms.to_numpy(dtype=object)).sum()
    parts[part] += total.reindex(parts.index).fillna(0.0)


def _add_supply(plan: Plan, parts: pd.DataFrame) -> None:
    region, supply, shares = plan.region, plan.supply, plan.region.manifest.shares
    payer = supply["from"].where(supply["from"].notna(), supply["to"])
    _add(parts, "freight", payer, -supply["freight_m_y"])
    outside = supply[supply["gateway"].notna()]
    prices = region.markets.set_index(["gateway", "product"])
    key = pd.MultiIndex.from_frame(outside[["gateway", "product"]])
    sells = outside["from"].notna().to_numpy()
    buys, sells_at = (prices[column].reindex(key).to_numpy(float) for column in ("buys_at", "sells_at"))
    price = np.where(sells, buys, sells_at)
    traded = MILLION * price * outside["quantity_per_y"].to_numpy(float)
    over = np.where(sells, 1.0, -1.0) * (traded - outside["value_m_y"].to_numpy(float))
    _add(parts, "gateway_prices", payer[outside.index], over)
    between = supply[supply["gateway"].isna()]
    at = region.parks.index.get_indexer
    near = plan.distances_built.proximity(SUPPLY)[at(between["from_park"]), at(between["to_park"])]
    share = between["product"].map(region.products["collaboration_share"]).to_numpy(dtype=float)
    worth = share * between["value_m_y"].to_numpy(float) * near
    _add(parts, "supply_collaboration", between["from"], shares.a * worth)
    _add(parts, "supply_collaboration", between["to"], shares.b * worth)


def _add_links(plan: Plan, parts: pd.DataFrame) -> None:
    links, rules, shares = plan.links, plan.region.links, plan.region.manifest.shares
    rule = [rule_of(row, rules.index) for row in links[["link", "from", "to"]].to_dict("records")]
    for side, end, usual in (("share_a", "from", shares.a), ("share_b", "to", shares.b)):
        share = rules[side].reindex(rule).fillna(usual).to_numpy(dtype=float)
        _add(parts, "links", links[end], share * links["value_m_y"].to_numpy(dtype=float))


def _add_loops(plan: Plan, parts: pd.DataFrame) -> None:
    loops = plan.tables.get("loops")
    if loops is None or loops.empty:
        return
    share = loops["loop"].map(plan.region.table("loops")["share"]).to_numpy(dtype=float)
    _add(parts, "loops", loops["firm"], share * loops["value_m_y"].to_numpy(dtype=float))
