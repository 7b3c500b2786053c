"""A region with some tables replaced; what is said of what is gone is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from clusterplan.errors import Fault, InputError, UsageError
from clusterplan.region.files import MANIFEST_FILE, TABLE_FILES
from clusterplan.region.frames import gather_frames
from clusterplan.region.gathered import Gathered
from clusterplan.region.settle import Settled, settle
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME

_ABOUT = {"provenance": ("unknown_number",), "scenarios": ("bad_change", "unknown_incentive")}
"""Tables of which rows about what is gone are left out, and the rules that tell them."""


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
        nor is a scenario that changes what is gone, unless that table itself was given.
    """
    for name in changes:
        if name != "manifest" and name not in BY_NAME:
            raise UsageError(f"There is no table {name!r}.{suggest(name, BY_NAME)}")
    tables = {name: value for name, value in {**given, **changes}.items() if value is not None}
    manifest = tables.pop("manifest")
    if "provenance" in tables and "provenance" not in changes:
        tables["provenance"] = _of_tables(tables)
    if "scenarios" in tables and "scenarios" not in changes and "incentives" not in tables:
        tables["scenarios"] = tables["scenarios"].assign(fulfilment=None)
    while True:
        try:
            return settle(_gathered(manifest, tables, notes))
        except InputError as error:
            left = False
            for name, rules in _ABOUT.items():
                gone = {(fault.row or 2) - 2 for fault in error.faults if _is_about(fault, name, rules)}
                if gone and name not in changes:
                    frame, left = tables[name], True
                    tables[name] = frame[[n not in gone for n in range(len(frame))]]
            if not left:
                raise


def _is_about(fault: Fault, name: str, rules: tuple[str, ...]) -> bool:
    """Return whether a fault is that a row of a table is about what is no longer there."""
    return fault.file == name and fault.rule in rules and fault.row is not None


def _gathered(manifest: Any, tables: Mapping[str, pd.DataFrame], notes: Mapping[str, str]) -> Gathered:
    return replace(gather_frames(manifest, tables), notes=dict(notes))


def _of_tables(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of `provenance` about the manifest and about tables that are there."""
    frame = tables["provenance"]
    about = frame["file"].map(lambda file: TABLE_FILES.get(file, file))
    return frame[(about == MANIFEST_FILE) | about.isin(list(tables))]
