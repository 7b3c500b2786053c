"""Proximity: 1 in the same park, falling with distance, exactly 0 beyond the reach.

Distances are in the unit the region measures in (km or hours). What cannot be reached (NaN) has proximity 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from clusterplan.distance.arrays import FloatArray
from clusterplan.errors import UsageError

Kind = Literal["exponential", "linear", "steps"]


@dataclass(frozen=True)
class Exponential:
    """½ to the power of distance over half-distance, up to the reach.

    Parameters
    ----------
    half_distance
        Distance at which proximity is one half.
    reach
        Distance beyond which it is exactly 0.
    """

    half_distance: float
    reach: float

    def __post_init__(self) -> None:
        _require_positive("half-distance", self.half_distance)
        _require_positive("reach", self.reach)

    def __call__(self, distance: ArrayLike) -> FloatArray:
        """Return the proximity at each distance, in [0, 1]."""
        d = _distances(distance)
        return np.where(d <= self.reach, 0.5 ** (d / self.half_distance), 0.0)


@dataclass(frozen=True)
class Linear:
    """1 − distance over reach: one half at half the reach, 0 at the reach.

    Parameters
    ----------
    reach
        Distance at and beyond which proximity is 0.
    """

    reach: float

    def __post_init__(self) -> None:
        _require_positive("reach", self.reach)

    def __call__(self, distance: ArrayLike) -> FloatArray:
        """Return the proximity at each distance, in [0, 1]."""
        d = _distances(distance)
        return np.where(d <= self.reach, 1.0 - d / self.reach, 0.0)


@dataclass(frozen=True)
class Steps:
    """A value up to each of several reaches, 0 beyond the last.

    Parameters
    ----------
    values
        Pairs (reach, value), outward: the value holds for distances up to and with that reach. The first
        is (0, 1): the same park.
    """

    values: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        steps = tuple((float(reach), float(value)) for reach, value in self.values)
        object.__setattr__(self, "values", steps)
        if not steps or steps[0] != (0.0, 1.0):
            raise UsageError("Steps of proximity start with (0, 1): in the same park it is 1.")
        reaches, heights = zip(*steps, strict=True)
        if not all(math.isfinite(number) for step in steps for number in step):
            raise UsageError(f"Steps of proximity need plain numbers, not {steps}.")
        if any(outer <= inner for inner, outer in pairwise(reaches)):
            raise UsageError(
                f"Steps of proximity must go outward, each reach once; these are {list(reaches)}."
            )
        if any(farther > nearer for nearer, farther in pairwise(heights)):
            raise UsageError(f"Proximity may not rise with distance; these values do: {list(heights)}.")
        if heights[-1] < 0:
            raise UsageError(f"Proximity lies between 0 and 1; {heights[-1]} does not.")

    @property
    def reach(self) -> float:
        """Distance beyond which proximity is exactly 0."""
        return max(reach for reach, value in self.values if value > 0)

    def __call__(self, distance: ArrayLike) -> FloatArray:
        """Return the proximity at each distance, in [0, 1]."""
        d = _distances(distance)
        reaches = np.array([reach for reach, _ in self.values])
        heights = np.array([value for _, value in self.values] + [0.0])
        # The first reach not less than d; beyond the last, and for NaN (sorted last), the 0 at the end.
        return np.asarray(heights[np.searchsorted(reaches, d, side="left")], dtype=np.float64)


Proximity = Exponential | Linear | Steps


def proximity_from_spec(
    kind: Kind,
    *,
    half_distance: float | None = None,
    reach: float | None = None,
    steps: Iterable[tuple[float, float]] = (),
) -> Proximity:
    """Make a proximity from its parameters, as a manifest gives them.

    Parameters
    ----------
    kind
        `exponential` (needs half-distance and reach), `linear` (needs reach) or `steps` (needs steps).
    half_distance, reach
        In the unit the region measures distance in (km or hours).
    steps
        Pairs (reach, value), outward. A first step for the same park, (0, 1), is added if it is not there.

    Raises
    ------
    UsageError
        If a parameter is missing, out of range, or belongs to another kind.

    Examples
    --------
    >>> proximity_from_spec("linear", reach=40)([0, 10, 40, 41]).tolist()
    [1.0, 0.75, 0.0, 0.0]
    """
    given_steps = tuple(steps)
    given = {"half-distance": half_distance, "reach": reach, "steps": given_steps or None}
    needs = {"exponential": {"half-distance", "reach"}, "linear": {"reach"}, "steps": {"steps"}}
    if kind not in needs:
        raise UsageError(f"Proximity is exponential, linear or steps, not {kind!r}.")
    for name, value in given.items():
        if name in needs[kind] and value is None:
            raise UsageError(f"A proximity of kind {kind} needs {name}.")
        if name not in needs[kind] and value is not None:
            raise UsageError(f"A proximity of kind {kind} does not take {name}.")
    if half_distance is not None and reach is not None:
        return Exponential(float(half_distance), float(reach))
    if reach is not None:
        return Linear(float(reach))
    starts_at_home = float(given_steps[0][0]) == 0.0
    return Steps(given_steps if starts_at_home else ((0.0, 1.0), *given_steps))


def _require_positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise UsageError(f"The {name} of a proximity must be a positive number, not {value}.")


def _distances(distance: ArrayLike) -> FloatArray:
    d = np.asarray(distance, dtype=np.float64)
    if (d < 0).any():
        raise UsageError("A distance cannot be negative.")
    return d
