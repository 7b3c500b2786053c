"""One program for several futures: what is decided once stands in it once.

Of today's program the columns of places, openings, works, links and awards are kept with their rows. Each
future s adds its own utilisation, supply and loops with the rows that hold them, in which the columns of
places are those of today: the deterministic equivalent with its first stage substituted, so that no row
has to say that two copies are equal. A payment is paid[s,a] · h[a], the share of the award that is data;
where an award hangs on what is made, paid[s,a] · h[a] ≤ load_cap[s,a] · q[s,f]. Objective and willingness
stand in `clusterplan.solve.together.asked`, what is rationed in `clusterplan.solve.together.ration`.

Source: Birge and Louveaux 2011, Introduction to Stochastic Programming, section 3.1 (extensive form).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from clusterplan.instance import Bools, Decisions, Floats, Instance, Ints, Later
from clusterplan.rules import write
from clusterplan.rules.tighten import Tightened, tighten
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.together.asked import Aimed, Asked, aimed
from clusterplan.solve.together.block import OF_FUTURES, Block, block, own_columns, places_of, rules_of


@dataclass(frozen=True, eq=False)
class Shared:
    """The program of several futures, in N columns; made by `shared`.

    Parameters
    ----------
    today
        What is planned.
    asked
        What is made best, and when firms come.
    first, at
        Today's program, and (n,) the column of the whole for each of its columns, −1 for those left out.
    blocks
        The futures.
    level
        Number of the first column that the aim adds.
    lower, upper, integer, places, future
        (N,) bounds, whether it is a whole number, (4, N) firms and parks that a column needs there, and the
        future that it belongs to, −1 for what is decided once.
    rows, row_lower, row_upper
        Rows of what is decided once, with their bounds.
    """

    today: Instance
    asked: Asked
    first: Tightened
    at: Ints
    blocks: tuple[Block, ...]
    level: int
    lower: Floats
    upper: Floats
    integer: Bools
    places: Ints
    future: Ints
    rows: sparse.csr_array
    row_lower: Floats
    row_upper: Floats

    @property
    def size(self) -> int:
        """Number of columns."""
        return len(self.lower)

    def part(
        self,
        admissible: Bools | None = None,
        must_place: Bools | None = None,
        futures: Sequence[int] | None = None,
    ) -> Part:
        """Return the program in which firms may be in some places alone, over some of the futures.

        Parameters
        ----------
        admissible
            (F, S) places that are left; None: all.
        must_place
            (F,) firms that are to be placed; None: those that must be.
        futures
            Numbers of the futures that count; None: all.
        """
        counted = range(len(self.blocks)) if futures is None else futures
        rows, below, above, goal = self._every if futures is None else self._over(counted)
        keep = np.isin(self.future, [-1, *counted])
        if admissible is not None:
            may = np.concatenate([admissible, admissible.any(axis=1, keepdims=True)], axis=1)
            for firm, park in (self.places[:2], self.places[2:]):
                keep &= (firm < 0) | may[firm, park]  # the last for columns that are of no park
        lower = self.lower
        if must_place is not None and admissible is not None:
            lower = np.array(lower)
            one = np.flatnonzero(must_place & (admissible.sum(axis=1) == 1))
            lower[self.at[self.first.written.sited.y[one, admissible[one].argmax(axis=1)]]] = 1.0
        columns = np.flatnonzero(keep)
        left = sparse.csr_array(rows[:, columns])
        left.sum_duplicates()
        left.eliminate_zeros()
        told = (np.diff(left.indptr) > 0) | (below > 0) | (above < 0)
        left = sparse.csr_array(left[np.flatnonzero(told)])
        left.sort_indices()
        return Part(
            whole=self,
            columns=columns,
            matrix=Matrix(
                sense="max",
                constant=goal.constant,
                cost=goal.cost[columns],
                lower=lower[columns],
                upper=self.upper[columns],
                integer=self.integer[columns],
                row_lower=below[told],
                row_upper=above[told],
                indptr=left.indptr,
                indices=left.indices,
                values=left.data,
            ),
        )

    @cached_property
    def _every(self) -> tuple[sparse.csc_array, Floats, Floats, Aimed]:
        return self._over(range(len(self.blocks)))

    def _over(self, counted: Sequence[int]) -> tuple[sparse.csc_array, Floats, Floats, Aimed]:
        """Return all rows over some of the futures with their bounds, and the objective."""
        used = [self.blocks[number] for number in counted]
        goal = aimed(self.today, used, self.asked, self.level, self.size)
        rows = sparse.vstack(
            [self.rows, *(b.rows @ b.into(self.size) for b in used), goal.rows], format="csc"
        )
        below = np.concatenate([self.row_lower, *(b.row_lower for b in used), goal.lower])
        above = np.concatenate(
            [self.row_upper, *(b.row_upper for b in used), np.full(len(goal.lower), np.inf)]
        )
        return rows, below, above, goal

    def held(self, park: Ints) -> Part:
        """Return the program in which every firm is where it is told."""
        there = park >= 0
        admissible = np.zeros_like(self.today.sites.admissible)
        admissible[np.flatnonzero(there), park[there]] = True
        return self.part(admissible, there)

    def values(self, columns: Floats) -> Floats:
        """Return V[s] of column values, m currency/y."""
        return np.array([float(b.value @ (b.share * columns[b.at])) + b.constant for b in self.blocks])

    def once(self, columns: Floats) -> Decisions:
        """Return what is decided once; utilisation and supply are those of no future."""
        values = np.zeros(self.first.written.program.n_columns)
        known = self.at >= 0
        values[known] = columns[self.at[known]]
        found = self.first.written.decisions(values)
        return replace(found, load=np.where(found.park >= 0, 1.0, 0.0))

    def in_future(self, columns: Floats, number: int) -> Decisions:
        """Return what is decided in a future, in its own terms: firms that are gone are out."""
        part = self.blocks[number]
        found = part.written.decisions(columns[part.at] * part.share)
        later, itself = part.later, part.later.itself
        gone = (found.park >= 0) & ~later.there[np.arange(len(found.park)), found.park]
        park = np.where(gone, -1, found.park)
        award = np.zeros(len(itself.awards.firm))
        known = later.award >= 0
        award[later.award[known]] = found.award[known]
        award[park[itself.awards.firm] < 0] = 0.0
        return replace(found, park=park, load=np.where(gone, 0.0, found.load), award=award)


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the program of several futures: the columns of the whole that it keeps, and its matrix."""

    whole: Shared
    columns: Ints
    matrix: Matrix

    def start(self, decisions: Decisions) -> Floats:
        """Return column values with what is decided once known, and NaN elsewhere."""
        values = np.full(self.whole.size, np.nan)
        known = self.whole.at >= 0
        values[self.whole.at[known]] = self.whole.first.values(decisions)[known]
        return values[self.columns]

    def solved(self, *, time_limit: float | None = None, gap: float = 1e-6) -> tuple[Floats, float] | None:
        """Return values of the part's columns that are best, and their worth; None without any."""
        found = solve_highs(self.matrix, time_limit=time_limit, gap=gap)
        return None if found.values is None or found.value is None else (found.values, found.value)

    def spread(self, values: Floats) -> Floats:
        """Return values of all columns of the whole: 0 for those that are not in the part."""
        columns = np.zeros(self.whole.size)
        columns[self.columns] = values
        return columns


def shared(today: Instance, futures: Sequence[Later], asked: Asked, *, tightly: bool = True) -> Shared:
    """Write the program of several futures.

    Parameters
    ----------
    today
        What is planned.
    futures
        The futures, with the sites of today.
    asked
        What is made best, and when firms come.
    tightly
        Whether rows are added that bring the bound of the linear relaxation down.

    Raises
    ------
    UsageError
        If a future makes something worth money that is worth nothing today, for which there is no column.
    """
    nobody = np.zeros_like(today.results.willing)
    unasked = replace(today, results=replace(today.results, willing=nobody), stable=None)
    first = tighten(write(unasked), fully=tightly)
    blocks = ((tighten(write(later.instance), fully=tightly), later) for later in futures)
    return joined(today, asked, first, blocks)


def joined(
    today: Instance, asked: Asked, first: Tightened, futures: Iterable[tuple[Tightened, Later]]
) -> Shared:
    """Put today's program and those of futures together; nobody is asked in any of them."""
    at, n = once_of(first)
    blocks: list[Block] = []
    for number, (tight, later) in enumerate(futures):
        blocks.append(block(first, at, tight, later, begin=n, number=number))
        n += int(blocks[-1].own.sum())
    return of_blocks(today, asked, first, blocks)


def once_of(first: Tightened) -> tuple[Ints, int]:
    """Return the column of the whole for each of today's, −1 for those left out, and how many there are."""
    own = own_columns(first)
    return np.where(own, -1, np.cumsum(~own) - 1), int((~own).sum())


def of_blocks(today: Instance, asked: Asked, first: Tightened, blocks: Sequence[Block]) -> Shared:
    """Put today's program and blocks of futures together; their columns follow each other."""
    at, n = once_of(first)
    own = at < 0
    n += sum(int(part.own.sum()) for part in blocks)
    size = n + asked.further(len(blocks))
    problem = matrix_of(first.written)
    rows = problem.rows()
    mine = ~np.isin(rules_of(first.written), OF_FUTURES) & (abs(rows) @ own.astype(float) == 0)
    into = sparse.csr_array(
        (np.ones(len(at) - own.sum()), (np.flatnonzero(~own), at[~own])), shape=(len(at), size)
    )
    lower, upper, integer = np.full(size, -np.inf), np.full(size, np.inf), np.zeros(size, dtype=bool)
    places, future = np.full((4, size), -1), np.full(size, -1)
    lower[at[~own]], upper[at[~own]] = problem.lower[~own], problem.upper[~own]
    integer[at[~own]] = problem.integer[~own]
    places[:, at[~own]] = places_of(first)[:, ~own]
    for number, part in enumerate(blocks):
        here = part.at[part.own]
        lower[here], upper[here] = part.lower[part.own], part.upper[part.own]
        places[:, here], future[here] = part.places[:, part.own], number
    lower[n + 1 :] = 0.0
    future[n + 1 :] = np.arange(size - n)[: max(0, size - n - 1)]
    return Shared(
        today=today,
        asked=asked,
        first=first,
        at=at,
        blocks=tuple(blocks),
        level=n,
        lower=lower,
        upper=upper,
        integer=integer,
        places=places,
        future=future,
        rows=(rows[mine] @ into).tocsr(),
        row_lower=problem.row_lower[mine],
        row_upper=problem.row_upper[mine],
    )
