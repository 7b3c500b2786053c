"""The program of several futures in bunches of such that are alike: far smaller, and never worth less.

Every plan for all futures is one of it, with the same value where the mean is made best and firms come on
expected surplus, and places tell nothing of how futures differ; else with at least its value. See
`clusterplan.solve.together.alike` and `clusterplan.solve.together.sums`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from clusterplan.instance import Ints
from clusterplan.solve.together.alike import bunches
from clusterplan.solve.together.block import BESIDE, Block
from clusterplan.solve.together.shared import Shared, of_blocks, once_of
from clusterplan.solve.together.sums import bunch
from clusterplan.solve.together.willing import willing_there


def bunched(program: Shared, apart: Sequence[int] | Ints | None = None) -> Shared:
    """Return the program in which futures that are alike stand as one.

    Parameters
    ----------
    program
        The program of several futures, made by `clusterplan.solve.together.shared`.
    apart
        A number for each future; those with other numbers are not put together. None: all may be.
    """
    today, asked = program.today, program.asked
    firms = np.flatnonzero(today.results.willing & today.sites.admissible.any(axis=1))
    always = firms if asked.willing == "always" else firms[:0]
    begin = once_of(program.first)[1]
    blocks: list[Block] = []
    for number, members in enumerate(bunches(program.blocks, apart)):
        blocks.append(bunch(members, begin=begin, number=number, always=always))
        begin += int(blocks[-1].own.sum())
    return of_blocks(today, asked, program.first, blocks)


def tightened(program: Shared) -> Shared:
    """Return a program with all rows that bring the bound of its relaxation down."""
    return willing_there(replace(program, blocks=tuple(map(_with_beside, program.blocks))))


def _with_beside(block: Block) -> Block:
    count = block.beside.shape[0]
    return replace(
        block,
        rows=sparse.vstack([block.rows, block.beside], format="csr"),
        row_lower=np.concatenate([block.row_lower, np.full(count, -np.inf)]),
        row_upper=np.concatenate([block.row_upper, np.zeros(count)]),
        row_rule=np.concatenate([block.row_rule, np.full(count, BESIDE)]),
    )
