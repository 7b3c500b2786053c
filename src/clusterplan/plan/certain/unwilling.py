"""Willingness: a candidate that is locked in, against the most that it could ever earn.

    max_s  place[f,s] + load[f] · q + Σ_p gain[p,s] · amount[f,p] · q + Σ_links share · max_t value[s,t]
        + Σ_loops share · value + grants[f,s]

with least load ≤ q ≤ 1, each unit traded with whoever pays best at his best park, every link at its best,
every innovation loop closed that can be, every grant at its cap and all aid up to its ceiling. If even that
is negative, it does not come.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.errors import Fault
from clusterplan.instance import Bools, Floats, Instance, Ints
from clusterplan.plan.certain.room import called
from clusterplan.region import Region


def unwilling(region: Region, instance: Instance) -> Iterator[Fault]:
    """Yield a fault for each candidate that must be placed and could not be made willing."""
    sites, results = instance.sites, instance.results
    asked = sites.must_place & results.willing & sites.admissible.any(axis=1)
    asked[instance.trade.second_routes] = False  # they may earn more by another route
    for f in np.flatnonzero(asked):
        most = float(_most(instance, int(f))[sites.admissible[f]].max())
        if most < -1e-6 * max(1.0, abs(results.load[f])):
            name, money = called(region, "firms", sites.firms[f]), f"m {region.manifest.currency} a year"
            yield Fault(
                file="firms.csv",
                why=f"{name} is locked in, but would come only for {-most:,.4g} {money} more, whatever it is "
                "granted.",
                mend="Take its lock off, or correct its margin or its outside option.",
                column="outside_m_y",
                value=sites.firms[f],
                rule="never_willing",
            )


def _most(instance: Instance, f: int) -> Floats:
    """Return the most a firm could have over its outside option in each park, S, m currency/y."""
    results = instance.results
    traded = results.load[f] + _sold(instance, f) + _bought(instance, f)
    at_load = np.maximum(traded, results.min_load[f] * traded)
    beside = _links(instance, f) + _loops(instance, f)
    return np.asarray(results.place[f] + at_load + beside + _grants(instance, f))


def _sold(instance: Instance, f: int) -> Floats:
    """Return the most a firm gains by selling all that it makes at full load in each park, S."""
    trade = instance.trade
    total = np.zeros(instance.n_parks)
    for p in np.flatnonzero(trade.output[f] > 0):
        there = _somebody(instance, trade.buyer[(trade.seller == f) & (trade.product == p)])
        worth = trade.share_seller * trade.collaboration[p] * trade.proximity
        near = there[None, :] & (trade.km <= trade.max_km[p])
        by_firm = np.where(near, worth - trade.freight[p] * trade.km, -np.inf)
        total += trade.output[f, p] * _best(_by_gateway(instance, trade.buys_gain, int(p)), by_firm)
    return total


def _bought(instance: Instance, f: int) -> Floats:
    """Return the most a firm gains by buying all that it needs at full load in each park, S."""
    trade = instance.trade
    total = np.zeros(instance.n_parks)
    for p in np.flatnonzero(trade.need[f] > 0):
        there = _somebody(instance, trade.seller[(trade.buyer == f) & (trade.product == p)])
        worth = trade.share_buyer * trade.collaboration[p] * trade.proximity.T
        near = there[None, :] & (trade.max_km[p] >= trade.km.T)
        by_firm = np.where(near, worth, -np.inf)
        total += trade.need[f, p] * _best(_by_gateway(instance, trade.sells_gain, int(p)), by_firm)
    return total


def _somebody(instance: Instance, firms: Ints) -> Bools:
    """Return, by park, whether one of some firms may be there."""
    return np.asarray(instance.sites.admissible[firms].any(axis=0))


def _by_gateway(instance: Instance, gain: Floats, p: int) -> Floats:
    """Return what a unit gains through each gateway from each park, S×G; −∞ where it can't be traded."""
    trade = instance.trade
    worth = gain[:, p] - trade.freight[p] * trade.gateway_km
    return np.where(np.isnan(worth), -np.inf, worth)


def _best(by_gateway: Floats, by_firm: Floats) -> Floats:
    """Return the best of all ways of trade by park; 0 where there is none."""
    best = np.hstack([by_gateway, by_firm]).max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(best), best, 0.0)


def _links(instance: Instance, f: int) -> Floats:
    """Return what a firm's links are worth to it in each park at their best, S."""
    links = instance.links
    total = np.zeros(instance.n_parks)
    for a, b, share, is_first in (
        (links.a, links.b, links.share_a, True),
        (links.b, links.a, links.share_b, False),
    ):
        for n in np.flatnonzero(a == f):
            kernel = links.kernels[links.kind[n]]
            worth = share[n] * links.weight[n] * (kernel if is_first else kernel.T)
            there = instance.sites.admissible[b[n]]
            total += np.where(there[None, :], worth, 0.0).max(axis=1, initial=0.0)
    return total


def _loops(instance: Instance, f: int) -> Floats:
    """Return what a firm keeps of all innovation loops that could be closed in each park, S."""
    loops = instance.loops
    total = np.zeros(instance.n_parks)
    for n in np.flatnonzero(loops.producer == f):
        k = loops.loop[n]
        could = np.ones(instance.n_parks, dtype=bool)
        for m in np.flatnonzero(loops.piece_loop == k):
            others = np.flatnonzero(loops.piece_firms[m])
            could &= (loops.near[k] & _somebody(instance, others[others != f])).any(axis=1)
        total += np.where(could, loops.share[k] * loops.value[k], 0.0)
    return total


def _grants(instance: Instance, f: int) -> Floats:
    """Return what a firm could be granted in each park, S."""
    awards = instance.awards
    own = awards.firm == f
    worth = awards.worth[own, None] * awards.cap[own]
    aid = awards.counts[own]
    ceiling = np.where(np.isfinite(awards.ceiling[f]), awards.ceiling[f], np.inf)
    most_worth = awards.worth[own][aid].max(initial=0.0)
    limited = ceiling * most_worth if most_worth > 0 else np.zeros_like(ceiling)
    return np.asarray(worth[~aid].sum(axis=0) + np.minimum(worth[aid].sum(axis=0), limited))
