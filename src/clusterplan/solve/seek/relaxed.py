"""The relaxation of a location program: what no layout is better than, and what each placing loses by it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from clusterplan.instance import Floats, Ints
from clusterplan.solve.listen import Told, go
from clusterplan.solve.seek.location import Location
from clusterplan.solve.session import Settings, loaded

TIGHT = 1e-6
"""By how much a firm may be further in a park than the park is in use."""
ROUNDS = 12
"""Times rows are added, at most; the bound holds however many there are."""


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
    # firms' rows bound their columns; a bound of their own would share in the price
    upper = np.append(np.full(n_x, np.inf), matrix.upper[n_x:])
    free = replace(matrix, integer=np.zeros(matrix.n_columns, dtype=bool), upper=upper)
    until = time.monotonic() + seconds
    highs, factor = loaded(free, Settings(time_limit=None if seconds == np.inf else seconds))
    added = np.zeros(n_x, dtype=bool)
    order: list[Ints] = []
    price = None
    for _ in range(ROUNDS):
        answer, stopped = go(highs, Told(factor), None)
        if stopped:
            raise KeyboardInterrupt
        if answer is None or time.monotonic() > until:
            break
        solution = highs.getSolution()
        if not (solution.value_valid and solution.dual_valid):
            break
        price = np.asarray(solution.row_dual, dtype=float) * factor
        x = np.asarray(solution.col_value, dtype=float)
        broken = np.flatnonzero(~added & (program.tie >= 0) & (x[:n_x] > x[program.tie] + TIGHT))
        if not len(broken):
            break
        order.append(broken)
        added[broken] = True
        _add(highs, broken, program.tie[broken])
    if price is None:
        return None
    ties = np.concatenate([*order, np.zeros(0, dtype=np.int64)])
    # rows added after the last solve have no price yet
    price = np.append(price, np.zeros(max(0, matrix.n_rows + len(ties) - len(price))))
    return _judged(program, shape, ties, price)


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
