"""Scenarios: each line of their changes names something that is there, and can be done.

Rule: ``bad_change``. What comes out as a whole is checked when a scenario is used.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from clusterplan.errors import Fault, UsageError
from clusterplan.region.checks.known import Known
from clusterplan.region.draft import ROW
from clusterplan.region.edit import Edit, changes_of
from clusterplan.region.tables import BY_NAME


def check_scenarios(known: Known) -> Iterator[Fault]:
    """Yield a fault for every change that cannot be made."""
    rows = known.rows("scenarios")
    if not rows:
        return
    tables = {name: indexed(known, name) for name in known.draft.given if name != "scenarios"}
    for row in rows:
        edit = Edit(tables, known.manifest.model_dump(mode="python", exclude_unset=True))
        for line in row["changes"]:
            try:
                for item in changes_of(line):
                    edit.make(item)
            except UsageError as error:
                yield known.fault(
                    "scenarios",
                    f"The change of scenario '{row['scenario']}' cannot be made: {error}",
                    "Write table, id and column as they stand in the files, or delete the line.",
                    rule="bad_change",
                    row=row,
                    column="changes",
                    value=line,
                )


def indexed(known: Known, name: str) -> pd.DataFrame:
    """Return a table as changes are made in it: a key of one column is the index."""
    frame, key = known.frame(name).drop(columns=ROW), BY_NAME[name].key
    return frame.set_index(key[0]) if len(key) == 1 else frame
