"""Stability (on request): no firm would rather be in another park.

For each firm f that decides about its place and each other park t that may take it, with what is held as
`clusterplan.instance.stable` says,

    V[f,t] − surplus[f] ≤ relocation + M[f,t] · (2 − Σ_{s≠t} y[f,s] − x[t] + Σ_i hindered[f,t,i])

so that the row binds where f is placed elsewhere, t is open, and nothing is in the way. V[f,t] − surplus[f]
is linear: y, u, e and m know the park that f is in, u and z that of its partner, so that each has the
coefficient of what it would be worth from t less what it is worth now; for links V has Σ_{t'} share · weight
· kernel[t,t'] · y[b,t'] and the surplus has z, and for innovation loops V has closed[n,t] (`loops` here) and
the surplus o. What is left of grants at t stands for the grants (`grants` below). M[f,t] is the most that
V[f,t] − surplus[f] can be in any plan, added up from the data part by part; where it is no more than the
relocation cost there is no row.

    hindered[f,t,i] ∈ {0,1},   level[f,t,i] · hindered[f,t,i] ≤ Σ_j amount[j] · column[j]

is 1 only for a reason: what the others take of a resource of t, or of a group that t is in, leaves less than
f needs; a firm is placed that f must keep apart from; or f would find nobody for a hundredth of an output or
a need.

    left[f,i,t] ≥ min(h[f,i], cap[f,i,t])
    total[f,t] ≥ min_k (level[k] · ceiling[f,t] + Σ_i max(0, worth[i] − level[k]) · left[f,i,t])

with a binary for each alternative of a minimum, where the data leave one; the levels are 0 and the worths of
the firm's instruments that are aid (linear programming duality of keeping what is worth most under a
ceiling).

That no stable plan exists is a valid answer: with trade and links that only one of two firms likes, no layout
may suit both. Source: Koopmans and Beckmann (1957), Assignment problems and the location of economic
activities; Bogomolnaia and Jackson (2002), The stability of hedonic coalition structures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints
from clusterplan.rules.collaboration import Linked
from clusterplan.rules.incentives import Awarded
from clusterplan.rules.innovation import Looped
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.stability.dealings import add_links, add_places, add_trade
from clusterplan.rules.stability.grants import Grants, add_grants
from clusterplan.rules.stability.hindered import Hindered, add_hindered
from clusterplan.rules.stability.loops import Closed, add_loops
from clusterplan.rules.stability.moves import Moves
from clusterplan.rules.supply import Traded


@dataclass(frozen=True)
class Steady:
    """Columns of stability: loops and grants elsewhere, and what is in the way of moves."""

    closed: Closed
    grants: Grants
    hindered: Hindered

    @property
    def alternatives(self) -> Ints:
        """Binary columns that choose among alternatives of a minimum of grants."""
        return self.grants.binaries

    def fill(self, values: Floats) -> None:
        """Set these columns as the others have it: what is left of grants, and every reason that there is."""
        self.closed.fill(values)
        self.grants.fill(values)
        self.hindered.fill(values)


def add(
    program: Program,
    instance: Instance,
    *,
    sited: Sited,
    traded: Traded,
    linked: Linked,
    looped: Looped,
    awarded: Awarded,
) -> Steady | None:
    """Add the rows and columns, once all rules have added theirs; None where stability is not asked for."""
    stable = instance.stable
    if stable is None:
        return None
    moves = Moves.of(instance, stable)
    add_places(moves, instance, sited)
    add_trade(moves, instance, traded)
    add_links(moves, instance, sited, linked)
    closed = add_loops(program, moves, instance, sited, looped)
    out = np.where(instance.sites.must_place[:, None], 0.0, moves.most_out)
    bound: Floats = np.maximum(moves.most, out)
    asked: Bools = moves.wanted & (moves.most > stable.relocation + 1e-12)
    grants = add_grants(program, moves, instance, awarded, asked)
    hindered, never = add_hindered(program, moves, instance, sited=sited, traded=traded, asked=asked)
    asked &= ~never
    f, t = np.nonzero(asked)
    row_of = np.full(asked.shape, -1)
    row_of[f, t] = np.arange(len(f))
    m = bound[f, t] - stable.relocation
    row = np.arange(len(f))
    at, column, amount = moves.entries(row_of)
    used = row_of[hindered.firm, hindered.park] >= 0
    reason = row_of[hindered.firm[used], hindered.park[used]]
    other = (sited.park[None, :] != t[:, None]) & (sited.firm[None, :] == f[:, None])
    r, place = np.nonzero(other)
    program.rows(
        "stability",
        len(f),
        [
            (at, column, amount),
            (r, sited.y[sited.firm[place], sited.park[place]], m[r]),
            (row, sited.x[t], m),
            (reason, hindered.column[used], -m[reason]),
        ],
        "<=",
        stable.relocation + 2 * m,
        lambda i: f"{instance.sites.firms[f[i]]} rather in {instance.sites.parks[t[i]]}",
    )
    return Steady(closed, grants, hindered)
