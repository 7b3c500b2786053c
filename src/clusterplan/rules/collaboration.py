"""Collaboration: a link is worth money when its two firms are close.

z[a,b,s,t] = y[a,s] · y[b,t] for each pair of linked firms, by rows (transport form):

    Σ_t z[a,b,s,t] ≤ y[a,s],   Σ_s z[a,b,s,t] ≤ y[b,t]

and, for a pair where any coefficient on z (in the objective or in a firm's share) is negative,

    Σ_t z[a,b,s,t] ≥ y[a,s] + Σ_t y[b,t] − 1,   and its mirror

with sums over the park pairs that matter. A link is worth weight · kernel[kind][s,t], which for a
region is its value times the proximity of its kind. Park pairs with kernel 0 have no column. Links
between the same two firms share z. Where a firm can only be in one park and must be, z is the
other firm's y. Where a work shortens the way between two parks, z is split by the way between the firms,

    Σ_w r[a,b,s,t,w] = z[a,b,s,t]

each r is worth what the link is at that length, and is held to the shortest way that is built (see
`clusterplan.rules.works`). Source: Adams and Sherali (1986), A tight linearization and an
algorithm for zero-one quadratic programming problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.works import Built, Uses, on_shortest


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
    by_way: ByWay


@dataclass(frozen=True)
class ByWay:
    """Columns r of linked firms by the way between them, each array as long as the columns.

    Parameters
    ----------
    column, firm_a, firm_b, park_a, park_b
        Column, the two firms and their parks.
    way
        The way by a work, −1 for the way as it is without.
    """

    column: Ints
    firm_a: Ints
    firm_b: Ints
    park_a: Ints
    park_b: Ints
    way: Ints


@dataclass(frozen=True)
class Linkage:
    """Two linked firms with all their links added up: (3, ...) value in all, to a and to b.

    ``worth`` is by park and park, ``by_way`` by the way that a work shortens.
    """

    a: int
    b: int
    worth: Floats
    by_way: Floats

    @property
    def share_a(self) -> Floats:
        """S×S, what links are worth to a."""
        return np.asarray(self.worth[1])

    @property
    def share_b(self) -> Floats:
        """S×S, what links are worth to b."""
        return np.asarray(self.worth[2])


def add(program: Program, instance: Instance, sited: Sited, built: Built) -> Linked:
    """Add the columns, rows, terms and surpluses of collaboration links."""
    sites, ways = instance.sites, instance.works.ways
    sure = sites.must_place & (sites.admissible.sum(axis=1) == 1)
    parts: list[tuple[Ints, ...]] = []
    split: list[tuple[Ints, ...]] = []
    for pair in linked_pairs(instance):
        possible = np.logical_and.outer(sites.admissible[pair.a], sites.admissible[pair.b])
        worth = (pair.worth != 0).any(axis=0)
        np.logical_or.at(worth, (ways.start, ways.end), (pair.by_way != 0).any(axis=0))
        matters = worth & possible
        program.leave_out("links between parks out of reach", int(possible.sum() - matters.sum()))
        s, t = np.nonzero(matters)
        if sure[pair.a]:
            z = sited.y[pair.b, t]
        elif sure[pair.b]:
            z = sited.y[pair.a, s]
        else:
            z = program.columns("z", len(s))
            _rows(program, instance, sited, pair, (z, s, t))
            parts.append((z, np.full(len(s), pair.a), np.full(len(s), pair.b), s, t))
        one = np.ones(len(s), dtype=bool)
        if len(ways.work):
            one = ~np.isin(s * instance.n_parks + t, ways.start * instance.n_parks + ways.end)
            split.append(_split(program, instance, pair, (z[~one], s[~one], t[~one])))
        _worth(program, instance, pair, z[one], pair.worth[:, s[one], t[one]])
    by_way = ByWay(*_joined(split, 6))
    _on_shortest(program, instance, built, by_way)
    z, a, b, s, t = _joined(parts, 5)
    return Linked(z, a, b, s, t, by_way)


def _joined(parts: list[tuple[Ints, ...]], count: int) -> list[Ints]:
    none = np.zeros(0, dtype=np.int64)
    return [np.concatenate([none, *(part[i] for part in parts)]) for i in range(count)]


def _worth(program: Program, instance: Instance, pair: Linkage, column: Ints, worth: Floats) -> None:
    """Add what columns of a pair are worth: (3, n) in all, to a and to b."""
    value, share_a, share_b = worth
    own = instance.results.has_surplus
    program.terms["links"].add(0, column, value)
    program.surplus.add(pair.a, column, share_a * own[pair.a])
    program.surplus.add(pair.b, column, share_b * own[pair.b])


def _split(
    program: Program, instance: Instance, pair: Linkage, places: tuple[Ints, Ints, Ints]
) -> tuple[Ints, ...]:
    """Add columns r for a pair in parks between which a work shortens the way, and what they are worth."""
    ways = instance.works.ways
    z, s, t = places
    options = [np.array([-1, *ways.between(*ends)]) for ends in zip(s, t, strict=True)]
    row = np.repeat(np.arange(len(z)), [len(option) for option in options])
    way = _joined([(option,) for option in options], 1)[0]
    r = program.columns("r", len(way))
    program.rows(
        "way_of_link",
        len(z),
        [(row, r, 1.0), (np.arange(len(z)), z, -1.0)],
        "==",
        0.0,
        lambda i: f"{instance.sites.firms[pair.a]} with {instance.sites.firms[pair.b]}",
    )
    s, t = s[row], t[row]
    by = way >= 0
    worth = pair.worth[:, s, t]
    worth[:, by] = pair.by_way[:, way[by]]
    _worth(program, instance, pair, r, worth)
    return r, np.full(len(r), pair.a), np.full(len(r), pair.b), s, t, way


def _on_shortest(program: Program, instance: Instance, built: Built, by_way: ByWay) -> None:
    firms = instance.sites.firms

    def name(i: int) -> str:
        return f"{firms[by_way.firm_a[i]]} with {firms[by_way.firm_b[i]]}"

    uses = Uses(by_way.column, by_way.way, by_way.park_a, by_way.park_b, name)
    on_shortest(program, instance.works.ways, built.work, uses)


def linked_pairs(instance: Instance) -> Iterator[Linkage]:
    """Yield the pairs of firms that have links, the lower number first, with all their links added up."""
    links, ways = instance.links, instance.works.ways
    low, high = np.minimum(links.a, links.b), np.maximum(links.a, links.b)
    order = np.lexsort((high, low))
    edges = np.flatnonzero(np.diff(low[order]) | np.diff(high[order])) + 1
    for members in np.split(order, edges) if len(order) else []:
        a, b = int(low[members[0]]), int(high[members[0]])
        total = np.zeros((3, *links.kernels.shape[1:]))
        by_way = np.zeros((3, len(ways.work)))
        for link in members:
            kind, as_given = links.kind[link], links.a[link] == a
            kernel = links.kernels[kind] if as_given else links.kernels[kind].T
            to_a, to_b = links.share_a[link], links.share_b[link]
            shares = np.array([1.0, to_a, to_b] if as_given else [1.0, to_b, to_a])
            total += links.weight[link] * kernel * shares[:, None, None]
            if len(ways.work):
                near = ways.kernels[kind] if as_given else ways.kernels[kind][ways.twin]
                by_way += links.weight[link] * near * shares[:, None]
        yield Linkage(a, b, total, by_way)


def _rows(
    program: Program, instance: Instance, sited: Sited, pair: Linkage, columns: tuple[Ints, Ints, Ints]
) -> None:
    sites = instance.sites
    z, s, t = columns
    weight = instance.weights["links"]
    second = instance.second["links"] if instance.second else 0.0
    value, share_a, share_b = np.concatenate([pair.worth[:, s, t], pair.by_way], axis=1)
    lower = any((amount < 0).any() for amount in (weight * value, second * value, share_a, share_b))
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
