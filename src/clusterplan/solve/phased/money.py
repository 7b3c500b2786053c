"""Budgets over phases: what is decided anew in a phase is paid from then on.

With D[b,p] what phase p takes of budget b beyond the phase before, in present value of its first year,

    D[b,p] = Σ use[b,·,p] · (columns of phase p − columns of phase p − 1)

over awards, levels, works and platforms,

    D[b,p] ≤ amount[b,p]                          a budget that phases name
    Σ_p (1 + r_b)^−t_p · D[b,p] ≤ amount[b]       a budget of one amount for all phases, t_p years on
    Σ_p D[b,p,τ − t_p] ≤ by_year[b,τ]             a budget by year, in each year τ from the first phase on

where D[b,p,k] is what is paid k years after the decision, and r_b the budget's own rate or the region's.
Source: cash budgeting over periods, present values by annuity arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.instance import Floats, Ints
from clusterplan.region import Manifest
from clusterplan.rules import Written
from clusterplan.solve.phased.ties import same_award
from clusterplan.solve.tie import Tie

Part = tuple[int, int, float]
"""A phase, a row of its budgets, and what the row is multiplied by."""


def money(manifest: Manifest, blocks: tuple[Written, ...]) -> list[Tie]:
    """Return the limits of budgets over phases.

    Parameters
    ----------
    manifest
        The manifest with the phases and all budgets.
    blocks
        The program of each phase.
    """
    return [_tie(name, parts, limit, blocks) for name, parts, limit in _limits(manifest, blocks)]


def _limits(manifest: Manifest, blocks: tuple[Written, ...]) -> Iterator[tuple[str, list[Part], float]]:
    """Yield each limit: what it is called, the rows it adds up, and the amount."""
    phases = manifest.phases
    offsets = [phase.from_year - phases[0].from_year for phase in phases]
    rows = [{name: row for row, name in enumerate(b.instance.awards.budget_rows)} for b in blocks]
    every = range(len(blocks))
    for name, budget in manifest.budgets.items():
        if budget.basis == "per_year":
            yield from _by_year(name, budget.by_year_m, rows, offsets)
        elif any(name in phase.budgets for phase in phases):
            for p in every:
                if name in rows[p]:
                    yield f"budget_{name}_{p}", [(p, rows[p][name], 1.0)], phases[p].budgets.get(name, 0.0)
        else:
            rate = manifest.discount_rate if budget.discount_rate is None else budget.discount_rate
            parts = [(p, rows[p][name], (1.0 + rate) ** -offsets[p]) for p in every if name in rows[p]]
            yield f"budget_{name}", parts, budget.amount_m or 0.0


def _by_year(
    name: str, by_year_m: tuple[float, ...], rows: list[dict[str, int]], offsets: list[int]
) -> Iterator[tuple[str, list[Part], float]]:
    longest = max((len(of_phase) for of_phase in rows), default=0)
    for year in range(offsets[-1] + longest):
        keys = [f"{name} in year {year - offset}" for offset in offsets]
        parts = [(p, rows[p][key], 1.0) for p, key in enumerate(keys) if key in rows[p]]
        if parts:
            yield f"budget_{name}_{year}", parts, by_year_m[min(year, len(by_year_m) - 1)]


def _tie(name: str, parts: list[Part], limit: float, blocks: tuple[Written, ...]) -> Tie:
    block: list[Ints] = []
    column: list[Ints] = []
    coefficient: list[Floats] = []
    for p, row, factor in parts:
        for sign, at in ((1.0, p), (-1.0, p - 1)):
            if at >= 0:
                columns, amounts = _taken(blocks[p], row, blocks[at])
                block.append(np.full(len(columns), at))
                column.append(columns)
                coefficient.append(sign * factor * amounts)
    columns = np.concatenate(column) if column else np.zeros(0, dtype=np.int64)
    return Tie(
        name,
        row=np.zeros(len(columns), dtype=np.int64),
        block=np.concatenate(block) if block else np.zeros(0, dtype=np.int64),
        column=columns,
        coefficient=np.concatenate(coefficient) if coefficient else np.zeros(0),
        lower=np.array([-np.inf]),
        upper=np.array([limit]),
    )


def _taken(of: Written, row: int, there: Written) -> tuple[Ints, Floats]:
    """Return the columns of one phase with what a row of budgets of another says of what they decide."""
    instance = of.instance
    spending = instance.spending
    at = same_award(instance, there.instance)
    known = np.flatnonzero(at >= 0)
    columns = [there.awarded.h[at[known]]]
    amounts = [instance.awards.budget_use[row, known]]
    for use, decided in ((spending.levels, there.built.level), (spending.works, there.built.work)):
        if use.size:
            columns.append(decided)
            amounts.append(use[row])
    if spending.platforms.size:
        sited = there.sited
        columns.append(sited.y[sited.firm, sited.park])
        amounts.append(spending.platforms[row, sited.firm])
    column, amount = np.concatenate(columns), np.concatenate(amounts)
    used = amount != 0
    return column[used].astype(np.int64), amount[used]
