"""Cells of tables as arrays: ids as positions, numbers, texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray, IntArray


def at(ids: pd.Index, wanted: Any) -> IntArray:
    """Return positions of ids, −1 where an id is empty or unknown."""
    return np.asarray(ids.astype(object).get_indexer(pd.Index(wanted, dtype=object)), dtype=np.intp)


def numbers(values: pd.Series) -> FloatArray:
    """Return a column as numbers, NaN where a cell is none."""
    read = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(read, dtype=np.float64)


def texts(values: pd.Series) -> Any:
    """Return a column as an array of objects, with an empty text where nothing is said."""
    cells = np.asarray(values, dtype=object)
    return np.where(pd.isna(cells), "", cells)
