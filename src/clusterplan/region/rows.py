"""Rows of a frame, one at a time."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows of a frame as named tuples (``Index`` and the columns).

    What a cell holds is known from the table's declaration and not to a type checker. The rows are those of
    `DataFrame.itertuples`, which makes a class of its own and takes the columns one by one at each call.
    """
    make = _row(tuple(frame.columns))._make
    cells = frame.to_numpy(dtype=object)
    return (make((index, *row)) for index, row in zip(frame.index, cells, strict=True))


@lru_cache(maxsize=256)
def _row(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", ("Index", *columns), rename=True)
