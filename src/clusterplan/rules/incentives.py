"""Incentives: which instruments are awarded to whom, and how much.

h[f,i] ≥ 0 annual equivalent of an award; k[f,i] ∈ {0,1} awarded, only where there is a least
amount or an exclusive group.

    h[f,i] ≤ Σ_s cap[f,i,s] · y[f,s]
    h[f,i] ≤ load_cap[f,i] · Σ_s q[f,s]                    where i hangs on what is made
    least[i] · k[f,i] ≤ h[f,i] ≤ cap_max[f,i] · k[f,i],   Σ_{i in group} k[f,i] ≤ 1
    Σ_{i that is aid} h[f,i] ≤ Σ_s ceiling[f,s] · y[f,s]
    Σ_{f,i} use[b,(f,i)] · h[f,i] + what levels, works and platforms take of it, times l, v and y
        ≤ limit[b]                                         each budget, or each budget and year
    Σ_{f,i} use[n,(f,i)] · h[f,i] ≤ limit[n]               units of an order; what a firm may stack of a group
    h[f,i] ≤ cap_max[f,i] · (1 − y[f,s]) + cap[f,i,s] · Σ_{platforms p, parks t within reach of s} y[p,t]
        + cap[f,i,s] · Σ_{platforms p, ways w from s that bring t within reach} a[p,w]
    a[p,w] ≤ y[p, end of w],   a[p,w] ≤ v[work of w]

The last hold for each park s where i gives access to a platform (ways as in `clusterplan.rules.works`). Tax,
output and orders hang on what is made: a firm gets no relief from tax that it does not pay. An instrument has
no column for a firm or park that does not meet its conditions. Source: aid ceilings as in regional aid
guidelines (aid intensity: present value of all aid over eligible investment).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints
from clusterplan.rules.innovation import Nearer
from clusterplan.rules.program import Name, Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.works import Built


@dataclass(frozen=True)
class Awarded:
    """Columns of awards.

    Parameters
    ----------
    h
        A, column of each award's amount.
    k
        A, column of whether it is awarded, −1 where that is no decision of its own.
    brought
        Columns a of platforms at the ends of ways that are built.
    """

    h: Ints
    k: Ints
    brought: Nearer


def add(program: Program, instance: Instance, sited: Sited, built: Built) -> Awarded:
    """Add the columns, rows, terms and surpluses of incentives."""
    awards, sites = instance.awards, instance.sites
    n = len(awards.firm)
    most = awards.cap.max(axis=1, initial=0.0)
    h = program.columns("h", n, upper=most)

    def name(i: int) -> str:
        return f"{awards.instruments[awards.instrument[i]]} to {sites.firms[awards.firm[i]]}"

    award, park = np.nonzero((awards.cap > 0) & sites.admissible[awards.firm])
    cap = (award, sited.y[awards.firm[award], park], -awards.cap[award, park])
    program.rows("award_cap", n, [(np.arange(n), h, 1.0), cap], "<=", 0.0, name)
    _loads(program, instance, sited, h)
    k = _chosen(program, instance, h, name)
    _ceilings(program, instance, sited, h)
    row, used = np.nonzero(awards.budget_use)
    program.rows(
        "budget",
        len(awards.budget_rows),
        [(row, h[used], awards.budget_use[row, used]), *_beside(instance, sited, built)],
        "<=",
        awards.budget_limit,
        lambda i: awards.budget_rows[i],
    )
    program.rows(
        "award_shared",
        len(awards.shared_rows),
        [(awards.shared_row, h[awards.shared_award], awards.shared_use)],
        "<=",
        awards.shared_limit,
        lambda i: awards.shared_rows[i],
    )
    brought = _access(program, instance, sited, built, h)
    program.terms["grants"].add(0, h, -awards.cost)
    program.terms["grants_worth"].add(0, h, awards.worth)
    own = instance.results.has_surplus[awards.firm]
    program.surplus.add(awards.firm, h, awards.worth * own)
    return Awarded(h=h, k=k, brought=brought)


def _beside(instance: Instance, sited: Sited, built: Built) -> list[tuple[Ints, Ints, Floats]]:
    """Return entries of what levels, works and platforms take from the rows of budgets."""
    spending = instance.spending
    found = []
    for use, column in ((spending.levels, built.level), (spending.works, built.work)):
        row, used = np.nonzero(use)
        found.append((row, column[used], use[row, used]))
    paid = spending.platforms[:, sited.firm] if spending.platforms.size else np.zeros((0, 0))
    row, place = np.nonzero(paid)
    found.append((row, sited.y[sited.firm[place], sited.park[place]], paid[row, place]))
    return found


def _loads(program: Program, instance: Instance, sited: Sited, h: Ints) -> None:
    awards, sites = instance.awards, instance.sites
    own = np.flatnonzero(np.isfinite(awards.load_cap))
    row, park = np.nonzero((awards.cap[own] > 0) & sites.admissible[awards.firm[own]])
    award = own[row]
    program.rows(
        "award_load",
        len(own),
        [
            (np.arange(len(own)), h[own], 1.0),
            (row, sited.q[awards.firm[award], park], -awards.load_cap[award]),
        ],
        "<=",
        0.0,
        lambda i: f"{awards.instruments[awards.instrument[own[i]]]} to {sites.firms[awards.firm[own[i]]]}",
    )


def _chosen(program: Program, instance: Instance, h: Ints, name: Name) -> Ints:
    awards = instance.awards
    chosen = np.flatnonzero((awards.least > 0) | (awards.group >= 0))
    k = np.full(len(h), -1)
    k[chosen] = program.columns("k", len(chosen), integer=True)
    rows = np.arange(len(chosen))
    most = awards.cap[chosen].max(axis=1, initial=0.0)

    def chosen_name(i: int) -> str:
        return name(int(chosen[i]))

    amount = (rows, h[chosen], 1.0)
    least = (rows, k[chosen], -awards.least[chosen])
    program.rows("award_least", len(chosen), [amount, least], ">=", 0.0, chosen_name)
    program.rows("award_taken", len(chosen), [amount, (rows, k[chosen], -most)], "<=", 0.0, chosen_name)
    grouped = np.flatnonzero(awards.group >= 0)
    keys = np.stack([awards.firm[grouped], awards.group[grouped]])
    pairs, row = np.unique(keys, axis=1, return_inverse=True)
    program.rows(
        "exclusive",
        pairs.shape[1],
        [(row.ravel(), k[grouped], 1.0)],
        "<=",
        1.0,
        lambda i: f"{awards.group_names[pairs[1, i]]} to {instance.sites.firms[pairs[0, i]]}",
    )
    return k


def _ceilings(program: Program, instance: Instance, sited: Sited, h: Ints) -> None:
    awards, sites = instance.awards, instance.sites
    aided = np.unique(awards.firm[awards.counts])
    limited = aided[(np.isfinite(awards.ceiling[aided]) & sites.admissible[aided]).any(axis=1)]
    row_of = np.full(len(sites.firms), -1)
    row_of[limited] = np.arange(len(limited))
    aid = np.flatnonzero(awards.counts & (row_of[awards.firm] >= 0))
    total = np.zeros(len(sites.firms))
    np.add.at(total, awards.firm[aid], awards.cap[aid].max(axis=1, initial=0.0))
    f, s = np.nonzero(sites.admissible & (row_of >= 0)[:, None])
    ceiling = np.where(np.isfinite(awards.ceiling[f, s]), awards.ceiling[f, s], total[f])
    program.rows(
        "aid_ceiling",
        len(limited),
        [(row_of[awards.firm[aid]], h[aid], 1.0), (row_of[f], sited.y[f, s], -ceiling)],
        "<=",
        0.0,
        lambda i: sites.firms[limited[i]],
    )


def _brought(program: Program, instance: Instance, sited: Sited, built: Built) -> Nearer:
    """Add the columns of platforms at the end of a way by a work that brings them within reach."""
    awards, sites, ways = instance.awards, instance.sites, instance.works.ways
    gains = ways.access & ~awards.near[ways.start, ways.end]
    counts: Bools = np.asarray(awards.platforms.any(axis=0), dtype=bool)
    platform, way = np.nonzero(counts[:, None] & sites.admissible[:, ways.end] & gains)
    a = program.columns("a", len(platform))
    rows = np.arange(len(a))
    for column in (sited.y[platform, ways.end[way]], built.work[ways.work[way]]):
        program.rows(
            "access_way",
            len(a),
            [(rows, a, 1.0), (rows, column, -1.0)],
            "<=",
            0.0,
            lambda i: f"{sites.firms[platform[i]]} by {instance.works.names[ways.work[way[i]]]}",
        )
    return Nearer(a, platform, way)


def _access(program: Program, instance: Instance, sited: Sited, built: Built, h: Ints) -> Nearer:
    """Add that access to a platform is given only within reach of one; return who is brought within it."""
    awards, sites, ways = instance.awards, instance.sites, instance.works.ways
    brought = _brought(program, instance, sited, built)
    may = (awards.access[:, None] >= 0) & (awards.cap > 0) & sites.admissible[awards.firm]
    award, park = np.nonzero(may)
    firm = awards.firm[award]
    most = awards.cap.max(axis=1, initial=0.0)[award]
    platform = np.flatnonzero(awards.platforms.any(axis=0))
    opened = (
        awards.platforms[awards.access[award]][:, platform, None]
        & sites.admissible[platform]
        & awards.near[park][:, None, :]
    )
    row, p, t = np.nonzero(opened)
    p = platform[p]
    by_way, at = np.nonzero(
        awards.platforms[awards.access[award]][:, brought.firm] & (park[:, None] == ways.start[brought.way])
    )
    rows = np.arange(len(award))
    program.rows(
        "access",
        len(award),
        [
            (rows, h[award], 1.0),
            (rows, sited.y[firm, park], most),
            (row, sited.y[p, t], -awards.cap[award, park][row]),
            (by_way, brought.column[at], -awards.cap[award, park][by_way]),
        ],
        "<=",
        most,
        lambda i: (
            f"{awards.instruments[awards.instrument[award[i]]]} to {sites.firms[firm[i]]} "
            f"in {sites.parks[park[i]]}"
        ),
    )
    return brought
