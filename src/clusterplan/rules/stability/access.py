"""Whether a firm would have access to a platform in another park.

    served[k,t] ≥ Σ_{t' within reach of t} y[p,t']            each platform p that gives access of kind k
    served[k,t] ≥ y[p, end of w] + v[work of w] − 1           each way w from t that brings its end near

served ∈ [0,1] has a column only where the data leave it open: where a platform is within reach in every plan,
or none can be, there is nothing to decide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.works import Built

SURE, NEVER = -1, -2
"""Instead of a column: a platform is within reach in every plan; in none."""
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Served:
    """Columns of access to platforms.

    Parameters
    ----------
    column
        K×S, by kind of access and park; `SURE` or `NEVER` where that is no question.
    row, entry, of, beyond
        Number of each row and its columns; the column that it bounds, and what the sum of its columns must be
        beyond to count.
    """

    column: Ints
    row: Ints
    entry: Ints
    of: Ints
    beyond: Floats

    def fill(self, values: Floats) -> None:
        """Set the columns to the least that places and works allow."""
        there = np.bincount(self.row, weights=values[self.entry], minlength=len(self.of)) - self.beyond
        values[self.column[self.column >= 0]] = 0.0
        np.maximum.at(values, self.of, there)


def add_served(program: Program, instance: Instance, sited: Sited, built: Built, asked: Bools) -> Served:
    """Add the columns and rows for parks (S) that are asked about."""
    awards, sites = instance.awards, instance.sites
    column = np.full((len(awards.platforms), instance.n_parks), NEVER)
    found: list[tuple[int, int, Ints, float]] = []
    for k, members in enumerate(awards.platforms):
        for t in np.flatnonzero(asked).tolist():
            rows = _rows(instance, sited, built, members, t)
            if rows is None:
                column[k, t] = SURE
                continue
            found.extend((k, t, columns, beyond) for columns, beyond in rows)
    pairs = sorted({(k, t) for k, t, _, _ in found})
    for (k, t), one in zip(pairs, program.columns("served", len(pairs)).tolist(), strict=True):
        column[k, t] = one
    of = np.array([column[k, t] for k, t, _, _ in found], dtype=np.int64)
    row = np.repeat(np.arange(len(found)), [len(columns) for _, _, columns, _ in found])
    entry = np.concatenate([_NONE, *(columns for _, _, columns, _ in found)])
    beyond = np.array([least for _, _, _, least in found])
    program.rows(
        "stability_access",
        len(found),
        [(np.arange(len(found)), of, 1.0), (row, entry, -1.0)],
        ">=",
        -beyond,
        lambda i: f"a platform within reach of {sites.parks[found[i][1]]}",
    )
    return Served(column, row, entry, of, beyond)


def _rows(
    instance: Instance, sited: Sited, built: Built, members: Bools, t: int
) -> list[tuple[Ints, float]] | None:
    """Return columns of platforms within reach, and what they must be beyond; None: one is there for sure."""
    sites, ways, near = instance.sites, instance.works.ways, instance.awards.near[t]
    brings = np.flatnonzero((ways.start == t) & ways.access & ~near[ways.end]) if len(ways.work) else _NONE
    found: list[tuple[Ints, float]] = []
    for p in np.flatnonzero(members).tolist():
        may = sites.admissible[p] & near
        if may.any() and sites.must_place[p] and sites.admissible[p].sum() == 1:
            return None
        if may.any():
            found.append((sited.y[p, may], 0.0))
        found.extend(
            (np.array([sited.y[p, ways.end[way]], built.work[ways.work[way]]]), 1.0)
            for way in brings.tolist()
            if sites.admissible[p, ways.end[way]]
        )
    return found
