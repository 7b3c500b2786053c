"""What comes after the aim: the second objective in the mean of the futures, and the least awards.

1. Where the preset has a second objective, its mean over the futures is made best with the aim held: over all
   plans where the program is small enough to be solved whole, else with places held too.
2. Awards are made least, with places and what is held, so that none is promised for nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from clusterplan.instance import Floats
from clusterplan.solve.finish import EXACT, GRANTS_AT_MOST, hold
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.together.shared import Part, Shared

if TYPE_CHECKING:
    from clusterplan.solve.together.search import Together

WHOLE = 10_000
"""Columns up to which the second objective is made best over all plans."""
SECOND_AT_MOST = 20.0
"""Seconds for the second objective."""


def finished(found: Together, time_limit: float | None = None) -> Floats:
    """Return column values equal by the aim, best in the second objective, with the least awards.

    Parameters
    ----------
    found
        What was found; it must have a plan.
    time_limit
        Seconds for the second objective, `SECOND_AT_MOST` at most; None: these.
    """
    if found.columns is None:
        raise ValueError("There is no plan.")
    program, columns = found.shared, found.columns
    second: tuple[Floats, float] | None = None
    if program.today.second is not None:
        most = SECOND_AT_MOST if time_limit is None else min(SECOND_AT_MOST, time_limit)
        columns, second = _second(program, columns, most)
    return _least_awards(program, columns, second)


def _second(program: Shared, columns: Floats, seconds: float) -> tuple[Floats, tuple[Floats, float]]:
    """Return values best in the second objective; its costs by column of the whole, and its amount."""
    cost, constant = np.zeros(program.size), 0.0
    weights = program.today.second or {}
    for block in program.blocks:
        each, fixed = block.written.objective(weights)
        np.add.at(cost, block.at, block.later.chance * block.share * each)
        constant += block.later.chance * fixed
    part = program.part() if program.size <= WHOLE else program.held(program.once(columns).park)
    held = _held(part, columns)
    best = solve_highs(
        replace(held, cost=cost[part.columns], constant=constant),
        time_limit=seconds,
        gap=EXACT,
        start=columns[part.columns],
    )
    if best.values is not None:
        columns = part.spread(best.values)
    return columns, (cost, float(cost @ columns))


def _held(part: Part, columns: Floats) -> Matrix:
    """Return a part with the aim held at what column values are worth."""
    return hold(part.matrix, part.matrix.value(columns[part.columns]), "value")


def _least_awards(program: Shared, columns: Floats, second: tuple[Floats, float] | None) -> Floats:
    """Return values with places, the aim and the second objective held, and the least awards."""
    part = program.held(program.once(columns).park)
    values = columns[part.columns]
    h = program.at[program.first.written.awarded.h]
    k = program.at[program.first.written.awarded.k[program.first.written.awarded.k >= 0]]
    public = np.zeros(program.size)
    public[h] = 1.0 + 1e-3 * program.today.awards.cost
    if not (columns[h] > 0).any():
        return columns
    held = _held(part, columns)
    if second is not None:
        cost, amount = second
        held = hold(replace(held, cost=cost[part.columns], constant=0.0), amount, "second value")
    droppable = np.isin(part.columns, k)
    least = solve_highs(
        replace(
            held,
            cost=-public[part.columns],
            constant=0.0,
            lower=np.where(held.integer & ~droppable, np.rint(values), held.lower),
            upper=np.where(held.integer, np.rint(values), held.upper),
        ),
        time_limit=GRANTS_AT_MOST,
        gap=EXACT,
        start=values,
    )
    return columns if least.values is None else part.spread(least.values)
