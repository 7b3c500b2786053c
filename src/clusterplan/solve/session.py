"""One run of HiGHS: a `Matrix` in, what HiGHS claims out. Nothing here is believed yet.

Every problem is handed over as a minimum, so that its bounds mean the same in every version's
callbacks, with costs scaled up by a power of two where all are small: HiGHS's tolerances on the
objective are absolute, and with costs near 1e-8 it calls plans optimal that are far from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import highspy
import numpy as np

from clusterplan.errors import SolverError, UsageError
from clusterplan.instance import Floats
from clusterplan.solve.listen import Told, Watch, finite, go
from clusterplan.solve.matrix import Matrix

if TYPE_CHECKING:
    from clusterplan.solve.kept import Kept

SMALL_COST = 512.0
"""Costs are scaled up until the largest is at least this."""

TO_PROVE: Mapping[str, Any] = {
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
"""Options of HiGHS where a good plan is known and a proof is wanted: without its heuristics that solve
programs within the program, the same proof takes a half to nine tenths of the time."""

_WRONG_VERSIONS = {(1, 14, 0)}  # its presolve calls plans optimal that are not (HiGHS issues 2975, 3002)

_State = highspy.HighsModelStatus
_LIMITS = {
    _State.kTimeLimit: "time",
    _State.kIterationLimit: "work",
    _State.kSolutionLimit: "work",
    _State.kMemoryLimit: "work",
    _State.kObjectiveBound: "work",
    _State.kObjectiveTarget: "work",
}


@dataclass(frozen=True)
class Settings:
    """How HiGHS is to run.

    Parameters
    ----------
    time_limit
        Seconds, or None.
    work_limit
        Branch-and-bound nodes, or None.
    gap
        Relative gap at which to stop.
    tolerance
        How far a row or an integer may be off; None for HiGHS's own (1e-6, and 1e-7 for linear programs).
    seed, threads
        Random seed and number of threads.
    options
        Further options of HiGHS by name; they win over the rest.
    """

    time_limit: float | None = None
    work_limit: int | None = None
    gap: float = 0.0
    tolerance: float | None = None
    seed: int = 0
    threads: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Run:
    """What HiGHS claims.

    Parameters
    ----------
    claim
        ``optimal``, ``infeasible``, ``unbounded`` (or infeasible: HiGHS may not know which), ``stopped``, or
        ``failed``.
    values
        Value of each column, to HiGHS's tolerances; None if it has no feasible ones.
    bound
        Bound in the problem's own sense, or None.
    nodes
        Branch-and-bound nodes.
    limit
        ``time``, ``work`` or None.
    interrupted
        Whether Ctrl-C was pressed.
    reason
        HiGHS's own word for how it ended.
    """

    claim: Literal["optimal", "infeasible", "unbounded", "stopped", "failed"]
    values: Floats | None
    bound: float | None
    nodes: int
    limit: Literal["time", "work"] | None
    interrupted: bool
    reason: str


def highs_version() -> str:
    """Return the version of HiGHS."""
    return str(highspy.Highs().version())


def end_threads() -> None:
    """End HiGHS's helper threads of the calling thread, so that its next run may have another number."""
    highspy.Highs.resetGlobalScheduler(True)


def run(
    problem: Matrix,
    settings: Settings,
    *,
    start: Floats | None = None,
    watch: Watch | None = None,
    kept: Kept | None = None,
) -> Run:
    """Let HiGHS solve a problem.

    Parameters
    ----------
    problem
        At least one column, no lower bound above its upper bound.
    settings
        How.
    start
        (n,) value of every column, to start from.
    watch
        Told how far HiGHS is, in the calling thread; what it raises stops HiGHS and goes on to the caller.
    kept
        Where HiGHS is kept with its problem, and taken from where it is like this one.

    Raises
    ------
    SolverError
        If this version of highspy is known to be wrong, or HiGHS refuses the problem.
    UsageError
        If HiGHS has no such option, or not with such a value.
    """
    highs, factor = loaded(problem, settings) if kept is None else kept.taken(problem, settings)
    if start is not None:
        highs.setSolution(len(start), np.arange(len(start), dtype=np.int32), np.asarray(start, dtype=float))
    told = Told(factor)
    callbacks = (
        highs.cbMipInterrupt,
        highs.cbSimplexInterrupt,
        highs.cbIpmInterrupt,
        highs.cbMipImprovingSolution,
    )
    for callback in callbacks:
        callback.subscribe(told.listen)
    answer, interrupted = go(highs, told, watch)
    if answer is None:  # it still runs, and must not be touched
        return Run("stopped", told.values, told.bound, told.nodes, None, interrupted, "left running")
    found = _read(highs, problem, factor, answer, interrupted)
    if kept is not None:
        for callback in callbacks:
            callback.unsubscribe(told.listen)
        kept.put(highs, problem)
    return found


def loaded(problem: Matrix, settings: Settings) -> tuple[Any, float]:
    """Return HiGHS with the problem in it, and what its objective is to be multiplied by."""
    highs = highspy.Highs()
    version = (highs.versionMajor(), highs.versionMinor(), highs.versionPatch())
    if version in _WRONG_VERSIONS:
        raise SolverError(
            f"highspy {highs.version()} calls plans optimal that are not. "
            "Install another: pip install 'highspy!=1.14.0'."
        )
    scale = cost_scale(problem.cost)
    set_options(highs, problem, settings, scale)
    to_highs = -problem.direction * scale
    status = highs.passModel(
        problem.n_columns,
        problem.n_rows,
        problem.n_nonzeros,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        problem.constant * to_highs,
        problem.cost * to_highs,
        problem.lower,
        problem.upper,
        problem.row_lower,
        problem.row_upper,
        problem.indptr,
        problem.indices,
        problem.values,
        problem.integer.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise SolverError(
            "HiGHS refuses the problem: a cost or bound of 1e20 or more, or a coefficient of 1e15 or more. "
            "Write large numbers in larger units."
        )
    return highs, 1.0 / to_highs


def set_options(highs: Any, problem: Matrix, settings: Settings, scale: float) -> None:
    """Tell HiGHS how to run.

    Raises
    ------
    UsageError
        If it has no such option, or not with such a value.
    """
    for name, value in _options(problem, settings, scale).items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise UsageError(f"HiGHS has no option {name!r} that can be {value!r}; see its list of options.")


def _options(problem: Matrix, settings: Settings, scale: float) -> dict[str, Any]:
    options: dict[str, Any] = {
        "output_flag": False,
        "random_seed": settings.seed,
        "threads": settings.threads,
        "mip_rel_gap": settings.gap,
        # HiGHS's own 1e-6 would end the search early where values are small
        "mip_abs_gap": 1e-9 * scale,
    }
    if settings.time_limit is not None:
        options["time_limit"] = float(max(settings.time_limit, 0.0))
    if settings.work_limit is not None:
        options["mip_max_nodes"] = settings.work_limit
    if settings.tolerance is not None:
        kind = "mip" if problem.integer.any() else "primal"
        options[f"{kind}_feasibility_tolerance"] = settings.tolerance
    options.update(settings.options)
    return options


def cost_scale(cost: Floats) -> float:
    """Return the power of two, at least 1, that lifts the largest cost to `SMALL_COST`."""
    largest = float(np.abs(cost).max(initial=0.0))
    if not 0.0 < largest < SMALL_COST:
        return 1.0
    return float(2.0 ** min(math.ceil(math.log2(SMALL_COST / largest)), 40))


def _read(highs: Any, problem: Matrix, factor: float, answer: Any, interrupted: bool) -> Run:
    state = highs.getModelStatus()
    information = highs.getInfo()
    whole = bool(problem.integer.any())
    values = None
    if information.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible):
        values = np.asarray(highs.getSolution().col_value, dtype=float)
    bound = None
    if whole:
        bound = finite(information.mip_dual_bound * factor)
    elif state == _State.kOptimal and values is not None:
        bound = problem.value(values)
    claim: Literal["optimal", "infeasible", "unbounded", "stopped", "failed"]
    if state == _State.kOptimal and values is not None:
        claim = "optimal"
    elif state == _State.kInfeasible:
        claim = "infeasible"
    elif state in {_State.kUnbounded, _State.kUnboundedOrInfeasible}:
        claim = "unbounded"
    elif state in _LIMITS or state == _State.kInterrupt:
        claim = "stopped"
    else:
        claim = "failed"
    return Run(
        claim=claim,
        values=values,
        bound=bound,
        nodes=max(int(information.mip_node_count), 0),
        limit=_LIMITS.get(state),  # type: ignore[arg-type]
        interrupted=interrupted,
        reason=f"{highs.modelStatusToString(state)} ({answer.name})",
    )
