"""Room beside a firm: who is with firm a in park s must fit into the parks, as if a were there for sure.

Each capacity, multiplied by y[a,s], with w[a,b,s,t] for y[a,s] · y[b,t] over the firms b that a is linked or
trades with:

    Σ_b need[r,b] · w[a,b,s,t] ≤ (capacity[r,t] − taken[r,t] − need[r,a] if s = t) · y[a,s]

where the capacity is that at the largest level with all works, and ``taken`` is what firms take that are in
one park in every plan.
Without it a relaxation puts a little of every firm into every park, each beside all its partners. Source:
Sherali and Adams (1990), A hierarchy of relaxations between the continuous and convex hull representations
for zero-one programming problems (level 1, rows that can bind).
"""

from __future__ import annotations

import numpy as np

from clusterplan.rules.tighten.once import Together, sure
from clusterplan.rules.written import Written


def add(written: Written, together: Together) -> None:
    """Add the rows that can bind."""
    sites, y, program = written.instance.sites, written.sited.y, written.program
    m = len(sites.parks)
    a, b, s, t = together.firm_a, together.firm_b, together.park_a, together.park_b
    firm, other = np.concatenate([a, b]), np.concatenate([b, a])
    park, there = np.concatenate([s, t]), np.concatenate([t, s])
    column = np.concatenate([together.column, together.column])
    key = (firm * m + park) * m + there
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    most = written.instance.most_capacity
    beside = park[first] == there[first]
    fixed = np.flatnonzero(sure(written.instance))
    home = np.argmax(sites.admissible[fixed], axis=1)
    for r, resource in enumerate(sites.resources):
        need = sites.needs[r]
        free = most[r] - np.bincount(home, weights=need[fixed], minlength=m)
        left = free[there[first]] - np.where(beside, need[firm[first]], 0.0)
        asked = np.bincount(row, weights=need[other], minlength=len(first))
        keep = np.flatnonzero(np.isfinite(left) & (asked > left))
        number = np.full(len(first), -1)
        number[keep] = np.arange(len(keep))
        used = number[row] >= 0
        at = first[keep]
        program.rows(
            "room_beside",
            len(keep),
            [
                (number[row[used]], column[used], need[other[used]]),
                (np.arange(len(keep)), y[firm[at], park[at]], -left[keep]),
            ],
            "<=",
            0.0,
            lambda i, at=at, resource=resource: (  # type: ignore[misc]
                f"{resource} of {sites.parks[there[at[i]]]} beside {sites.firms[firm[at[i]]]} "
                f"in {sites.parks[park[at[i]]]}"
            ),
        )
