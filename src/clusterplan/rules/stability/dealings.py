"""What a firm would gain elsewhere by its place and its trade, as columns and coefficients.

A column counts in the park that the firm is in, by the way that it takes, so a coefficient is what the column
would be worth from the other park less what it is worth from this one; see `clusterplan.instance.elsewhere`
for each part. What it would be worth from there depends on the works that shorten ways, so that trade and
links are added case by case (`clusterplan.instance.roadworks`). What works save is linear in them:
saving[f,i] · v[i] for those of the other park, less saving[f,i] · c[f,i] for those of its own.
"""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Floats, Instance, Ints, Trade
from clusterplan.instance.elsewhere import spot
from clusterplan.instance.roadworks import Roads
from clusterplan.rules.siting import Sited
from clusterplan.rules.stability.moves import Moves
from clusterplan.rules.traded import Between, Through, Traded
from clusterplan.rules.works import Built


def add_places(moves: Moves, instance: Instance, sited: Sited) -> None:
    """Add what the place itself would bring."""
    place = instance.results.place
    n_parks = instance.n_parks
    f = np.repeat(sited.firm, n_parks)
    s = np.repeat(sited.park, n_parks)
    t = np.tile(np.arange(n_parks), len(sited.firm))
    gained = place[f, t] - place[f, s]
    moves.add(f, t, sited.y[f, s], gained)
    best = np.full(moves.most.shape, -np.inf)
    other = s != t
    np.maximum.at(best, (f[other], t[other]), gained[other])
    moves.most[:] += np.where(np.isfinite(best), best, 0.0)


def add_savings(moves: Moves, instance: Instance, built: Built) -> None:
    """Add what works save a firm in the other park, less what those of its own park do."""
    works = instance.works
    if not works.saving.any():
        return
    dearer = np.zeros(moves.most.shape)
    for w in np.flatnonzero(works.park >= 0).tolist():
        park, saving = int(works.park[w]), works.saving[w]
        f = np.flatnonzero(saving)
        moves.add(f, np.full(len(f), park), np.full(len(f), built.work[w]), saving[f])
        moves.most[:, park] += np.maximum(0.0, saving)
        moves.most_out[:, park] += np.maximum(0.0, saving)
        dearer[:, park] += np.maximum(0.0, -saving)
    dearer *= instance.sites.admissible
    for t in range(instance.n_parks):
        moves.most[:, t] += np.delete(dearer, t, axis=1).max(axis=1, initial=0.0)
        now = -works.saving[built.by, built.firm]
        moves.add(built.firm, np.full(len(built.firm), t), built.saved, now)


def add_trade(moves: Moves, instance: Instance, traded: Traded, roads: Roads) -> None:
    """Add what trade with partners and gateways would bring, and the most of it a firm's amounts allow."""
    trade, between, there = instance.trade, traded.between, roads.there.trade
    seller, buyer, p = trade.seller[between.pair], trade.buyer[between.pair], trade.product[between.pair]
    km, near = _by_way(instance, between)
    for sold, firm, amount, own, partners in (
        (True, seller, trade.most_output, between.seller_park, between.buyer_park),
        (False, buyer, trade.most_need, between.buyer_park, between.seller_park),
    ):
        net = spot(there, sold=sold).net
        share = trade.share_seller if sold else trade.share_buyer
        for t in np.flatnonzero(moves.wanted.any(axis=0)).tolist():
            best = np.zeros(amount.shape)  # F×P, of full output or need
            keep = np.flatnonzero(moves.wanted[firm, t] & (own != t))
            a, product, partner = firm[keep], p[keep], partners[keep]
            ends = (t, partner) if sold else (partner, t)
            now = _unit(trade, share, product, km[keep], near[keep], sold=sold)
            then = _unit(trade, share, product, there.km[ends], there.proximity[ends], sold=sold)
            reached = there.km[ends] <= trade.max_km[product]
            gained = np.where(reached, then, net[t, product]) - now
            moves.add(a, np.full(len(a), t), between.column[keep], between.unit[keep] * gained)
            np.maximum.at(best, (a, product), amount[a, product] * gained)
            _add_through(
                moves, instance, traded, net=net[t], km_t=there.gateway_km[t], t=t, best=best, sold=sold
            )
            moves.most[:, t] += best.sum(axis=1)


def _add_through(
    moves: Moves,
    instance: Instance,
    traded: Traded,
    *,
    net: Floats,
    km_t: Floats,
    t: int,
    best: Floats,
    sold: bool,
) -> None:
    """Add what trade through gateways would bring from park t, from which they are at ``km_t``."""
    trade = instance.trade
    through, gains = (traded.sold, trade.buys_gain) if sold else (traded.bought, trade.sells_gain)
    keep = np.flatnonzero(moves.wanted[through.firm, t] & (through.park != t))
    f, p, g = through.firm[keep], through.product[keep], through.gateway[keep]
    rate, price = trade.freight[p], gains[g, p]
    now = price - rate * _gateway_km(instance, through)[keep]
    gained = np.where(np.isfinite(km_t[g]), price - rate * km_t[g], net[p]) - now
    moves.add(f, np.full(len(f), t), through.column[keep], through.unit[keep] * gained)
    np.maximum.at(best, (f, p), through.unit[keep] * gained)


def _by_way(instance: Instance, between: Between) -> tuple[Floats, Floats]:
    """Return km and proximity of columns of supply, by the way that each takes."""
    trade, ways = instance.trade, instance.works.ways
    km = trade.km[between.seller_park, between.buyer_park]
    near = trade.proximity[between.seller_park, between.buyer_park]
    by = np.flatnonzero(between.way >= 0)
    km[by], near[by] = ways.km[between.way[by]], ways.proximity[between.way[by]]
    return km, near


def _gateway_km(instance: Instance, through: Through) -> Floats:
    """Return km of columns of trade through gateways, by the way that each takes."""
    km = instance.trade.gateway_km[through.park, through.gateway]
    by = np.flatnonzero(through.way >= 0)
    km[by] = instance.works.gates.km[through.way[by]]
    return np.asarray(km)


def _unit(trade: Trade, share: float, p: Ints, km: Floats, near: Floats, *, sold: bool) -> Floats:
    """Return what a unit traded brings a firm, over the product's value, m currency."""
    return np.asarray(share * trade.collaboration[p] * near - (trade.freight[p] * km if sold else 0.0))
