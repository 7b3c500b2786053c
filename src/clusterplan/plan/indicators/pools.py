"""Labour pools that are used. A region without pools has no such indicators."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from clusterplan.instance import Floats
from clusterplan.plan.indicators.indicator import Indicator, ratio
from clusterplan.plan.plan import Plan


def pools(plan: Plan) -> Iterator[Indicator]:
    """Yield how much of the labour pools is used, and of each pool how much at least.

    Which pool a worker comes from is not decided: of one pool, others may spare. So of each the least is told
    that must come from it, c being what moves from pools to parks within reach:

        least[p] = min Σ_s c[p,s],   Σ_p c[p,s] = workers used in s,   Σ_s c[p,s] ≤ workers[p]

    Source: the transportation problem (Hitchcock 1941).
    """
    table = plan.region.pools
    if table.empty:
        return
    have = table["workers"].to_numpy(float)
    used = plan.parks["used_workers"].to_numpy(float)
    near = plan.distances.pool_km <= table["reach_km"].to_numpy(float)[None, :]
    yield Indicator(
        "used_share.pools",
        ratio(float(used.sum()), float(have[near.any(axis=0)].sum())),
        "share",
        "Share in use of the workers of all labour pools that reach some park.",
    )
    least = _least(used, have, near)
    for name, amount, workers in zip(table.index, least, have, strict=True):
        yield Indicator(
            f"used_share.pool.{name}",
            ratio(float(amount), float(workers)),
            "share",
            f"Least share of the workers of pool {name} that the plan needs, however others are drawn on.",
        )


def _least(used: Floats, have: Floats, near: np.ndarray) -> Floats:
    """Return the least that must come from each pool; NaN where the pools can't send all that is used."""
    park, pool = np.nonzero(near)
    into = (park[None, :] == np.arange(len(used))[:, None]).astype(float)
    out = (pool[None, :] == np.arange(len(have))[:, None]).astype(float)
    found = np.full(len(have), np.nan)
    for p in range(len(have)):
        if not len(park):
            found[p] = 0.0 if not used.any() else np.nan
            continue
        cheapest = linprog((pool == p).astype(float), A_ub=out, b_ub=have * (1 + 1e-9), A_eq=into, b_eq=used)
        found[p] = max(0.0, cheapest.fun) if cheapest.status == 0 else np.nan
    return found
