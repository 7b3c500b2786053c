"""A region with some tables replaced; what `provenance.csv` says of numbers that are gone is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from clusterplan.errors import InputError, UsageError
from clusterplan.region.files import MANIFEST_FILE, TABLE_FILES
from clusterplan.region.frames import gather_frames
from clusterplan.region.gathered import Gathered
from clusterplan.region.settle import Settled, settle
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME


def settle_replaced(
    given: Mapping[str, Any], changes: Mapping[str, Any], notes: Mapping[str, str]
) -> Settled:
    """Put a region together from what it was given, with some of it replaced.

    Parameters
    ----------
    given
        Manifest and tables by name, as `Region.given` returns them.
    changes
        What takes their place, by name; None for a table that is dropped.
    notes
        Texts that go where the data go.

    Raises
    ------
    UsageError
        If a name is neither ``manifest`` nor a table.
    InputError
        With every fault of the changed region. A row of `provenance` about a number that is gone is none,
        unless `provenance` itself was given.
    """
    for name in changes:
        if name != "manifest" and name not in BY_NAME:
            raise UsageError(f"There is no table {name!r}.{suggest(name, BY_NAME)}")
    tables = {name: value for name, value in {**given, **changes}.items() if value is not None}
    manifest = tables.pop("manifest")
    if "provenance" in tables and "provenance" not in changes:
        tables["provenance"] = _of_tables(tables)
    while True:
        try:
            return settle(_gathered(manifest, tables, notes))
        except InputError as error:
            gone = {fault.row - 2 for fault in error.faults if fault.rule == "unknown_number" and fault.row}
            if not gone or "provenance" in changes:
                raise
            frame = tables["provenance"]
            tables["provenance"] = frame[[n not in gone for n in range(len(frame))]]


def _gathered(manifest: Any, tables: Mapping[str, pd.DataFrame], notes: Mapping[str, str]) -> Gathered:
    return replace(gather_frames(manifest, tables), notes=dict(notes))


def _of_tables(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of `provenance` about the manifest and about tables that are there."""
    frame = tables["provenance"]
    about = frame["file"].map(lambda file: TABLE_FILES.get(file, file))
    return frame[(about == MANIFEST_FILE) | about.isin(list(tables))]
