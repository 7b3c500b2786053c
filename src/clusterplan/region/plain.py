"""Values of a region as plain text and numbers, the way its files hold them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from clusterplan.region.cells import is_empty
from clusterplan.region.columns import Column, Table


def tidy(value: Any) -> Any:
    """Return manifest values with whole numbers written as such: 20, not 20.0."""
    if isinstance(value, dict):
        return {key: tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [tidy(item) for item in value]
    return int(value) if _is_whole(value) else value


def _is_whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer() and abs(value) < 1e15


def filled(frame: pd.DataFrame, table: Table) -> list[str]:
    """Return the columns to write: those that must be there, and those with a cell filled."""
    return [
        column.name
        for column in table.columns
        if column.required or not all(map(is_empty, frame[column.name]))
    ]


def text(cell: Any) -> str:
    """Return a cell as CSV holds it; numbers with as many digits as tell them apart."""
    if is_empty(cell):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if _is_whole(cell) else repr(float(cell))
    return _list(cell) if isinstance(cell, tuple) else str(cell)


def plain(cell: Any) -> Any:
    """Return a cell as JSON holds it."""
    if is_empty(cell):
        return None
    if _is_whole(cell):
        return int(cell)
    return _list(cell) if isinstance(cell, tuple) else cell


def in_column(cell: Any, column: Column) -> Any:
    """Return a cell as a workbook or a GeoPackage holds it."""
    return "\n".join(cell) if column.kind == "lines" and not is_empty(cell) else plain(cell)


def _list(cell: Sequence[Any]) -> str:
    return ";".join(f"{item[0]}:{text(item[1])}" if isinstance(item, tuple) else item for item in cell)
