"""Pairs of firms that would gain by moving together, where one alone would not or could not.

Each of the two must be better off; they may change places, go to one park or to two. What a firm would gain
with its partner elsewhere too is what it would gain alone, plus what it deals with that partner from both new
parks less from its new park and the partner's old one. Room is counted after both have left. Source: a
coalition of two that blocks, as in Bogomolnaia and Jackson (2002), The stability of hedonic coalition
structures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Decisions, Floats, Instance, Stable
from clusterplan.instance.elsewhere import Elsewhere, enough, spot
from clusterplan.instance.moving import negligible
from clusterplan.instance.stable import FITS, LOST


@dataclass(frozen=True)
class Together:
    """Two firms, where each would go, and what each would gain, m currency/y."""

    firms: tuple[int, int]
    to: tuple[int, int]
    gains: tuple[float, float]


def together(instance: Instance, decisions: Decisions, stable: Stable, alone: Elsewhere) -> list[Together]:
    """Return for each pair that would gain by moving together its best move, the greatest smaller gain first.

    Parameters
    ----------
    instance, decisions, stable
        The instance, a plan of it, and who may move where.
    alone
        What moving alone would bring.
    """
    movers = np.flatnonzero(stable.moves & (decisions.park >= 0) & alone.welcome.any(axis=1))
    least = negligible(instance, decisions)
    gain, anyhow = alone.gain, np.where(alone.welcome, alone.anyhow, -np.inf)
    dealings = _Dealings(instance, decisions)
    hopes = anyhow.max(axis=1) > least
    most = LOST * (1.0 - FITS)
    found = []
    for i, f in enumerate(movers.tolist()):
        for g in movers[i + 1 :].tolist():
            if not dealings.known(f, g) and not (hopes[f] and hopes[g]):
                continue
            of_f, of_g = anyhow[f][:, None], anyhow[g][None, :]
            lost_f, lost_g = alone.lost[f][:, None], alone.lost[g][None, :]
            if dealings.known(f, g):
                more, lost = dealings.more(f, g)
                of_f, lost_f = of_f + more, lost_f + lost
                more, lost = dealings.more(g, f)
                of_g, lost_g = of_g + more.T, lost_g + lost.T
            both = (of_f > least[f]) & (of_g > least[g]) & (lost_f < most) & (lost_g < most)
            both &= ~((gain[f] > least[f])[:, None] & (gain[g] > least[g])[None, :])
            best = _best(instance, decisions, f, g, np.where(both, np.minimum(of_f, of_g), -np.inf))
            if best is not None:
                gains = (
                    float(np.broadcast_to(of_f, both.shape)[best]),
                    float(np.broadcast_to(of_g, both.shape)[best]),
                )
                found.append(Together((f, g), best, gains))
    return sorted(found, key=lambda pair: -min(pair.gains))


class _Dealings:
    """What two firms deal with each other, by the parks of both."""

    def __init__(self, instance: Instance, decisions: Decisions) -> None:
        self._instance, self._decisions = instance, decisions
        self._flows: dict[tuple[int, int], list[int]] = {}
        self._links: dict[tuple[int, int], list[int]] = {}
        trade, links = instance.trade, instance.links
        for n in np.flatnonzero(decisions.supply > 0).tolist():
            self._keep(self._flows, int(trade.seller[n]), int(trade.buyer[n]), n)
        for n, (a, b) in enumerate(zip(links.a.tolist(), links.b.tolist(), strict=True)):
            self._keep(self._links, a, b, n)
        self._spots = (spot(trade, sold=True), spot(trade, sold=False))

    @staticmethod
    def _keep(into: dict[tuple[int, int], list[int]], a: int, b: int, n: int) -> None:
        into.setdefault((min(a, b), max(a, b)), []).append(n)

    def known(self, f: int, g: int) -> bool:
        """Return whether the two deal with each other."""
        pair = (min(f, g), max(f, g))
        return pair in self._flows or pair in self._links or self._a_piece(f, g) or self._a_piece(g, f)

    def _a_piece(self, f: int, g: int) -> bool:
        """Return whether a loop of f needs a stage that g is of."""
        loops = self._instance.loops
        own = np.isin(loops.piece_loop, loops.loop[loops.producer == f])
        return bool(loops.names) and bool(loops.piece_firms[own, g].any())

    def more(self, f: int, g: int) -> tuple[Floats, Floats]:
        """Return S×S what f in a row's park gains and loses by g being in a column's park, not in its own.

        The first is money, m currency/y, the second shares of outputs and needs that find nobody.
        """
        n = self._instance.n_parks
        money, lost = np.zeros((n, n)), np.zeros((n, n))
        pair = (min(f, g), max(f, g))
        for link in self._links.get(pair, ()):
            links = self._instance.links
            table = links.weight[link] * links.kernels[links.kind[link]]
            first = links.a[link] == f
            money += (links.share_a if first else links.share_b)[link] * (table if first else table.T)
        for flow in self._flows.get(pair, ()):
            worth, nobody = self._traded(f, flow)
            money, lost = money + worth, lost + nobody
        if self._a_piece(f, g):
            money += self._looped(f, g)
        now = self._decisions.park[g]
        return money - money[:, [now]], lost - lost[:, [now]]

    def _looped(self, f: int, g: int) -> Floats:
        loops, park = self._instance.loops, self._decisions.park.copy()
        park[g] = -1
        around = loops.around(park)
        money = np.zeros((self._instance.n_parks, self._instance.n_parks))
        for n in np.flatnonzero(loops.producer == f).tolist():
            closed = np.ones(money.shape, dtype=bool)
            for m in np.flatnonzero(loops.piece_loop == loops.loop[n]).tolist():
                brought = loops.near[loops.loop[n]] & loops.piece_firms[m, g]
                closed &= around[n, m][:, None] | brought
            money += loops.share[loops.loop[n]] * loops.value[loops.loop[n]] * closed
        return money

    def _traded(self, f: int, flow: int) -> tuple[Floats, Floats]:
        trade = self._instance.trade
        sold = trade.seller[flow] == f
        p, quantity = int(trade.product[flow]), float(self._decisions.supply[flow])
        at = self._spots[0 if sold else 1]
        km, near = (trade.km, trade.proximity) if sold else (trade.km.T, trade.proximity.T)
        share = trade.share_seller if sold else trade.share_buyer
        freight = trade.freight[p] * np.where(np.isnan(km), 0.0, km) * sold
        reached = km <= trade.max_km[p]
        unit = np.where(reached, share * trade.collaboration[p] * near - freight, at.net[:, p][:, None])
        amount = (trade.most_output if sold else trade.most_need)[f, p]
        nobody = ~reached & (at.gateway[:, p] < 0)[:, None]
        return quantity * unit, quantity / amount * nobody


def _best(instance: Instance, decisions: Decisions, f: int, g: int, worth: Floats) -> tuple[int, int] | None:
    """Return the parks worth most to the two of those that have room for both."""
    count = int(np.isfinite(worth).sum())
    if not count:
        return None
    order = np.argsort(-worth, axis=None, kind="stable")[:count]
    there = _there(instance, decisions, f, g)
    for at in order.tolist():
        s, t = (int(k) for k in np.unravel_index(at, worth.shape))
        if _fit(instance, there, (f, s), (g, t)) and _fit(instance, there, (g, t), (f, s)):
            return s, t
    return None


def _there(instance: Instance, decisions: Decisions, f: int, g: int) -> Floats:
    """Return F×S, 1 where firms are when the two have left."""
    placed = np.flatnonzero(decisions.park >= 0)
    there = np.zeros(instance.sites.admissible.shape)
    there[placed, decisions.park[placed]] = 1.0
    there[[f, g]] = 0.0
    return there


def _fit(instance: Instance, there: Floats, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether a firm has what it needs in a park, with another in its park too."""
    sites, (f, s), (g, t) = instance.sites, one, other
    here = there.copy()
    here[g, t] = 1.0
    used = sites.needs @ here[:, s]
    if not bool(enough(used, sites.needs[:, f], sites.capacity[:, s]).all()):
        return False
    for n, r in enumerate(sites.group_resource.tolist()):
        inside: Bools = sites.group_parks[n]
        if inside[s]:
            taken = np.array([float(sites.needs[r] @ here[:, inside].sum(axis=1))])
            if not bool(enough(taken, sites.needs[[r], f], sites.group_capacity[[n]]).all()):
                return False
    for separation in sites.separations:
        for mine, others, near in (
            (separation.firms_a, separation.firms_b, separation.near),
            (separation.firms_b, separation.firms_a, separation.near.T),
        ):
            if f in mine and float((here[others] @ near[s]).sum()) > 0.5:
                return False
    return True
