"""Reading the cells of an input frame, with a fault for each that cannot be read.

What is known about a region is checked in full where it is read; these are the checks a distance frame
needs to be safe by itself. Rows are counted as a spreadsheet does, or as the features of a layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import BoolArray, FloatArray
from clusterplan.errors import Fault


@dataclass(frozen=True)
class Source:
    """Where rows come from.

    Parameters
    ----------
    file
        Name of the file, for faults.
    first_row
        Number of the first row: 2 in a spreadsheet with a header, 1 in a layer of features.
    """

    file: str
    first_row: int = 2

    def faults(
        self, bad: BoolArray, column: str, values: Any = None, *, why: str, mend: str, rule: str
    ) -> list[Fault]:
        """Return a fault for each row that is bad, with the value it has."""
        faults = []
        for row in np.flatnonzero(bad):
            value = None if values is None or pd.isna(values[row]) else str(values[row])
            faults.append(Fault(self.file, why, mend, int(row) + self.first_row, column, value, rule))
        return faults


def missing_columns(frame: pd.DataFrame, columns: tuple[str, ...], source: Source) -> list[Fault]:
    """Return a fault for each column a frame lacks."""
    mend = f"Add it; needed are {', '.join(columns)}."
    return [
        Fault(source.file, "This column is missing.", mend, 1, name, rule="missing_column")
        for name in columns
        if name not in frame.columns
    ]


def numbers(
    frame: pd.DataFrame,
    column: str,
    source: Source,
    *,
    low: float,
    high: float = np.inf,
    blank: bool = False,
    above: bool = False,
) -> tuple[FloatArray, list[Fault]]:
    """Read a column of numbers.

    Parameters
    ----------
    low, high
        Limits a number must lie between, limits included.
    blank
        True if a cell may be empty, which is read as NaN.
    above
        True if the lower limit itself is too low.

    Returns
    -------
    values
        Numbers, NaN where there is none.
    faults
        One for each cell that cannot be read or is out of its limits.
    """
    given = frame[column].to_numpy(dtype=object)
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    empty = _empty(frame, column)
    faults = []
    if not blank:
        faults += source.faults(
            empty, column, why="A number is missing.", mend="Give it.", rule="missing_number"
        )
    faults += source.faults(
        np.isnan(values) & ~empty,
        column,
        given,
        why="This is not a number.",
        mend="Write digits with a point and no unit.",
        rule="not_a_number",
    )
    too_low = (values <= low) if above else (values < low)
    limits = f"{'above' if above else 'at least'} {low:g}" + (
        f" and at most {high:g}" if high < np.inf else ""
    )
    faults += source.faults(
        too_low | (values > high) | np.isinf(values),
        column,
        given,
        why="This number is out of its limits.",
        mend=f"It must be {limits}.",
        rule="out_of_limits",
    )
    return values, faults


def flags(frame: pd.DataFrame, column: str, source: Source) -> tuple[BoolArray, list[Fault]]:
    """Read a column of true and false (or 1 and 0); an empty cell is false."""
    given = frame[column].to_numpy(dtype=object)
    empty = _empty(frame, column)
    known = np.array([e or v in (True, False) for v, e in zip(given, empty, strict=True)], dtype=np.bool_)
    true = np.array([not e and v in (True,) for v, e in zip(given, empty, strict=True)], dtype=np.bool_)
    faults = source.faults(
        ~known,
        column,
        given,
        why="This is neither true nor false.",
        mend="Write true or false.",
        rule="not_a_flag",
    )
    return true, faults


def texts(frame: pd.DataFrame, column: str, source: Source) -> tuple[list[str], list[Fault]]:
    """Read a column of ids; an empty cell is a fault."""
    faults = source.faults(
        _empty(frame, column), column, why="An id is missing.", mend="Give it.", rule="missing_id"
    )
    return [str(value) for value in frame[column]], faults


def _empty(frame: pd.DataFrame, column: str) -> BoolArray:
    return np.asarray(frame[column].isna().to_numpy(), dtype=np.bool_)
