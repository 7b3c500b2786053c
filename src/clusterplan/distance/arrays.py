"""Array types of this room, and arrays that stay as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
ObjectArray = NDArray[np.object_]


def frozen(array: Any, dtype: Any = np.float64) -> NDArray[Any]:
    """Return a read-only copy of an array, for an object that is not meant to change."""
    copy = np.array(array, dtype=dtype)
    copy.setflags(write=False)
    return copy
