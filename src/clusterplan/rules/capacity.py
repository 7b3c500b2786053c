"""Capacity: no park, and no group of parks that share, gives more than it has.

    Σ_f need[r,f] · y[f,s] ≤ capacity[r,s] · x[s]                 each resource and park
        + Σ_n extra[r,s,n] · l[s,n] + Σ_i added[r,s,i] · v[i]     its level, and works there
    Σ_{s in group} Σ_f need[r,f] · y[f,s] ≤ capacity[group]       each group of parks
        + Σ_i added[group,i] · v[i]

Labour pools are groups too: the workers of firms in the parks whose pools within commuting reach are all
among a set Q of pools are at most those of Q, for each Q that hangs together (`clusterplan.instance.pools`).
That is to say that all workers can be drawn from the pools within reach.

The x[s] on the right tightens the relaxation where opening a park costs something. Source:
capacitated facility location.
"""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.works import Built


def add(program: Program, instance: Instance, sited: Sited, built: Built) -> None:
    """Add the rows of capacity; those that can't bind are left out."""
    sites, levels, works = instance.sites, instance.levels, instance.works
    y = sited.y[sited.firm, sited.park]
    n_parks = len(sites.parks)
    for r, resource in enumerate(sites.resources):
        need = sites.needs[r, sited.firm]
        total = np.bincount(sited.park, weights=need, minlength=n_parks)
        parks = np.flatnonzero(np.isfinite(sites.capacity[r]) & (total > sites.capacity[r]))
        row_of = np.full(n_parks, -1)
        row_of[parks] = np.arange(len(parks))
        used = row_of[sited.park] >= 0
        program.rows(
            "capacity",
            len(parks),
            [
                (row_of[sited.park[used]], y[used], need[used]),
                (np.arange(len(parks)), sited.x[parks], -sites.capacity[r, parks]),
                *_more(row_of, levels.park, built.level, levels.extra, r),
                *_more(row_of, works.park, built.work, works.capacity, r),
            ],
            "<=",
            0.0,
            lambda i, parks=parks, resource=resource: f"{resource} of {sites.parks[parks[i]]}",  # type: ignore[misc]
        )
    for g, group in enumerate(sites.groups):
        inside = sites.group_parks[g, sited.park]
        r = int(sites.group_resource[g])
        if sites.needs[r, np.unique(sited.firm[inside])].sum() <= sites.group_capacity[g]:
            continue
        program.rows(
            "group_capacity",
            1,
            [
                (np.zeros(int(inside.sum()), dtype=np.int64), y[inside], sites.needs[r, sited.firm[inside]]),
                *_more(
                    np.zeros(1, dtype=np.int64),
                    np.zeros_like(works.park),
                    built.work,
                    works.group_capacity,
                    g,
                ),
            ],
            "<=",
            sites.group_capacity[g],
            lambda _, r=r, group=group: f"{sites.resources[r]} of {group}",  # type: ignore[misc]
        )


def _more(row_of: Ints, park: Ints, column: Ints, added: Floats, r: int) -> list[tuple[Ints, Ints, Floats]]:
    """Return entries of what levels or works add to the rows of their parks; none where nothing is added."""
    at = np.flatnonzero((park >= 0) & (row_of[park] >= 0)) if len(park) else np.zeros(0, dtype=np.int64)
    return [(row_of[park[at]], column[at], -added[at, r])] if len(at) else []
