"""The least money at which a set of firms can be there: what is paid to some, or all budgets together.

The rules stay as they are, willingness among them, and the firms must be placed; instead of the region's
objective

    least Σ_{f in firms, i} h[f,i]        the grants to some firms (annual equivalents), or
    least φ ≥ 0, with Σ use[b,(f,i)] · h[f,i] ≤ φ · limit[b] in place of each budget

is sought. More money never makes a layout impossible, so that below the least there is none and above it
there is one: the point that bisection over re-solves would close in on, with a bound that proves it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from clusterplan.instance import Bools, Decisions, Floats, Instance
from clusterplan.rules import Written, write
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import part_of
from clusterplan.solve.matrix import Matrix

MOST = 1e4
"""Times the budgets that are tried at most."""
HELD = 0.3
"""Share of the time in which places are held."""


@dataclass(frozen=True)
class Least:
    """The least that was found.

    Parameters
    ----------
    value
        Found: m currency/y of grants, or times all budgets; None if no plan was found.
    bound
        It can't be less; infinite if it is proven that no money does it, 0 if nothing is proven.
    decisions
        The plan that needs no more; None without one.
    """

    value: float | None
    bound: float
    decisions: Decisions | None

    @property
    def proven(self) -> bool:
        """Whether value and bound meet."""
        if self.value is None:
            return math.isinf(self.bound)
        return self.value - self.bound <= 1e-6 * max(1.0, abs(self.value))


def least_paid(instance: Instance, firms: Bools, start: Decisions | None, time_limit: float | None) -> Least:
    """Return the least sum of grants to some firms.

    Parameters
    ----------
    instance
        What is planned, with the firms that must be there.
    firms
        (F,) the firms whose grants count.
    start
        A plan of the instance, or None.
    time_limit
        Seconds; None: no limit.
    """

    def ask(part: Instance) -> tuple[Written, Matrix]:
        written = write(part)
        cost = np.zeros(written.program.n_columns)
        cost[written.awarded.h[firms[instance.awards.firm]]] = 1.0
        return written, replace(matrix_of(written), sense="min", constant=0.0, cost=cost)

    return _least(instance, ask, start, time_limit)


def least_budgets(instance: Instance, start: Decisions | None, time_limit: float | None) -> Least:
    """Return the least factor on all budgets.

    Parameters
    ----------
    instance, start, time_limit
        As for `least_paid`.
    """

    def ask(part: Instance) -> tuple[Written, Matrix]:
        written = write(part)
        return written, _scaled(written, matrix_of(written))

    return _least(instance, ask, start, time_limit)


def _scaled(written: Written, problem: Matrix) -> Matrix:
    """Return the problem with one more column, the factor on all budgets, that is to be least."""
    upper: Floats = np.array(problem.row_upper)
    factor = np.zeros(problem.n_rows)
    first = 0
    for block in written.program.row_blocks:
        here = np.arange(first, first + block.count)
        if block.rule == "budget":
            limited = here[np.isfinite(upper[here])]
            factor[limited] = -upper[limited]
            upper[limited] = 0.0
        first += block.count
    rows = sparse.hstack([problem.rows(), sparse.csr_array(factor[:, None])], format="csr")
    rows.sort_indices()
    return replace(
        problem,
        sense="min",
        constant=0.0,
        cost=np.append(np.zeros(problem.n_columns), 1.0),
        lower=np.append(problem.lower, 0.0),
        upper=np.append(problem.upper, MOST),
        integer=np.append(problem.integer, False),
        row_upper=upper,
        indptr=rows.indptr,
        indices=rows.indices,
        values=rows.data,
    )


def _least(
    instance: Instance,
    ask: Callable[[Instance], tuple[Written, Matrix]],
    start: Decisions | None,
    time_limit: float | None,
) -> Least:
    """Ask with places held as in the start, which is quick, then with all free, from what came of it."""
    begun = time.monotonic()
    best = Least(None, 0.0, None)
    known: Floats | None = None
    if start is not None:
        nobody = np.zeros(instance.n_firms, dtype=bool)
        written, problem = ask(part_of(instance, start, nobody))
        limit = None if time_limit is None else HELD * time_limit
        outcome = solve_highs(problem, time_limit=limit)
        if outcome.values is not None and outcome.value is not None:
            best = Least(max(0.0, outcome.value), 0.0, written.decisions(outcome.values))
    if best.value is not None and best.value <= 1e-9:
        return best
    written, problem = ask(instance)
    if best.decisions is not None and best.value is not None:
        own = written.values(best.decisions)
        known = own if problem.n_columns == len(own) else np.append(own, best.value)
    left = None if time_limit is None else max(0.1, time_limit - (time.monotonic() - begun))
    outcome = solve_highs(problem, time_limit=left, start=known)
    if outcome.status == "infeasible":
        return Least(None, math.inf, None)
    bound = 0.0 if outcome.bound is None else max(0.0, outcome.bound)
    if outcome.values is None or outcome.value is None:
        return replace(best, bound=bound)
    if best.value is not None and outcome.value > best.value:
        return replace(best, bound=min(bound, best.value))
    return Least(
        max(0.0, outcome.value), min(bound, max(0.0, outcome.value)), written.decisions(outcome.values)
    )
