"""Rows of a frame, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows of a frame as named tuples (``Index`` and the columns).

    What a cell holds is known from the table's declaration and not to a type checker.
    """
    return iter(frame.itertuples())
