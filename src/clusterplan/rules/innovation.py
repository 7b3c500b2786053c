"""Innovation: a producer gains a loop's value when each stage of the loop is placed within reach of its park.

o[f,s,l] ∈ [0,1] loop l of producer f is closed, f being in park s; k a stage that the loop needs.

    o[f,s,l] ≤ y[f,s]
    o[f,s,l] ≤ Σ_{g of stage k, g ≠ f} Σ_{t within reach of s} y[g,t]        each stage k that l needs
        + Σ_{g} Σ_{ways w from s that bring t within reach} p[g,w]

p[g,w] = y[g,t] · v[work of w], by rows, says that g is at the end t of a way by a work that is built (see
`clusterplan.rules.works`).

The term `loops` is Σ value[l] · o[f,s,l], and share[l] of it is part of the producer's surplus. Since neither
is negative, o is as large as its rows allow, which is 1 or 0 where y is. Only where the term has a negative
weight does it need rows from below, with c[f,s,k] ∈ [0,1] for a stage that is there:

    o[f,s,l] ≥ y[f,s] + Σ_k (c[f,s,k] − 1)
    c[f,s,k] ≥ Σ_{t within reach of s} y[g,t],   c[f,s,k] ≥ p[g,w]           each g of stage k, g ≠ f

A stage with a firm within reach that is in its park in every plan has no row, and a loop that some stage
can't be within reach of has no column. Source: the linearised product of a place and of being covered, as in
maximal covering (Church and ReVelle 1974, The maximal covering location problem).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Decisions, Floats, Instance, Ints, as_decided
from clusterplan.rules.program import Program, numbered
from clusterplan.rules.siting import Sited
from clusterplan.rules.works import Built


@dataclass(frozen=True)
class Nearer:
    """Columns p of firms at the end of a way by a work that is built.

    Parameters
    ----------
    column, firm, way
        Column, the firm, and the way that would bring it within reach for some loop.
    """

    column: Ints
    firm: Ints
    way: Ints

    def at(self, firms: Ints, gains: Bools) -> tuple[Ints, Ints]:
        """Return the columns of some firms on some ways, and their ways."""
        found = np.isin(self.firm, firms) & gains[self.way]
        return self.column[found], self.way[found]


@dataclass(frozen=True)
class Looped:
    """Columns of innovation loops.

    Parameters
    ----------
    o, pair, park
        Column of a closed loop, its producer as a row of `Loops.producer`, and the producer's park.
    c, c_of, piece
        Column of a stage that is there, the position of its o, and the row of `Loops.piece_stage`; only where
        the term has a negative weight.
    near
        Columns of firms at the ends of ways that are built.
    """

    o: Ints
    pair: Ints
    park: Ints
    c: Ints
    c_of: Ints
    piece: Ints
    near: Nearer

    def fill(self, values: Floats, instance: Instance, decisions: Decisions) -> None:
        """Write into column values which loops decisions close."""
        if not len(self.o):
            return
        loops = as_decided(instance, decisions.level, decisions.built).loops
        ways, near = instance.works.ways, self.near
        there = decisions.park[near.firm] == ways.end[near.way]
        if len(decisions.built):
            values[near.column] = there & decisions.built[ways.work[near.way]]
        here = decisions.park[loops.producer[self.pair]] == self.park
        values[self.o] = here & loops.closed(decisions.park)[self.pair]
        around = loops.around(decisions.park)
        values[self.c] = around[self.pair[self.c_of], self.piece, self.park[self.c_of]]


def add(program: Program, instance: Instance, sited: Sited, built: Built) -> Looped:
    """Add the columns, rows, terms and surpluses of innovation loops."""
    loops, sites = instance.loops, instance.sites
    none = np.zeros(0, dtype=np.int64)
    if not loops.names:
        return Looped(none, none, none, none, none, none, Nearer(none, none, none))
    pieces = [_Piece.of(instance, n, m) for n, m in zip(*np.nonzero(loops.needs()), strict=True)]
    may = np.array(sites.admissible[loops.producer])
    for piece in pieces:
        may[piece.pair] &= piece.possible
    program.leave_out("loops that cannot be closed", int(sites.admissible[loops.producer].sum() - may.sum()))
    near = _nearer(program, instance, sited, built)
    pair, park = np.nonzero(may)
    o = program.columns("o", len(pair))
    number = numbered(may)
    firm = loops.producer[pair]

    def place(i: int) -> str:
        return f"{loops.names[loops.loop[pair[i]]]} of {sites.firms[firm[i]]} in {sites.parks[park[i]]}"

    rows = np.arange(len(o))
    program.rows("loops_there", len(o), [(rows, o, 1.0), (rows, sited.y[firm, park], -1.0)], "<=", 0.0, place)
    for piece in pieces:
        at = number[piece.pair]
        _reached(program, instance, sited, piece, (o[at[at >= 0]], park[at[at >= 0]]), near=near)
    value = loops.value[loops.loop[pair]]
    program.terms["loops"].add(0, o, value)
    own = instance.results.has_surplus[firm]
    program.surplus.add(firm, o, value * loops.share[loops.loop[pair]] * own)
    second = instance.second["loops"] if instance.second else 0.0
    if min(instance.weights["loops"], second) >= 0:
        return Looped(o, pair, park, none, none, none, near)
    looped = Looped(o, pair, park, none, none, none, near)
    return _from_below(program, instance, sited, pieces, looped, number)


def _gains(instance: Instance) -> Bools:
    """Return K×n, True where a way by a work brings its end within reach of its start for a loop."""
    loops, ways = instance.loops, instance.works.ways
    if not len(ways.work):
        return np.zeros((len(loops.names), 0), dtype=bool)
    return np.asarray(ways.reached & ~loops.near[:, ways.start, ways.end])


def _nearer(program: Program, instance: Instance, sited: Sited, built: Built) -> Nearer:
    """Add the columns p and their rows."""
    loops, ways, sites = instance.loops, instance.works.ways, instance.sites
    gains = _gains(instance)[loops.piece_loop]
    wanted = (loops.piece_firms[:, :, None] & gains[:, None, :]).any(axis=0)
    firm, way = np.nonzero(wanted & sites.admissible[:, ways.end])
    p = program.columns("p", len(firm))
    rows = np.arange(len(firm))
    y, v = sited.y[firm, ways.end[way]], built.work[ways.work[way]]

    def name(i: int) -> str:
        return f"{sites.firms[firm[i]]} at the end of a way by {instance.works.names[ways.work[way[i]]]}"

    program.rows("loops_way", len(firm), [(rows, p, 1.0), (rows, y, -1.0)], "<=", 0.0, name)
    program.rows("loops_way", len(firm), [(rows, p, 1.0), (rows, v, -1.0)], "<=", 0.0, name)
    both = [(rows, p, 1.0), (rows, y, -1.0), (rows, v, -1.0)]
    program.rows("loops_way_least", len(firm), both, ">=", -1.0, name)
    return Nearer(p, firm, way)


@dataclass(frozen=True)
class _Piece:
    """A stage that a producer's loop needs.

    Parameters
    ----------
    pair, piece
        The producer and the stage, as rows of `Loops.producer` and `Loops.piece_stage`.
    firms
        Firms of the stage, the producer left out.
    close
        S×G×S, True where the firm (second axis) may be in a park (third) within reach of the first.
    possible, certain
        S, True where some firm of the stage may be, and is in every plan, within reach.
    gains
        n, True for a way by a work that brings its end within reach of its start.
    """

    pair: int
    piece: int
    firms: Ints
    close: Bools
    possible: Bools
    certain: Bools
    gains: Bools

    @classmethod
    def of(cls, instance: Instance, pair: int, piece: int) -> _Piece:
        """Look up who may be near."""
        loops, sites = instance.loops, instance.sites
        firms = np.flatnonzero(loops.piece_firms[piece])
        firms = firms[firms != loops.producer[pair]]
        may = sites.admissible[firms]
        close = loops.near[loops.piece_loop[piece]][:, None, :] & may[None]
        sure = sites.must_place[firms] & (may.sum(axis=1) == 1)
        possible, ways = close.any(axis=(1, 2)), instance.works.ways
        gains = _gains(instance)[loops.piece_loop[piece]]
        possible[ways.start[gains & may[:, ways.end].any(axis=0)]] = True
        certain = close[:, sure].any(axis=(1, 2))
        return cls(int(pair), int(piece), firms, close, possible, certain, gains)


def _reached(
    program: Program,
    instance: Instance,
    sited: Sited,
    piece: _Piece,
    columns: tuple[Ints, Ints],
    *,
    near: Nearer,
) -> None:
    """Add that a loop is closed only with the stage within reach; ``columns`` are o and their parks."""
    o, parks = columns
    loops, sites = instance.loops, instance.sites
    open_ = ~piece.certain[parks]
    parks, o = parks[open_], o[open_]
    row, g, t = np.nonzero(piece.close[parks])
    firm = sites.firms[loops.producer[piece.pair]]
    by_way, from_way = _from(instance, piece, near, parks)
    program.rows(
        "loops_reach",
        len(parks),
        [
            (np.arange(len(parks)), o, 1.0),
            (row, sited.y[piece.firms[g], t], -1.0),
            (from_way, by_way, -1.0),
        ],
        "<=",
        0.0,
        lambda i: f"{loops.piece_stage[piece.piece]} within reach of {firm} in {sites.parks[parks[i]]}",
    )


def _from(instance: Instance, piece: _Piece, near: Nearer, parks: Ints) -> tuple[Ints, Ints]:
    """Return columns p that help a producer in some parks, and the position of the park each is for."""
    column, way = near.at(piece.firms, piece.gains)
    row, at = np.nonzero(parks[:, None] == instance.works.ways.start[way][None, :])
    return column[at], row


def _from_below(  # noqa: PLR0917  (what `add` has made)
    program: Program, instance: Instance, sited: Sited, pieces: list[_Piece], looped: Looped, number: Ints
) -> Looped:
    """Add the columns c and the rows that keep o from being smaller than what is closed."""
    firm = instance.loops.producer[looped.pair]
    c_of, which = [], []
    for piece in pieces:
        at = number[piece.pair]
        at = at[at >= 0]
        c_of.append(at)
        which.append(np.full(len(at), piece.piece))
    none = np.zeros(0, dtype=np.int64)
    of, kind = np.concatenate([none, *c_of]), np.concatenate([none, *which])
    c = program.columns("c", len(of))
    count = np.bincount(of, minlength=len(looped.o))
    rows = np.arange(len(looped.o))
    program.rows(
        "loops_least",
        len(looped.o),
        [(rows, looped.o, 1.0), (rows, sited.y[firm, looped.park], -1.0), (of, c, -1.0)],
        ">=",
        -count.astype(float),
        lambda _: "a loop is closed where its stages are",
    )
    first = 0
    for piece, at in zip(pieces, c_of, strict=True):
        here = c[first : first + len(at)]
        first += len(at)
        close = piece.close[looped.park[at]]
        row, g, t = np.nonzero(close)
        n = len(piece.firms)
        program.rows(
            "loops_there_least",
            len(at) * n,
            [
                (np.arange(len(at) * n), np.repeat(here, n), 1.0),
                (row * n + g, sited.y[piece.firms[g], t], -1.0),
            ],
            ">=",
            0.0,
            lambda _: "a stage is there where a firm of it is",
        )
        by_way, from_way = _from(instance, piece, looped.near, looped.park[at])
        program.rows(
            "loops_there_least",
            len(by_way),
            [(np.arange(len(by_way)), here[from_way], 1.0), (np.arange(len(by_way)), by_way, -1.0)],
            ">=",
            0.0,
            lambda _: "a stage is there where a way is built to it",
        )
    return Looped(looped.o, looped.pair, looped.park, c, of, kind, looped.near)
