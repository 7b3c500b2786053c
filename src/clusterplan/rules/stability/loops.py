"""What a firm would gain elsewhere by innovation loops.

    there[n,k,t] ≥ Σ_{t' within reach of t} y[g,t']        each g of stage k, another than the producer
    there[n,k,t] ≥ y[g, end of w] + v[work of w] − 1       each way w from t that brings its end near
    closed[n,t] ≥ Σ_k there[n,k,t] − (number of stages − 1)

closed[n,t], the loop of producer n as it would be from park t, is no less than the product of what is there;
the surplus has o. A stage with a firm within reach that is in its park in every plan is there; where some
stage can't be, the loop is not closed and there is no column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.rules.innovation import Looped
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.stability.moves import Moves
from clusterplan.rules.works import Built

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Closed:
    """Columns of loops elsewhere.

    Parameters
    ----------
    there, closed
        Columns of a stage that would be within reach, and of a loop that would be closed.
    row, column
        Row of a firm of the stage, and the columns of its places within reach; or of its place at the end of
        a way, and of the work of that way.
    beyond
        For each of these rows, what its sum must be beyond to count: 1 for a way, 0 without.
    there_of
        Position in ``there`` of each of these rows.
    closed_of
        Position in ``closed`` of each of ``there``.
    missing
        For each of ``closed``, how many of its stages are not there for sure, less one.
    """

    there: Ints
    closed: Ints
    row: Ints
    column: Ints
    beyond: Floats
    there_of: Ints
    closed_of: Ints
    missing: Floats

    def fill(self, values: Floats) -> None:
        """Set the columns to the least that places allow."""
        near = np.bincount(self.row, weights=values[self.column], minlength=len(self.there_of))
        there = np.zeros(len(self.there))
        np.maximum.at(there, self.there_of, near - self.beyond)
        values[self.there] = there
        count = np.bincount(self.closed_of, weights=there, minlength=len(self.closed))
        values[self.closed] = np.maximum(0.0, count - self.missing)


def add_loops(  # noqa: PLR0917  (what the rules before it have made)
    program: Program, moves: Moves, instance: Instance, sited: Sited, looped: Looped, built: Built
) -> Closed:
    """Add the columns and rows, and what loops would bring to the moves."""
    loops, sites = instance.loops, instance.sites
    firms: list[tuple[int, int, float]] = []
    closed_of: list[int] = []
    row: list[Ints] = []
    column: list[Ints] = []
    beyond: list[float] = []
    there_of: list[int] = []
    missing: list[float] = []
    for n, f in enumerate(loops.producer.tolist()):
        worth = float(loops.value[loops.loop[n]] * loops.share[loops.loop[n]])
        for t in np.flatnonzero(moves.wanted[f]).tolist() if worth > 0 else ():
            stages = [_places(instance, sited, built, f, int(k), t) for k in np.flatnonzero(loops.needs()[n])]
            if any(found is not None and not len(found) for found in stages):
                continue  # it can't be closed there
            asked = [found for found in stages if found is not None]
            moves.most[f, t] += worth
            moves.most_out[f, t] += worth
            firms.append((f, t, worth))
            missing.append(len(asked) - 1.0)
            for found in asked:
                for own, least in found:
                    row.append(np.full(len(own), len(there_of)))
                    column.append(own)
                    beyond.append(least)
                    there_of.append(len(closed_of))
                closed_of.append(len(firms) - 1)
        if worth > 0:
            _now(moves, looped, n, f, worth)
    there = program.columns("there", len(closed_of))
    closed = program.columns("closed", len(firms))
    made = Closed(
        there,
        closed,
        np.concatenate([_NONE, *row]),
        np.concatenate([_NONE, *column]),
        np.array(beyond),
        np.array(there_of, dtype=np.int64),
        np.array(closed_of, dtype=np.int64),
        np.array(missing),
    )
    if firms:
        f_, t_, worths = (np.array(side) for side in zip(*firms, strict=True))
        moves.add(f_.astype(np.int64), t_.astype(np.int64), closed, worths.astype(float))

    def name(i: int) -> str:
        return f"loop of {sites.firms[firms[i][0]]} in {sites.parks[firms[i][1]]}"

    n_rows = len(made.there_of)
    program.rows(
        "stability_loops",
        n_rows,
        [(np.arange(n_rows), there[made.there_of], 1.0), (made.row, made.column, -1.0)],
        ">=",
        -made.beyond,
        lambda i: name(int(made.closed_of[made.there_of[i]])),
    )
    program.rows(
        "stability_loops",
        len(firms),
        [(np.arange(len(firms)), closed, 1.0), (made.closed_of, there, -1.0)],
        ">=",
        -made.missing,
        name,
    )
    return made


def _now(moves: Moves, looped: Looped, n: int, f: int, worth: float) -> None:
    """Take off what the loop brings where the firm is."""
    own = looped.o[looped.pair == n]
    for t in np.flatnonzero(moves.wanted[f]).tolist():
        moves.add(np.full(len(own), f), np.full(len(own), t), own, np.full(len(own), -worth))


def _places(  # noqa: PLR0917  (what `add_loops` has at hand)
    instance: Instance, sited: Sited, built: Built, f: int, k: int, t: int
) -> list[tuple[Ints, float]] | None:
    """Return columns of places within reach of a park by firm of the stage, and what they must be beyond.

    None: a firm of the stage is there for sure.
    """
    loops, sites, ways = instance.loops, instance.sites, instance.works.ways
    near = loops.near[loops.piece_loop[k], t]
    from_t = np.flatnonzero((ways.start == t) & ~near[ways.end])
    brings = from_t[ways.reached[loops.piece_loop[k], from_t]] if len(from_t) else from_t
    found: list[tuple[Ints, float]] = []
    for g in np.flatnonzero(loops.piece_firms[k]).tolist():
        may = sites.admissible[g] & near
        if g == f:
            continue
        if sites.must_place[g] and sites.admissible[g].sum() == 1 and may.any():
            return None
        if may.any():
            found.append((sited.y[g, may], 0.0))
        found.extend(
            (np.array([sited.y[g, ways.end[way]], built.work[ways.work[way]]]), 1.0)
            for way in brings.tolist()
            if sites.admissible[g, ways.end[way]]
        )
    return found
