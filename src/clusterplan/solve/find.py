"""`find`: decisions for an instance or a model, in the order of the objectives.

1. The weighted terms, with a proof: by the three stages, or by a solver where a model was added to.
2. Where the preset has a second objective, that, with the first held.
3. The least grants, with places and the value held, so that none is paid for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Decisions, Instance
from clusterplan.rules import Model
from clusterplan.solve.columns import Columns
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.finish import EXACT, SECOND_AT_LEAST, finished, hold, least_grants
from clusterplan.solve.found import Found
from clusterplan.solve.highs import check_limits, solve_highs
from clusterplan.solve.kept import Kept
from clusterplan.solve.matrix import Matrix, matrix
from clusterplan.solve.other import solve_other
from clusterplan.solve.outcome import Outcome
from clusterplan.solve.progress import Progress
from clusterplan.solve.session import TO_PROVE, highs_version
from clusterplan.solve.stages import staged
from clusterplan.solve.within import NO_LIMITS, Limits


def find(
    asked: Model | Instance,
    limits: Limits = NO_LIMITS,
    *,
    solver: Any = None,
    start: Decisions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Found:
    """Return decisions for an instance, or for a model that may have got further rows.

    An instance, or a model that is as it was written, is searched, improved and proven. A model with rows or
    variables of the user's own is given to HiGHS, or to the solver named.

    Parameters
    ----------
    asked
        The instance; or the model, whose problem may have got further constraints and variables.
    limits
        How long and how hard to search.
    solver
        None; else the name of a PuLP solver or a `pulp.LpSolver`, for the first objective of a model.
    start
        Decisions to start from (not for a solver named).
    on_progress
        Called now and then.

    Raises
    ------
    UsageError
        If the objective of the problem was changed, a limit cannot be meant, or a solver is named for an
        instance.
    SolverError
        If the solver is missing or fails.
    """
    check_limits(limits.time_limit, limits.gap, limits.threads, limits.work_limit)
    if isinstance(asked, Instance):
        if solver is not None:
            raise UsageError("A solver is named for a model; write it with `clusterplan.rules.write_model`.")
        return found_by_stages(asked, limits, start=start, on_progress=on_progress)
    written = matrix(asked.problem)
    columns = Columns.of(asked, written)
    columns.check_objective()
    if solver is None and is_own(asked, written, columns):
        return found_by_stages(asked.instance, limits, start=start, on_progress=on_progress)
    return found_by_solver(columns, limits, solver=solver, start=start, on_progress=on_progress)


def found_by_stages(
    instance: Instance,
    limits: Limits,
    *,
    start: Decisions | None,
    on_progress: Callable[[Progress], None] | None,
) -> Found:
    """Return decisions for an instance: the three stages, then the objectives that follow."""
    begun = time.monotonic()
    first = staged(
        instance,
        time_limit=limits.time_limit,
        work_limit=limits.work_limit,
        gap=limits.gap,
        seed=limits.seed,
        threads=limits.threads,
        start=start,
        on_progress=on_progress,
    )
    decisions = first.decisions
    if decisions is not None and not first.interrupted:  # what is there is wanted now
        left = None if limits.time_limit is None else limits.time_limit - (time.monotonic() - begun)
        decisions = finished(instance, decisions, limits, left)
    limit = "interrupt" if first.interrupted else first.limit
    solver = f"HiGHS {highs_version()}"
    return Found(first.status, decisions, first.bound, solver, time.monotonic() - begun, first.nodes, limit)


def found_by_solver(
    columns: Columns,
    limits: Limits,
    *,
    solver: Any,
    start: Decisions | None,
    on_progress: Callable[[Progress], None] | None,
    kept: Kept | None = None,
) -> Found:
    """Return decisions for a problem as it is, user's rows included; see `find`.

    With ``kept``, HiGHS is kept for the next problem that differs in numbers only.
    """
    begun = time.monotonic()
    model, written = columns.model, columns.written

    def left(at_least: float) -> float | None:
        spent = time.monotonic() - begun
        return None if limits.time_limit is None else max(at_least, limits.time_limit - spent)

    options: dict[str, Any] = {"gap": limits.gap, "seed": limits.seed, "threads": limits.threads}
    if solver is None:
        first = solve_highs(
            written,
            time_limit=left(at_least=0.0),
            work_limit=limits.work_limit,
            start=None if start is None else columns.spread(model.values(start), fill=np.nan),
            on_progress=on_progress,
            options=None if start is None else TO_PROVE,
            kept=kept,
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
    held = hold(written, first.value, "value")
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
            held = hold(then, second.value, "second value")
    values = least_grants(columns, held, values, {**options, "gap": min(limits.gap, EXACT)})
    return _found(first, model.decisions(columns.gather(values)), time.monotonic() - begun)


def is_own(model: Model, written: Matrix, columns: Columns) -> bool:
    """Return whether a problem is as it was written: no row, bound or variable of the user's own."""
    own = matrix_of(model)
    used = columns.at >= 0
    if own.n_rows != written.n_rows or written.n_columns != used.sum():
        return False
    at = columns.at[used]
    same = (
        np.array_equal(own.row_lower, written.row_lower)
        and np.array_equal(own.row_upper, written.row_upper)
        and np.array_equal(own.lower[used], written.lower[at])
        and np.array_equal(own.upper[used], written.upper[at])
        and np.array_equal(own.integer[used], written.integer[at])
    )
    if not same:
        return False
    if not len(at) or not own.n_rows:
        return True
    there = written.rows()[:, at]
    return bool(abs(own.rows()[:, used] - there).max() <= 1e-12 * max(1.0, abs(there).max()))


def _found(first: Outcome, decisions: Decisions | None, seconds: float) -> Found:
    limit = "interrupt" if first.interrupted else first.limit
    return Found(first.status, decisions, first.bound, first.solver, seconds, first.nodes, limit)
