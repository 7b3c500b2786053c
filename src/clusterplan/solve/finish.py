"""What comes after the first objective: the second, and the least grants.

1. Where the preset has a second objective, it is made best with the first held.
2. Grants are made least, with places and the value held, so that none is paid for nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterplan.instance import Decisions, Floats, Instance
from clusterplan.rules import write
from clusterplan.solve.columns import Columns
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import part_of
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.prove import LARGE
from clusterplan.solve.sizes import columns_of

if TYPE_CHECKING:
    from clusterplan.solve.within import Limits

HOLD = 1e-8
"""How much of the value (relative, or absolute below 1) later objectives may give up."""
EXACT = 1e-6
"""Gap to which grants are made least, whatever gap the search may leave."""
SECOND_AT_LEAST = 1.0
"""Seconds the second objective gets even where the first took all."""
GRANTS_AT_MOST = 10.0
"""Seconds in which grants are made least; they are found in far less."""


def finished(instance: Instance, decisions: Decisions, limits: Limits, left: float | None) -> Decisions:
    """Return decisions equal in the first objective, best in the second, with the least grants.

    Parameters
    ----------
    instance
        What is planned.
    decisions
        The best plan by the first objective.
    limits
        Gap, seed, threads and work limit.
    left
        Seconds left; None: no limit.
    """
    nobody = np.zeros(instance.n_firms, dtype=bool)
    options: dict[str, Any] = {"gap": limits.gap, "seed": limits.seed, "threads": limits.threads}
    # a program too large to be loaded keeps its places
    here = instance if columns_of(instance) <= LARGE else part_of(instance, decisions, nobody)
    second: float | None = None
    if instance.second is not None:
        written = write(here)
        first = matrix_of(written)
        start = written.values(decisions)
        held = hold(first, first.value(start), "value")
        cost, constant = written.objective(instance.second)
        found = solve_highs(
            replace(held, cost=cost, constant=constant),
            time_limit=None if left is None else max(left, SECOND_AT_LEAST),
            work_limit=limits.work_limit,
            start=start,
            **options,
        )
        if found.values is not None and found.value is not None:
            decisions, second = written.decisions(found.values), found.value
    written = write(part_of(instance, decisions, nobody))
    problem = matrix_of(written)
    values = written.values(decisions)
    held = hold(problem, problem.value(values), "value")
    if second is not None and instance.second is not None:
        cost, constant = written.objective(instance.second)
        held = hold(replace(held, cost=cost, constant=constant), second, "second value")
    columns = Columns(written, problem, np.arange(problem.n_columns))
    return written.decisions(least_grants(columns, held, values, {**options, "gap": min(limits.gap, EXACT)}))


def hold(written: Matrix, value: float, name: str) -> Matrix:
    """Return the problem with its objective held at a value, less a hair for rounding."""
    least = value - written.constant - HOLD * max(1.0, abs(value))
    return written.with_row(written.cost, least, np.inf, f"clusterplan_hold_{name}")


def least_grants(columns: Columns, held: Matrix, values: Floats, options: dict[str, Any]) -> Floats:
    """Return values with places kept and grants as small as the value allows."""
    awards = columns.model.instance.awards
    paid = columns.at[columns.model.awarded.h]
    if not (values[paid[paid >= 0]] > 0).any():
        return values
    public = np.zeros(columns.model.program.n_columns)
    public[columns.model.awarded.h] = 1.0 + 1e-3 * awards.cost
    lower = np.where(held.integer, values, held.lower)
    upper = np.where(held.integer, values, held.upper)
    chosen = columns.at[columns.model.awarded.k[columns.model.awarded.k >= 0]]
    lower[chosen[chosen >= 0]] = 0.0  # an award may be dropped, not made
    if columns.model.steady is not None:  # what limits grants elsewhere may be another limit then
        free = columns.at[columns.model.steady.alternatives]
        lower[free[free >= 0]], upper[free[free >= 0]] = 0.0, 1.0
    cost = -columns.spread(public, fill=0.0)
    least = solve_highs(
        replace(held, cost=cost, constant=0.0, sense="max", lower=lower, upper=upper),
        time_limit=GRANTS_AT_MOST,
        start=values,
        **options,
    )
    return values if least.values is None else least.values
