"""A layout problem without links as a linear program: who goes where, and which parks are in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from clusterplan.instance import Bools, Floats, Ints
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.seek.layout import Layout


@dataclass(frozen=True, eq=False)
class Location:
    """The program of a layout problem, or of a part of it: a column for a firm in a park, one for a park.

    Parks that are in use anyway, or whose use neither costs nor is counted, have no column.

    Parameters
    ----------
    matrix
        The program; its first columns are those of firms.
    firm, park
        (X,) the firm and the park of each of these.
    y_park
        (Y,) the park of each further column.
    tie
        (X,) column that says whether the park is in use, −1 where there is none.
    """

    matrix: Matrix
    firm: Ints
    park: Ints
    y_park: Ints
    tie: Ints

    def start(self, park: Ints) -> Floats:
        """Return the values of a layout.

        Parameters
        ----------
        park
            (F,) park of each firm, −1 where it stays out.
        """
        return np.concatenate([self.park == park[self.firm], np.isin(self.y_park, park)]).astype(float)

    def layout(self, values: Floats, n: int) -> Ints:
        """Return (F,) the park of each of n firms, from values of the columns."""
        out = np.full(n, -1, dtype=np.int64)
        chosen = np.flatnonzero(values[: len(self.firm)] > 0.5)
        out[self.firm[chosen]] = self.park[chosen]
        return out


class _Rows:
    """Rows in the making."""

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []
        self.n = 0

    def add(self, row: Ints, column: Ints, value: Floats, lower: Floats, upper: Floats) -> None:
        """Add rows; ``row`` counts from 0."""
        self.row.append(self.n + row)
        self.column.append(column)
        self.value.append(value)
        self.lower.append(lower)
        self.upper.append(upper)
        self.n += len(lower)

    def one(self, column: Ints, value: Floats, lower: float, upper: float) -> None:
        """Add a row."""
        row = np.zeros(len(column), dtype=np.int64)
        self.add(row, column, value, np.array([lower]), np.array([upper]))


def location(layout: Layout, may: Bools, *, tied: bool) -> Location:
    """Return the program of a layout problem without links.

    Parameters
    ----------
    layout
        The problem; nobody in it asks.
    may
        (F, S) which firm may be put in which park; where ``linear`` is −inf it is not in any case.
    tied
        Whether every firm in a park has a row that ties it to the use of the park. Without these rows the
        program is right all the same as long as columns are whole (one row a park says the same), and its
        relaxation is looser.
    """
    n, m = layout.linear.shape
    firm, park = np.nonzero(may & (layout.linear > -np.inf))
    n_x = len(firm)
    counted = layout.open_min > 0 or layout.open_max < m
    wanted = ~layout.open_always & ((layout.opening_cost != 0) | counted)
    y_park = np.flatnonzero(wanted & np.isin(np.arange(m), park))
    y_of = np.full(m, -1, dtype=np.int64)
    y_of[y_park] = n_x + np.arange(len(y_park))
    tie = y_of[park]
    columns = np.arange(n_x)
    rows = _Rows()
    rows.add(firm, columns, np.ones(n_x), layout.must_place.astype(float), np.ones(n))
    _limits(rows, layout, firm, park, y_of)
    if tied:
        own = np.flatnonzero(tie >= 0)
        k = len(own)
        rows.add(
            np.tile(np.arange(k), 2),
            np.concatenate([own, tie[own]]),
            np.repeat([1.0, -1.0], k),
            np.full(k, -np.inf),
            np.zeros(k),
        )
    for s in y_park:
        mine = columns[park == s]
        ends, ones = np.append(mine, y_of[s]), np.ones(len(mine))
        if not tied:
            rows.one(ends, np.append(ones, -len(mine)), -np.inf, 0.0)
        if layout.opening_cost[s] < 0 or layout.open_min > 0:  # it may pay to call an empty park used
            rows.one(ends, np.append(ones, -1.0), 0.0, np.inf)
    if counted:
        there = int(layout.open_always.sum())
        every = np.ones(len(y_park))
        rows.one(y_of[y_park], every, layout.open_min - there, layout.open_max - there)
    cost = np.concatenate([layout.linear[firm, park], -layout.opening_cost[y_park]])
    return Location(_matrix(rows, cost), firm, park, y_park, tie)


def _limits(rows: _Rows, layout: Layout, firm: Ints, park: Ints, y_of: Ints) -> None:
    """Add the limits; of those of a park that may stay shut, nothing is there while it is."""
    for limit in layout.limits:
        inside = np.flatnonzero(limit.parks[park] & (limit.need[firm] != 0.0))
        need, least, most = limit.need[firm[inside]], limit.least, limit.most
        y = y_of[int(np.argmax(limit.parks))] if limit.parks.sum() == 1 else -1
        if y >= 0 and 0.0 < most < np.inf and len(inside):
            rows.one(np.append(inside, y), np.append(need, -most), -np.inf, 0.0)
            most = np.inf
        if len(inside) or not least <= 0.0 <= most:
            rows.one(inside, need, least, most)


def _matrix(rows: _Rows, cost: Floats) -> Matrix:
    a = sparse.csr_array(
        (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column))),
        shape=(rows.n, len(cost)),
    )
    a.sum_duplicates()
    a.eliminate_zeros()
    a.sort_indices()
    n = len(cost)
    return Matrix(
        sense="max",
        constant=0.0,
        cost=cost,
        lower=np.zeros(n),
        upper=np.ones(n),
        integer=np.ones(n, dtype=bool),
        row_lower=np.concatenate(rows.lower),
        row_upper=np.concatenate(rows.upper),
        indptr=a.indptr,
        indices=a.indices,
        values=a.data,
    )
