"""Prospects: what a firm would earn in each park, with everybody else where they are.

    prospect[f,s] = place[f,s] + Σ_links share · weight · kernel[s, park of the partner]
                  + Σ_loops share · value, where each stage of the loop is within reach of s
                  + most over q of { margin[f] · q + trade[f,s](q) },    min_load[f] ≤ q ≤ 1

without grants, less the outside option. In ``trade`` the firm sells its outputs and buys its inputs from
what its partners have to spare, nearest (cheapest freight) first, ties by id: a buyer's full need less what
firms of the region supply to it, a seller's full output less what it supplies to them; then through
gateways, best price net of freight first, as far as their volumes go. It earns its share of supply
collaboration, the seller pays the freight. What cannot be sold is not made, so q goes no further than the
scarcest of its products allows; with less than min_load the prospect is −inf. ``trade`` is piecewise linear
in q, so the best load is where an offer is used up, or at an end.

Source: best response in location games; a firm takes what others do as given (Nash 1951, Non-cooperative
games), and prices too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance import Decisions, Floats, Instance, Ints

SHORT = 1e-9
"""A load this little below the least is rounding."""


@dataclass(frozen=True)
class Prospect:
    """What a firm would earn by park.

    Parameters
    ----------
    surplus
        (S,) m currency/y without grants, less the outside option; −inf where it could not trade enough.
    load
        (S,) utilisation it would choose.
    """

    surplus: Floats
    load: Floats


@dataclass(frozen=True)
class _Offers:
    """What others would take or give of one product, in the order in which a firm uses it, by park.

    All are (S, K): ``order`` numbers into ``pairs`` and, from their end on, ``gateways``; ``quantity`` and
    ``before`` (the sum of those used earlier) are in units a year, ``gain`` in m currency per unit.
    """

    product: int
    sells: bool
    amount: float
    pairs: Ints
    gateways: Ints
    order: Ints
    quantity: Floats
    before: Floats
    gain: Floats

    def taken(self, load: Floats) -> Floats:
        """Return what is used of each offer, (S, C, K), at loads (S, C)."""
        wanted = self.amount * load[:, :, None] - self.before[:, None, :]
        return np.asarray(np.clip(wanted, 0.0, self.quantity[:, None, :]))


class Prospects:
    """Values places for one firm at a time, in all parks at once.

    Parameters
    ----------
    instance
        What is planned.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        trade, links = instance.trade, instance.links
        self._goods = [
            [
                (p, sells)
                for sells, amounts in ((True, trade.output), (False, trade.need))
                for p in np.flatnonzero(amounts[f] > 0).tolist()
            ]
            for f in range(instance.n_firms)
        ]
        rank = np.argsort(np.argsort(np.array(instance.sites.firms, dtype=object)))
        self._pairs: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
        for sells, own, other in ((True, trade.seller, trade.buyer), (False, trade.buyer, trade.seller)):
            for pair in np.argsort(rank[other], kind="stable").tolist():
                self._pairs[int(own[pair]), int(trade.product[pair]), sells].append(pair)
        self._links = [
            (np.flatnonzero(links.a == f), np.flatnonzero(links.b == f)) for f in range(instance.n_firms)
        ]

    def of(self, firm: int, state: Decisions) -> Prospect:
        """Return what a firm would earn by park.

        Parameters
        ----------
        firm
            The firm; it must be out in the state (`without`).
        state
            Where the others are, and what they trade.
        """
        surplus = self._instance.results.place[firm] + self._shares(firm, state.park)
        surplus = surplus + self._closed(firm, state.park)
        offers = [self._offers(firm, p, sells, state) for p, sells in self._goods[firm]]
        earned, load = self._run(firm, offers)
        return Prospect(np.asarray(surplus + earned), load)

    def come(self, firm: int, park: int, state: Decisions) -> Decisions:
        """Return the state after a firm came to a park and took what suits it; see `of`."""
        offers = [self._offers(firm, p, sells, state) for p, sells in self._goods[firm]]
        _, load = self._run(firm, offers)
        supply, sold, bought = (np.array(a) for a in (state.supply, state.sold, state.bought))
        for offer in offers:
            taken = offer.taken(load[:, None])[park, 0]
            n = len(offer.pairs)
            for k, quantity in zip(offer.order[park].tolist(), taken.tolist(), strict=True):
                if quantity <= 0:
                    continue
                if k < n:
                    supply[offer.pairs[k]] += quantity
                else:
                    side = sold if offer.sells else bought
                    side[firm, offer.product, offer.gateways[k - n]] += quantity
        places, loads, opened = np.array(state.park), np.array(state.load), np.array(state.opened)
        places[firm], loads[firm], opened[park] = park, max(0.0, float(load[park])), True
        return replace(state, park=places, load=loads, opened=opened, supply=supply, sold=sold, bought=bought)

    def partners(self, firm: int, park: Ints) -> Ints:
        """Return firms that are there and are linked with a firm, could trade with it, or close its loops."""
        trade, links, loops = self._instance.trade, self._instance.links, self._instance.loops
        as_a, as_b = self._links[firm]
        of_supply = [
            trade.buyer[pairs] if sells else trade.seller[pairs]
            for p, sells in self._goods[firm]
            if len(pairs := np.array(self._pairs.get((firm, p, sells), []), dtype=np.int64))
        ]
        pieces = np.isin(loops.piece_loop, loops.loop[loops.producer == firm])
        of_loops = np.flatnonzero(loops.piece_firms[pieces].any(axis=0))
        known = np.unique(np.concatenate([links.b[as_a], links.a[as_b], of_loops, *of_supply]))
        return np.asarray(known[(park[known] >= 0) & (known != firm)])

    def _shares(self, firm: int, park: Ints) -> Floats:
        """Return (S,) the firm's shares of its links with firms that are there."""
        links = self._instance.links
        total: Floats = np.zeros(self._instance.n_parks)
        for mine, other, share, as_a in (
            (self._links[firm][0], links.b, links.share_a, True),
            (self._links[firm][1], links.a, links.share_b, False),
        ):
            there = mine[(park[other[mine]] >= 0) & (other[mine] != firm)]
            if not len(there):
                continue
            at, kind = park[other[there]], links.kind[there]
            kernel = links.kernels[kind, :, at] if as_a else links.kernels[kind, at, :]
            total += (share[there] * links.weight[there]) @ kernel
        return total

    def _closed(self, firm: int, park: Ints) -> Floats:
        """Return (S,) the firm's shares of the innovation loops that it would close."""
        loops = self._instance.loops
        own = np.flatnonzero(loops.producer == firm)
        if not len(own):
            return np.zeros(self._instance.n_parks)
        closed = (loops.around(park)[own] | ~loops.needs()[own][:, :, None]).all(axis=1)
        return np.asarray((loops.share * loops.value)[loops.loop[own]] @ closed)

    def _offers(self, firm: int, p: int, sells: bool, state: Decisions) -> _Offers:
        trade, park = self._instance.trade, state.park
        pairs = np.array(self._pairs.get((firm, p, sells), []), dtype=np.int64)
        other = trade.buyer[pairs] if sells else trade.seller[pairs]
        there = park[other] >= 0
        pairs, other = pairs[there], other[there]
        at = park[other]
        km = trade.km[:, at] if sells else trade.km[at, :].T
        near = trade.proximity[:, at] if sells else trade.proximity[at, :].T
        share = trade.share_seller if sells else trade.share_buyer
        paid = trade.freight[p] if sells else 0.0
        reached = km <= trade.max_km[p]  # a NaN is never near
        quantity = np.where(reached, self._spare(other, p, sells, state), 0.0)
        gain = share * trade.collaboration[p] * near - paid * np.where(reached, km, 0.0)
        order = np.argsort(np.where(reached, km, np.inf), axis=1, kind="stable")
        gateways, volume, net = self._through(p, sells, state)
        then = np.argsort(-net, axis=1, kind="stable")
        amount = float((trade.output if sells else trade.need)[firm, p])
        order = np.concatenate([order, then + len(pairs)], axis=1)
        quantity = np.take_along_axis(np.concatenate([quantity, volume], axis=1), order, axis=1)
        quantity = np.minimum(quantity, amount)
        gain = np.take_along_axis(np.concatenate([gain, net], axis=1), order, axis=1)
        before = np.cumsum(quantity, axis=1) - quantity
        return _Offers(p, sells, amount, pairs, gateways, order, quantity, before, gain)

    def _spare(self, other: Ints, p: int, sells: bool, state: Decisions) -> Floats:
        """Return what other firms have left to buy (or sell) of a product at full load, units a year."""
        trade = self._instance.trade
        full, side = (trade.need, trade.buyer) if sells else (trade.output, trade.seller)
        of_product = trade.product == p
        local = np.bincount(
            side[of_product], weights=state.supply[of_product], minlength=self._instance.n_firms
        )
        return np.asarray(np.maximum(full[other, p] - local[other], 0.0))

    def _through(self, p: int, sells: bool, state: Decisions) -> tuple[Ints, Floats, Floats]:
        """Return gateways that trade a product, and by park what they have left and what a unit gains."""
        trade = self._instance.trade
        gains, most, used = (
            (trade.buys_gain, trade.buys_up_to, state.sold)
            if sells
            else (trade.sells_gain, trade.sells_up_to, state.bought)
        )
        gateways = np.flatnonzero(np.isfinite(gains[:, p]))
        left = np.maximum(most[gateways, p] - used[:, p, gateways].sum(axis=0), 0.0)
        km = trade.gateway_km[:, gateways]
        known = np.isfinite(km)
        net = gains[gateways, p] - trade.freight[p] * np.where(known, km, 0.0)
        return gateways, np.where(known, left, 0.0), net

    def _run(self, firm: int, offers: list[_Offers]) -> tuple[Floats, Floats]:
        """Return by park the most a firm earns by running, and the load at which it does."""
        results = self._instance.results
        n_parks = self._instance.n_parks
        least, margin = float(results.min_load[firm]), float(results.load[firm])
        most: Floats = np.ones(n_parks)
        for offer in offers:
            most = np.minimum(most, offer.quantity.sum(axis=1) / offer.amount)
        can = most >= least - SHORT
        most = np.where(can, np.maximum(most, least), least)
        ends = [np.minimum((offer.before + offer.quantity) / offer.amount, most[:, None]) for offer in offers]
        loads = np.concatenate([most[:, None], np.full((n_parks, 1), least), *ends], axis=1)
        loads = np.maximum(loads, least)
        earned = margin * loads
        for offer in offers:
            earned += np.einsum("sck,sk->sc", offer.taken(loads), offer.gain)
        best = earned.argmax(axis=1)
        here = np.arange(n_parks)
        return np.where(can, earned[here, best], -np.inf), loads[here, best]


def without(instance: Instance, state: Decisions, firm: int) -> Decisions:
    """Return the state after a firm left: what it traded is free again."""
    if state.park[firm] < 0:
        return state
    trade = instance.trade
    park, load = np.array(state.park), np.array(state.load)
    park[firm], load[firm] = -1, 0.0
    gone = (trade.seller == firm) | (trade.buyer == firm)
    sold, bought = np.array(state.sold), np.array(state.bought)
    sold[firm], bought[firm] = 0.0, 0.0
    opened = np.array(instance.sites.open_always)
    opened[park[park >= 0]] = True
    return replace(
        state,
        park=park,
        load=load,
        opened=opened,
        supply=np.where(gone, 0.0, state.supply),
        sold=sold,
        bought=bought,
    )
