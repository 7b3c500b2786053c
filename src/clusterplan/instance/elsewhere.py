"""What each firm would gain by being in another park, all else held.

What is held, and where a firm can go, stands in `clusterplan.instance.stable`.

For firm f in park s and another park t, the gain is V[f,t] less its surplus, part by part:

    result                place[f,t] − place[f,s]
    freight               what it pays on what it trades, from s, less that from t
    gateway_prices        what goes through another gateway than before, at its price
    supply_collaboration  share · collaboration · quantity · (proximity[t,p] − proximity[s,p])
    links                 share · weight · (kernel[t,p] − kernel[s,p]), p the partner's park
    loops                 share · value · (1 if the loop would be closed from t, less 1 if it is from s)
    grants                worth of what is left of its grants at t, less their worth now

Every part is linear in the plan's quantities and places, or the least of what is, which is what lets
`clusterplan.rules.stability` ask for it. Source: the firm's side of the quadratic assignment problem
(Koopmans and Beckmann 1957).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clusterplan.instance.decisions import Decisions
from clusterplan.instance.frozen import Bools, Floats, Ints
from clusterplan.instance.instance import Instance
from clusterplan.instance.pooled import caps_with
from clusterplan.instance.stable import FITS, LOST, Stable
from clusterplan.instance.trade import Trade

PARTS = ("result", "freight", "gateway_prices", "supply_collaboration", "links", "loops", "grants")
"""What a gain is made of, in the order in which it is told."""


@dataclass(frozen=True)
class Elsewhere:
    """What moving alone would bring each firm, by park.

    Parameters
    ----------
    parts
        F×S, m currency/y, by name: what each of `PARTS` would gain; 0 for firms that are out or may not move.
    may
        F×S, True where a firm that may move can go, another park than its own.
    welcome
        F×S, True for another park that is open and admits the firm, whether it has room and partners or not.
    lost
        F×S, shares of full outputs and needs that would find nobody, added up.
    relocation
        What a move costs, m currency/y.
    """

    parts: Mapping[str, Floats]
    may: Bools
    welcome: Bools
    lost: Floats
    relocation: float

    @property
    def gain(self) -> Floats:
        """F×S, what a firm would gain a year, what a move costs taken off; −inf where it can't go."""
        return np.where(self.may, self.anyhow, -np.inf)

    @property
    def anyhow(self) -> Floats:
        """F×S, the same whether the firm can go there or not."""
        total: Floats = sum(self.parts.values(), np.zeros(self.may.shape))
        return total - self.relocation


@dataclass(frozen=True)
class Spot:
    """The gateway that serves a firm best in each park, of those that trade a product without a limit.

    Parameters
    ----------
    gateway
        S×P, −1 where there is none.
    gain, freight
        S×P, m currency a unit over the product's value, and freight a unit; 0 where there is none.
    """

    gateway: Ints
    gain: Floats
    freight: Floats

    @property
    def net(self) -> Floats:
        """S×P, what a unit leaves the firm, over the product's value; 0 where there is no gateway."""
        return self.gain - self.freight


def spot(trade: Trade, *, sold: bool) -> Spot:
    """Return where products are sold (or bought) that no partner takes."""
    gains, limits = (trade.buys_gain, trade.buys_up_to) if sold else (trade.sells_gain, trade.sells_up_to)
    n_parks, n_products = len(trade.km), len(trade.products)
    if not len(trade.gateways):
        none = np.zeros((n_parks, n_products))
        return Spot(np.full(none.shape, -1), none, none.copy())
    freight = trade.gateway_km.T[:, :, None] * trade.freight  # G×S×P
    net = np.where(np.isinf(limits), gains, np.nan)[:, None, :] - freight
    known = np.where(np.isnan(net), -np.inf, net)
    best = np.argmax(known, axis=0)
    there = np.isfinite(known.max(axis=0))
    s, p = np.indices(best.shape)
    return Spot(
        gateway=np.where(there, best, -1),
        gain=np.where(there, gains[best, p], 0.0),
        freight=np.where(there, freight[best, s, p], 0.0),
    )


def elsewhere(instance: Instance, decisions: Decisions, stable: Stable) -> Elsewhere:
    """Return what moving alone would bring each firm.

    Parameters
    ----------
    instance, decisions
        The instance, and a plan of it.
    stable
        Who may move where, and what a move costs.
    """
    park = decisions.park
    shape = instance.sites.admissible.shape
    parts = {name: np.zeros(shape) for name in PARTS}
    movers = np.flatnonzero(stable.moves & (park >= 0))
    place = instance.results.place[movers]
    parts["result"][movers] = place - place[np.arange(len(movers)), park[movers]][:, None]
    lost = _trade(instance, decisions, parts)
    _links(instance, decisions, parts)
    _loops(instance, decisions, parts)
    left = granted(instance, decisions.award, movers, caps_with(instance.awards, park))
    parts["grants"][movers] = left - _granted_now(instance, decisions, movers)
    for amounts in parts.values():
        amounts[~(stable.moves & (park >= 0))] = 0.0
    welcome = np.zeros(shape, dtype=bool)
    welcome[movers] = stable.admissible[movers]
    welcome[movers, park[movers]] = False
    welcome &= decisions.opened
    # a solver gives up just as much as hinders a move, but for rounding
    may = welcome & (lost < LOST * (1.0 - FITS)) & room(instance, decisions)
    return Elsewhere(parts=parts, may=may, welcome=welcome, lost=lost, relocation=stable.relocation)


def _trade(instance: Instance, decisions: Decisions, parts: Mapping[str, Floats]) -> Floats:
    """Add what trade would gain; return F×S shares of output and need that would find nobody."""
    trade, park = instance.trade, decisions.park
    lost = np.zeros(instance.sites.admissible.shape)
    sold_at, bought_at = spot(trade, sold=True), spot(trade, sold=False)
    n = np.flatnonzero(decisions.supply > 0)
    p, quantity = trade.product[n], decisions.supply[n]
    for firm, partner, at, amount, share, pays in (
        (trade.seller[n], trade.buyer[n], sold_at, trade.most_output, trade.share_seller, True),
        (trade.buyer[n], trade.seller[n], bought_at, trade.most_need, trade.share_buyer, False),
    ):
        s, there = park[firm], park[partner]
        km = trade.km[:, there].T if pays else trade.km[there]  # one row a flow, one column a new park
        near = trade.proximity[:, there].T if pays else trade.proximity[there]
        reached = km <= trade.max_km[p][:, None]  # a NaN is not
        row = np.arange(len(n))
        paid = trade.freight[p] * km[row, s] * pays
        now = np.where(reached, (trade.freight[p] * pays)[:, None] * km, at.freight[:, p].T)
        worth = share * trade.collaboration[p]
        close = np.where(reached, near, 0.0) - near[row, s][:, None]
        _add(parts["freight"], firm, quantity[:, None] * (paid[:, None] - now))
        _add(parts["supply_collaboration"], firm, (quantity * worth)[:, None] * close)
        _add(parts["gateway_prices"], firm, quantity[:, None] * np.where(reached, 0.0, at.gain[:, p].T))
        nobody = ~reached & (at.gateway[:, p].T < 0)
        _add(lost, firm, (quantity / amount[firm, p])[:, None] * nobody)
    for quantities, gains, at, amount in (
        (decisions.sold, trade.buys_gain, sold_at, trade.most_output),
        (decisions.bought, trade.sells_gain, bought_at, trade.most_need),
    ):
        f, p, g = np.nonzero(quantities > 0)
        quantity, km = quantities[f, p, g], trade.gateway_km[:, g].T
        reached = np.isfinite(km)
        paid = trade.freight[p] * km[np.arange(len(f)), park[f]]
        now = np.where(reached, trade.freight[p][:, None] * km, at.freight[:, p].T)
        _add(parts["freight"], f, quantity[:, None] * (paid[:, None] - now))
        price = np.where(reached, 0.0, at.gain[:, p].T - gains[g, p][:, None])
        _add(parts["gateway_prices"], f, quantity[:, None] * price)
        nobody = ~reached & (at.gateway[:, p].T < 0)
        _add(lost, f, (quantity / amount[f, p])[:, None] * nobody)
    return lost


def _links(instance: Instance, decisions: Decisions, parts: Mapping[str, Floats]) -> None:
    links, park = instance.links, decisions.park
    both = np.flatnonzero((park[links.a] >= 0) & (park[links.b] >= 0))
    kind, s, t, weight = links.kind[both], park[links.a[both]], park[links.b[both]], links.weight[both]
    for firm, share, table, here in (
        (links.a[both], links.share_a[both], links.kernels[kind, :, t], s),
        (links.b[both], links.share_b[both], links.kernels[kind, s, :], t),
    ):
        gained = table - table[np.arange(len(both)), here][:, None]
        _add(parts["links"], firm, (share * weight)[:, None] * gained)


def _loops(instance: Instance, decisions: Decisions, parts: Mapping[str, Floats]) -> None:
    loops, park = instance.loops, decisions.park
    if not loops.names:
        return
    here = np.flatnonzero(park[loops.producer] >= 0)
    lacks = loops.needs()[:, :, None] & ~loops.around(park)
    closed = np.logical_not(lacks.any(axis=1))[here]
    worth = (loops.share * loops.value)[loops.loop[here]]
    now = closed[np.arange(len(here)), park[loops.producer[here]]]
    _add(parts["loops"], loops.producer[here], worth[:, None] * (closed.astype(float) - now[:, None]))


def granted(instance: Instance, award: Floats, movers: Ints, cap: Floats | None = None) -> Floats:
    """Return (movers × S) the worth to each firm of what would be left of its grants in each park.

    Parameters
    ----------
    instance
        The instance.
    award
        A, annual equivalent of each award, m currency/y.
    movers
        Firms.
    cap
        A×S, most of each award in each park, where it is less than the instance's.
    """
    awards = instance.awards
    left = np.minimum(award[:, None], awards.cap if cap is None else cap)
    total = np.zeros((instance.n_firms, instance.n_parks))
    _add(total, awards.firm, awards.worth[:, None] * left * ~awards.counts[:, None])
    room_left = np.array(awards.ceiling)
    for i in np.lexsort((np.arange(len(award)), -awards.worth)).tolist():
        if awards.counts[i] and award[i] > 0:
            f = awards.firm[i]
            kept = np.minimum(left[i], room_left[f])
            total[f] += awards.worth[i] * kept
            room_left[f] = room_left[f] - kept
    return total[movers]


def _granted_now(instance: Instance, decisions: Decisions, movers: Ints) -> Floats:
    worth = np.zeros(instance.n_firms)
    np.add.at(worth, instance.awards.firm, instance.awards.worth * decisions.award)
    return worth[movers][:, None]


def room(instance: Instance, decisions: Decisions) -> Bools:
    """Return F×S, True where a firm that leaves its park would have room, away from whom it must be."""
    sites, park = instance.sites, decisions.park
    n_firms, n_parks = sites.admissible.shape
    placed = np.flatnonzero(park >= 0)
    there = np.zeros((n_firms, n_parks))
    there[placed, park[placed]] = 1.0
    fits = np.ones((n_firms, n_parks), dtype=bool)
    for r in range(len(sites.resources)):
        need, capacity = sites.needs[r], sites.capacity[r]
        others = need @ there - need[:, None] * there
        fits &= enough(others, need[:, None], capacity[None, :])
    for g, r in enumerate(sites.group_resource.tolist()):
        need, inside = sites.needs[r], sites.group_parks[g]
        own = need * there[:, inside].sum(axis=1)
        ok = enough(own.sum() - own, need, np.full(n_firms, sites.group_capacity[g]))
        fits &= ok[:, None] | ~inside[None, :]
    for separation in sites.separations:
        for firms, others, near in (
            (separation.firms_a, separation.firms_b, separation.near),
            (separation.firms_b, separation.firms_a, separation.near.T),
        ):
            close = there[others] @ near.T  # how many of the others are too near each park
            mine = np.zeros((n_firms, n_parks))
            mine[others] = close
            too_near = close.sum(axis=0)[None, :] - mine[firms]
            fits[firms] &= too_near < 0.5
    return fits


def enough(others: Floats, need: Floats, capacity: Floats) -> Bools:
    """Return where a need fits beside what others take; `FITS` says how nearly."""
    limited = np.isfinite(capacity) & (need > 0)
    most = np.where(limited, capacity, 0.0)
    slack = FITS * np.maximum(most, need)
    return np.asarray(~limited | (others < most - need + slack))


def _add(total: Floats, row: Ints, amounts: Floats) -> None:
    np.add.at(total, row, amounts)
