"""`solve_other`: any other solver PuLP knows, checked like HiGHS.

PuLP calls a time limit "Optimal" for several solvers, reads 0 for every variable where there is
nothing to read, and maps results by name. So the solver gets a problem of our own, made from the
arrays, with names of our own; what it returns is checked by arithmetic; and a claim it can't have
earned is not passed on. The problem given is not touched, nor the values of its variables.
"""

from __future__ import annotations

import copy
import inspect
import time
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import pulp

from clusterplan.errors import ClusterplanError, SolverError, UsageError
from clusterplan.instance import Floats
from clusterplan.solve import pulps
from clusterplan.solve.highs import check_limits, solve_highs
from clusterplan.solve.matrix import Matrix, matrix
from clusterplan.solve.outcome import CLOSED, Outcome, relative_gap
from clusterplan.solve.proof import settled
from clusterplan.solve.session import Settings, cost_scale, end_threads, run
from clusterplan.solve.solvers import available_solvers, solver_name, version_of
from clusterplan.solve.violations import violations
from clusterplan.solve.whole import TOLERANCE, made_whole

__all__ = ["available_solvers", "solve_other"]


def solve_other(
    problem: pulp.LpProblem | Matrix,
    solver: str | pulp.LpSolver,
    *,
    time_limit: float | None = None,
    gap: float = 1e-6,
    threads: int = 1,
) -> Outcome:
    """Solve a problem with a solver PuLP knows.

    Files a solver writes go to a temporary folder; for that, the working directory is another one while a
    solver given by name runs. Ctrl-C ends the solver, and with most of them what it had found is lost.

    Parameters
    ----------
    problem
        A PuLP problem, or one read by `clusterplan.solve.matrix.matrix`. Its variables keep their values.
    solver
        A name: "CBC", "SCIP", "GLPK", "Gurobi", ... or PuLP's own ("COIN_CMD", "SCIP_PY", ...), in any case;
        "HiGHS" is `solve_highs`. Or a `pulp.LpSolver`, run with the options it has, in the working directory.
    time_limit
        Seconds; None: no limit. For a `pulp.LpSolver`, used where it has none of its own.
    gap, threads
        Relative gap at which to stop, and number of threads, where the solver has such options. A
        `pulp.LpSolver` has its own; say in ``gap`` what it was told, as nothing is called optimal above it.

    Returns
    -------
    Outcome
        ``optimal`` only if the solver claims it at a gap of at most `CLOSED`, or its bound proves it. The
        bound is None where the solver gives none and its proof is not complete.

    Raises
    ------
    UsageError
        If there is no such solver, or an argument cannot be meant.
    SolverError
        If the solver is not installed, fails, returns values that do not hold, or if the objective can
        grow without end.
    """
    begun = time.perf_counter()
    check_limits(time_limit, gap, threads)
    if isinstance(solver, str) and solver.casefold() == "highs":
        return solve_highs(problem, time_limit=time_limit, gap=gap, threads=threads)
    problem = problem if isinstance(problem, Matrix) else matrix(problem)
    if isinstance(solver, str):
        chosen, own_folder = _by_name(solver_name(solver), gap, threads), True
    elif isinstance(solver, pulp.LpSolver):
        chosen, own_folder = copy.copy(solver), False
    else:
        raise UsageError(f"Give the name of a solver or a pulp.LpSolver, not {type(solver).__name__}.")
    if chosen.timeLimit is None:
        chosen.timeLimit = time_limit
    return _Solving(problem, chosen, own_folder, gap, begun).solved()


def _by_name(name: str, gap: float, threads: int) -> pulp.LpSolver:
    """Return PuLP's solver of this name, with those of the options that it has."""
    has = inspect.signature(type(pulps.new_solver(name, msg=False)).__init__).parameters
    options: dict[str, Any] = {"msg": False, "gapRel": gap, "threads": threads}
    return pulps.new_solver(name, **{key: value for key, value in options.items() if key in has})


@dataclass(frozen=True, eq=False)
class _Answer:
    """What a solver claims, and values that hold (or None)."""

    claim: Literal["optimal", "infeasible", "unbounded", "stopped"]
    values: Floats | None
    bound: float | None
    timed_out: bool = False
    interrupted: bool = False


@dataclass(frozen=True)
class _Solving:
    """One call of `solve_other`."""

    problem: Matrix
    solver: pulp.LpSolver
    own_folder: bool
    gap: float
    begun: float

    def solved(self) -> Outcome:
        problem = self.problem
        empty = np.diff(problem.indptr) == 0
        never = empty & ((problem.row_lower > TOLERANCE) | (problem.row_upper < -TOLERANCE))
        if (problem.lower > problem.upper).any() or never.any():
            return self.outcome("infeasible")
        if not problem.n_columns:
            return self.outcome("optimal", np.zeros(0), problem.constant)
        answer = self.asked(problem)
        if answer.values is not None:
            return self.judged(answer, answer.values)
        if answer.interrupted or answer.timed_out:
            return self.no_plan(answer)
        return self.without_values(answer)

    def asked(self, problem: Matrix) -> _Answer:
        """Let the solver solve a problem; return its claim if it can have earned it."""
        scale = cost_scale(problem.cost)
        shadow, variables = _as_pulp(problem, scale)
        try:
            with self.ready() as solver:
                before = time.perf_counter()
                said = shadow.solve(solver)
                took = time.perf_counter() - before
        except KeyboardInterrupt:
            return _Answer("stopped", None, None, interrupted=True)
        except ClusterplanError:
            raise
        except Exception as error:
            raise SolverError(f"The solver {self.solver.name} failed: {error}") from error
        share = 0.0 if solver.timeLimit is None else took / max(solver.timeLimit, 1e-9)
        claim = pulps.verdict(shadow, said) if share < 0.99 else "stopped"
        timed_out = claim == "stopped" and share > 0.5  # some stop well before
        if claim in {"infeasible", "unbounded"}:
            return _Answer(claim, None, None)
        *found, read = [v.varValue for v in variables]
        values = None
        if read is not None:  # PuLP gives none to a variable that nothing has
            nearest_0 = np.clip(0.0, problem.lower, problem.upper)
            raw = np.where([v is None for v in found], nearest_0, np.array(found, dtype=float))
            values = made_whole(problem, raw)
            if values is None and claim == "optimal":
                raise self.untrue(raw)
        bound = pulps.bound(shadow, said)
        if bound is not None:
            bound *= -problem.direction / scale
        return _Answer(claim, values, bound, timed_out)

    @contextmanager
    def ready(self) -> Iterator[pulp.LpSolver]:
        """Give the solver what is left of the time, and a folder to write in that is gone afterwards."""
        solver = copy.copy(self.solver)
        if solver.timeLimit is not None:
            left = solver.timeLimit - (time.perf_counter() - self.begun)
            solver.timeLimit = max(left, min(solver.timeLimit, 1.0))
        if isinstance(solver, pulp.HiGHS):
            end_threads()
        with ExitStack() as stack:
            folder = stack.enter_context(TemporaryDirectory(prefix="clusterplan-"))
            if isinstance(solver, pulp.LpSolver_CMD):
                solver.tmpDir = folder
            if self.own_folder:
                stack.enter_context(chdir(folder))  # some write logs where they stand
            yield solver

    def judged(self, answer: _Answer, values: Floats) -> Outcome:
        """Return the outcome for values that hold: optimal if claimed and earned, or proven by the bound."""
        claimed = answer.claim == "optimal" and self.gap <= CLOSED
        bound = self.problem.value(values) if claimed else answer.bound
        bound, closed = settled(self.problem, values, bound, self.solver.name)
        if closed:
            return self.outcome("optimal", values, bound)
        reached = relative_gap(self.problem.value(values), bound, self.problem.sense)
        if answer.claim == "optimal" or (reached is not None and reached <= self.gap):
            return self.outcome("feasible", values, bound, limit="gap")
        limit = "time" if answer.timed_out else "work"
        return self.outcome("feasible", values, bound, limit=limit)

    def without_values(self, answer: _Answer) -> Outcome:
        """Find out why there are no values, by looking for any at all.

        Solvers mix up "infeasible" and "unbounded", or leave it open which. If there are values, and the
        problem without its integers is unbounded, so is the problem (Meyer 1974, for rational data).

        Raises
        ------
        SolverError
            If the objective has no bound, or the solver calls infeasible what is not.
        """
        name = self.solver.name
        any_values = self.asked(replace(self.problem, cost=np.zeros(self.problem.n_columns), constant=0.0))
        if any_values.claim == "infeasible":
            return self.outcome("infeasible")
        if any_values.values is None:
            return self.no_plan(any_values)
        relaxed = replace(self.problem, integer=np.zeros(self.problem.n_columns, dtype=bool))
        if run(relaxed, Settings(time_limit=self.solver.timeLimit)).claim == "unbounded":
            raise SolverError("The objective can grow without end. Give a bound to what it pays for.")
        if answer.claim == "stopped":
            return self.no_plan(answer)
        raise SolverError(f"The solver {name} says {answer.claim}, but there are values. Use another solver.")

    def no_plan(self, answer: _Answer) -> Outcome:
        if answer.interrupted:
            return self.outcome("no_plan", interrupted=True)
        return self.outcome("no_plan", bound=answer.bound, limit="time" if answer.timed_out else "work")

    def untrue(self, raw: Floats) -> SolverError:
        worst = violations(self.problem, raw, TOLERANCE)
        what = f"{worst[0].name} is off by {worst[0].amount:g}" if worst else "its integers are not whole"
        return SolverError(
            f"The solver {self.solver.name} calls values optimal that do not hold: {what}. "
            "Use another solver, or units that bring large and small coefficients closer."
        )

    def outcome(
        self,
        status: Any,
        values: Floats | None = None,
        bound: float | None = None,
        *,
        limit: Any = None,
        interrupted: bool = False,
    ) -> Outcome:
        value = None if values is None else self.problem.value(values)
        return Outcome(
            status=status,
            values=values,
            value=value,
            bound=bound,
            gap=relative_gap(value, bound, self.problem.sense),
            seconds=time.perf_counter() - self.begun,
            nodes=None,
            solver=f"{self.solver.name} {version_of(self.solver)}",
            interrupted=interrupted,
            limit=limit,
        )


def _as_pulp(problem: Matrix, scale: float) -> tuple[pulp.LpProblem, list[Any]]:
    """Return arrays as a PuLP problem to minimise, with names of its own, and its variables by column.

    Rows without coefficients are left out. There is one more variable, fixed at 1, that carries the
    constant: some solvers are not told of one, and then measure the gap on another number.
    """
    shadow = pulp.LpProblem("clusterplan", pulp.LpMinimize)
    variables = [
        shadow.add_variable(
            f"x{j}",
            low if np.isfinite(low) else None,
            high if np.isfinite(high) else None,
            pulp.LpInteger if whole else pulp.LpContinuous,
        )
        for j, (low, high, whole) in enumerate(
            zip(problem.lower.tolist(), problem.upper.tolist(), problem.integer.tolist(), strict=True)
        )
    ]
    cost = -problem.direction * scale * problem.cost
    paid = [(variables[j], float(cost[j])) for j in np.flatnonzero(cost).tolist()]
    variables.append(shadow.add_variable("always", 1, 1))
    paid.append((variables[-1], -problem.direction * scale * problem.constant))
    shadow.setObjective(pulps.expression(paid))
    columns, values, ends = problem.indices.tolist(), problem.values.tolist(), problem.indptr.tolist()
    bounds = zip(problem.row_lower.tolist(), problem.row_upper.tolist(), strict=True)
    for i, (low, high) in enumerate(bounds):
        pairs = [(variables[columns[k]], values[k]) for k in range(ends[i], ends[i + 1])]
        if not pairs:
            continue
        if low == high:
            shadow.addConstraint(pulps.expression(pairs) == low, f"r{i}")
            continue
        if np.isfinite(low):
            shadow.addConstraint(pulps.expression(pairs) >= low, f"r{i}_least")
        if np.isfinite(high):
            shadow.addConstraint(pulps.expression(pairs) <= high, f"r{i}_most")
    return shadow, variables
