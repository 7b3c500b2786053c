"""Decisions from the tables of a plan: a start for the next solve."""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Decisions, Instance
from clusterplan.plan.plan import Plan


def decisions_of(plan: Plan, instance: Instance) -> Decisions:
    """Return what a plan decides, in the terms of an instance.

    What the instance does not know (a firm, park or pair that is gone, a place no longer allowed) is
    left out, so that an old plan can start a changed region.

    Parameters
    ----------
    plan
        The plan.
    instance
        The instance to decide in.
    """
    sites, trade, awards = instance.sites, instance.trade, instance.awards
    firm_at = {firm: f for f, firm in enumerate(sites.firms)}
    park_at = {park: s for s, park in enumerate(sites.parks)}
    product_at = {product: p for p, product in enumerate(trade.products)}
    gateway_at = {gateway: g for g, gateway in enumerate(trade.gateways)}
    firms, parks, supply, grants = plan.firms, plan.parks, plan.supply, plan.grants
    opened = sites.open_always | (np.isin(sites.parks, parks.index[parks["open"]]) & ~sites.open_never)
    park = np.full(instance.n_firms, -1)
    load = np.zeros(instance.n_firms)
    for firm, place, utilisation in zip(firms.index, firms["park"], firms["utilisation"], strict=True):
        f, s = firm_at.get(firm), park_at.get(place)
        if f is not None and s is not None and sites.admissible[f, s]:
            park[f], load[f] = s, utilisation
    pairs = {
        (sites.firms[a], sites.firms[b], trade.products[p]): n
        for n, (a, b, p) in enumerate(zip(trade.seller, trade.buyer, trade.product, strict=True))
    }
    shape = (instance.n_firms, len(trade.products), len(trade.gateways))
    quantity, sold, bought = np.zeros(len(trade.seller)), np.zeros(shape), np.zeros(shape)
    for row in supply.itertuples():
        seller, buyer, amount = row[1], row.to, row.quantity_per_y
        if row.gateway is None:
            n = pairs.get((seller, buyer, row.product))
            if n is not None and park[trade.seller[n]] >= 0 and park[trade.buyer[n]] >= 0:
                quantity[n] = amount
            continue
        firm, side = (seller, sold) if seller is not None else (buyer, bought)
        at = (firm_at.get(firm), product_at.get(row.product), gateway_at.get(row.gateway))
        if None not in at and park[at[0]] >= 0:
            side[at] = amount
    award = np.zeros(len(awards.firm))
    award_at = {
        (sites.firms[f], awards.instruments[i]): n
        for n, (f, i) in enumerate(zip(awards.firm, awards.instrument, strict=True))
    }
    for firm, instrument, amount in zip(
        grants["firm"], grants["instrument"], grants["amount_m_y"], strict=True
    ):
        n = award_at.get((firm, instrument))
        if n is not None and park[awards.firm[n]] >= 0:
            award[n] = amount
    levels, works = instance.levels, instance.works
    sizes = {(park, level) for park, level in plan.parks["level"].items() if level is not None}
    level = [
        (sites.parks[s], name) in sizes and opened[s]
        for s, name in zip(levels.park, levels.names, strict=True)
    ]
    is_built = plan.works["built"]
    return Decisions(
        level=np.array(level, dtype=bool),
        built=np.array([bool(is_built.get(work, False)) for work in works.names], dtype=bool),
        opened=opened,
        park=park,
        load=load,
        supply=quantity,
        sold=sold,
        bought=bought,
        award=award,
    )
