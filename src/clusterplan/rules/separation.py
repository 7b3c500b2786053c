"""Separation: stages that may not share a park or must stay apart.

For firms f and g of two stages that must keep apart, and each park s of f:

    y[f,s] + Σ_{t too near s} y[g,t] ≤ 1

One row covers all parks of g at once, since g is in at most one. Two existing firms that are
already too near each other are history, not a choice, and get no row. What a park admits, and
distance from homes, decide alone whether a firm may be in a park and are no rows at all: such
places have no column.
"""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited


def add(program: Program, instance: Instance, sited: Sited) -> None:
    """Add the rows of separation."""
    sites = instance.sites
    for separation in sites.separations:
        a, b = _pairs(separation.firms_a, separation.firms_b, sites.pinned)
        for f, g in zip(a, b, strict=True):
            parks = np.flatnonzero(sites.admissible[f] & (separation.near & sites.admissible[g]).any(axis=1))
            if not len(parks):
                continue
            row, t = np.nonzero(separation.near[parks] & sites.admissible[g])
            program.rows(
                "separation",
                len(parks),
                [(np.arange(len(parks)), sited.y[f, parks], 1.0), (row, sited.y[g, t], 1.0)],
                "<=",
                1.0,
                lambda i, f=f, g=g, parks=parks, name=separation.name: (  # type: ignore[misc]
                    f"{name}: {sites.firms[f]} in {sites.parks[parks[i]]} and {sites.firms[g]}"
                ),
            )


def _pairs(firms_a: Ints, firms_b: Ints, pinned: np.ndarray) -> tuple[Ints, Ints]:
    a, b = (grid.ravel() for grid in np.meshgrid(firms_a, firms_b, indexing="ij"))
    both = set(firms_a.tolist()) & set(firms_b.tolist())
    twice = np.isin(a, list(both)) & np.isin(b, list(both)) & (a >= b)
    keep = (a != b) & ~twice & ~(pinned[a] & pinned[b])
    return a[keep], b[keep]
