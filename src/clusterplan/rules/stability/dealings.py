"""What a firm would gain elsewhere by its place, its trade and its links, as columns and coefficients.

A column counts in the park that the firm is in, so a coefficient is what the column would be worth from the
other park less what it is worth from this one; see `clusterplan.instance.elsewhere` for each part.
"""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.instance.elsewhere import spot
from clusterplan.rules.collaboration import Linked, linked_pairs
from clusterplan.rules.siting import Sited
from clusterplan.rules.stability.moves import Moves
from clusterplan.rules.supply import Traded

_NONE = np.zeros(0, dtype=np.int64)


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


def add_trade(moves: Moves, instance: Instance, traded: Traded) -> None:
    """Add what trade with partners and gateways would bring, and the most of it a firm's amounts allow."""
    trade, between = instance.trade, traded.between
    seller, buyer, p = trade.seller[between.pair], trade.buyer[between.pair], trade.product[between.pair]
    for sold, firm, amount, own, there in (
        (True, seller, trade.output, between.seller_park, between.buyer_park),
        (False, buyer, trade.need, between.buyer_park, between.seller_park),
    ):
        net = spot(trade, sold=sold).net
        share = trade.share_seller if sold else trade.share_buyer
        for t in range(instance.n_parks):
            best = np.zeros(amount.shape)  # F×P, of full output or need
            keep = np.flatnonzero(moves.wanted[firm, t] & (own != t))
            a, product, s, partner = firm[keep], p[keep], own[keep], there[keep]
            now = _unit(instance, share, product, s, partner, sold=sold)
            reached = _km(trade.km, t, partner, sold=sold) <= trade.max_km[product]
            then = _unit(instance, share, product, np.full(len(keep), t), partner, sold=sold)
            gained = np.where(reached, then, net[t, product]) - now
            moves.add(a, np.full(len(a), t), between.column[keep], between.unit[keep] * gained)
            np.maximum.at(best, (a, product), amount[a, product] * gained)
            _add_through(moves, instance, traded, net=net[t], t=t, best=best, sold=sold)
            moves.most[:, t] += best.sum(axis=1)


def _add_through(
    moves: Moves, instance: Instance, traded: Traded, *, net: Floats, t: int, best: Floats, sold: bool
) -> None:
    trade = instance.trade
    through, gains = (traded.sold, trade.buys_gain) if sold else (traded.bought, trade.sells_gain)
    keep = np.flatnonzero(moves.wanted[through.firm, t] & (through.park != t))
    f, p, g = through.firm[keep], through.product[keep], through.gateway[keep]
    rate, price = trade.freight[p], gains[g, p]
    now = price - rate * trade.gateway_km[through.park[keep], g]
    km = trade.gateway_km[t, g]
    gained = np.where(np.isfinite(km), price - rate * km, net[p]) - now
    moves.add(f, np.full(len(f), t), through.column[keep], through.unit[keep] * gained)
    np.maximum.at(best, (f, p), through.unit[keep] * gained)


def _unit(instance: Instance, share: float, p: Ints, own: Ints, there: Ints, *, sold: bool) -> Floats:
    """Return what a unit traded brings a firm, over the product's value, m currency."""
    trade = instance.trade
    near = trade.proximity[own, there] if sold else trade.proximity[there, own]
    paid = trade.freight[p] * trade.km[own, there] if sold else 0.0
    return np.asarray(share * trade.collaboration[p] * near - paid)


def _km(km: Floats, t: int, partner: Ints, *, sold: bool) -> Floats:
    return np.asarray(km[t, partner] if sold else km[partner, t])


def add_links(moves: Moves, instance: Instance, sited: Sited, linked: Linked) -> None:
    """Add what links would bring with partners where they are."""
    sites, y = instance.sites, sited.y
    sure = sites.must_place & (sites.admissible.sum(axis=1) == 1)
    z_of = _z(instance, linked)
    for pair in linked_pairs(instance):
        for f, b, share, turned in (
            (pair.a, pair.b, pair.share_a, False),
            (pair.b, pair.a, pair.share_b.T, True),
        ):
            if not moves.wanted[f].any() or not sites.admissible[b].any() or not share.any():
                continue
            parks, there = np.flatnonzero(moves.wanted[f]), np.flatnonzero(sites.admissible[b])
            t, partner = (grid.ravel() for grid in np.meshgrid(parks, there, indexing="ij"))
            moves.add(np.full(len(t), f), t, y[b, partner], share[t, partner])
            if sure[f] or sure[b]:
                s, at = np.nonzero(
                    np.logical_and.outer(sites.admissible[f], sites.admissible[b]) & (share != 0)
                )
                column = y[b, at] if sure[f] else y[f, s]
            else:
                column, low_park, high_park = z_of.get((pair.a, pair.b), (_NONE, _NONE, _NONE))
                s, at = (high_park, low_park) if turned else (low_park, high_park)
            for park in parks.tolist():
                n = len(column)
                moves.add(np.full(n, f), np.full(n, park), column, -share[s, at])
            _most(moves, instance, f, b, share)


def _z(instance: Instance, linked: Linked) -> dict[tuple[int, int], tuple[Ints, Ints, Ints]]:
    """Return columns z and both parks by pair of firms."""
    if not len(linked.z):
        return {}
    key = linked.firm_a * instance.n_firms + linked.firm_b
    edges = np.flatnonzero(np.diff(key)) + 1  # they were written pair by pair
    return {
        (int(linked.firm_a[at[0]]), int(linked.firm_b[at[0]])): (
            linked.z[at],
            linked.park_a[at],
            linked.park_b[at],
        )
        for at in np.split(np.arange(len(key)), edges)
    }


def _most(moves: Moves, instance: Instance, f: int, b: int, share: Floats) -> None:
    """Add the most that the links of a firm with another would bring."""
    sites = instance.sites
    there = sites.admissible[b]
    most = share[:, there].max(axis=1)
    own = np.flatnonzero(sites.admissible[f])
    for t in np.flatnonzero(moves.wanted[f]).tolist():
        others = own[own != t]
        gained = (share[t, there] - share[np.ix_(others, there)]).max()
        moves.most[f, t] += gained if sites.must_place[b] else max(0.0, gained)
    moves.most_out[f] += np.maximum(0.0, most)
