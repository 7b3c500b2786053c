"""`Loose`: the program of a lifted region, in which each cause holds or not, as is asked.

    find x:  rows and bounds of the chosen causes, and of what columns mean
    min Σ cost · amount,  rows + per_unit · amount,  y ≤ amount (what keeps y at 0),  x ≥ 1 − amount

Only what the chosen causes speak of is given to the solver: other columns are completed by their meaning (a
link is there when both firms are, a firm runs at full output, nothing else is traded or granted). Source:
elastic programs, Chinneck 2008, Feasibility and Infeasibility in Optimization, chapter 6.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from scipy import sparse

from clusterplan.explore.obstacles.cause import Cause
from clusterplan.instance import Bools, Floats, Ints
from clusterplan.rules import Written
from clusterplan.solve import Matrix, infeasible_part, matrix_of, solve_highs

TOLERANCE = 1e-6
"""How far a row may be off, against its largest part: as in `clusterplan.solve.violations`."""

BALANCED = frozenset({"sold", "bought"})
"""Rules whose rows say at once that no more is traded than there is, and that all of it is."""

DECIDED = frozenset("xyqlvuemhk")
"""Symbols of columns that decide something; all others say what follows from these."""

ROUGH = 1.0
"""Gap at which enough firms that need not come are left out, where nothing gives way."""

FINE = 1e-4
"""Gap of the cost of what gives way; and what a firm that need not come costs beside it, so that the values
found break little."""


@dataclass(frozen=True, eq=False)
class Point:
    """What was found for some causes.

    Parameters
    ----------
    status
        ``holds``: there are values; ``conflict``: there are none; ``unknown``: time ran out.
    values
        Value of every column of the program; None unless it holds.
    amounts
        How far each cause that could give way does, by its number.
    cost
        Σ cost · amount.
    is_least
        Whether it is proven that no less is enough, but for the gap `FINE`.
    """

    status: Literal["holds", "conflict", "unknown"]
    values: Floats | None = None
    amounts: Mapping[int, float] | None = None
    cost: float = 0.0
    is_least: bool = False


class Clock:
    """What is left of a time limit."""

    def __init__(self, seconds: float | None) -> None:
        self._begun, self._seconds = time.monotonic(), seconds

    @property
    def spent(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._begun

    def left(self, share: float = 1.0) -> float | None:
        """Return a share of the seconds that are left, None for no limit."""
        return None if self._seconds is None else share * max(0.0, self._seconds - self.spent)

    @property
    def is_up(self) -> bool:
        """Whether no time is left."""
        left = self.left()
        return left is not None and left <= 0


@dataclass(frozen=True, eq=False)
class Loose:
    """A lifted region's program with its causes.

    Parameters
    ----------
    written
        The program.
    must_place
        F, True for a firm that is in every plan.
    causes
        Its causes; they are called by their place in this list.
    """

    written: Written
    must_place: Bools
    causes: Sequence[Cause]

    @cached_property
    def matrix(self) -> Matrix:
        """The program as arrays."""
        return matrix_of(self.written)

    @cached_property
    def _rows(self) -> sparse.csr_array:
        return self.matrix.rows()

    @cached_property
    def cause_of(self) -> Ints:
        """The cause of each row, −1 for those that say what columns mean."""
        numbers = np.full(self.matrix.n_rows, -1)
        for number, cause in enumerate(self.causes):
            numbers[cause.rows] = number
        return numbers

    @cached_property
    def _upper(self) -> Floats:
        """Upper bounds of columns by their meaning: what awards are at most, their rows say."""
        upper = self.matrix.upper.copy()
        upper[self.written.awarded.h] = np.inf
        return upper

    @cached_property
    def _places(self) -> Ints:
        """Columns of open parks and placed firms."""
        sited = self.written.sited
        return np.concatenate([sited.x, sited.y[sited.firm, sited.park]])

    @cached_property
    def _balances(self) -> Bools:
        """Rows of which one half says what columns mean: no more is sold or bought than is made or needed."""
        balanced = [cause.rows for cause in self.causes if cause.rule in BALANCED]
        rows = np.zeros(self.matrix.n_rows, dtype=bool)
        rows[np.concatenate([np.zeros(0, dtype=np.int64), *balanced])] = True
        return rows

    @cached_property
    def _meaning(self) -> tuple[Ints, sparse.csr_array]:
        """Rows that say what columns mean; and, row by row, the columns that such a row is about.

        A row is of interest where a column that it is about is, and always where it is about places alone. A
        balance is about what is traded, and not about the load behind it.
        """
        sited = self.written.sited
        rows = np.flatnonzero((self.cause_of < 0) | self._balances)
        about = np.ones(self.matrix.n_columns, dtype=bool)
        about[self._places] = False
        is_load = np.zeros(self.matrix.n_columns, dtype=bool)
        is_load[sited.q[sited.firm, sited.park]] = True
        pattern = self._rows[rows].tocoo()
        keep = about[pattern.col] & ~(is_load[pattern.col] & self._balances[rows][pattern.row])
        entries = (np.ones(int(keep.sum())), (pattern.row[keep], pattern.col[keep]))
        return rows, sparse.coo_array(entries, shape=pattern.shape).tocsr()

    @cached_property
    def optional(self) -> Floats:
        """1 for the place of each firm that need not come."""
        sited = self.written.sited
        cost = np.zeros(self.matrix.n_columns)
        cost[sited.y[sited.firm, sited.park][~self.must_place[sited.firm]]] = 1.0
        return cost

    def find(
        self,
        chosen: Collection[int],
        *,
        easing: Mapping[int, float] | None = None,
        spare: bool = False,
        time_limit: float | None = None,
    ) -> Point:
        """Return values for which the chosen causes hold, with the least cost of what gives way.

        Parameters
        ----------
        chosen
            Numbers of the causes that must hold.
        easing
            Cost of a unit of what gives way, by cause; these are among the chosen. None: nothing gives way,
            and few firms that need not come are placed.
        spare
            Whether firms that need not come are left out altogether.
        time_limit
            Seconds.
        """
        eased = easing or {}
        part = _Part(self, np.array(sorted(chosen), dtype=np.int64), eased)
        matrix = part.without(self.optional > 0) if spare else part.matrix
        outcome = solve_highs(matrix, time_limit=time_limit, gap=FINE if eased else ROUGH)
        if outcome.status == "infeasible":
            return Point("conflict")
        if outcome.values is None:
            return Point("unknown")
        amounts = part.amounts(outcome.values)
        cost = sum(eased[number] * amount for number, amount in amounts.items())
        is_least = outcome.limit in (None, "gap") and not spare
        return Point("holds", part.complete(outcome.values), amounts, cost, is_least)

    def core(self, chosen: Collection[int], time_limit: float | None = None) -> set[int] | None:
        """Return those of the chosen causes by which not even fractions can hold; None if they can.

        It is a hint: whether these can't hold together is to be tested.
        """
        part = _Part(self, np.array(sorted(chosen), dtype=np.int64), {})
        found = infeasible_part(part.matrix, time_limit=time_limit)
        if found is None:
            return None
        rows, columns = part.rows[found[0]], set(part.columns[found[1]].tolist())
        core = set(self.cause_of[rows].tolist()) - {-1}
        for number in chosen:
            cause = self.causes[number]
            if not columns.isdisjoint(cause.shut.tolist()) or not columns.isdisjoint(cause.held.tolist()):
                core.add(number)
        return core & set(chosen)

    def broken(self, values: Floats, amounts: Mapping[int, float]) -> set[int]:
        """Return the causes that values break, given how far some of them give way."""
        matrix = self.matrix
        term = matrix.values * values[matrix.indices]
        row_of = np.repeat(np.arange(matrix.n_rows), np.diff(matrix.indptr))
        activity: Floats = np.bincount(row_of, weights=term, minlength=matrix.n_rows).astype(float)
        largest = np.ones(matrix.n_rows)
        np.maximum.at(largest, row_of, np.abs(term))
        for bound in (matrix.row_lower, matrix.row_upper):
            largest = np.maximum(largest, np.where(np.isfinite(bound), np.abs(bound), 0.0))
        freed: set[int] = set()
        for number, amount in amounts.items():
            ease = self.causes[number].ease
            if ease is not None and amount > 0:
                activity[ease.rows] += ease.per_unit * amount
                freed.add(number)
        excess = np.maximum(matrix.row_lower - activity, activity - matrix.row_upper)
        wrong = set(self.cause_of[excess > TOLERANCE * largest].tolist()) - {-1}
        for number, cause in enumerate(self.causes):
            if number in freed or not (len(cause.shut) or len(cause.held)):
                continue
            if (values[cause.shut] > 0.5).any() or (values[cause.held] < 0.5).any():
                wrong.add(number)
        return wrong


class _Part:
    """The part of a `Loose` program that chosen causes speak of."""

    def __init__(self, loose: Loose, chosen: Ints, easing: Mapping[int, float]) -> None:
        self._loose = loose
        whole = loose.matrix
        is_chosen = np.zeros(len(loose.causes) + 1, dtype=bool)
        is_chosen[chosen] = True
        own = is_chosen[loose.cause_of]  # −1 is the last, never chosen
        used: Bools = np.zeros(whole.n_columns, dtype=bool)
        used[loose._rows[np.flatnonzero(own)].indices] = True
        meant = self._meant(used)
        rows = np.concatenate([np.flatnonzero(own), meant[~own[meant]]])
        lower, upper = whole.row_lower[rows].copy(), whole.row_upper[rows]
        lower[loose._balances[rows] & ~own[rows]] = -np.inf
        self.rows = rows
        matrix = loose._rows[rows]
        used[loose._places] = True
        used[matrix.indices] = True
        self.columns = np.flatnonzero(used)
        self._position = np.full(whole.n_columns, -1)
        self._position[self.columns] = np.arange(len(self.columns))
        self._eased = [number for number in chosen.tolist() if number in easing]
        self.matrix = self._with_eases(matrix, (lower, upper), rows, chosen, easing)

    def _meant(self, used: Bools) -> Ints:
        """Return the rows that say what the used columns mean, and mark the columns of these as used."""
        rows, about = self._loose._meaning
        always = np.diff(about.indptr) == 0
        while True:
            meant = rows[always | ((about @ used.astype(float)) > 0)]
            before = int(used.sum())
            used[self._loose._rows[meant].indices] = True
            if int(used.sum()) == before:
                return np.asarray(meant)

    def _with_eases(
        self,
        matrix: sparse.csr_array,
        bounds: tuple[Floats, Floats],
        rows: Ints,
        chosen: Ints,
        easing: Mapping[int, float],
    ) -> Matrix:
        loose, n = self._loose, len(self.columns)
        whole = loose.matrix
        low, high = whole.lower[self.columns].copy(), loose._upper[self.columns].copy()
        row_at = np.full(whole.n_rows, -1)
        row_at[rows] = np.arange(len(rows))
        eased_at = {number: n + i for i, number in enumerate(self._eased)}
        entries: list[tuple[int, int, float]] = []
        links: list[
            tuple[tuple[tuple[int, float], ...], float]
        ] = []  # rows Σ coefficient · column ≤ right side
        for number in chosen.tolist():
            cause, at = loose.causes[number], eased_at.get(number)
            shut, held = self._position[cause.shut], self._position[cause.held]
            if at is None:
                high[shut] = 0.0
                low[held] = 1.0
                continue
            links += [(((int(y), 1.0), (at, -1.0)), 0.0) for y in shut]
            links += [(((int(x), -1.0), (at, -1.0)), -1.0) for x in held]
            ease = cause.ease
            if ease is not None:
                entries += [(int(row_at[row]), at, ease.per_unit) for row in ease.rows]
        for i, (pairs, _) in enumerate(links):
            entries += [(len(rows) + i, column, amount) for column, amount in pairs]
        width, height = n + len(self._eased), len(rows) + len(links)
        own = matrix[:, self.columns].tocoo()
        row, column, amount = (
            np.concatenate([array, np.array([entry[k] for entry in entries], dtype=array.dtype)])
            for k, array in enumerate((own.row, own.col, own.data))
        )
        total = sparse.coo_array((amount, (row, column)), shape=(height, width)).tocsr()
        total.sum_duplicates()
        total.eliminate_zeros()
        total.sort_indices()
        eases = [loose.causes[number].ease for number in self._eased]
        most = np.array([np.inf if ease is None else ease.most for ease in eases])
        is_whole = [ease is not None and (ease.whole or not ease.unit) for ease in eases]
        cost = loose.optional[self.columns] * (FINE if easing else 1.0)
        return Matrix(
            sense="min",
            constant=0.0,
            cost=np.concatenate([cost, [easing[number] for number in self._eased]]),
            lower=np.concatenate([low, np.zeros(len(eases))]),
            upper=np.concatenate([high, most]),
            integer=np.concatenate([whole.integer[self.columns], np.array(is_whole, dtype=bool)]),
            row_lower=np.concatenate([bounds[0], np.full(len(links), -np.inf)]),
            row_upper=np.concatenate([bounds[1], [right for _, right in links]]),
            indptr=total.indptr,
            indices=total.indices,
            values=total.data,
        )

    def without(self, columns: Bools) -> Matrix:
        """Return the part with columns of the program at 0."""
        upper = self.matrix.upper.copy()
        upper[: len(self.columns)][columns[self.columns]] = 0.0
        return replace(self.matrix, upper=np.maximum(upper, self.matrix.lower))

    def amounts(self, values: Floats) -> dict[int, float]:
        """Return how far each cause gives way."""
        given = values[len(self.columns) :]
        return {number: float(amount) for number, amount in zip(self._eased, given, strict=True)}

    def complete(self, values: Floats) -> Floats:
        """Return a value for every column of the program; what others mean follows from what is decided."""
        written = self._loose.written
        sited = written.sited
        solved = np.zeros(self._loose.matrix.n_columns)
        solved[self.columns] = values[: len(self.columns)]
        every = solved.copy()
        every[sited.q[sited.firm, sited.park]] = solved[sited.y[sited.firm, sited.park]]
        every[self.columns] = solved[self.columns]
        whole = written.values(written.decisions(every))
        decided = np.zeros(len(every), dtype=bool)
        for block in written.program.column_blocks:
            decided[block.first : block.first + len(block.lower)] = block.symbol in DECIDED
        return np.where(decided, every, whole)
