"""What is found wrong, and how numbers are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from clusterplan.distance.arrays import FloatArray

Names = Sequence[Any] | pd.Index
"""Ids, one for each thing compared."""


class Breach(NamedTuple):
    """One rule that does not hold for one thing.

    Parameters
    ----------
    rule
        Name of the rule, ``family.rule``.
    id
        What it does not hold for; ids of several things are joined by ``/``.
    amount, limit
        What is there, and what may or should be there, in the unit of the rule. A rule that can only
        hold or not has amount 0 and limit 1.
    excess
        How far the amount is on the wrong side of the limit; infinite where that cannot be told.
    """

    rule: str
    id: str
    amount: float
    limit: float
    excess: float


def named(*parts: Names) -> list[str]:
    """Return ids of several things joined by ``/``, one for each position."""
    return ["/".join(str(part) for part in row) for row in zip(*parts, strict=True)]


@dataclass(frozen=True)
class Gauge:
    """Compares numbers within a tolerance that grows with them.

    Parameters
    ----------
    tolerance
        A number may be off by ``tolerance × scale``, where the scale is ``max(1, |limit|)`` unless one is
        given. NaN fits no limit, and equals only NaN.
    """

    tolerance: float

    def at_most(
        self,
        rule: str,
        ids: Names,
        amount: ArrayLike,
        limit: ArrayLike,
        scale: ArrayLike | None = None,
    ) -> Iterator[Breach]:
        """Yield a breach for each amount above its limit."""
        there, bound = _aligned(ids, amount, limit)
        yield from self._told(rule, ids, _Compared(there, bound, there - bound), scale)

    def at_least(
        self,
        rule: str,
        ids: Names,
        amount: ArrayLike,
        limit: ArrayLike,
        scale: ArrayLike | None = None,
    ) -> Iterator[Breach]:
        """Yield a breach for each amount below its limit."""
        there, bound = _aligned(ids, amount, limit)
        yield from self._told(rule, ids, _Compared(there, bound, bound - there), scale)

    def equal(
        self,
        rule: str,
        ids: Names,
        amount: ArrayLike,
        expected: ArrayLike,
        scale: ArrayLike | None = None,
    ) -> Iterator[Breach]:
        """Yield a breach for each amount that is not what it should be."""
        there, bound = _aligned(ids, amount, expected)
        off = np.where(np.isnan(there) & np.isnan(bound), 0.0, np.abs(there - bound))
        yield from self._told(rule, ids, _Compared(there, bound, off), scale)

    def holds(self, rule: str, ids: Names, holds: ArrayLike) -> Iterator[Breach]:
        """Yield a breach for each thing a rule does not hold for."""
        yield from self.at_least(rule, ids, np.asarray(holds, dtype=np.float64), 1.0)

    def _told(self, rule: str, ids: Names, compared: _Compared, scale: ArrayLike | None) -> Iterator[Breach]:
        amount, limit, excess = compared
        size = np.maximum(1.0, np.abs(limit)) if scale is None else np.broadcast_to(scale, excess.shape)
        size = np.where(np.isfinite(size), size, 1.0)
        for i in np.flatnonzero(~(excess <= self.tolerance * size)).tolist():  # also where excess is NaN
            off = float("inf") if np.isnan(excess[i]) else float(excess[i])
            yield Breach(rule, str(ids[i]), float(amount[i]), float(limit[i]), off)


class _Compared(NamedTuple):
    """Amounts, limits, and how far each amount is on the wrong side."""

    amount: FloatArray
    limit: FloatArray
    excess: FloatArray


def _aligned(ids: Names, amount: ArrayLike, limit: ArrayLike) -> tuple[FloatArray, FloatArray]:
    shape = (len(ids),)
    return (
        np.broadcast_to(np.asarray(amount, dtype=np.float64), shape),
        np.broadcast_to(np.asarray(limit, dtype=np.float64), shape),
    )
