"""`find`: decisions for a model, by a solver, in the order of the objectives.

1. The weighted terms, with a proof.
2. Where the preset has a second objective, that, with the first held.
3. The least grants, with places and the value held, so that none is paid for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from clusterplan.instance import Decisions, Floats
from clusterplan.rules import Model
from clusterplan.solve.columns import Columns
from clusterplan.solve.found import Found
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix, matrix
from clusterplan.solve.other import solve_other
from clusterplan.solve.outcome import Outcome
from clusterplan.solve.progress import Progress
from clusterplan.solve.stages import staged

HOLD = 1e-8
"""How much of the value (relative, or absolute below 1) later objectives may give up."""
EXACT = 1e-6
"""Gap to which grants are made least, whatever gap the search may leave."""
SECOND_AT_LEAST = 1.0
"""Seconds the second objective gets even where the first took all."""
GRANTS_AT_MOST = 10.0
"""Seconds in which grants are made least; they are found in far less."""


@dataclass(frozen=True)
class Limits:
    """How long and how hard to search.

    Parameters
    ----------
    time_limit
        Seconds for the first two objectives (`SECOND_AT_LEAST` for the second); None: no limit.
    work_limit
        Branch-and-bound nodes; None: no limit. With one thread, results repeat exactly.
    gap
        Relative gap at which to stop.
    seed
        Seed of the solver.
    threads
        Threads of the solver.
    """

    time_limit: float | None = None
    work_limit: int | None = None
    gap: float = 1e-6
    seed: int = 0
    threads: int = 1


def find(
    model: Model,
    limits: Limits = Limits(),
    *,
    solver: Any = None,
    start: Decisions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Found:
    """Return decisions for a model.

    Parameters
    ----------
    model
        The model; its problem may have got further constraints and variables.
    limits
        How long and how hard to search.
    solver
        None for HiGHS; else the name of a PuLP solver or a `pulp.LpSolver`, for the first objective.
    start
        Decisions to start from (HiGHS).
    on_progress
        Called now and then.

    Raises
    ------
    UsageError
        If the objective of the problem was changed.
    SolverError
        If the solver is missing or fails.
    """
    begun = time.monotonic()
    written = matrix(model.problem)
    columns = Columns.of(model, written)
    columns.check_objective()

    def left(at_least: float) -> float | None:
        spent = time.monotonic() - begun
        return None if limits.time_limit is None else max(at_least, limits.time_limit - spent)

    options: dict[str, Any] = {"gap": limits.gap, "seed": limits.seed, "threads": limits.threads}
    if solver is None:
        first = staged(
            model,
            written,
            columns,
            time_limit=left(at_least=0.0),
            work_limit=limits.work_limit,
            start=start,
            on_progress=on_progress,
            **options,
        )
    else:
        first = solve_other(
            written, solver, time_limit=left(at_least=0.0), gap=limits.gap, threads=limits.threads
        )
    if first.values is None or first.value is None:
        return _found(first, None, time.monotonic() - begun)
    values = first.values
    if first.interrupted:  # what is there is wanted now
        return _found(first, model.decisions(columns.gather(values)), time.monotonic() - begun)
    held = _hold(written, first.value, "value")
    if model.instance.second is not None:
        cost, constant = model.objective(model.instance.second)
        then = replace(held, cost=columns.spread(cost, fill=0.0), constant=constant)
        second = solve_highs(
            then,
            time_limit=left(at_least=SECOND_AT_LEAST),
            work_limit=limits.work_limit,
            start=values,
            **options,
        )
        if second.values is not None and second.value is not None:
            values = second.values
            held = _hold(then, second.value, "second value")
    values = _least_grants(columns, held, values, {**options, "gap": min(limits.gap, EXACT)})
    return _found(first, model.decisions(columns.gather(values)), time.monotonic() - begun)


def _hold(written: Matrix, value: float, name: str) -> Matrix:
    """Return the problem with its objective held at a value, less a hair for rounding."""
    least = value - written.constant - HOLD * max(1.0, abs(value))
    return written.with_row(written.cost, least, np.inf, f"clusterplan_hold_{name}")


def _least_grants(columns: Columns, held: Matrix, values: Floats, options: dict[str, Any]) -> Floats:
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
    cost = -columns.spread(public, fill=0.0)
    least = solve_highs(
        replace(held, cost=cost, constant=0.0, sense="max", lower=lower, upper=upper),
        time_limit=GRANTS_AT_MOST,
        start=values,
        **options,
    )
    return values if least.values is None else least.values


def _found(first: Outcome, decisions: Decisions | None, seconds: float) -> Found:
    limit = "interrupt" if first.interrupted else first.limit
    return Found(first.status, decisions, first.bound, first.solver, seconds, first.nodes, limit)
