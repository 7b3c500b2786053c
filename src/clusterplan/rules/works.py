"""Public works: larger sizes of parks, and what is built to make them better.

l[s,n] ∈ {0,1} park s has its level n; v[i] ∈ {0,1} work i is built.

    Σ_n l[s,n] ≤ x[s]                                          at most one level, of an open park
    c[f,i] = y[f,s] · v[i]   for a work i of park s that changes what firms pay there, by rows:
    c ≤ y[f,s],   c ≤ v[i],   c ≥ y[f,s] + v[i] − 1

    parks −= Σ cost[s,n] · l[s,n],   works = − Σ_i cost[i] · v[i]
    fit and surplus[f] += saving[f,i] · c[f,i];   for platforms, platforms += saving[f,i] · c[f,i]

Costs are yearly, one-off money by the capital recovery factor, at the cost of funds of the budget that they
are paid from (1 where none is named); what they take from budgets stands in the rows of
`clusterplan.rules.incentives`. What levels and works give stands in `clusterplan.rules.capacity`,
`clusterplan.rules.supply` and `clusterplan.rules.collaboration`. `fit` is still measured from the best
park without works, so that what works save counts as a gain. The basis of an instrument is what a firm would
pay without works.

A way that a work shortens exists twice. What moves on the way as it was, w = 0, or by a work, w > 0 (the
shortest first), and the pairs of linked firms that it joins, are columns of their own, each with

    column[w] ≤ v[work of w],   column[w] ≤ 1 − v[work of w']   for each w' that is shorter than w

so that all is on the shortest way that is built. Source: fixed-charge network design
(Magnanti and Wong 1984, Network design and transportation planning: models and algorithms).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Instance, Ints, Ways
from clusterplan.rules.program import Name, Program
from clusterplan.rules.siting import Sited


@dataclass(frozen=True)
class Built:
    """Columns of levels and works.

    Parameters
    ----------
    level
        L, column of each level.
    work
        W, column of each work.
    saved, firm, park, by
        Columns c of what is saved; and the firm, the park and the work of each.
    """

    level: Ints
    work: Ints
    saved: Ints
    firm: Ints
    park: Ints
    by: Ints


def add(program: Program, instance: Instance, sited: Sited) -> Built:
    """Add the columns, rows, terms and surpluses of levels and works."""
    levels, works, sites = instance.levels, instance.works, instance.sites
    level = program.columns("l", len(levels.names), integer=True)
    parks, row = np.unique(levels.park, return_inverse=True)
    program.rows(
        "levels",
        len(parks),
        [(row, level, 1.0), (np.arange(len(parks)), sited.x[parks], -1.0)],
        "<=",
        0.0,
        lambda i: sites.parks[parks[i]],
    )
    work = program.columns("v", len(works.names), integer=True)
    program.terms["parks"].add(0, level, -levels.cost)
    program.terms["works"].add(0, work, -works.cost)
    return _savings(program, instance, sited, level, work)


def _savings(program: Program, instance: Instance, sited: Sited, level: Ints, work: Ints) -> Built:
    works, sites = instance.works, instance.sites
    total = works.saving + works.public_saving
    by, firm = np.nonzero(total)
    here = sites.admissible[firm, works.park[by]]
    by, firm = by[here], firm[here]
    park = works.park[by]
    saved = program.columns("c", len(by))
    rows = np.arange(len(by))

    def name(i: int) -> str:
        return f"{works.names[by[i]]} for {sites.firms[firm[i]]}"

    y, v = sited.y[firm, park], work[by]
    program.rows("saved_there", len(by), [(rows, saved, 1.0), (rows, y, -1.0)], "<=", 0.0, name)
    program.rows("saved_built", len(by), [(rows, saved, 1.0), (rows, v, -1.0)], "<=", 0.0, name)
    both = [(rows, saved, 1.0), (rows, y, -1.0), (rows, v, -1.0)]
    program.rows("saved_least", len(by), both, ">=", -1.0, name)
    program.terms["fit"].add(0, saved, works.saving[by, firm])
    program.terms["platforms"].add(0, saved, works.public_saving[by, firm])
    program.surplus.add(firm, saved, works.saving[by, firm] * instance.results.has_surplus[firm])
    return Built(level, work, saved, firm, park, by)


@dataclass(frozen=True)
class Uses:
    """Columns that use ways, each array as long as the columns.

    Parameters
    ----------
    column
        Column.
    way
        The way by a work, −1 for the way as it is without.
    start, end
        The places at its ends.
    name
        Gives the planner's name of a column by its place in the arrays.
    """

    column: Ints
    way: Ints
    start: Ints
    end: Ints
    name: Name


def on_shortest(program: Program, ways: Ways, work: Ints, uses: Uses) -> None:
    """Add that columns are on the shortest way that is built.

    Parameters
    ----------
    program
        The program.
    ways
        The ways that works shorten.
    work
        W, column of each work.
    uses
        Columns that use a way.
    """
    for shorter in range(len(ways.work)):
        same = (uses.start == ways.start[shorter]) & (uses.end == ways.end[shorter])
        v = work[ways.work[shorter]]
        by, longer = same & (uses.way == shorter), same & ((uses.way > shorter) | (uses.way < 0))
        for rule, which, sign, most in (("way_built", by, -1.0, 0.0), ("way_shortest", longer, 1.0, 1.0)):
            at = np.flatnonzero(which)
            rows = np.arange(len(at))
            program.rows(
                rule,
                len(at),
                [(rows, uses.column[at], 1.0), (rows, v, sign)],
                "<=",
                most,
                lambda i, at=at: uses.name(int(at[i])),  # type: ignore[misc]
            )
