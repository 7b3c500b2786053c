"""`change`: a region with some of its inputs changed, said by id (`clusterplan.region.edit`)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from clusterplan.region.edit import Change, Changes, Edit, changes_of
from clusterplan.region.region import Region
from clusterplan.region.tables import BY_NAME


def change(region: Region, changes: Changes) -> Region:
    """Return the region with some of its inputs changed, checked as a whole; the region stays as it is.

    A number that was changed counts as assumed, whatever it was before.

    Parameters
    ----------
    region
        What to start from.
    changes
        Lines (``"firm.cells.output_per_y *= 1.2"``), or a mapping from path to new value. A path is table, id
        (for keys of several columns joined by ``/``; ``*`` in it stands for anything) and column, or a key of
        the manifest. They are made in the order given.

    Raises
    ------
    UsageError
        If a path names nothing, or a value is no number where a number is changed.
    InputError
        If what comes out is no region.

    Examples
    --------
    >>> import clusterplan as cp
    >>> region = cp.change(cp.load_region("tiny"), "firm.*.outside_m_y *= 0.5")
    >>> float(region.firms.loc["seats", "outside_m_y"])
    0.5
    """
    edit = _edited(region, changes)
    changed = region.replace(manifest=edit.manifest, **edit.tables)
    return changed.replace(provenance=noted(changed.given().get("provenance"), edit.notes))


def tried(region: Region, changes: Changes) -> Region:
    """Return the same as `change` in half the time: where numbers come from stays as it was.

    Parameters
    ----------
    region, changes
        As of `change`.

    Raises
    ------
    UsageError, InputError
        As of `change`.
    """
    edit = _edited(region, changes)
    return region.replace(manifest=edit.manifest, **edit.tables)


def _edited(region: Region, changes: Changes) -> Edit:
    edit = Edit(region.given(), region.manifest.model_dump(mode="python", exclude_unset=True))
    for item in changes_of(changes):
        edit.make(item)
    return edit


def number_at(region: Region, path: str) -> float | None:
    """Return the number that a path of a change means; None where it means several, or none.

    Parameters
    ----------
    region
        The region.
    path
        Table, id and column, or a key of the manifest.

    Raises
    ------
    UsageError
        If the path names nothing.

    Examples
    --------
    >>> import clusterplan as cp
    >>> number_at(cp.load_region("tiny"), "firm.seats.outside_m_y")
    1.0
    """
    edit = Edit(region.given(), region.manifest.model_dump(mode="python"))
    edit.make(Change(path, "=", None))
    there = edit.seen[0] if len(edit.seen) == 1 else None
    if isinstance(there, bool) or not isinstance(there, int | float | np.number):
        return None
    return None if np.isnan(number := float(there)) else number


def noted(frame: pd.DataFrame | None, notes: Mapping[tuple[str, str, str], str]) -> pd.DataFrame | None:
    """Return `provenance` with a row for each changed number, in place of one that was there.

    Parameters
    ----------
    frame
        The table as it was, or None.
    notes
        By table, id and column of a cell: the change.
    """
    rows = []
    for (name, one, column), line in notes.items():
        declared = BY_NAME[name].columns if name in BY_NAME else ()
        if all(known.is_number for known in declared if known.name == column):
            rows.append((name, one, column, "assumed", f"changed: {line}"))
    added = pd.DataFrame(rows, columns=["file", "id", "column", "kind", "source"])
    if frame is None or not len(frame):
        return added if len(added) else None
    old = frame.reset_index() if "file" not in frame.columns else frame
    files = {name: BY_NAME[name].files for name, _, _ in notes if name in BY_NAME}
    alike = {(file, one, column) for name, one, column in notes for file in (name, *files.get(name, ()))}
    kept = [key not in alike for key in zip(old["file"], old["id"], old["column"], strict=True)]
    return pd.concat([old[kept], added], ignore_index=True)
