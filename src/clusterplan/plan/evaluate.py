"""What decisions are worth: every term, every firm's surplus, recomputed from the decisions.

Whatever path found a plan, its numbers come from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Decisions, Floats, Instance, as_decided
from clusterplan.instance.serving import by_second_route
from clusterplan.region import TERMS, Term

CRUMB = 1e-9
"""Rents below this, m currency/y, are rounding and shown as 0."""


@dataclass(frozen=True)
class Worth:
    """What decisions are worth.

    Parameters
    ----------
    amounts
        Unweighted amount of each term, m currency/y.
    surplus
        F, surplus of each firm, m currency/y; NaN for firms that are out, platforms, and firms
        whose outside option is unknown.
    rent
        F, part of its grants a firm would have come without, m currency/y; 0 where surplus is NaN.
    links
        L, value of each link, m currency/y; 0 where it is not realised.
    kernel
        L, its proximity.
    loops
        N, value of each producer's loop, m currency/y; 0 where it is not closed.
    """

    amounts: dict[Term, float]
    surplus: Floats
    rent: Floats
    links: Floats
    kernel: Floats
    loops: Floats


def evaluate(instance: Instance, decisions: Decisions) -> Worth:
    """Return what decisions are worth in an instance."""
    levels, works = instance.levels, instance.works
    built = -float(works.cost[np.flatnonzero(decisions.built)].sum())
    sized = float(levels.cost[np.flatnonzero(decisions.level)].sum())
    instance = as_decided(instance, decisions.level, decisions.built)
    amounts: dict[Term, float] = dict.fromkeys(TERMS, 0.0)
    amounts["works"], amounts["parks"] = built + 0.0, -sized + 0.0
    gain = np.zeros(instance.n_firms)
    _results(instance, decisions, amounts, gain)
    _supply(instance, decisions, amounts, gain)
    _gateways(instance, decisions, amounts, gain)
    links, kernel = _links(instance, decisions, amounts, gain)
    loops = _loops(instance, decisions, amounts, gain)
    granted = _grants(instance, decisions, amounts, gain)
    known = (decisions.park >= 0) & instance.results.has_surplus
    surplus = np.where(known, gain, np.nan)
    rent = np.where(known, np.maximum(0.0, np.minimum(granted, gain)), 0.0)
    rent[rent < CRUMB] = 0.0
    return Worth(amounts, surplus, rent, links, kernel, loops)


def _results(instance: Instance, decisions: Decisions, amounts: dict[Term, float], gain: Floats) -> None:
    results = instance.results
    f = np.flatnonzero(decisions.park >= 0)
    s, load = decisions.park[f], decisions.load[f]
    for term, place in results.place_terms.items():
        amounts[term] += float(place[f, s].sum())
    for term, full in results.load_terms.items():
        amounts[term] += float((full[f] * load).sum())
    if results.other is not None:
        more = (results.other * by_second_route(instance, decisions))[f]
        amounts["fit"] += float(more.sum())
        gain[f] += more
    amounts["parks"] -= float(instance.sites.opening_cost[decisions.opened].sum())
    gain[f] += results.place[f, s] + results.load[f] * load


def _supply(instance: Instance, decisions: Decisions, amounts: dict[Term, float], gain: Floats) -> None:
    trade = instance.trade
    n = np.flatnonzero(decisions.supply > 0)
    a, b, p = trade.seller[n], trade.buyer[n], trade.product[n]
    s, t, quantity = decisions.park[a], decisions.park[b], decisions.supply[n]
    freight = trade.freight[p] * trade.km[s, t] * quantity
    worth = trade.collaboration[p] * trade.proximity[s, t] * quantity
    local = trade.is_anchor[b] & (trade.proximity[s, t] > 0)
    amounts["freight"] -= float(freight.sum())
    amounts["supply_collaboration"] += float(worth.sum())
    amounts["local_input_value"] += float((trade.value[p] * quantity * local).sum())
    np.add.at(gain, a, trade.share_seller * worth - freight)
    np.add.at(gain, b, trade.share_buyer * worth)


def _gateways(instance: Instance, decisions: Decisions, amounts: dict[Term, float], gain: Floats) -> None:
    trade = instance.trade
    for quantities, gains in ((decisions.sold, trade.buys_gain), (decisions.bought, trade.sells_gain)):
        f, p, g = np.nonzero(quantities > 0)
        quantity = quantities[f, p, g]
        won = gains[g, p] * quantity
        paid = trade.freight[p] * trade.gateway_km[decisions.park[f], g] * quantity
        amounts["gateway_prices"] += float(won.sum())
        amounts["freight"] -= float(paid.sum())
        np.add.at(gain, f, won - paid)


def _links(
    instance: Instance, decisions: Decisions, amounts: dict[Term, float], gain: Floats
) -> tuple[Floats, Floats]:
    links = instance.links
    s, t = decisions.park[links.a], decisions.park[links.b]
    both = (s >= 0) & (t >= 0)
    kernel = np.zeros(len(links.names))
    kernel[both] = links.kernels[links.kind[both], s[both], t[both]]
    value = links.weight * kernel
    amounts["links"] += float(value.sum())
    np.add.at(gain, links.a, links.share_a * value)
    np.add.at(gain, links.b, links.share_b * value)
    return value, kernel


def _loops(instance: Instance, decisions: Decisions, amounts: dict[Term, float], gain: Floats) -> Floats:
    loops = instance.loops
    value = np.where(loops.closed(decisions.park), loops.value[loops.loop], 0.0)
    amounts["loops"] += float(value.sum())
    np.add.at(gain, loops.producer, loops.share[loops.loop] * value)
    return np.asarray(value)


def _grants(instance: Instance, decisions: Decisions, amounts: dict[Term, float], gain: Floats) -> Floats:
    awards = instance.awards
    worth = awards.worth * decisions.award
    amounts["grants"] -= float((awards.cost * decisions.award).sum())
    amounts["grants_worth"] += float(worth.sum())
    granted = np.zeros(instance.n_firms)
    np.add.at(granted, awards.firm, worth)
    gain += granted
    return granted
