"""What is made best over several futures, and when firms come.

    most Σ_s p[s] · V[s],   θ,   or   (1−ρ) · Σ_s p[s] · V[s] + ρ · (η − Σ_s p[s] · d[s] / (1−α))

    θ ≤ V[s] for the worst;  d[s] ≥ η − V[s], d ≥ 0 for the mean of the worst
    Σ_s p[s] · surplus[s,f] ≥ 0, or surplus[s,f] ≥ 0 in each s, for each firm that is asked

Source: Rockafellar and Uryasev 2000, Optimization of conditional value-at-risk (η is the value at risk at the
optimum).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from clusterplan.instance import Floats, Instance
from clusterplan.solve.together.block import Block

Aim = Literal["mean", "worst", "cvar"]
Willing = Literal["expected", "always"]


@dataclass(frozen=True)
class Asked:
    """What is made best, and when firms come.

    Parameters
    ----------
    aim
        The ``mean`` over the futures, the ``worst`` of them, or ``cvar``: (1−ρ) · mean + ρ · CVaR_α.
    rho, alpha
        ρ and α of it.
    willing
        ``expected``: surplus over all futures is not negative; ``always``: it is not in any.
    """

    aim: Aim = "mean"
    rho: float = 0.5
    alpha: float = 0.8
    willing: Willing = "expected"

    def score(self, values: Floats, chance: Floats) -> float:
        """Return what values in the futures are worth together."""
        mean = float(values @ chance)
        if self.aim == "mean":
            return mean
        if self.aim == "worst":
            return float(values.min())
        order, left, tail = np.argsort(values, kind="stable"), 1.0 - self.alpha, 0.0
        for n in order:
            part = min(float(chance[n]), left)
            tail, left = tail + part * float(values[n]), left - part
        return (1.0 - self.rho) * mean + self.rho * tail / (1.0 - self.alpha)

    def further(self, futures: int) -> int:
        """Return how many columns the aim adds."""
        return {"mean": 0, "worst": 1, "cvar": 1 + futures}[self.aim]


@dataclass(frozen=True, eq=False)
class Aimed:
    """An objective and the rows that go with it: rows · columns ≥ lower."""

    cost: Floats
    constant: float
    rows: sparse.csr_array
    lower: Floats


def aimed(today: Instance, blocks: Sequence[Block], asked: Asked, level: int, size: int) -> Aimed:
    """Return the objective, with the rows of the aim and of the firms that are asked.

    Parameters
    ----------
    today
        What is planned.
    blocks
        The futures that count; their probabilities are scaled to sum to 1.
    asked
        What is made best, and when firms come.
    level
        Number of θ or η; the d stand behind it, by the number of the block.
    size
        Number of columns.
    """
    chance = np.array([block.later.chance for block in blocks])
    chance = chance / chance.sum()
    into = [block.into(size) for block in blocks]
    values = [np.asarray(part.T @ block.value) for part, block in zip(into, blocks, strict=True)]
    constants = np.array([block.constant for block in blocks])
    firms = np.flatnonzero(today.results.willing & today.sites.admissible.any(axis=1))
    surplus = [(block.surplus[firms] @ part).tocsr() for part, block in zip(into, blocks, strict=True)]
    if asked.willing == "expected":
        total = surplus[0] * chance[0]
        for p, one in zip(chance[1:], surplus[1:], strict=True):
            total = total + p * one
        surplus = [total]
    mean = np.asarray(sum(p * value for p, value in zip(chance, values, strict=True)))
    constant = float(chance @ constants)
    asks = sparse.vstack(surplus, format="csr")
    if asked.aim == "mean":
        return Aimed(mean, constant, asks, np.zeros(asks.shape[0]))
    each, count = np.arange(len(blocks)), len(blocks)
    below = sparse.csr_array(np.array(values))
    below = below + sparse.csr_array((-np.ones(count), (each, np.full(count, level))), shape=(count, size))
    cost = np.zeros(size)
    cost[level] = 1.0
    if asked.aim == "cvar":
        short = np.array([level + 1 + block.number for block in blocks])
        below = below + sparse.csr_array((np.ones(count), (each, short)), shape=(count, size))
        cost = (1.0 - asked.rho) * mean
        cost[level] = asked.rho
        cost[short] = -asked.rho * chance / (1.0 - asked.alpha)
    lower = np.concatenate([np.zeros(asks.shape[0]), -constants])
    share = 0.0 if asked.aim == "worst" else 1.0 - asked.rho
    return Aimed(cost, share * constant, sparse.vstack([asks, below], format="csr"), lower)
