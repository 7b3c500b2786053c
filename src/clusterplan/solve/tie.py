"""Ties between programs that stand side by side, and columns that belong to none of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from clusterplan.instance import Floats, Ints


@dataclass(frozen=True, eq=False)
class Tie:
    """Rows between columns of blocks: lower ≤ Σ coefficient · column ≤ upper.

    Parameters
    ----------
    name
        What the rows say, for messages and for reading the matrix.
    row, block, column, coefficient
        (nnz,) row from 0 within the tie, block, column number within that block (as in its `Written`), and
        coefficient; equal entries are added up. Block n, one past the last, is the further columns.
    lower, upper
        (m,) bounds of the rows, ±inf where there is none.
    """

    name: str
    row: Ints
    block: Ints
    column: Ints
    coefficient: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class Further:
    """Continuous columns that belong to no block.

    Parameters
    ----------
    lower, upper, cost
        (k,) bounds, ±inf where there is none, and coefficients of the objective (of the whole, unweighted).
    """

    lower: Floats = field(default_factory=lambda: np.zeros(0))
    upper: Floats = field(default_factory=lambda: np.zeros(0))
    cost: Floats = field(default_factory=lambda: np.zeros(0))


def same_as(name: str, here: tuple[int, Ints], there: tuple[int, Ints]) -> Tie:
    """Return that columns of one block have the values of columns of another.

    Parameters
    ----------
    name
        What the rows say.
    here, there
        A block and (m,) columns of it each.
    """
    return _difference(name, here, there, 0.0)


def no_less(name: str, here: tuple[int, Ints], there: tuple[int, Ints]) -> Tie:
    """Return that columns of one block are no less than columns of another; see `same_as`."""
    return _difference(name, here, there, np.inf)


def _difference(name: str, here: tuple[int, Ints], there: tuple[int, Ints], upper: float) -> Tie:
    (a, left), (b, right) = here, there
    n = len(left)
    return Tie(
        name,
        row=np.tile(np.arange(n), 2),
        block=np.repeat([a, b], n),
        column=np.concatenate([left, right]).astype(np.int64),
        coefficient=np.repeat([1.0, -1.0], n),
        lower=np.zeros(n),
        upper=np.full(n, upper),
    )


def rows_of(tie: Tie, first: Ints) -> sparse.csr_array:
    """Return the rows of a tie in the whole, blocks starting at the columns ``first``."""
    shape = (len(tie.lower), int(first[-1]))
    return sparse.coo_array((tie.coefficient, (tie.row, first[tie.block] + tie.column)), shape=shape).tocsr()
