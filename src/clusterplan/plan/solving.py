"""`solve` and `build`: from a region to a checked plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from clusterplan.distance import RegionDistances, region_distances
from clusterplan.errors import Fault, InternalError, NoPlanError, TimeLimitError, UsageError
from clusterplan.instance import Instance, instance_of, same, with_stability
from clusterplan.plan.certain import certain_faults
from clusterplan.plan.make import make_plan
from clusterplan.plan.plan import Plan, Proof
from clusterplan.plan.restless import restless
from clusterplan.plan.start import decisions_of
from clusterplan.plan.verify import verify
from clusterplan.region import Region
from clusterplan.rules import Model, Problem, write, write_model
from clusterplan.solve import Found, Limits, Progress, columns_of, find

WRITTEN = 1_000_000
"""Columns up to which the size of the program is told, which takes writing it as arrays."""


def build(region: Region, *, stable: bool = False, relocation_m_y: float = 0.0) -> Problem:
    """Return the whole model of a region as a `pulp.LpProblem`.

    Its ``model`` says what its variables and rows mean: ``problem.model.place("firm", "park")`` is the
    variable that is 1 if the firm is in the park. Add constraints (and variables) as in any PuLP
    problem, then call ``solve(region, problem=problem)``, or solve it with any PuLP solver. Leave the
    objective as it is: its weights stand in the manifest.

    Parameters
    ----------
    region
        What to plan.
    stable, relocation_m_y
        As of `solve`.

    Examples
    --------
    >>> import clusterplan as cp
    >>> region = cp.load_region("tiny")
    >>> problem = cp.build(region)
    >>> problem += problem.model.place("seats", "south") == 1
    >>> cp.solve(region, problem=problem).firms.loc["seats", "park"]
    'south'
    """
    return write_model(
        _instance(region, None, stable=stable, relocation_m_y=relocation_m_y), name=region.name
    ).problem


def solve(
    region: Region,
    *,
    time_limit: float | None = 60.0,
    work_limit: int | None = None,
    gap: float = 1e-6,
    seed: int = 0,
    threads: int = 1,
    solver: Any = None,
    start: Plan | None = None,
    problem: Problem | None = None,
    stable: bool = False,
    relocation_m_y: float = 0.0,
    on_progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return the best plan found for a region, with its proof, checked.

    Parameters
    ----------
    region
        What to plan.
    time_limit
        Seconds for the solver; None: no limit. Making grants least takes a little more.
    work_limit
        Parts and branch-and-bound nodes; with this instead of a time limit, and one thread, the same call
        gives the same plan.
    gap
        Relative gap, (bound − value) over the size of value, at which a plan counts as optimal.
    seed
        Seed of search and solver.
    threads
        How many cores to use: one proves, the others improve plans in processes of their own. A program that
        HiGHS is given whole gets them as its threads.
    solver
        None for search and HiGHS, else the name of a PuLP solver ("CBC", "SCIP", ...) or a `pulp.LpSolver`,
        which is given the whole program.
    start
        A plan of the same region to start from (not for a solver named).
    problem
        The problem of `build(region)`, with constraints of your own.
    stable
        Whether the plan must be stable: no firm that decides about its place would gain by moving alone to
        another park with room for it (`clusterplan.stability`). Such a plan may be worth less, and there may
        be none.
    relocation_m_y
        What a move would cost a firm, m currency/y; for stable plans alone.
    on_progress
        Called now and then with a `Progress`.

    Returns
    -------
    Plan
        Status ``optimal`` or ``feasible``. Ctrl-C returns the best plan so far.

    Raises
    ------
    NoPlanError
        If no plan exists, or no stable one.
    TimeLimitError
        If a limit, or Ctrl-C, came before any plan was found.
    InternalError
        If the plan fails its own check: a fault of ours.
    """
    begun = time.monotonic()
    distances = region_distances(region)
    wanted = _instance(region, distances, stable=stable, relocation_m_y=relocation_m_y)
    asked = _asked(region, wanted, problem, solver)
    instance = asked if isinstance(asked, Instance) else asked.instance
    limits = Limits(time_limit=time_limit, work_limit=work_limit, gap=gap, seed=seed, threads=threads)
    first = None if start is None else decisions_of(start, instance)
    found = find(asked, limits, solver=solver, start=first, on_progress=on_progress)
    if found.decisions is None:
        why = restless(region, instance, limits) if found.status == "infeasible" else []
        raise no_plan(region, instance, found, why)
    plan = make_plan(
        region,
        distances,
        instance,
        found.decisions,
        status="optimal" if found.status == "optimal" else "feasible",
        bound=found.bound,
        proof=Proof(
            solver=found.solver,
            seconds=time.monotonic() - begun,
            nodes=found.nodes,
            limit=found.limit,
            options=asdict(limits) | _stability(instance),
            **_size(asked),
        ),
        write_problem=partial(build, region, stable=stable, relocation_m_y=relocation_m_y)
        if isinstance(asked, Instance)
        else partial(_given, asked),
    )
    wrong = verify(plan)
    if len(wrong):
        raise InternalError(
            "The plan fails its own check; please report this with the region:\n" + wrong.head(20).to_string()
        )
    return plan


def no_plan(
    region: Region, instance: Instance, found: Found, why: Sequence[Fault] = ()
) -> NoPlanError | TimeLimitError:
    """Return what to say where there is no plan: first what is known to stand in the way."""
    title = region.manifest.title
    if found.status == "infeasible" and why:
        return NoPlanError(f"{why[0].why} {why[0].mend}", why)
    certain = certain_faults(region, instance)
    if found.status == "infeasible" or certain:
        fault = Fault(
            file=region.name,
            why=f"No plan exists for {title}: the rules contradict each other.",
            mend="Run clusterplan diagnose (cp.diagnose) for the rules that do, and the smallest changes "
            "that let a plan exist.",
            rule="infeasible",
        )
        return NoPlanError("\n".join([f"{fault.why} {fault.mend}", *map(str, certain)]), [fault, *certain])
    fault = Fault(
        file=region.name,
        why=f"No plan was found for {title} before the {found.limit or 'time'} limit.",
        mend="Give it longer (time_limit), or fewer firms or parks to choose from; clusterplan diagnose may "
        "know whether a plan exists.",
        rule="no_plan",
    )
    return TimeLimitError(f"{fault.why} {fault.mend}", [fault], limit=found.limit)


def _instance(
    region: Region, distances: RegionDistances | None, *, stable: bool, relocation_m_y: float
) -> Instance:
    """Return the instance of a region, stability asked for if it is."""
    instance = instance_of(region, distances)
    if stable:
        return with_stability(region, instance, relocation_m_y)
    if relocation_m_y:
        raise UsageError("relocation_m_y is for stable plans: add stable=True.")
    return instance


def _asked(region: Region, instance: Instance, problem: Problem | None, solver: Any) -> Instance | Model:
    """Return what is to be solved: the instance, or a model where there is a problem or a solver for it."""
    if problem is None:
        return instance if solver is None else write_model(instance, name=region.name)
    if not isinstance(problem, Problem):
        raise UsageError("Give the problem that build(region) returned, with your constraints added.")
    if not same(problem.model.instance, instance):
        raise UsageError(
            "The problem was built from another region or for another question, or the region has changed "
            "since; call build(region) again, with stable=True if the plan is to be stable."
        )
    return problem.model


def _size(asked: Instance | Model) -> dict[str, Any]:
    """Return the size of the program, and what it leaves out; nothing where it is too large to be written."""
    if isinstance(asked, Instance) and columns_of(asked) * _entries(asked) > WRITTEN:
        return {}
    written = write(asked) if isinstance(asked, Instance) else asked
    program = written.program
    return {
        "columns": program.n_columns,
        "rows": program.n_rows,
        "nonzeros": program.n_nonzeros,
        "left_out": written.left_out,
    }


def _stability(instance: Instance) -> dict[str, Any]:
    """Return what a plan was asked to be, for whoever checks it later."""
    if instance.stable is None:
        return {}
    return {"stable": True, "relocation_m_y": instance.stable.relocation}


def _entries(instance: Instance) -> int:
    """Return in how many rows of stability a column can stand: one for each park a firm could move to."""
    return 1 if instance.stable is None else max(1, instance.n_parks)


def _given(model: Model) -> Problem:
    return model.problem
