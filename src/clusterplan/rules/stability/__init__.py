"""Stability (on request): no firm would rather be in another park.

For each firm f that decides about its place and each other park t that may take it, with what is held as
`clusterplan.instance.stable` says,

    V[f,t] − surplus[f] ≤ relocation + M[f,t] · (2 − Σ_{s≠t} y[f,s] − x[t] + Σ_i hindered[f,t,i])

so that the row binds where f is placed elsewhere, t is open, and nothing is in the way. Where works shorten
ways that f may use from t, there is such a row for each case, that is each choice C of these works W[f,t],
with V as it is by the ways of that case, and with M[f,t] · (Σ_{i in C} (1 − v[i]) + Σ_{i in W − C} v[i]) on
the right, so that it binds where these works are built and the others are not. V[f,t] − surplus[f]
is linear: y, u, e and m know the park that f is in, u and z that of its partner, so that each has the
coefficient of what it would be worth from t less what it is worth now; for links V has Σ_{t'} share · weight
· kernel[t,t'] · y[b,t'] and the surplus has z, and for innovation loops V has closed[n,t] (`loops` here) and
the surplus o. What is left of grants at t stands for the grants (`grants` below). M[f,t] is the most that
V[f,t] − surplus[f] can be in any plan, added up from the data part by part; where it is no more than the
relocation cost there is no row.

    hindered[i] ∈ {0,1},   (level[i] − least[i]) · hindered[i] ≤ Σ_j amount[j] · column[j] − least[i]

is 1 only for a reason: what the others take of a resource of t, or of a group that t is in, leaves less than
f needs of what there is with the level and the works decided; a firm is placed that f must keep apart from;
or f would find nobody for a hundredth of an output or a need.

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
from clusterplan.instance.roadworks import Roads, road_cases
from clusterplan.rules.collaboration import Linked
from clusterplan.rules.incentives import Awarded
from clusterplan.rules.innovation import Looped
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.stability.access import Served, add_served
from clusterplan.rules.stability.dealings import add_places, add_savings, add_trade
from clusterplan.rules.stability.grants import Grants, add_grants
from clusterplan.rules.stability.hindered import Hindered, add_hindered
from clusterplan.rules.stability.loops import Closed, add_loops
from clusterplan.rules.stability.moves import Moves
from clusterplan.rules.stability.ties import add_links, ties_now
from clusterplan.rules.traded import Traded
from clusterplan.rules.works import Built


@dataclass(frozen=True)
class Steady:
    """Columns of stability: loops, access and grants elsewhere, and what is in the way of moves."""

    closed: Closed
    served: Served
    grants: Grants
    hindered: Hindered

    @property
    def alternatives(self) -> Ints:
        """Binary columns that choose among alternatives of a minimum of grants."""
        return self.grants.binaries

    def fill(self, values: Floats) -> None:
        """Set these columns as the others have it: what is left of grants, and every reason that there is."""
        self.closed.fill(values)
        self.served.fill(values)
        self.grants.fill(values)
        self.hindered.fill(values)


@dataclass(frozen=True)
class _Asked:
    """Moves that are asked about in one case of ways: what they would bring, and the most of it."""

    roads: Roads
    told: Bools
    moves: Moves
    bound: Floats
    asked: Bools


def add(
    program: Program,
    instance: Instance,
    *,
    sited: Sited,
    built: Built,
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
    add_savings(moves, instance, built)
    closed = add_loops(program, moves, instance, sited, looped, built)
    ties = ties_now(instance, sited, linked)
    cases = []
    for roads, told in road_cases(instance, moves.wanted):
        own = Moves.among(roads.wanted)
        add_trade(own, instance, traded, roads)
        add_links(own, instance, sited, ties, roads)
        most = moves.most + own.most
        out = np.where(instance.sites.must_place[:, None], 0.0, moves.most_out + own.most_out)
        asked = roads.wanted & (most > stable.relocation + 1e-12)
        cases.append(_Asked(roads, told, own, np.maximum(most, out), asked))
    every: Bools = np.logical_or.reduce([case.asked for case in cases])
    asking: Bools = np.asarray(every[instance.awards.firm[instance.awards.access >= 0]].any(axis=0))
    served = add_served(program, instance, sited, built, asking)
    grants = add_grants(program, moves, instance, awarded, served, every)
    hindered, never = add_hindered(
        program,
        instance,
        sited=sited,
        traded=traded,
        built=built,
        asked=[(case.roads, case.asked) for case in cases],
    )
    for number, case in enumerate(cases):
        _rows(program, instance, sited, built, moves, hindered, (number, case), never)
    return Steady(closed, served, grants, hindered)


def _rows(  # noqa: PLR0917  (what `add` has made)
    program: Program,
    instance: Instance,
    sited: Sited,
    built: Built,
    moves: Moves,
    hindered: Hindered,
    numbered: tuple[int, _Asked],
    never: Bools,
) -> None:
    """Add a row for each move that is asked about in a case; ``moves`` holds what is the same in all."""
    (number, case), relocation = numbered, 0.0 if instance.stable is None else instance.stable.relocation
    f, t = np.nonzero(case.asked & ~never)
    row_of = np.full(never.shape, -1)
    row_of[f, t] = np.arange(len(f))
    m, row = case.bound[f, t] - relocation, np.arange(len(f))
    used = (row_of[hindered.firm, hindered.park] >= 0) & np.isin(hindered.case, (-1, number))
    reason = row_of[hindered.firm[used], hindered.park[used]]
    other = (sited.park[None, :] != t[:, None]) & (sited.firm[None, :] == f[:, None])
    r, place = np.nonzero(other)
    told, work = np.nonzero(case.told[f, t])
    are_built = case.roads.built[work]
    named = ", ".join(instance.works.names[w] for w in np.flatnonzero(case.roads.built))
    program.rows(
        "stability",
        len(f),
        [
            *(part.entries(row_of) for part in (moves, case.moves)),
            (r, sited.y[sited.firm[place], sited.park[place]], m[r]),
            (row, sited.x[t], m),
            (reason, hindered.column[used], -m[reason]),
            (told, built.work[work], np.where(are_built, m[told], -m[told])),
        ],
        "<=",
        relocation + 2 * m + m * np.bincount(told, weights=are_built, minlength=len(f)),
        lambda i: (
            f"{instance.sites.firms[f[i]]} rather in {instance.sites.parks[t[i]]}"
            + (f" with {named} built" if named else "")
        ),
    )
