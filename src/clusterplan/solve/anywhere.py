"""A bound with places left out: every firm is where each of its dealings would have it.

A relaxation of the whole model whose size does not depend on the number of parks, so that it loads where
the model does not. One park stands for all: it has the capacities of all at their largest level, all works
are there for nothing, and each firm finds there the best result, the nearest gateway and the highest aid of
any park it may be in. What geography still tells:

    w[a,b] ≤ z[a,b]           firms a and b in the same park, of those linked or trading
    Σ_b need[r,b] · w[a,b] ≤ (most capacity[r] − need[r,a]) · y[a]
    value of a link = (greatest kernel in two parks) · z + (greatest in one park − that) · w

and likewise for supply: collaboration and freight of the best two parks on all of it, the rest on what moves
between firms in the same park. A loop is closed where each of its stages is in the plan. Every plan is a
solution with at least its value. Source: relaxation by aggregation; the rows are those of
`clusterplan.rules.tighten.room`, summed over parks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.instance import Floats, Instance, Ints, at_best
from clusterplan.rules import (
    capacity,
    collaboration,
    incentives,
    innovation,
    requirements,
    results,
    siting,
    supply,
    willingness,
    works,
)
from clusterplan.rules.program import Program
from clusterplan.rules.written import Written
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.session import Settings, run

GAP = 1e-3
"""Gap to which the relaxation is solved; what it says is a bound at any gap."""


def bound_anywhere(instance: Instance, time_limit: float | None, seed: int = 0) -> float | None:
    """Return a value that no plan exceeds, m currency/y; None if none is known in time.

    Parameters
    ----------
    instance
        What is planned.
    time_limit
        Seconds; None: no limit.
    seed
        Seed of the solver.
    """
    if min(instance.weights.values()) < 0:  # a cost that counts as a gain: the best place is another
        return None
    if len(instance.trade.second_routes):  # what a second route earns counts by another weight here
        return None
    program = written_anywhere(instance)
    found = run(matrix_of(program), Settings(time_limit=time_limit, gap=GAP, seed=seed))
    if found.interrupted:
        raise KeyboardInterrupt
    return found.bound if found.claim in {"optimal", "stopped"} else None


def written_anywhere(instance: Instance) -> Written:
    """Return the relaxation as a program; weights of terms are not negative."""
    one = _one_park(instance)
    program = Program()
    sited = siting.add(program, one)
    built = works.add(program, one, sited)
    capacity.add(program, one, sited, built)
    requirements.add(program, one, sited)
    results.add(program, one, sited)
    traded = supply.add(program, one, sited, built)
    linked = collaboration.add(program, one, sited, built)
    _together(program, instance, one, y=sited.y[:, 0], u=traded.between.column, pair=traded.between.pair)
    looped = innovation.add(program, one, sited, built)
    awarded = incentives.add(program, one, sited, built)
    willingness.add(program, one)
    return Written(one, program, sited, built, traded, linked, looped, awarded, None)


def _one_park(instance: Instance) -> Instance:
    """Return the instance with one park that is as good as the best for everything."""
    apart, _ = _kernels(instance)
    instance = at_best(instance)
    sites, found, trade, awards = instance.sites, instance.results, instance.trade, instance.awards
    may = sites.admissible

    def best(amounts: Floats) -> Floats:
        most = np.where(may, amounts, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
        return np.where(np.isfinite(most), most, 0.0)

    weights = instance.weights
    place = sum((weights[term] * amount for term, amount in found.place_terms.items()), np.zeros(may.shape))
    load = sum((weights[term] * amount for term, amount in found.load_terms.items()), np.zeros(len(may)))
    needed = [item for item in sites.requirements if item.parks.all() or item.at_least > 0]
    return Instance(
        sites=replace(
            sites,
            parks=("anywhere",),
            admissible=np.asarray(may.any(axis=1, keepdims=True)),
            capacity=sites.capacity.sum(axis=1, keepdims=True),
            open_always=np.ones(1, dtype=bool),
            open_never=np.zeros(1, dtype=bool),
            opening_cost=np.array([float(sites.opening_cost[sites.open_always].sum())]),
            open_min=0,
            open_max=1,
            groups=(),
            group_resource=np.zeros(0, dtype=np.int64),
            group_parks=np.zeros((0, 1), dtype=bool),
            group_capacity=np.zeros(0),
            separations=(),
            requirements=tuple(
                replace(
                    item,
                    parks=np.ones(1, dtype=bool),
                    at_most=item.at_most if item.parks.all() else np.inf,
                )
                for item in needed
            ),
        ),
        results=replace(
            found, place_terms={"fit": best(place)}, load_terms={"fit": load}, place=best(found.place)
        ),
        trade=replace(
            trade,
            km=np.array([[_nearest(trade.km, float(trade.max_km.min(initial=np.inf)))]]),
            gateway_km=_least(trade.gateway_km),
            proximity=np.array([[_of_two(trade.proximity)]]),
        ),
        links=replace(
            instance.links,
            weight=np.ones(len(apart)),
            kind=np.arange(len(apart)),
            kernels=apart.reshape(-1, 1, 1),
            kinds=instance.links.names,
        ),
        awards=replace(
            awards,
            cap=awards.cap.max(axis=1, keepdims=True, initial=0.0),
            ceiling=np.where(may, awards.ceiling, 0.0).max(axis=1, keepdims=True, initial=0.0),
            near=np.asarray(awards.near.any(keepdims=True)),
        ),
        weights={**weights, "fit": 1.0},
        loops=replace(instance.loops, near=np.asarray(instance.loops.near.any(axis=(1, 2), keepdims=True))),
    )


def _kernels(instance: Instance) -> tuple[Floats, Floats]:
    """Return (L,) what each link is worth at most in two parks, and how much more in one."""
    links = instance.links
    m = instance.n_parks
    own = np.eye(m, dtype=bool)
    tables = list(zip(links.kernels, at_best(instance).links.kernels, strict=True))
    inside = np.array([[low[own].min(), high[own].max()] for low, high in tables]).reshape(-1, 2)
    outside = inside if m == 1 else np.array([[low[~own].min(), high[~own].max()] for low, high in tables])
    side = (links.weight >= 0).astype(int)
    inside = links.weight * inside[links.kind, side]
    outside = links.weight * outside.reshape(-1, 2)[links.kind, side]
    return outside, np.maximum(0.0, inside - outside)


def _of_two(table: Floats) -> float:
    """Return the greatest entry of two different parks."""
    return float(table[~np.eye(len(table), dtype=bool)].max()) if len(table) > 1 else float(table.max())


def _nearest(km: Floats, most: float) -> float:
    """Return the shortest way between two different parks; within one where that is more than so many km."""
    away = km[~np.eye(len(km), dtype=bool)]
    away = away[np.isfinite(away)]
    inside = np.diagonal(km)
    inside = inside[np.isfinite(inside)]
    if len(away) and (away.min() <= most or not len(inside)):
        return float(away.min())
    return float(inside.min()) if len(inside) else float("nan")


def _least(km: Floats) -> Floats:
    """Return (1, G) the shortest way from any park; NaN where there is none."""
    filled = np.where(np.isfinite(km), km, np.inf).min(axis=0, keepdims=True, initial=np.inf)
    return np.where(np.isfinite(filled), filled, np.nan)


def _together(program: Program, instance: Instance, one: Instance, *, y: Ints, u: Ints, pair: Ints) -> None:
    """Add what firms gain by being in the same park, and who fits there."""
    _, more = _kernels(instance)
    instance = at_best(instance)
    links, trade, own = instance.links, instance.trade, instance.results.has_surplus
    a = np.concatenate([links.a, trade.seller[pair]])
    b = np.concatenate([links.b, trade.buyer[pair]])
    n = instance.n_firms
    key = np.minimum(a, b) * n + np.maximum(a, b)
    pairs, entry = np.unique(key, return_inverse=True)
    low, high = np.divmod(pairs, n)
    known = (y[low] >= 0) & (y[high] >= 0)
    w = program.columns("w", len(pairs), upper=known.astype(float))
    for firm in (low, high):
        rows = np.flatnonzero(known)
        program.rows(
            "same_park",
            len(rows),
            [(np.arange(len(rows)), w[rows], 1.0), (np.arange(len(rows)), y[firm[rows]], -1.0)],
            "<=",
            0.0,
            lambda _: "two firms in one park",
        )
    of_link = w[entry[: len(links.a)]]
    program.terms["links"].add(0, of_link, more)
    program.surplus.add(links.a, of_link, links.share_a * more * own[links.a])
    program.surplus.add(links.b, of_link, links.share_b * more * own[links.b])
    _supply_together(program, instance, one, u=u, pair=pair, w=w[entry[len(links.a) :]])
    _room(program, instance, y=y, w=w, low=low, high=high)


def _supply_together(
    program: Program, instance: Instance, one: Instance, *, u: Ints, pair: Ints, w: Ints
) -> None:
    """Add what supply in the same park gains over supply between two."""
    trade, own = instance.trade, instance.results.has_surplus
    seller, buyer, product = trade.seller[pair], trade.buyer[pair], trade.product[pair]
    unit = np.minimum(trade.most_output[seller, product], trade.most_need[buyer, product])
    inside = np.diagonal(trade.km)
    inside = inside[np.isfinite(inside)]
    saved = max(0.0, float(one.trade.km[0, 0]) - float(inside.min(initial=0.0)))
    nearer = max(0.0, float(np.diagonal(trade.proximity).max(initial=0.0)) - float(one.trade.proximity[0, 0]))
    u0 = program.columns("v", len(pair))
    rows = np.arange(len(pair))
    for other in (u, w):
        program.rows(
            "same_park_supply",
            len(pair),
            [(rows, u0, 1.0), (rows, other, -1.0)],
            "<=",
            0.0,
            lambda _: "supply in one park",
        )
    freight = trade.freight[product] * saved * unit
    worth = trade.collaboration[product] * nearer * unit
    local = trade.is_anchor[buyer] & (one.trade.proximity[0, 0] <= 0) & (nearer > 0)
    program.terms["freight"].add(0, u0, freight)
    program.terms["supply_collaboration"].add(0, u0, worth)
    program.terms["local_input_value"].add(0, u0, trade.value[product] * unit * local)
    program.surplus.add(seller, u0, (trade.share_seller * worth + freight) * own[seller])
    program.surplus.add(buyer, u0, trade.share_buyer * worth * own[buyer])


def _room(program: Program, instance: Instance, *, y: Ints, w: Ints, low: Ints, high: Ints) -> None:
    """Add that who is in one park with a firm fits into the largest that it may be in."""
    sites = instance.sites
    firm, other = np.concatenate([low, high]), np.concatenate([high, low])
    column = np.concatenate([w, w])
    for r in range(len(sites.resources)):
        largest = np.where(sites.admissible, sites.capacity[r], 0.0).max(axis=1, initial=0.0)
        left = largest - sites.needs[r]
        asked = np.bincount(firm, weights=sites.needs[r, other], minlength=instance.n_firms)
        keep = np.flatnonzero(np.isfinite(left) & (asked > left) & (y >= 0))
        number = np.full(instance.n_firms, -1)
        number[keep] = np.arange(len(keep))
        used = number[firm] >= 0
        program.rows(
            "room_beside",
            len(keep),
            [
                (number[firm[used]], column[used], sites.needs[r, other[used]]),
                (np.arange(len(keep)), y[keep], -left[keep]),
            ],
            "<=",
            0.0,
            lambda _: "room beside a firm",
        )
