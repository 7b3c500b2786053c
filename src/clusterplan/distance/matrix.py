"""Distances given ready, as a table of pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray, IntArray
from clusterplan.distance.cells import Source, missing_columns, numbers, texts
from clusterplan.distance.distances import Distances, Unit
from clusterplan.distance.places import same_id
from clusterplan.errors import Fault, InputError

FILE = "distances.csv"
# Beyond these a number stands for "no way": half the Earth's girth is 20 004 km.
_MOST: dict[Unit, float] = {"km": 20_000.0, "hours": 1_000.0}


def matrix_distances(
    frame: pd.DataFrame,
    origins: Sequence[str],
    destinations: Sequence[str] | None = None,
    *,
    symmetric: bool = True,
    unit: Unit | None = None,
    straight_km: FloatArray | None = None,
) -> Distances:
    """Return distances from a table with a row a pair.

    A pair that is not in the table cannot be reached.

    Parameters
    ----------
    frame
        Columns origin, destination, and km or hours or both.
    origins, destinations
        Ids of the places of the region; without destinations, the origins among themselves. Every id in
        the table must be one of them.
    symmetric
        True if a pair that is given one way only is the same the other way.
    unit
        What reach and half-distance are measured in: a column that must be filled. By default km if any
        are given, else hours.
    straight_km
        Straight lines between the places, origins × destinations, if detours are to be found.

    Raises
    ------
    InputError
        With a fault for every row that cannot be used: an id that is unknown or missing, a number that is
        missing, negative or so big that it must stand for "no way", a place that is not 0 from itself, or a
        pair given twice with different numbers.
    UsageError
        If an id is given twice among the origins or among the destinations.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"origin": ["a"], "destination": ["b"], "km": [12.0]})
    >>> matrix_distances(table, ["a", "b", "c"]).unreachable()
    [('a', 'c'), ('b', 'c'), ('c', 'a'), ('c', 'b')]
    """
    starts = tuple(origins)
    ends = starts if destinations is None else tuple(destinations)
    source = Source(FILE)
    given = [name for name in _MOST if name in frame.columns and frame[name].notna().any()]
    measured: Unit = unit or (given[0] if given else "km")
    if lacking := missing_columns(frame, ("origin", "destination", measured), source):
        raise InputError(lacking)
    known = tuple(dict.fromkeys([*starts, *ends]))
    start, faults = _places(frame, "origin", known, source)
    end, end_faults = _places(frame, "destination", known, source)
    faults += end_faults
    values: dict[Unit, FloatArray] = {}
    for column in dict.fromkeys([measured, *given]):
        values[column], value_faults = _values(frame, column, start, end, source, blank=column != measured)
        faults += value_faults
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    at = {place: i for i, place in enumerate(known)}
    part = np.ix_([at[place] for place in starts], [at[place] for place in ends])
    tables = {
        name: _square(filled, start, end, len(known), symmetric)[part] for name, filled in values.items()
    }
    return Distances(
        origins=starts,
        destinations=ends,
        km=tables.get("km", np.where(same_id(starts, ends), 0.0, np.nan)),
        hours=tables.get("hours"),
        metric="matrix",
        unit=measured,
        straight_km=straight_km,
    )


def _places(
    frame: pd.DataFrame, column: str, known: tuple[str, ...], source: Source
) -> tuple[IntArray, list[Fault]]:
    """Return the index of the place in a column, −1 where it is not known."""
    ids, faults = texts(frame, column, source)
    at = {place: i for i, place in enumerate(known)}
    index = np.array([at.get(place, -1) for place in ids], dtype=np.intp)
    unknown = (index < 0) & frame[column].notna().to_numpy(dtype=np.bool_)
    faults += source.faults(
        unknown,
        column,
        ids,
        why="There is no such place in the region.",
        mend="Correct the id, or leave the row out.",
        rule="unknown_place",
    )
    return index, faults


def _values(
    frame: pd.DataFrame, column: Unit, start: IntArray, end: IntArray, source: Source, *, blank: bool
) -> tuple[FloatArray, list[Fault]]:
    """Read a column of km or hours and check it by pair."""
    values, faults = numbers(frame, column, source, low=0.0, blank=blank)
    given = frame[column].to_numpy(dtype=object)
    faults += source.faults(
        (values > _MOST[column]) & np.isfinite(values),
        column,
        given,
        why=f"No way in a region is longer than {_MOST[column]:g} {column}.",
        mend="Leave the row out where there is no way.",
        rule="stands_for_unreachable",
    )
    faults += source.faults(
        (start == end) & (start >= 0) & (values > 0),
        column,
        given,
        why="A place is not 0 from itself.",
        mend="Write 0, or leave the row out.",
        rule="not_zero_from_itself",
    )
    first: dict[tuple[int, int], int] = {}
    for row, pair in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        if min(pair) < 0 or np.isnan(values[row]):
            continue
        before = first.setdefault(pair, row)
        if values[row] != values[before]:
            why = f"This pair has {given[before]} in row {before + source.first_row}."
            mend = "Keep one of the two rows."
            faults.append(
                Fault(FILE, why, mend, row + source.first_row, column, str(given[row]), "contradictory_pair")
            )
    return values, faults


def _square(values: FloatArray, start: IntArray, end: IntArray, size: int, symmetric: bool) -> FloatArray:
    """Return the table as a square over all places, NaN where a pair is not given."""
    square = np.full((size, size), np.nan)
    filled = ~np.isnan(values)
    square[start[filled], end[filled]] = values[filled]
    if symmetric:
        square = np.where(np.isnan(square), square.T, square)
    np.fill_diagonal(square, 0.0)
    return square
