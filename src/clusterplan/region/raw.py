"""A table before its cells are read: whatever stands in them, by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Raw:
    """Cells of a CSV file, a layer or a frame, as found.

    Parameters
    ----------
    file
        Name for messages.
    cells
        Cells by column: text from a CSV file, plain values from a layer or a frame.
    rows
        Row of each record, as messages show it.
    ragged
        Rows whose cells may stand in the wrong columns, which has been reported.
    geometry
        Geometry of each record (None where there is none); None for a table without geometry.
    crs
        Coordinate reference system of the geometry, or None where the file does not say.
    header_row
        Row of the column names, as messages show it; None for a layer, whose columns have no row.
    """

    file: str
    cells: Mapping[str, Sequence[object]]
    rows: Sequence[int]
    ragged: frozenset[int] = frozenset()
    geometry: Sequence[Any] | None = None
    crs: Any = None
    header_row: int | None = 1
