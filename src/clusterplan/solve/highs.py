"""`solve_highs`: HiGHS, with nothing it says believed before it is checked."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pulp

from clusterplan.errors import SolverError, UsageError
from clusterplan.instance import Floats
from clusterplan.solve.listen import Watch
from clusterplan.solve.matrix import Matrix, matrix
from clusterplan.solve.outcome import Outcome, relative_gap
from clusterplan.solve.progress import Progress
from clusterplan.solve.proof import settled
from clusterplan.solve.session import Run, Settings, highs_version, run
from clusterplan.solve.violations import violations
from clusterplan.solve.whole import TOLERANCE, fixed, made_whole

if TYPE_CHECKING:
    from clusterplan.solve.kept import Kept

STRICT = 1e-9
"""How far HiGHS may let rows and integers be off while it branches."""


def solve_highs(
    problem: pulp.LpProblem | Matrix,
    *,
    time_limit: float | None = None,
    work_limit: int | None = None,
    gap: float = 1e-6,
    seed: int = 0,
    threads: int = 1,
    start: Floats | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    options: Mapping[str, Any] | None = None,
    kept: Kept | None = None,
) -> Outcome:
    """Solve a problem with HiGHS.

    The variables of a PuLP problem keep the values they have: results are in the `Outcome`. Ctrl-C ends the
    search and returns the best values so far. While it solves a large relaxation HiGHS does not listen: after
    three seconds, or a second Ctrl-C, it is left to end by itself (`clusterplan.solve.listen.left_running`).
    With one thread and no time limit, the same call gives the same outcome.

    Parameters
    ----------
    problem
        A PuLP problem, or one read by `clusterplan.solve.matrix.matrix`.
    time_limit
        Seconds for the whole call, reading included; None: no limit.
    work_limit
        Branch-and-bound nodes; None: no limit. At 0 not even the first relaxation is solved.
    gap
        Relative gap at which to stop. The status is ``optimal`` only if it is then closed.
    seed, threads
        Random seed and number of threads; each call may have its own.
    start
        (n,) values to start from, NaN where unknown. Where they don't hold as they are, their integers are
        fixed and the rest is solved first, in at most half of the time. A start that holds is the least
        that is returned, even at limits of 0.
    on_progress
        Called about ten times a second and once at the end, in the calling thread.
    options
        Further options of HiGHS by name. They win over those set here. HiGHS is given a minimum with scaled
        costs, so options on the objective (``objective_target``) do not mean what they say.
    kept
        Keeps HiGHS for the next problem that differs in numbers only.

    Raises
    ------
    UsageError
        If an argument cannot be meant, or HiGHS has no such option.
    SolverError
        If the objective can grow without end, or HiGHS fails or contradicts itself.
    """
    begun = time.perf_counter()
    check_limits(time_limit, gap, threads, work_limit)
    problem = problem if isinstance(problem, Matrix) else matrix(problem)
    settings = Settings(time_limit, work_limit, _aim(gap), STRICT, seed, threads, options or {})
    solving = _Solving(problem, settings, begun, on_progress, kept)
    outcome = solving.trivial() or solving.solved(start)
    if on_progress is not None:
        nodes = outcome.nodes or 0
        on_progress(Progress(outcome.seconds, outcome.value, outcome.bound, outcome.gap, nodes, "end"))
    return outcome


def check_limits(time_limit: float | None, gap: float, threads: int, work_limit: int | None = None) -> None:
    """Check what every solver is given.

    Raises
    ------
    UsageError
        If one of them cannot be meant.
    """
    if time_limit is not None and not time_limit >= 0:
        raise UsageError(f"The time limit is in seconds, 0 or more, not {time_limit!r}.")
    if work_limit is not None and not work_limit >= 0:
        raise UsageError(f"The work limit is a number of nodes, 0 or more, not {work_limit!r}.")
    if not 0 <= gap < math.inf:
        raise UsageError(f"The gap is a share such as 0.01, not {gap!r}.")
    if threads < 1:
        raise UsageError(f"At least one thread is needed, not {threads!r}.")


def _aim(gap: float) -> float:
    """Return the gap to ask HiGHS for: a little less, as rounding its integers may cost a little."""
    return max(gap / 2, gap - 1e-7)


@dataclass(frozen=True)
class _Solving:
    """One call of `solve_highs`."""

    problem: Matrix
    settings: Settings
    begun: float
    on_progress: Callable[[Progress], None] | None
    kept: Kept | None = None

    def trivial(self) -> Outcome | None:
        """Return the outcome of a problem there is nothing to solve in, else None."""
        if (self.problem.lower > self.problem.upper).any():
            return self.outcome("infeasible")
        if self.problem.n_columns:
            return None
        nothing = np.zeros(0)
        if violations(self.problem, nothing, TOLERANCE):
            return self.outcome("infeasible")
        return self.outcome("optimal", values=nothing, bound=self.problem.constant)

    def solved(self, start: Floats | None) -> Outcome:
        known, interrupted = (None, False) if start is None else self.completed(start)
        if interrupted:
            return self.outcome("no_plan" if known is None else "feasible", values=known, interrupted=True)
        last, found = self.searched(known)
        if last.claim == "unbounded":
            return self.unbounded_or_infeasible(last)
        values = self.better(found, known)
        if values is None:
            if last.claim in {"infeasible", "stopped"}:
                status = "infeasible" if last.claim == "infeasible" else "no_plan"
                return self.outcome(status, last)
            raise SolverError(
                f"HiGHS ended with {last.reason} and no values that hold. Large coefficients beside small "
                "ones are the usual reason: write them in units that bring them closer."
            )
        return self.judged(last, values)

    def searched(self, known: Floats | None) -> tuple[Run, Floats | None]:
        """Search, strictly at first; return what HiGHS claims, and values that hold.

        What is infeasible only to the strict tolerance (equations between large numbers), or fails in it,
        is tried with HiGHS's own.
        """
        if not self.problem.integer.any():
            return self.tried(replace(self.settings, tolerance=None), None, known)
        last, found = self.tried(self.settings, known, known)
        if last.claim in {"infeasible", "failed"} and not last.interrupted:
            again, loosely = self.tried(replace(self.settings, tolerance=None), known, known)
            if loosely is not None or last.claim == "failed":
                return again, loosely
        return last, found

    def tried(
        self, settings: Settings, start: Floats | None, known: Floats | None
    ) -> tuple[Run, Floats | None]:
        watch = self.watch("search", known)
        last = run(self.problem, self.left(settings), start=start, watch=watch, kept=self.kept)
        if last.values is None:
            return last, None
        return last, made_whole(self.problem, last.values, seed=self.settings.seed)

    def completed(self, start: Floats) -> tuple[Floats | None, bool]:
        """Return the start with the rest filled in, None if that can't be; and whether Ctrl-C was pressed."""
        if start.shape != (self.problem.n_columns,):
            raise UsageError(
                f"A start has a value (or NaN) for each of the {self.problem.n_columns} columns, "
                f"not the shape {start.shape}."
            )
        given = ~np.isnan(start)
        if given.all():
            values = np.where(self.problem.integer, np.rint(start), start)
            if not violations(self.problem, values, TOLERANCE):
                return values, False
        given &= self.problem.integer
        if not given.any():
            return None, False
        rest = fixed(self.problem, np.rint(start), given)
        if (rest.lower < self.problem.lower).any() or (rest.upper > self.problem.upper).any():
            return None, False
        left = self.left(self.settings)
        half = replace(left, time_limit=None if left.time_limit is None else left.time_limit / 2)
        first = run(rest, half, watch=self.watch("start", None))
        values_or_none = None if first.values is None else made_whole(self.problem, first.values)
        return values_or_none, first.interrupted

    def better(self, found: Floats | None, known: Floats | None) -> Floats | None:
        """Return the better of two, either of which may be missing."""
        if found is None or known is None:
            return known if found is None else found
        gain = self.problem.direction * (self.problem.value(found) - self.problem.value(known))
        return found if gain >= 0 else known

    def unbounded_or_infeasible(self, last: Run) -> Outcome:
        """Tell the two apart by looking for any values at all.

        Raises
        ------
        SolverError
            If there are some: with rational data the objective then grows without end (Meyer 1974).
        """
        problem = self.problem
        flat = replace(problem, cost=np.zeros(problem.n_columns), constant=0.0)
        any_values = run(flat, self.left(self.settings))
        if any_values.claim == "infeasible":
            return self.outcome("infeasible", last)
        if any_values.values is None:
            return self.outcome("no_plan", any_values)
        gain = problem.direction * problem.cost
        free = (gain > 0) & np.isposinf(problem.upper) | (gain < 0) & np.isneginf(problem.lower)
        some = ", ".join(map(problem.column_name, np.flatnonzero(free)[:5].tolist()))
        raise SolverError(
            "The objective can grow without end. "
            + (f"Bound what it pays for: {some}." if some else "A column that it pays for has no bound.")
        )

    def judged(self, last: Run, values: Floats) -> Outcome:
        """Return the outcome for values that hold: optimal if the bound proves it."""
        bound = None if last.claim in {"failed", "infeasible"} else last.bound
        bound, closed = settled(self.problem, values, bound, f"HiGHS {highs_version()}")
        return self.outcome("optimal" if closed else "feasible", last, values=values, bound=bound)

    def outcome(
        self,
        status: Any,
        last: Run | None = None,
        *,
        values: Floats | None = None,
        bound: float | None = None,
        interrupted: bool = False,
    ) -> Outcome:
        value = None if values is None else self.problem.value(values)
        limit: Any = None
        if last is not None:
            interrupted = last.interrupted
            limit = last.limit if status in {"feasible", "no_plan"} else None
            if status == "feasible" and last.claim == "optimal":
                limit = "gap"
            if status == "no_plan":
                bound = last.bound
        return Outcome(
            status=status,
            values=values,
            value=value,
            bound=bound,
            gap=relative_gap(value, bound, self.problem.sense),
            seconds=time.perf_counter() - self.begun,
            nodes=0 if last is None else last.nodes,
            solver=f"HiGHS {highs_version()}",
            interrupted=interrupted,
            limit=limit,
        )

    def left(self, settings: Settings) -> Settings:
        """Return the settings with what is left of the time."""
        if settings.time_limit is None:
            return settings
        return replace(settings, time_limit=settings.time_limit - (time.perf_counter() - self.begun))

    def watch(self, what: Any, known: Floats | None) -> Watch | None:
        """Return what passes HiGHS's state on as `Progress`."""
        if self.on_progress is None:
            return None
        tell, direction = self.on_progress, self.problem.direction
        best_before: list[float | None] = [None if known is None else self.problem.value(known)]

        def watch(best: float | None, bound: float | None, nodes: int) -> None:
            before = best_before[0]
            is_better = best is not None and (before is None or direction * (best - before) > 0)
            best_before[0] = now = best if is_better else before
            tell(
                Progress(
                    seconds=time.perf_counter() - self.begun,
                    best=now,
                    bound=bound,
                    gap=relative_gap(now, bound, self.problem.sense),
                    nodes=nodes,
                    what="better" if is_better and what == "search" else what,
                )
            )

        return watch
