"""What is rationed in a future: what firms make needs no more than there is, where that is less than today.

    Σ_f need[s,r,f] · q[s,f,park] ≤ capacity[s,r,park] + what levels and works add    each resource and park
    Σ_{park in group} Σ_f need[s,r,f] · q[s,f,park] ≤ capacity[s,group] + what works add         each group

Places are decided on what there is today; with less of it firms run at a lower load. A firm without a
utilisation of its own needs all it needs.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from clusterplan.instance import Bools, Floats, Ints, Later
from clusterplan.rules import Written


def rationed(written: Written, later: Later) -> tuple[sparse.csr_array, Floats]:
    """Return rows that what firms make needs no more than there is, where that is less than today."""
    today, sited = written.instance.sites, written.sited
    levels, works, built = written.instance.levels, written.instance.works, written.built
    f, s = sited.firm, sited.park
    alive = later.there[f, s]
    entries: list[tuple[Ints, Ints, Floats]] = []
    limits: list[float] = []

    def row(inside: Bools, r: int, limit: float, more: list[tuple[Ints, Floats]]) -> None:
        use = later.needs[r, f[inside]]
        parts = [(sited.q[f[inside], s[inside]], use), *((column, -added) for column, added in more)]
        for column, amount in parts:
            entries.append((np.full(len(column), len(limits)), column, amount))
        limits.append(limit)

    for r in range(len(today.resources)):
        grown = (later.needs[r] > today.needs[r] * (1 + 1e-12)).any()
        for park in np.flatnonzero(np.isfinite(later.capacity[r])):
            inside = (s == park) & alive
            if not grown and later.capacity[r, park] >= today.capacity[r, park]:
                continue
            if later.needs[r, f[inside]].sum() > later.capacity[r, park]:
                more = []
                if levels.names:
                    mine = np.flatnonzero(levels.park == park)
                    more.append((built.level[mine], levels.extra[mine, r]))
                if works.names:
                    mine = np.flatnonzero(works.park == park)
                    more.append((built.work[mine], works.capacity[mine, r]))
                row(inside, r, float(later.capacity[r, park]), more)
    for g in range(len(today.groups)):
        r = int(today.group_resource[g])
        inside = today.group_parks[g, s] & alive
        less = later.group_capacity[g] < today.group_capacity[g]
        if less or (later.needs[r] > today.needs[r] * (1 + 1e-12)).any():
            more = [(built.work, works.group_capacity[:, g])] if works.names else []
            row(inside, r, float(later.group_capacity[g]), more)
    n = written.program.n_columns
    if not limits:
        return sparse.csr_array((0, n)), np.zeros(0)
    i, j, v = (np.concatenate([part[k] for part in entries]) for k in range(3))
    return sparse.coo_array((v, (i, j)), shape=(len(limits), n)).tocsr(), np.array(limits)
