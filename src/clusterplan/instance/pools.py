"""Labour pools as capacities shared by groups of parks.

The workers of park s come from the pools N(s) within commuting reach of it. There is a way to draw them all,
c[p,s] ≥ 0 with Σ_s c[p,s] ≤ workers[p] and Σ_{p in N(s)} c[p,s] = Σ_f workers[f] · y[f,s], if and only if no
set of parks needs more than the pools that reach it have. It is enough to ask that of {s: N(s) ⊆ Q} for each
union Q of some N(s) that hang together: others follow by adding these up. So a pool needs no decision of its
own. Source: the theorem of Hall (1935) in the form of Gale (1957, A theorem on flows in networks).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from clusterplan.distance import RegionDistances
from clusterplan.errors import Fault, InputError
from clusterplan.instance.frozen import Bools, Floats
from clusterplan.region import Region

MOST_CUTS = 4000
"""Sets of pools that are looked at; more would be rows that no solver likes."""


class Cuts(NamedTuple):
    """Groups of parks and the workers that the pools within reach of them have together."""

    names: tuple[str, ...]
    parks: Bools
    workers: Floats


def labour_cuts(region: Region, distances: RegionDistances) -> Cuts:
    """Return the sets of parks whose workers come from few pools, and how many these have.

    Raises
    ------
    InputError
        If there are too many sets to be looked at.
    """
    pools, n_parks = region.pools, len(region.parks)
    if pools.empty:
        return Cuts((), np.zeros((0, n_parks), dtype=bool), np.zeros(0))
    reach = distances.pool_km <= pools["reach_km"].to_numpy(float)[None, :]
    near = [frozenset(np.flatnonzero(row).tolist()) for row in reach]
    sets = _unions(set(near))
    workers = pools["workers"].to_numpy(float)
    return Cuts(
        tuple("pools " + ", ".join(pools.index[sorted(of)]) if of else "no pool" for of in sets),
        np.array([[own <= of for own in near] for of in sets], dtype=bool).reshape(len(sets), n_parks),
        np.array([workers[sorted(of)].sum() for of in sets]),
    )


def _unions(near: set[frozenset[int]]) -> list[frozenset[int]]:
    """Return the sets and their unions that hang together, in order of size and pools."""
    found, fresh = set(near), list(near)
    while fresh:
        one = fresh.pop()
        for other in near:
            both = one | other
            if one & other and both not in found:
                found.add(both)
                fresh.append(both)
        if len(found) > MOST_CUTS:
            why = f"The pools overlap in more than {MOST_CUTS} ways, too many to be planned with."
            mend = "Join pools that are close to each other, or lower reach_km."
            raise InputError([Fault("pools", why, mend, rule="too_many_pools")])
    return sorted(found, key=lambda of: (len(of), sorted(of)))
