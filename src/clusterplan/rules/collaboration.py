"""Collaboration: a link is worth money when its two firms are close.

z[a,b,s,t] = y[a,s] · y[b,t] for each pair of linked firms, by rows (transport form):

    Σ_t z[a,b,s,t] ≤ y[a,s],   Σ_s z[a,b,s,t] ≤ y[b,t]

and, for a pair where any coefficient on z (in the objective or in a firm's share) is negative,

    Σ_t z[a,b,s,t] ≥ y[a,s] + Σ_t y[b,t] − 1,   and its mirror

with sums over the park pairs that matter. A link is worth weight · kernel[kind][s,t], which for a
region is its value times the proximity of its kind. Park pairs with kernel 0 have no column. Links
between the same two firms share z. Where a firm can only be in one park and must be, z is the
other firm's y. Source: Adams and Sherali (1986), A tight linearization and an
algorithm for zero-one quadratic programming problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited


@dataclass(frozen=True)
class Linked:
    """Columns of collaboration, each array as long as its columns.

    Parameters
    ----------
    z, firm_a, firm_b, park_a, park_b
        Column, the two firms and their parks.
    """

    z: Ints
    firm_a: Ints
    firm_b: Ints
    park_a: Ints
    park_b: Ints


@dataclass(frozen=True)
class Linkage:
    """Two linked firms with all their links added up: value and shares by park and park."""

    a: int
    b: int
    value: Floats
    share_a: Floats
    share_b: Floats


def add(program: Program, instance: Instance, sited: Sited) -> Linked:
    """Add the columns, rows, terms and surpluses of collaboration links."""
    sites = instance.sites
    sure = sites.must_place & (sites.admissible.sum(axis=1) == 1)
    parts: list[Linked] = []
    for pair in linked_pairs(instance):
        a, b = pair.a, pair.b
        possible = np.logical_and.outer(sites.admissible[a], sites.admissible[b])
        worth = (pair.value != 0) | (pair.share_a != 0) | (pair.share_b != 0)
        matters = worth & possible
        program.leave_out("links between parks out of reach", int(possible.sum() - matters.sum()))
        s, t = np.nonzero(matters)
        if sure[a]:
            z = sited.y[b, t]
        elif sure[b]:
            z = sited.y[a, s]
        else:
            z = program.columns("z", len(s))
            columns = Linked(z, np.full(len(s), a), np.full(len(s), b), s, t)
            _rows(program, instance, sited, pair, columns)
            parts.append(columns)
        program.terms["links"].add(0, z, pair.value[s, t])
        own = instance.results.has_surplus
        program.surplus.add(a, z, pair.share_a[s, t] * own[a])
        program.surplus.add(b, z, pair.share_b[s, t] * own[b])
    none = np.zeros(0, dtype=np.int64)
    return Linked(*(np.concatenate([none, *(getattr(p, f.name) for p in parts)]) for f in fields(Linked)))


def linked_pairs(instance: Instance) -> Iterator[Linkage]:
    """Yield the pairs of firms that have links, the lower number first, with all their links added up."""
    links = instance.links
    low, high = np.minimum(links.a, links.b), np.maximum(links.a, links.b)
    order = np.lexsort((high, low))
    edges = np.flatnonzero(np.diff(low[order]) | np.diff(high[order])) + 1
    for members in np.split(order, edges) if len(order) else []:
        a, b = int(low[members[0]]), int(high[members[0]])
        value, share_a, share_b = (np.zeros(links.kernels.shape[1:]) for _ in range(3))
        for link in members:
            worth = links.weight[link] * links.kernels[links.kind[link]]
            as_given = links.a[link] == a
            worth = worth if as_given else worth.T
            to_a, to_b = links.share_a[link], links.share_b[link]
            value += worth
            share_a += worth * (to_a if as_given else to_b)
            share_b += worth * (to_b if as_given else to_a)
        yield Linkage(a, b, value, share_a, share_b)


def _rows(program: Program, instance: Instance, sited: Sited, pair: Linkage, linked: Linked) -> None:
    sites = instance.sites
    z, s, t = linked.z, linked.park_a, linked.park_b
    weight = instance.weights["links"]
    second = instance.second["links"] if instance.second else 0.0
    signs = (weight * pair.value, second * pair.value, pair.share_a, pair.share_b)
    lower = any((amounts[s, t] < 0).any() for amounts in signs)
    for firm, other, park, other_park in ((pair.a, pair.b, s, t), (pair.b, pair.a, t, s)):
        parks, row = np.unique(park, return_inverse=True)
        y = sited.y[firm, parks]
        rows = np.arange(len(parks))

        def name(i: int, firm: int = firm, other: int = other, parks: Ints = parks) -> str:
            return f"{sites.firms[firm]} in {sites.parks[parks[i]]} with {sites.firms[other]}"

        program.rows("links_most", len(parks), [(row, z, 1.0), (rows, y, -1.0)], "<=", 0.0, name)
        if lower:
            near = (row, sited.y[other, other_park], -1.0)
            program.rows("links_least", len(parks), [(row, z, 1.0), (rows, y, -1.0), near], ">=", -1.0, name)
