"""A written program as a `Matrix`, without a modeller between: what parts of a plan are solved as."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from clusterplan.rules import Written
from clusterplan.solve.matrix import Matrix


def matrix_of(written: Written) -> Matrix:
    """Return a program with the instance's weights as arrays; columns keep their numbers.

    Parameters
    ----------
    written
        The program. Its rows are the matrix's, in the order in which they were added.
    """
    program = written.program
    blocks = program.column_blocks
    cost, constant = written.objective(written.instance.weights)
    n, m = program.n_columns, program.n_rows
    first = np.concatenate([[0], np.cumsum([block.count for block in program.row_blocks])]).astype(np.int64)
    parts = list(zip(program.row_blocks, first[:-1].tolist(), strict=True))
    row, column, coefficient = (
        np.concatenate([np.zeros(0, dtype=kind), *arrays])
        for kind, arrays in (
            (np.int64, [block.row + start for block, start in parts]),
            (np.int64, [block.column for block, _ in parts]),
            (np.float64, [block.coefficient for block, _ in parts]),
        )
    )
    rows = sparse.coo_array((coefficient, (row, column)), shape=(m, n)).tocsr()
    rows.sum_duplicates()
    rows.eliminate_zeros()
    rows.sort_indices()
    lower, upper = np.full(m, -np.inf), np.full(m, np.inf)
    for block, start in parts:
        here = slice(start, start + block.count)
        if block.sense != "<=":
            lower[here] = block.rhs
        if block.sense != ">=":
            upper[here] = block.rhs
    return Matrix(
        sense="max",
        constant=constant,
        cost=cost,
        lower=np.concatenate([np.zeros(0), *(block.lower for block in blocks)]),
        upper=np.concatenate([np.zeros(0), *(block.upper for block in blocks)]),
        integer=np.concatenate(
            [np.zeros(0, dtype=bool), *(np.full(len(block.lower), block.integer) for block in blocks)]
        ),
        row_lower=lower,
        row_upper=upper,
        indptr=rows.indptr,
        indices=rows.indices,
        values=rows.data,
    )
