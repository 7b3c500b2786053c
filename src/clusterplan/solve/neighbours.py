"""Which firms to free together: neighbourhoods of a plan, chosen more often where they paid."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from clusterplan.instance import Bools, Decisions, Floats, Instance, Ints

KINDS = ("parks", "partners", "stages", "outside", "any")


class Neighbourhoods:
    """Chooses sets of firms to free.

    - parks: firms of two or three parks, and some that are out
    - partners: a firm with those it works and trades with most
    - stages: firms that make or need one product, wherever they are
    - outside: firms that are out, with placed ones that make the same
    - any: firms drawn at random

    Parameters
    ----------
    instance
        What is planned.
    random
        Source of random numbers; used up in a fixed order.
    """

    def __init__(self, instance: Instance, random: np.random.Generator) -> None:
        sites = instance.sites
        self.random = random
        self.movable: Bools = (sites.admissible.sum(axis=1) + ~sites.must_place > 1) & sites.admissible.any(
            axis=1
        )
        self.ties = ties(instance)
        self.makes: Bools = (instance.trade.output > 0) | (instance.trade.need > 0)
        self.variant = sites.variant
        self.merit = np.ones(len(KINDS))
        self.spent = np.ones(len(KINDS))
        self.last = 0

    def choose(self, decisions: Decisions, count: int) -> Bools:
        """Return (F,) which firms to free: about so many."""
        chance = self.merit / self.spent
        chance = 0.3 / len(KINDS) + 0.7 * chance / chance.sum()
        self.last = int(self.random.choice(len(KINDS), p=chance / chance.sum()))
        order = getattr(self, f"_{KINDS[self.last]}")(decisions, count)
        order = order[self.movable[order]][:count]
        free = np.zeros(len(self.movable), dtype=bool)
        free[order] = True
        groups = np.unique(self.variant[free & (self.variant >= 0)])
        free |= np.isin(self.variant, groups) & (self.variant >= 0) & self.movable
        return free

    def told(self, *, better: bool, seconds: float) -> None:
        """Take note of whether the last choice brought a better plan, and how long it took."""
        self.merit *= 0.98
        self.spent *= 0.98
        self.merit[self.last] += float(better)
        self.spent[self.last] += max(seconds, 0.01)

    def _shuffled(self, which: Bools) -> Ints:
        return self.random.permutation(np.flatnonzero(which))

    def _parks(self, decisions: Decisions, count: int) -> Ints:
        n_parks = len(decisions.opened)
        order = self.random.permutation(n_parks)
        chosen = order[: int(self.random.integers(2, 4))]
        inside = [self._shuffled((decisions.park == s) & self.movable) for s in chosen]
        out = self._shuffled((decisions.park < 0) & self.movable)
        placed = np.concatenate(inside) if inside else out[:0]
        keep = max(1, count // 4)
        return np.concatenate([self.random.permutation(placed)[: count - keep], out])

    def _partners(self, decisions: Decisions, count: int) -> Ints:
        seeds = self._shuffled(self.movable)[:1]
        near = np.zeros(len(self.movable))
        near[seeds] = np.inf
        reach = self.ties[seeds].toarray().sum(axis=0)
        near += reach * self.random.uniform(0.5, 1.5, len(near))
        near += 1e-12 * self.random.random(len(near))
        if (reach > 0).sum() < count:
            near += 1e-3 * (self.ties @ (reach > 0)) * self.random.uniform(0.5, 1.5, len(near))
        return np.argsort(-near, kind="stable")

    def _stages(self, decisions: Decisions, count: int) -> Ints:
        if not self.makes.shape[1]:
            return self._any(decisions, count)
        product = int(self.random.integers(self.makes.shape[1]))
        same = self._shuffled(self.makes[:, product])
        return np.concatenate([same, self._shuffled(self.movable)])[: max(count, 1)]

    def _outside(self, decisions: Decisions, count: int) -> Ints:
        out = self._shuffled((decisions.park < 0) & self.movable)[: max(1, count // 3)]
        if not len(out):
            return self._any(decisions, count)
        alike = (self.makes[:, self.makes[out[0]]].any(axis=1)) & (decisions.park >= 0)
        rest = self._shuffled(self.movable)
        return np.concatenate([out, self._shuffled(alike), rest])

    def _any(self, decisions: Decisions, count: int) -> Ints:
        return self._shuffled(self.movable)


def ties(instance: Instance) -> sparse.csr_array:
    """Return (F, F) how much two firms can be worth to each other, symmetric: links, loops, supply."""
    links, trade, loops = instance.links, instance.trade, instance.loops
    n = instance.n_firms
    worth = links.weight
    if len(links.a):
        worth = np.abs(links.weight) * np.abs(links.kernels).max(axis=(1, 2))[links.kind]
    made, needed = trade.most_output[trade.seller, trade.product], trade.most_need[trade.buyer, trade.product]
    quantity: Floats = np.minimum(made, needed)
    traded = quantity * (trade.collaboration + 0.01 * trade.value)[trade.product]
    needs = (loops.needs()[:, :, None] & loops.piece_firms[None]).any(axis=1)
    producer, piece = np.nonzero(needs & (loops.producer[:, None] != np.arange(needs.shape[1])))
    row = np.concatenate([links.a, trade.seller, loops.producer[producer]])
    column = np.concatenate([links.b, trade.buyer, piece])
    amount = np.concatenate([worth, traded, loops.value[loops.loop[producer]]])
    one_way = sparse.coo_array((amount, (row, column)), shape=(n, n)).tocsr()
    return sparse.csr_array(one_way + one_way.T)
