"""Incentives: which instruments are awarded to whom, and how much.

h[f,i] ≥ 0 annual equivalent of an award; k[f,i] ∈ {0,1} awarded, only where there is a least
amount or an exclusive group.

    h[f,i] ≤ Σ_s cap[f,i,s] · y[f,s]
    least[i] · k[f,i] ≤ h[f,i] ≤ cap_max[f,i] · k[f,i],   Σ_{i in group} k[f,i] ≤ 1
    Σ_{i that is aid} h[f,i] ≤ Σ_s ceiling[f,s] · y[f,s]
    Σ_{f,i} use[b,(f,i)] · h[f,i] + what levels, works and platforms take of it, times l, v and y
        ≤ limit[b]                                         each budget, or each budget and year

An instrument has no column for a firm or park that does not meet its conditions. Source:
aid ceilings as in regional aid guidelines (aid intensity: present value of all aid over
eligible investment).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
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
    """

    h: Ints
    k: Ints


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
    program.terms["grants"].add(0, h, -awards.cost)
    program.terms["grants_worth"].add(0, h, awards.worth)
    own = instance.results.has_surplus[awards.firm]
    program.surplus.add(awards.firm, h, awards.worth * own)
    return Awarded(h=h, k=k)


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
