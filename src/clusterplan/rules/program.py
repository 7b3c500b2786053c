"""The mixed-integer program while it is being written: columns, rows and terms as arrays.

Rules add blocks of columns and rows with numpy; `clusterplan.rules.problem` turns the finished
program into a `pulp.LpProblem`. A row belongs to a rule and can name itself, so that a conflict
can be told in the planner's words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from clusterplan.instance import Bools, Floats, Ints
from clusterplan.region.weights import TERMS, Term

Sense = Literal["<=", ">=", "=="]
Name = Callable[[int], str]


@dataclass(frozen=True)
class ColumnBlock:
    """A run of columns of one decision."""

    symbol: str
    first: int
    lower: Floats
    upper: Floats
    integer: bool


@dataclass(frozen=True)
class RowBlock:
    """A run of rows of one rule; ``row`` counts from 0 within the block.

    ``first`` is the number of its first row within the rule, so that rows of a rule are named
    ``rule_0``, ``rule_1`` ... over all blocks.
    """

    rule: str
    first: int
    count: int
    row: Ints
    column: Ints
    coefficient: Floats
    sense: Sense
    rhs: Floats
    name: Name


@dataclass(frozen=True)
class Sum:
    """A linear sum of columns by entry, such as the surplus of each firm or a term's amount."""

    entry: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    amount: list[Floats] = field(default_factory=list)

    def add(self, entry: Ints | int, column: Ints, amount: Floats | float) -> None:
        """Add amount × column to an entry; arrays are broadcast and zeros left out."""
        entries, columns, amounts = np.broadcast_arrays(entry, column, amount)
        used = amounts.ravel() != 0
        self.entry.append(entries.ravel()[used])
        self.column.append(columns.ravel()[used])
        self.amount.append(amounts.ravel()[used].astype(float))

    def arrays(self) -> tuple[Ints, Ints, Floats]:
        """Return entries, columns and amounts, each in one array."""
        if not self.entry:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        return np.concatenate(self.entry), np.concatenate(self.column), np.concatenate(self.amount)


class Program:
    """Collects columns, rows, terms of the objective and surpluses of firms."""

    def __init__(self) -> None:
        self.column_blocks: list[ColumnBlock] = []
        self.row_blocks: list[RowBlock] = []
        self.terms: dict[Term, Sum] = {term: Sum() for term in TERMS}
        self.constants: dict[Term, float] = dict.fromkeys(TERMS, 0.0)
        self.surplus = Sum()
        self.left_out: dict[str, int] = {}
        self.n_columns = 0
        self._rows_of: dict[str, int] = {}

    def columns(
        self,
        symbol: str,
        count: int,
        *,
        lower: Floats | float = 0.0,
        upper: Floats | float = 1.0,
        integer: bool = False,
    ) -> Ints:
        """Add columns and return their numbers.

        Parameters
        ----------
        symbol
            Letter of the decision in the model (``y``, ``x``, ``u`` ...).
        count
            How many.
        lower, upper
            Bounds, one for all or one each.
        integer
            True for whole numbers.
        """
        first = self.n_columns
        bounds = [np.broadcast_to(np.asarray(b, dtype=float), (count,)) for b in (lower, upper)]
        self.column_blocks.append(ColumnBlock(symbol, first, bounds[0], bounds[1], integer))
        self.n_columns += count
        return np.arange(first, first + count)

    def rows(  # noqa: PLR0917  (in the order in which a row is read aloud)
        self,
        rule: str,
        count: int,
        entries: Sequence[tuple[Ints, Ints, Floats | float]],
        sense: Sense,
        rhs: Floats | float,
        name: Name,
    ) -> None:
        """Add rows Σ coefficient · column (sense) rhs.

        Parameters
        ----------
        rule
            The rule they belong to.
        count
            How many rows.
        entries
            Triples of row (from 0 in this block), column and coefficient; broadcast in each triple.
        sense, rhs
            Sense of all and right-hand side, one for all or one each.
        name
            Gives the planner's name of a row of the block.
        """
        if count == 0:
            return
        total = Sum()
        for row, column, coefficient in entries:
            total.add(row, column, coefficient)
        row_, column_, coefficient_ = total.arrays()
        rhs_ = np.broadcast_to(np.asarray(rhs, dtype=float), (count,))
        first = self._rows_of.get(rule, 0)
        self._rows_of[rule] = first + count
        self.row_blocks.append(RowBlock(rule, first, count, row_, column_, coefficient_, sense, rhs_, name))

    @property
    def n_rows(self) -> int:
        """Number of rows so far."""
        return sum(block.count for block in self.row_blocks)

    @property
    def n_nonzeros(self) -> int:
        """Number of coefficients so far, before equal entries are added up."""
        return sum(len(block.column) for block in self.row_blocks)

    def leave_out(self, what: str, number: int) -> None:
        """Record that so many combinations were left out because they can't matter."""
        self.left_out[what] = self.left_out.get(what, 0) + int(number)


def numbered(mask: Bools) -> Ints:
    """Return an array of the mask's shape that counts its True entries from 0; −1 elsewhere."""
    numbers = np.full(mask.shape, -1, dtype=np.int64)
    numbers[mask] = np.arange(int(mask.sum()))
    return numbers
