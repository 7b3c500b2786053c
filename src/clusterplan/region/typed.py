"""A table with its cells read: every declared column there, each of its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import Fault
from clusterplan.region.cells import CellError, is_empty, reader
from clusterplan.region.columns import Column, Table
from clusterplan.region.draft import ROW
from clusterplan.region.limits import breaches
from clusterplan.region.raw import Raw
from clusterplan.region.suggest import suggest

MAX_SHOWN = 80
"""Longest value shown in a message, characters."""


@dataclass(frozen=True)
class Typed:
    """A table as `Draft` holds it, without geometry.

    Parameters
    ----------
    frame
        Declared columns, typed, and `ROW`; RangeIndex.
    blank
        Bools by declared column: true where the cell was empty or could not be read.
    faults
        What is wrong with columns and cells.
    """

    frame: pd.DataFrame
    blank: pd.DataFrame
    faults: tuple[Fault, ...]


def with_resources(table: Table, resources: Sequence[str]) -> Table:
    """Return the declaration of a table with the manifest's further resources, if it has any."""
    if table.name not in ("parks", "levels", "firms") or not resources:
        return table
    # Like the resources everyone has: a park without a number has no limit, a level without one has the
    # park's, a firm without one needs nothing.
    default = 0.0 if table.name == "firms" else None
    extra = [
        Column(name, "number", "Resource declared in the manifest.", default=default, at_least=0)
        for name in resources
    ]
    place = table.names.index("workers") + 1
    return replace(table, columns=(*table.columns[:place], *extra, *table.columns[place:]))


def type_table(raw: Raw, table: Table) -> Typed:
    """Read the cells of a table.

    Parameters
    ----------
    raw
        Cells as found.
    table
        The declaration, with the region's further resources.

    Returns
    -------
    Typed
        Cells that cannot be read, or break a limit, are reported and blank.
    """
    faults = [*_column_faults(raw, table)]
    values: dict[str, list[Any]] = {}
    for column in table.columns:
        values[column.name], found = _column(raw, column)
        faults.extend(found)
    for breach in breaches(values, table):
        where = (raw.rows[breach.position], breach.column, _shown(raw.cells[breach.column][breach.position]))
        faults.append(Fault(raw.file, breach.why, breach.mend, *where, rule=breach.rule))
        values[breach.column][breach.position] = None
    # In a ragged row any cell may be another column's; one fault says so, more would mislead.
    faults = [fault for fault in faults if fault.row not in raw.ragged]
    frame = pd.DataFrame({column.name: _series(values[column.name], column) for column in table.columns})
    frame[ROW] = np.asarray(raw.rows, dtype=np.int64)
    blank = pd.DataFrame(
        {name: [value is None for value in values[name]] for name in table.names}, dtype=bool
    )
    return Typed(frame, blank, tuple(faults))


def _column_faults(raw: Raw, table: Table) -> list[Fault]:
    row = raw.header_row
    faults = []
    missing = [name for name in table.names if name not in raw.cells]
    # A layer without features has no columns to speak of: GeoJSON keeps them with the features.
    expected = () if raw.geometry is not None and not len(raw.rows) else missing
    for name in expected:
        column = table.column(name)
        if column.required:
            why = f"The column is missing. {column.about}"
            faults.append(Fault(raw.file, why, "Add the column.", row, name, rule="missing_column"))
    for name in raw.cells:
        if name not in table.names:
            why = f"There is no such column in {table.name}.{suggest(name, missing or table.names)}"
            mend = "Rename it or delete it; a further resource is declared in the manifest (`resources`)."
            faults.append(Fault(raw.file, why, mend, row, name, rule="unknown_column"))
    return faults


def _column(raw: Raw, column: Column) -> tuple[list[Any], list[Fault]]:
    """Return the values of a column, None where blank, and the faults of its cells."""
    cells = raw.cells.get(column.name)
    if cells is None:
        return [None] * len(raw.rows), []
    read = reader(column)
    values: list[Any] = []
    faults: list[Fault] = []
    for row, cell in zip(raw.rows, cells, strict=True):
        value, problem = _cell(cell, column, read)
        values.append(value)
        if problem is not None:
            shown = None if is_empty(cell) else _shown(cell)
            faults.append(Fault(raw.file, problem.why, problem.mend, row, column.name, shown, problem.rule))
    if len(faults) > 1 and all(map(is_empty, cells)):
        why = f"The cells are empty in all {len(cells)} rows. {column.about}"
        faults = [replace(faults[0], row=None, why=why)]
    return values, faults


def _cell(cell: object, column: Column, read: Callable[[Any], Any]) -> tuple[Any, CellError | None]:
    if is_empty(cell):
        if not column.required:
            return None, None
        mend = f"Write one of {', '.join(column.choices)}." if column.choices else "Fill it in."
        return None, CellError("empty_cell", f"The cell is empty. {column.about}", mend)
    try:
        return read(cell), None
    except CellError as problem:
        return None, problem


def _shown(cell: object) -> str:
    text = str(cell)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _series(values: Sequence[Any], column: Column) -> pd.Series[Any]:
    """Return values as `Region` holds them, defaults in the place of None."""
    default: Any = column.default
    if column.kind in ("number", "integer", "year"):
        hole = np.nan if default is None else float(default)
        return pd.Series([hole if value is None else value for value in values], dtype="float64")
    if column.kind == "flag":
        return pd.Series([bool(default) if value is None else value for value in values], dtype="bool")
    if column.kind in ("ids", "amounts", "lines"):
        default = ()
    return pd.Series([default if value is None else value for value in values], dtype="object")
