"""`work`: what a worker does with a task. It can be sent to any process that has this package."""

from __future__ import annotations

import inspect
import time
from dataclasses import replace

from clusterplan.errors import InternalError
from clusterplan.explore.sweeps.address import made_with
from clusterplan.explore.sweeps.family import family_of, keeps
from clusterplan.explore.sweeps.held import broken
from clusterplan.explore.sweeps.result import Result
from clusterplan.explore.sweeps.task import Task
from clusterplan.plan import Plan, build, solve
from clusterplan.rules import require


def work(task: Task, address: str) -> Result:
    """Solve a task; an error is a result too.

    Parameters
    ----------
    task
        The task.
    address
        Its address, as the caller knows it.
    """
    begun = time.perf_counter()
    try:
        result = Result.of_plan(address, solved(task), time.perf_counter() - begun)
    except Exception as error:  # noqa: BLE001  (told in the results; other tasks go on)
        result = Result.of_error(address, error, time.perf_counter() - begun)
    return replace(result, made_with=made_with(task.all_options.get("solver")))


def solved(task: Task) -> Plan:
    """Return the plan of a task, its conditions checked.

    Raises
    ------
    NoPlanError, TimeLimitError, SolverError, UsageError
        As `clusterplan.solve`.
    InternalError
        If the plan fails its check or breaks a condition: a fault of ours.
    """
    if keeps(task) and task.family is not None:
        plan = family_of(task.family).solved(task)
    elif task.conditions:
        known = inspect.signature(build).parameters
        shared = {name: value for name, value in task.all_options.items() if name in known}
        problem = build(task.planned, **shared)
        require(problem, task.conditions)
        plan = solve(task.planned, problem=problem, start=task.start, **task.all_options)
    else:
        plan = solve(task.planned, start=task.start, **task.all_options)
    unkept = broken(task.conditions, plan)
    if unkept:
        raise InternalError("The plan breaks what it was to keep; please report this:\n" + "\n".join(unkept))
    return plan
