"""Futures that are alike: the same rows for utilisation and supply, at other prices, costs and volumes.

For futures s of one bunch, with shares ω[s] ∝ p[s], let x[s] be what is decided again. Where the rows A are
the same in all,

    A · x[s] + T[s] · y ≤ b[s]  for each s   gives   A · x̄ + (Σ_s ω[s] · T[s]) · y ≤ Σ_s ω[s] · b[s]

with x̄ = Σ_s ω[s] · x[s]: the mean of the bunch holds the mean rows. So one block stands for all of them; what
it leaves out is how futures differ within the bunch (`clusterplan.solve.together.sums` brings that back).
A plan is worth in the mean of a bunch the mean of what it is worth there; so the mean over bunches is that
over futures, and the worst of bunches, or their CVaR, is no less than that of the futures, since both are
concave. Source: Birge 1985, Aggregation bounds in stochastic linear programming; partitions of scenarios:
Song and Luedtke 2015, An adaptive partition-based approach for solving two-stage stochastic programs with
fixed recourse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from clusterplan.instance import Floats, Ints
from clusterplan.solve.together.block import Block


def bunches(blocks: Sequence[Block], apart: Sequence[int] | Ints | None = None) -> list[list[Block]]:
    """Return the futures in bunches of such that are alike, in order of their first.

    Parameters
    ----------
    blocks
        The futures.
    apart
        A number for each; those with other numbers are not put together. None: all may be.
    """
    found: dict[tuple[object, ...], list[Block]] = {}
    for n, block in enumerate(blocks):
        found.setdefault((0 if apart is None else int(apart[n]), *_rows_of(block)), []).append(block)
    return list(found.values())


def _rows_of(block: Block) -> tuple[object, ...]:
    """Return what must be the same in all futures of a bunch: their rows in what is decided again."""
    parts: list[object] = [block.own.tobytes(), block.at[~block.own].tobytes(), block.places.tobytes()]
    for rows, of in ((block.rows, block.own), (block.beside, np.ones_like(block.own))):
        rows.sort_indices()
        numbers = rows.data[of[rows.indices]]
        parts += [rows.shape, *(part.tobytes() for part in (rows.indptr, rows.indices, numbers))]
    return *parts, block.row_rule.tobytes()


def mean_block(members: Sequence[Block], *, begin: int, number: int) -> Block:
    """Return the mean of futures that are alike as one block; what is paid stands in its numbers.

    Parameters
    ----------
    members
        The futures.
    begin, number
        Number of the first column of its own, and of the block.
    """
    one = members[0]
    chance = np.array([block.later.chance for block in members])
    share = shares(members)
    at = np.array(one.at)
    at[one.own] = np.arange(begin, begin + int(one.own.sum()))

    def mean(amounts: Sequence[Floats]) -> Floats:
        return np.asarray(sum(w * amount for w, amount in zip(share, amounts, strict=True)))

    rows = sparse.csr_array(
        (mean([b.rows.data * b.share[b.rows.indices] for b in members]), one.rows.indices, one.rows.indptr),
        shape=one.rows.shape,
    )
    surplus = paid_surplus(one) * share[0]
    for weight, block in zip(share[1:], members[1:], strict=True):
        surplus = surplus + weight * paid_surplus(block)
    return replace(
        one,
        number=number,
        later=replace(one.later, chance=float(chance.sum())),
        at=at,
        share=np.ones_like(one.share),
        value=mean([block.value * block.share for block in members]),
        constant=float(share @ np.array([block.constant for block in members])),
        lower=mean([block.lower for block in members]),
        upper=mean([block.upper for block in members]),
        rows=rows,
        row_lower=mean([block.row_lower for block in members]),
        row_upper=mean([block.row_upper for block in members]),
        surplus=sparse.csr_array(surplus),
    )


def shares(members: Sequence[Block]) -> Floats:
    """Return ω[s], the share of each future in its bunch."""
    chance = np.array([block.later.chance for block in members])
    return np.asarray(chance / chance.sum())


def paid_surplus(block: Block) -> sparse.csr_array:
    """Return (F, n) the surplus of each firm with awards counted as they are paid."""
    own = block.surplus
    return sparse.csr_array((own.data * block.share[own.indices], own.indices, own.indptr), shape=own.shape)
