"""What a firm would gain elsewhere by its links, as columns and coefficients.

From another park t a link is worth Σ_{t'} share · weight · kernel[t,t'] · y[b,t'], with the partner b where
it is and by the shortest way that is built; now it is worth what its z, and its r by way, are worth (see
`clusterplan.rules.collaboration`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.instance.roadworks import Roads
from clusterplan.rules.collaboration import Linkage, Linked, linked_pairs
from clusterplan.rules.siting import Sited
from clusterplan.rules.stability.moves import Moves


@dataclass(frozen=True)
class Tie:
    """Two linked firms as they are: columns that say where both are and by which way, and what each is worth.

    Parameters
    ----------
    a, b
        The firms.
    column
        Columns z (or y, where one firm is in its park for sure) and r.
    worth_a, worth_b
        What each column is worth to either firm, m currency/y.
    least_a, least_b
        S×S, the least that it is worth to either by any way, by the parks of a (row) and b (column).
    """

    a: int
    b: int
    column: Ints
    worth_a: Floats
    worth_b: Floats
    least_a: Floats
    least_b: Floats


def ties_now(instance: Instance, sited: Sited, linked: Linked) -> list[Tie]:
    """Return the pairs of linked firms as they are, in the order of `linked_pairs`."""
    ways, by_way = instance.works.ways, linked.by_way
    z_of = _of_pairs(instance, linked.firm_a, linked.firm_b)
    r_of = _of_pairs(instance, by_way.firm_a, by_way.firm_b)
    nothing = np.zeros(0, dtype=np.int64)
    found = []
    for pair in linked_pairs(instance):
        column, s, t = _whole(instance, sited, linked, pair, z_of.get((pair.a, pair.b), nothing))
        whole = ~np.isin(s * instance.n_parks + t, ways.start * instance.n_parks + ways.end)
        part = r_of.get((pair.a, pair.b), nothing)
        way = by_way.way[part]
        worth = pair.worth[:, by_way.park_a[part], by_way.park_b[part]]
        worth[:, way >= 0] = pair.by_way[:, way[way >= 0]]
        worth = np.concatenate([pair.worth[:, s[whole], t[whole]], worth], axis=1)
        least = np.array(pair.worth)
        for shares, by in zip(least, pair.by_way, strict=True):
            np.minimum.at(shares, (ways.start, ways.end), by)
        column = np.concatenate([column[whole], by_way.column[part]])
        found.append(Tie(pair.a, pair.b, column, worth[1], worth[2], least[1], least[2]))
    return found


def _of_pairs(instance: Instance, a: Ints, b: Ints) -> dict[tuple[int, int], Ints]:
    """Return the positions of columns by pair of firms."""
    if not len(a):
        return {}
    key = a * instance.n_firms + b
    edges = np.flatnonzero(np.diff(key)) + 1  # they were written pair by pair
    return {(int(a[at[0]]), int(b[at[0]])): at for at in np.split(np.arange(len(key)), edges)}


def _whole(
    instance: Instance, sited: Sited, linked: Linked, pair: Linkage, z: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return columns of a pair by the places of both, and these places."""
    sites = instance.sites
    sure = sites.must_place & (sites.admissible.sum(axis=1) == 1)
    if not sure[pair.a] and not sure[pair.b]:
        return linked.z[z], linked.park_a[z], linked.park_b[z]
    possible = np.logical_and.outer(sites.admissible[pair.a], sites.admissible[pair.b])
    s, t = np.nonzero(possible & (pair.worth != 0).any(axis=0))
    return (sited.y[pair.b, t] if sure[pair.a] else sited.y[pair.a, s]), s, t


def add_links(moves: Moves, instance: Instance, sited: Sited, ties: list[Tie], roads: Roads) -> None:
    """Add what links would bring with partners where they are."""
    sites, y = instance.sites, sited.y
    for tie, then in zip(ties, linked_pairs(roads.there), strict=True):
        for f, b, share, now, least in (
            (tie.a, tie.b, then.share_a, tie.worth_a, tie.least_a),
            (tie.b, tie.a, then.share_b.T, tie.worth_b, tie.least_b.T),
        ):
            if not moves.wanted[f].any() or not sites.admissible[b].any() or not (share.any() or now.any()):
                continue
            parks, there = np.flatnonzero(moves.wanted[f]), np.flatnonzero(sites.admissible[b])
            t, partner = (grid.ravel() for grid in np.meshgrid(parks, there, indexing="ij"))
            moves.add(np.full(len(t), f), t, y[b, partner], share[t, partner])
            for park in parks.tolist():
                n = len(tie.column)
                moves.add(np.full(n, f), np.full(n, park), tie.column, -now)
            _most(moves, instance, (f, b), share, least)


def _most(moves: Moves, instance: Instance, pair: tuple[int, int], share: Floats, least: Floats) -> None:
    """Add the most that the links of a firm with another would bring."""
    sites, (f, b) = instance.sites, pair
    there = sites.admissible[b]
    most = share[:, there].max(axis=1)
    own = np.flatnonzero(sites.admissible[f])
    for t in np.flatnonzero(moves.wanted[f]).tolist():
        others = own[own != t]
        gained = (share[t, there] - least[np.ix_(others, there)]).max()
        moves.most[f, t] += gained if sites.must_place[b] else max(0.0, gained)
    moves.most_out[f] += np.maximum(0.0, most)
