"""A region's instance as a layout problem: what search sees of links, supply, willingness and grants.

All of siting, links, capacities, requirements and separations enters as it is. Supply enters pair by pair:
what two firms could trade at full load, against selling and buying through the gateway that suits each best.
Grants enter as the cost of what a firm lacks, up to what its instruments allow. The value of an innovation
loop is split over the stages it needs (`clusterplan.solve.loopshares`). Left out are what only the whole
program weighs: that a product can be sold but once, utilisation below 1, budgets, volumes of gateways, and
levels and works (parks are at their largest). So a layout found here is a place to start from; what it is
worth is told by the program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.solve.loopshares import loop_shares
from clusterplan.solve.seek.layout import Layout, Limit, Willing

BEYOND = 5.0
"""What a unit costs that a firm lacks and no aid makes up for, in units of the value."""
NOT_SOLD = -1.0
"""Worth of a unit of product that no gateway trades, in units of the product's value."""


@dataclass
class _Ends:
    """Links in the making: firms, weights and kinds; and the tables of the kinds."""

    a: list[Ints]
    b: list[Ints]
    weight: list[Floats]
    own: list[Floats]
    kind: list[Ints]
    values: list[Floats]
    values_a: list[Floats]
    values_b: list[Floats]

    def kinds(self, value: Floats, of_a: Floats, of_b: Floats) -> int:
        """Add tables (K, S, S) and return the number of the first."""
        first = sum(len(tables) for tables in self.values)
        self.values.append(value)
        self.values_a.append(of_a)
        self.values_b.append(of_b)
        return first

    def add(self, a: Ints, b: Ints, weight: Floats, own: Floats, kind: Ints) -> None:
        """Add links; ``own`` (2, L) are the weights of either firm's own account."""
        self.a.append(a)
        self.b.append(b)
        self.weight.append(weight)
        self.own.append(own)
        self.kind.append(kind)


def layout_of(instance: Instance, shared: float = 1.0) -> Layout:
    """Return the layout problem of an instance.

    Parameters
    ----------
    instance
        What is planned. Its value differs from the layout's by what is left out here (see the module).
    shared
        How far a firm's product is shared among all that could trade it: 0 counts each pair as if there were
        no other, 1 as if all others came too.
    """
    sites, results, weights = instance.sites, instance.results, instance.weights
    linear = np.zeros(sites.admissible.shape)
    for term, place in results.place_terms.items():
        linear += weights[term] * place
    for term, load in results.load_terms.items():
        linear += weights[term] * load[:, None]
    own = results.place + results.load[:, None]
    ends = _Ends([], [], [], [], [], [], [], [])
    _links(instance, ends)
    traded, kept = _supply(instance, ends, shared)
    looped, keeps = _loops(instance, ends)
    linear, own = linear + traded + looped, own + kept + keeps
    _separations(instance, ends, np.where(sites.admissible, linear, 0.0))
    m = instance.n_parks
    no_firms, no_tables = np.zeros(0, dtype=np.int64), np.zeros((0, m, m))
    a, b, kind = (np.concatenate([no_firms, *parts]) for parts in (ends.a, ends.b, ends.kind))
    by_side = np.concatenate([np.zeros((2, 0)), *ends.own], axis=1)
    values, values_a, values_b = (
        np.concatenate([no_tables, *tables]) for tables in (ends.values, ends.values_a, ends.values_b)
    )
    most, cost = _aid(instance)
    return Layout(
        linear=np.where(sites.admissible, linear, -np.inf),
        must_place=sites.must_place,
        opening_cost=weights["parks"] * sites.opening_cost,
        open_always=sites.open_always,
        open_min=sites.open_min,
        open_max=sites.open_max,
        limits=tuple(_limits(instance)),
        link_a=a,
        link_b=b,
        link_weight=np.concatenate([np.zeros(0), *ends.weight]),
        link_kind=kind,
        values=values,
        willing=Willing(
            is_willing=results.willing,
            linear=own,
            weight_a=by_side[0],
            weight_b=by_side[1],
            values_a=values_a,
            values_b=values_b,
            aid_most=most,
            aid_cost=cost,
            beyond=BEYOND * max(1.0, *(abs(weight) for weight in weights.values())),
        )
        if results.willing.any()
        else None,
    )


def _links(instance: Instance, ends: _Ends) -> None:
    """Add collaboration links."""
    links = instance.links
    if not len(links.a):
        return
    first = ends.kinds(links.kernels, links.kernels, links.kernels)
    shares = np.stack([links.share_a, links.share_b]) * links.weight
    ends.add(links.a, links.b, instance.weights["links"] * links.weight, shares, first + links.kind)


def _loops(instance: Instance, ends: _Ends) -> tuple[Floats, Floats]:
    """Add loops; return what of them is settled by a firm's park alone (F, S), and what the firm keeps."""
    shares = loop_shares(instance)
    if len(shares.a):
        first = ends.kinds(*(instance.loops.near.astype(float),) * 3)
        kept = np.stack([shares.kept, np.zeros(len(shares.a))])
        ends.add(shares.a, shares.b, shares.weight, kept, first + shares.loop)
    return shares.worth, shares.keeps


def _supply(instance: Instance, ends: _Ends, shared: float) -> tuple[Floats, Floats]:
    """Add supply pairs; return what firms gain through gateways alone (F, S), and what they keep of it."""
    trade = instance.trade
    sold, keeps_sold = _through(instance, trade.buys_gain)
    bought, keeps_bought = _through(instance, trade.sells_gain)
    gain = trade.output @ sold.T + trade.need @ bought.T
    kept = trade.output @ keeps_sold.T + trade.need @ keeps_bought.T
    if len(trade.seller):
        keys, row = np.unique(
            np.stack([trade.product, trade.is_anchor[trade.buyer]]), axis=1, return_inverse=True
        )
        product, to_anchor = keys
        km, weights = trade.km, instance.weights
        near = km[None] <= trade.max_km[product][:, None, None]
        worth = trade.collaboration[product][:, None, None] * trade.proximity
        freight = trade.freight[product][:, None, None] * np.where(near, km, 0.0)
        local = (to_anchor * trade.value[product])[:, None, None] * (trade.proximity > 0)
        value = (
            weights["supply_collaboration"] * worth
            + weights["local_input_value"] * local
            - weights["freight"] * freight
            - sold.T[product][:, :, None]
            - bought.T[product][:, None, :]
        )
        traded = near & (value > 0)
        of_a = trade.share_seller * worth - freight - keeps_sold.T[product][:, :, None]
        of_b = trade.share_buyer * worth - keeps_bought.T[product][:, None, :]
        first = ends.kinds(*(np.where(traded, table, 0.0) for table in (value, of_a, of_b)))
        quantity = _quantity(instance, shared)
        ends.add(trade.seller, trade.buyer, quantity, np.stack([quantity, quantity]), first + row.ravel())
    return gain, kept


def _quantity(instance: Instance, shared: float) -> Floats:
    """Return (N,) what each pair trades at full load, units a year."""
    trade = instance.trade
    seller, buyer, product = trade.seller, trade.buyer, trade.product
    output, need = trade.output[seller, product], trade.need[buyer, product]
    quantity = np.minimum(output, need)
    asked, offered = np.zeros_like(trade.output), np.zeros_like(trade.need)
    np.add.at(asked, (seller, product), quantity)
    np.add.at(offered, (buyer, product), quantity)
    asked, offered = asked[seller, product], offered[buyer, product]
    some = quantity > 0  # pairs of a second route alone trade nothing here
    part = np.ones(len(quantity))
    part[some] = np.minimum(output[some] / asked[some], need[some] / offered[some])
    return np.asarray(quantity * np.minimum(1.0, part) ** shared)


def _through(instance: Instance, gains: Floats) -> tuple[Floats, Floats]:
    """Return what a unit of each product gains through the gateway that suits a park best, S×P, and to whom.

    The first is in units of the value, the second what the firm keeps of it.
    """
    trade, weights = instance.trade, instance.weights
    n_parks, n_products = instance.n_parks, len(trade.products)
    best = np.tile(NOT_SOLD * trade.value, (n_parks, 1))
    keeps = best.copy()
    for g in range(len(trade.gateways)):
        freight = trade.freight[None, :] * trade.gateway_km[:, g, None]
        kept = gains[g][None, :] - freight
        value = weights["gateway_prices"] * gains[g][None, :] - weights["freight"] * freight
        # where the value is the same (a preset that does not count it), what the firm keeps decides
        better = np.isfinite(kept) & (value + 1e-6 * kept > best + 1e-6 * keeps)
        best, keeps = np.where(better, value, best), np.where(better, kept, keeps)
    return best.reshape(n_parks, n_products), keeps.reshape(n_parks, n_products)


def _separations(instance: Instance, ends: _Ends, linear: Floats) -> None:
    """Add firms that must keep apart: a link that costs more than all else brings together."""
    sites = instance.sites
    brings = float(np.abs(linear).max(axis=1, initial=0.0).sum())
    tables = [np.abs(table).max(axis=(1, 2), initial=0.0) for table in ends.values]
    most = np.concatenate([np.zeros(0), *tables])
    for weight, kind in zip(ends.weight, ends.kind, strict=True):
        brings += float((np.abs(weight) * most[kind]).sum())
    for separation in sites.separations:
        pairs = {
            (min(f, g), max(f, g))
            for f in separation.firms_a.tolist()
            for g in separation.firms_b.tolist()
            if f != g and not (sites.pinned[f] and sites.pinned[g])
        }
        if not pairs:
            continue
        a, b = np.array(sorted(pairs), dtype=np.int64).T
        apart = -(separation.near | separation.near.T).astype(float)[None]
        first = ends.kinds(apart, np.zeros_like(apart), np.zeros_like(apart))
        weight = np.full(len(a), 1.0 + 2.0 * brings)
        ends.add(a, b, weight, np.zeros((2, len(a))), np.full(len(a), first))


def _aid(instance: Instance) -> tuple[Floats, Floats]:
    """Return the most a firm could get in each park, in what it is worth to it, and the cost of a unit."""
    awards, weights = instance.awards, instance.weights
    n, m = instance.sites.admissible.shape
    alone, aided = np.zeros((n, m)), np.zeros((n, m))
    cost, worth_of, dearest = np.zeros(n), np.zeros(n), np.zeros(n)
    best_of: dict[tuple[int, int], Floats] = {}
    # those that are no aid first: of a group, aid then counts for what it brings beyond them
    for i in np.argsort(awards.counts, kind="stable").tolist():
        f, group = int(awards.firm[i]), int(awards.group[i])
        worth = awards.worth[i] * awards.cap[i]
        cost[f] += awards.cost[i] * awards.cap[i].max(initial=0.0)
        worth_of[f] += awards.worth[i] * awards.cap[i].max(initial=0.0)
        into = aided if awards.counts[i] else alone
        if awards.counts[i]:
            dearest[f] = max(dearest[f], awards.worth[i])
        if group < 0:
            into[f] += worth
            continue
        before = best_of.get((f, group), np.zeros(m))
        best_of[f, group] = np.maximum(before, worth)
        into[f] += best_of[f, group] - before
    rate = np.divide(cost, worth_of, out=np.ones(n), where=worth_of > 0)
    price = weights["grants"] * rate - weights["grants_worth"]
    # a ceiling limits amounts, whatever a unit is worth to the firm
    ceiling = np.full((n, m), np.inf)
    np.multiply(awards.ceiling, dearest[:, None], out=ceiling, where=np.isfinite(awards.ceiling))
    return alone + np.minimum(aided, ceiling), np.maximum(price, 1e-3)


def _limits(instance: Instance) -> list[Limit]:
    """Return capacities of parks and groups, requirements and variants."""
    sites = instance.sites
    m = instance.n_parks
    capacity, group_capacity = instance.most_capacity, instance.most_group_capacity
    capacities = [
        Limit(sites.needs[r], np.arange(m) == s, -np.inf, float(capacity[r, s]))
        for r in range(len(sites.resources))
        for s in range(m)
        if np.isfinite(capacity[r, s])
    ]
    groups = [
        Limit(sites.needs[r], sites.group_parks[g], -np.inf, float(group_capacity[g]))
        for g, r in enumerate(sites.group_resource.tolist())
    ]
    wanted = [
        Limit(item.firms.astype(float), item.parks, float(item.at_least), float(item.at_most))
        for item in sites.requirements
    ]
    every = np.ones(m, dtype=bool)
    variants = [
        Limit((sites.variant == v).astype(float), every, -np.inf, 1.0)
        for v in range(len(sites.variant_names))
    ]
    return [*capacities, *groups, *wanted, *variants]
