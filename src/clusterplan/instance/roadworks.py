"""Which public works change what a firm would trade and share, were it in a park.

A work counts for a firm in a park if it shortens a way from there to a park where a partner in trade or in a
link may be, or to a gateway that trades a product of the firm. A case is a choice of which of them are built;
where firms compare parks, each case is looked at by itself (`clusterplan.rules.stability`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from clusterplan.instance.decided import as_decided
from clusterplan.instance.frozen import Bools
from clusterplan.instance.instance import Instance


@dataclass(frozen=True)
class Roads:
    """A case: some works that shorten ways are built, and the others are not.

    Parameters
    ----------
    built
        W, True for works that are built.
    wanted
        F×S, True for a firm and a park whose case this is.
    there
        The instance with the ways that are built.
    """

    built: Bools
    wanted: Bools
    there: Instance


def shortening(instance: Instance) -> Bools:
    """Return F×S×W, True where a work shortens a way that the firm, in the park, may use.

    Parameters
    ----------
    instance
        What is planned.
    """
    works, trade, links = instance.works, instance.trade, instance.links
    admissible = instance.sites.admissible
    found = np.zeros((*admissible.shape, len(works.names)), dtype=bool)
    if not len(works.ways.work) and not len(works.gates.work):
        return found
    partners = np.zeros((instance.n_firms, instance.n_firms), dtype=bool)
    for a, b in ((trade.seller, trade.buyer), (links.a, links.b)):
        partners[a, b] = partners[b, a] = True
    near = partners.astype(np.int64) @ admissible.astype(np.int64) > 0  # F×S, where some partner may be
    ways, gates = works.ways, works.gates
    for way in range(len(ways.work)):
        found[:, ways.start[way], ways.work[way]] |= near[:, ways.end[way]]
    sells = (trade.most_output > 0) @ np.isfinite(trade.buys_gain).T.astype(np.int64) > 0  # F×G
    buys = (trade.most_need > 0) @ np.isfinite(trade.sells_gain).T.astype(np.int64) > 0
    for gate in range(len(gates.work)):
        found[:, gates.start[gate], gates.work[gate]] |= (sells | buys)[:, gates.end[gate]]
    return found


def road_cases(instance: Instance, wanted: Bools) -> Iterator[tuple[Roads, Bools]]:
    """Yield the cases of works that matter to firms in parks, and (F×S×W) which works are told apart in each.

    Parameters
    ----------
    instance
        What is planned.
    wanted
        F×S, True for firms in parks that are looked at.
    """
    told = shortening(instance) & wanted[:, :, None]
    n_works = told.shape[2]
    sets: dict[tuple[int, ...], Bools] = {}
    for works in np.unique(told.reshape(-1, n_works), axis=0) if n_works else np.zeros((1, 0), dtype=bool):
        mine = wanted & (told == works).all(axis=2)
        at = np.flatnonzero(works).tolist()
        for n in range(len(at) + 1):
            for some in combinations(at, n):
                sets[some] = sets.get(some, np.zeros_like(wanted)) | mine
    no_level = np.zeros(len(instance.levels.names), dtype=bool)
    for some, mine in sorted(sets.items(), key=lambda item: (len(item[0]), item[0])):
        built = np.zeros(n_works, dtype=bool)
        built[list(some)] = True
        yield Roads(built, mine, as_decided(instance, no_level, built)), told
