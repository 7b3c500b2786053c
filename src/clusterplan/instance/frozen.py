"""What the parts of an instance are made of: arrays that nobody changes."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Frozen:
    """Makes the arrays of a dataclass read-only."""

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)


def as_floats(value: Any) -> Floats:
    """Return an own float64 array of a value."""
    return np.array(value, dtype=np.float64)


def as_ints(value: Any) -> Ints:
    """Return an own int64 array of a value."""
    return np.array(value, dtype=np.int64)


def as_bools(value: Any) -> Bools:
    """Return an own bool array of a value."""
    return np.array(value, dtype=np.bool_)
