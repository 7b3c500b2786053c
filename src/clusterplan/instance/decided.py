"""An instance as decisions about levels and works leave it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.instance.frozen import Bools, Floats
from clusterplan.instance.instance import Instance
from clusterplan.instance.works import Levels, Spending, Works


def as_decided(instance: Instance, level: Bools, built: Bools) -> Instance:
    """Return the instance in which levels and works that are decided are how things are.

    Capacities, costs of places, distances, proximity and kernels are those with what is built; of levels and
    works none is left to decide. What they cost is not in it.

    Parameters
    ----------
    instance
        What is planned.
    level, built
        L and W, True for a level that its park has, and for a work that is built.
    """
    if not instance.levels.names and not instance.works.names:
        return instance
    sites, works = instance.sites, instance.works
    capacity = np.array(sites.capacity)
    for n in np.flatnonzero(level):
        capacity[:, instance.levels.park[n]] += instance.levels.extra[n]
    group_capacity = np.array(sites.group_capacity)
    for work in np.flatnonzero(built):
        if works.park[work] >= 0:
            capacity[:, works.park[work]] += works.capacity[work]
        group_capacity = group_capacity + works.group_capacity[work]
    found = _nearer(_cheaper(instance, built, works.saving, works.public_saving), built)
    return _nothing_left(found, capacity, group_capacity)


def at_best(instance: Instance) -> Instance:
    """Return an instance in which nothing is worse than in any way to build: for bounds.

    Parks are at their largest level, all works are built where they help, for nothing. Kernels are those of
    the shortest ways, which are higher; for links that are worth less than 0 the true ones are lower.
    """
    if not instance.levels.names and not instance.works.names:
        return instance
    works = instance.works
    every = np.ones(len(works.names), dtype=bool)
    gains = [np.maximum(part, 0.0) for part in (works.saving, works.public_saving)]
    found = _nearer(_cheaper(instance, every, gains[0], gains[1]), every)
    return _nothing_left(found, instance.most_capacity, instance.most_group_capacity)


def _nothing_left(instance: Instance, capacity: Floats, group_capacity: Floats) -> Instance:
    """Return the instance with these capacities, and no level or work left to decide."""
    sites = replace(instance.sites, capacity=capacity, group_capacity=group_capacity)
    return replace(instance, sites=sites, levels=Levels(), works=Works(), spending=Spending())


def _cheaper(instance: Instance, built: Bools, saving: Floats, public_saving: Floats) -> Instance:
    """Return the instance with what is saved in parks taken off the costs of their places."""
    works, results = instance.works, instance.results
    firms, public = np.zeros(instance.sites.admissible.shape), np.zeros(instance.sites.admissible.shape)
    for work in np.flatnonzero(built):
        if works.park[work] >= 0:
            firms[:, works.park[work]] += saving[work]
            public[:, works.park[work]] += public_saving[work]
    if not firms.any() and not public.any():
        return instance
    terms = dict(results.place_terms)
    terms["fit"] = terms["fit"] + firms
    terms["platforms"] = terms["platforms"] + public
    return replace(instance, results=replace(results, place_terms=terms, place=results.place + firms))


def _nearer(instance: Instance, built: Bools) -> Instance:
    """Return the instance with the ways that are built."""
    trade, links, works = instance.trade, instance.links, instance.works
    ways = works.ways.taken(built, trade.km.shape)
    gates = works.gates.taken(built, trade.gateway_km.shape)
    s, t = np.nonzero(ways >= 0)
    way = ways[s, t]
    km, proximity, kernels = np.array(trade.km), np.array(trade.proximity), np.array(links.kernels)
    km[s, t], proximity[s, t] = works.ways.km[way], works.ways.proximity[way]
    if len(way):
        kernels[:, s, t] = works.ways.kernels[:, way]
    awards = instance.awards
    if len(way) and (awards.access >= 0).any():
        within = np.array(awards.near)
        within[s, t] |= works.ways.access[way]
        awards = replace(awards, near=within)
    gateway_km = np.array(trade.gateway_km)
    loops = instance.loops
    if len(way) and loops.names:
        near = np.array(loops.near)
        near[:, s, t] |= works.ways.reached[:, way]
        loops = replace(loops, near=near)
    s, g = np.nonzero(gates >= 0)
    gateway_km[s, g] = works.gates.km[gates[s, g]]
    return replace(
        instance,
        trade=replace(trade, km=km, proximity=proximity, gateway_km=gateway_km),
        links=replace(links, kernels=kernels),
        awards=awards,
        loops=loops,
    )
