"""The relaxation of a location program: what no layout is better than, and what each placing loses by it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from clusterplan.instance import Bools, Floats, Ints
from clusterplan.solve.listen import Told, go
from clusterplan.solve.seek.location import Location
from clusterplan.solve.session import Settings, loaded

TIGHT = 1e-6
"""By how much a firm may be further in a park than the park is in use."""
ROUNDS = 60
"""Times rows and columns are added, at most; the bound holds however many there are."""
PARKS = 8
"""Parks a firm has at first; others are added where prices say that they matter."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What prices for room, parks and firms say.

    Parameters
    ----------
    bound
        No layout is worth more.
    loss
        (F, S) a layout with this firm in this park is worth no more than ``bound − loss``; +inf where the
        firm may not be.
    """

    bound: float
    loss: Floats


def relaxed(program: Location, shape: tuple[int, int], seconds: float = np.inf) -> Relaxed | None:
    """Return bound and losses of a program; None if HiGHS finds none in time, or the program is infeasible.

    Rows that tie firms to parks in use are many, and few matter: those that are broken are added, until none
    is. Bound and losses are worked out from HiGHS's prices, whatever these are: they hold for any.

    Parameters
    ----------
    program
        The program, without ties.
    shape
        Number of firms and parks.
    seconds
        Time limit.
    """
    matrix, n_x = program.matrix, len(program.firm)
    if not matrix.n_columns:
        return None
    active = _nearest(program, shape)
    # firms' rows bound their columns; a bound of their own would share in the price
    upper = np.append(np.where(active, np.inf, 0.0), matrix.upper[n_x:])
    free = replace(matrix, integer=np.zeros(matrix.n_columns, dtype=bool), upper=upper)
    until = time.monotonic() + seconds
    highs, factor = loaded(free, Settings(time_limit=None if seconds == np.inf else seconds))
    added = np.zeros(n_x, dtype=bool)
    order: list[Ints] = []
    for _ in range(ROUNDS):
        answer, stopped = go(highs, Told(factor), None)
        if stopped:
            raise KeyboardInterrupt
        if answer is None or time.monotonic() > until:
            return None
        solution = highs.getSolution()
        if not (solution.value_valid and solution.dual_valid):
            if active.all():
                return None
            wanted, broken = np.flatnonzero(~active), np.zeros(0, dtype=np.int64)
        else:
            x, short = (np.asarray(a, dtype=float) for a in (solution.col_value, solution.col_dual))
            broken = np.flatnonzero(~added & (program.tie >= 0) & (x[:n_x] > x[program.tie] + TIGHT))
            wanted = np.flatnonzero(~active & (short[:n_x] < -TIGHT))
            if not len(broken) and not len(wanted):
                break
        if len(wanted):
            active[wanted] = True
            k = len(wanted)
            highs.changeColsBounds(k, wanted.astype(np.int32), np.zeros(k), np.full(k, np.inf))
        if len(broken):
            order.append(broken)
            added[broken] = True
            _add(highs, broken, program.tie[broken])
    solution = highs.getSolution()
    if not solution.dual_valid and not len(solution.row_dual):
        return None
    ties = np.concatenate([*order, np.zeros(0, dtype=np.int64)])
    price = np.asarray(solution.row_dual, dtype=float) * factor
    # rows added after the last solve have no price yet
    price = np.append(price, np.zeros(max(0, matrix.n_rows + len(ties) - len(price))))
    return _judged(program, shape, ties, price)


def _nearest(program: Location, shape: tuple[int, int]) -> Bools:
    """Return which columns stand for one of the best parks of a firm."""
    worth = np.full(shape, -np.inf)
    worth[program.firm, program.park] = program.matrix.cost[: len(program.firm)]
    if shape[1] <= 2 * PARKS:
        return np.ones(len(program.firm), dtype=bool)
    least = np.partition(worth, -PARKS, axis=1)[:, -PARKS]
    return np.asarray(worth[program.firm, program.park] >= least[program.firm])


def _add(highs: Any, column: Ints, tie: Ints) -> None:
    """Add rows column − tie ≤ 0."""
    k = len(column)
    both = np.stack([column, tie], axis=1).ravel().astype(np.int32)
    begin = np.arange(0, 2 * k, 2, dtype=np.int32)
    highs.addRows(k, np.full(k, -np.inf), np.zeros(k), 2 * k, begin, both, np.tile([1.0, -1.0], k))


def _judged(program: Location, shape: tuple[int, int], ties: Ints, price: Floats) -> Relaxed:
    """Return what prices prove: value = price·(A x) + (cost − price·A)·x, and both terms are bounded."""
    matrix, n_x, k = program.matrix, len(program.firm), len(ties)
    lower = np.concatenate([matrix.row_lower, np.full(k, -np.inf)])
    upper = np.concatenate([matrix.row_upper, np.zeros(k)])
    # for a maximum, a positive price is that of an upper bound
    price = np.where(np.isinf(np.where(price > 0.0, upper, lower)), 0.0, price)
    side = np.where(price > 0.0, upper, lower)
    rest = matrix.cost - price[: matrix.n_rows] @ matrix.rows()
    if k:
        rows = sparse.csr_array(
            (
                np.tile([1.0, -1.0], k),
                np.stack([ties, program.tie[ties]], axis=1).ravel(),
                2 * np.arange(k + 1),
            ),
            shape=(k, matrix.n_columns),
        )
        rest = rest - price[matrix.n_rows :] @ rows
    used = price != 0.0
    bound = float(price[used] @ side[used] + np.maximum(rest, 0.0).sum())
    by_column = np.maximum(0.0, -rest)
    loss = np.full(shape, np.inf)
    with_park = np.append(by_column, 0.0)[program.tie]  # −1: the last, nothing
    loss[program.firm, program.park] = by_column[:n_x] + with_park
    return Relaxed(bound, loss)
