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

from clusterplan.errors import InternalError, UsageError
from clusterplan.instance import Decisions, Floats, Ints
from clusterplan.rules import Model
from clusterplan.solve.found import Found
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix, matrix
from clusterplan.solve.other import solve_other
from clusterplan.solve.outcome import Outcome
from clusterplan.solve.progress import Progress

HOLD = 1e-8
"""How much of the value (relative, or absolute below 1) later objectives may give up."""


@dataclass(frozen=True)
class Limits:
    """How long and how hard to search.

    Parameters
    ----------
    time_limit
        Seconds in all; None: no limit.
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
    limits: Limits = Limits(),  # noqa: B008  (frozen)
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
    columns = _columns(model, written)
    _check_objective(model, written, columns)

    def left() -> float | None:
        spent = time.monotonic() - begun
        return None if limits.time_limit is None else max(1.0, limits.time_limit - spent)

    options: dict[str, Any] = {"gap": limits.gap, "seed": limits.seed, "threads": limits.threads}
    if solver is None:
        first = solve_highs(
            written,
            time_limit=left(),
            work_limit=limits.work_limit,
            start=None if start is None else _spread(model.values(start), columns, written),
            on_progress=on_progress,
            **options,
        )
    else:
        first = solve_other(
            model.problem, solver, time_limit=left(), gap=limits.gap, threads=limits.threads
        )
    if first.values is None:
        return _found(first, None, time.monotonic() - begun)
    values = first.values
    held = _hold(written, written.cost, first.value)
    if model.instance.second is not None:
        cost, constant = model.objective(model.instance.second)
        second = replace(held, cost=_spread(cost, columns, written, fill=0.0), constant=constant)
        after = solve_highs(
            second, time_limit=left(), work_limit=limits.work_limit, start=values, **options
        )
        if after.values is not None:
            values = after.values
            held = _hold(held, second.cost, after.value - constant)
    values = _least_grants(model, held, columns, values, options)
    return _found(first, model.decisions(values[columns]), time.monotonic() - begun)
