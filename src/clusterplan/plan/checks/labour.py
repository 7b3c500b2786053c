"""Labour pools: the workers of all placed firms can be drawn from the pools within commuting reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from clusterplan.distance.arrays import FloatArray
from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.capacity import used_of
from clusterplan.plan.checks.case import Case


def labour(case: Case) -> Iterator[Breach]:
    """Yield the workers that no pool within reach is left for."""
    if case.region.pools.empty:
        return
    need = used_of(case, "workers")
    yield from case.gauge.at_most("labour.pools", ["workers"], float(need.sum()), drawn(case, need))


def drawn(case: Case, need: FloatArray, have: FloatArray | None = None) -> float:
    """Return the most workers that pools within reach can send to parks that need so many.

    It is a flow from pools to parks, found as a linear program over the ways within reach: at most a pool's
    workers leave it, at most what its firms need arrives at a park. ``have`` are the workers of the pools, if
    they are not those of the region.
    """
    pools = case.region.pools
    workers = pools["workers"].to_numpy(dtype=float) if have is None else have
    park, pool = np.nonzero(case.distances.pool_km <= pools["reach_km"].to_numpy(dtype=float)[None, :])
    if not len(park):
        return 0.0
    out = (pool[None, :] == np.arange(len(workers))[:, None]).astype(float)
    into = (park[None, :] == np.arange(len(need))[:, None]).astype(float)
    found = linprog(-np.ones(len(park)), A_ub=np.vstack([out, into]), b_ub=np.concatenate([workers, need]))
    return -float(found.fun)
