"""Where every number of a region comes from: a source, a derivation, or an assumption.

A row of a table says it of its numbers in its column `provenance`; `provenance.csv` overrules it for
single cells (file, id, column), for a column in every row (id ``*``), for a row in every column
(column ``*``), or for a whole file (both). Numbers of the manifest are named by dotted key, or by a
prefix that ends in ``.*``. What names a number most closely counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import Fault
from clusterplan.region.columns import Table
from clusterplan.region.draft import ROW, Draft
from clusterplan.region.files import MANIFEST_FILE, TABLE_FILES, usual_file
from clusterplan.region.manifest import Manifest
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME

EVERY = "*"
MAX_COMPARED = 2000
"""Ids among which the nearest to an unknown one is looked for; in a road network that would take long."""
NUMBER_COLUMNS = ("file", "id", "column", "kind", "source")


@dataclass(frozen=True)
class Note:
    """A row of `provenance.csv` (or of a frame in its place: `home`)."""

    home: str
    row: int
    file: str
    id: str
    column: str
    kind: str
    source: str

    @property
    def table(self) -> str | None:
        """Table it is about, by the name of the table or of any file it may stand in; None for none."""
        return self.file if self.file in BY_NAME else TABLE_FILES.get(self.file)

    def fault(self, column: str, why: str) -> Fault:
        """Return the fault that the note refers to nothing."""
        mend = "Write the file, id and column as they stand there, or delete the row."
        return Fault(self.home, why, mend, self.row, column, str(getattr(self, column)), "unknown_number")


@dataclass(frozen=True)
class Part:
    """Numbers of one file: their kinds, and the notes about them that refer to nothing.

    `counted` says whether they count toward the share of assumed numbers. Those of tables without a
    column `provenance` (roads, distances) do not: they are thousands of one origin. Nor do those of
    scenarios, on which no plan rests before it is asked for. `by_row` says whether each row says its kind.
    """

    numbers: pd.DataFrame
    faults: tuple[Fault, ...]
    counted: bool = True
    by_row: bool = False


def resolve(draft: Draft, tables: Mapping[str, Table]) -> tuple[Part, ...]:
    """Give every number of a region its kind: None where nothing says it.

    Parameters
    ----------
    draft
        The region as read.
    tables
        Declarations by name, with the region's further resources.

    Returns
    -------
    tuple of Part
        The manifest's numbers, then those of each given table. In `Part.numbers` each row is a number
        (an `amounts` cell, or a list in the manifest, is one): file, id, column, kind, source.
    """
    notes = tuple(_notes(draft))
    strange = [fault for note in notes for fault in _strange_file(note, draft)]
    own = [note for note in notes if note.file == MANIFEST_FILE]
    parts = [_of_manifest(draft.manifest, own, tuple(strange))]
    for name, table in tables.items():
        if name in draft.given and any(column.is_number for column in table.columns):
            parts.append(_of_table(draft, table, [note for note in notes if note.table == name]))
    return tuple(parts)


def joined(parts: Sequence[Part]) -> pd.DataFrame:
    """Return the numbers of all parts in one frame."""
    return pd.concat([part.numbers for part in parts], ignore_index=True)


def assumed_share(parts: Sequence[Part]) -> float:
    """Return the share of the counted numbers that are assumed; 0 where there are none."""
    kinds = pd.concat([part.numbers["kind"] for part in parts if part.counted])
    return float((kinds == "assumed").mean()) if len(kinds) else 0.0


def missing_kinds(parts: Sequence[Part]) -> Iterator[Fault]:
    """Yield a fault for the numbers of which nothing says where they come from.

    An empty cell of a column `provenance` is not told again: it is a fault of its own.
    """
    for part in parts:
        missing = part.numbers[part.numbers["kind"].isna()]
        if missing.empty:
            continue
        file = str(missing["file"].iloc[0])
        if file == MANIFEST_FILE and len(missing) < len(part.numbers):
            for key in missing["column"]:
                why = "Nothing says where the number comes from."
                yield Fault(file, why, _add_row(file, key), column=key, rule="no_provenance")
        elif file == MANIFEST_FILE or not part.by_row:
            why = "Nothing says where its numbers come from."
            yield Fault(file, why, _add_row(file, EVERY), rule="no_provenance")


def _add_row(file: str, column: str) -> str:
    return f"Add the row '{file},*,{column},source,...' (or derived, assumed) to provenance.csv."


def _notes(draft: Draft) -> Iterator[Note]:
    frame = draft.frames["provenance"]
    named = frame[frame[["file", "id", "column"]].notna().all(axis=1)]
    home = draft.files["provenance"]
    for row, file, row_id, column, kind, source in named[[ROW, *NUMBER_COLUMNS]].itertuples(
        index=False, name=None
    ):
        # A kind that could not be read has been reported; what it is about is not to be reported as well.
        yield Note(home, row, file, row_id, column, kind or "assumed", source)


def _strange_file(note: Note, draft: Draft) -> Iterator[Fault]:
    if note.file == MANIFEST_FILE or note.table in draft.given | draft.broken:
        return
    known = [MANIFEST_FILE, *(draft.files[name] for name in draft.given)]
    yield note.fault("file", f"The region has no such file.{suggest(note.file, known)}")


def _of_manifest(manifest: Manifest, notes: Sequence[Note], strange: tuple[Fault, ...]) -> Part:
    keys = list(_keys(manifest.model_dump(mode="json", exclude_unset=True)))
    # The longest prefix is the closest: '*' is shorter than 'bounds.*', which is shorter than 'bounds.west'.
    ordered = sorted(notes, key=lambda note: len(note.column))
    best = {key: note for note in ordered for key in keys if _names_key(note.column, key)}
    faults = [*strange]
    for note in notes:
        if note.id != EVERY:
            faults.append(note.fault("id", "Numbers of the manifest have no id."))
        elif not any(_names_key(note.column, key) for key in keys):
            faults.append(
                note.fault("column", f"The manifest has no such number.{suggest(note.column, keys)}")
            )
    rows = [
        (MANIFEST_FILE, EVERY, key, best[key].kind, best[key].source)
        if key in best
        else (MANIFEST_FILE, EVERY, key, None, "")
        for key in keys
    ]
    return Part(pd.DataFrame(rows, columns=NUMBER_COLUMNS, dtype=object), tuple(faults))


def _keys(value: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted key of every number written in a manifest; a list of numbers is one."""
    for name, item in value.items():
        key = f"{prefix}{name}"
        if isinstance(item, Mapping):
            yield from _keys(item, f"{key}.")
        elif isinstance(item, list) and any(isinstance(part, Mapping) for part in item):
            yield from _keys({str(i): part for i, part in enumerate(item)}, f"{key}.")
        elif _is_number(item) or (isinstance(item, list) and any(map(_is_number, item))):
            yield key


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _names_key(pattern: str, key: str) -> bool:
    return pattern in (EVERY, key) or (pattern.endswith(".*") and key.startswith(pattern[:-1]))


def _of_table(draft: Draft, table: Table, notes: Sequence[Note]) -> Part:
    frame, blank = draft.frames[table.name], draft.blank[table.name]
    file = draft.files[table.name]
    if file not in table.files:
        file = usual_file(table)
    ids = row_ids(frame, table)
    has_column = "provenance" in table.names
    nothing = np.full(len(frame), None, dtype=object)
    kinds = frame["provenance"].to_numpy() if has_column else nothing
    sources = frame["source"].to_numpy() if has_column else np.full(len(frame), "", dtype=object)
    notes = sorted(notes, key=lambda note: (note.id != EVERY, note.column != EVERY))
    places: dict[str, list[int]] = defaultdict(list)
    for place, row_id in enumerate(ids):
        places[row_id].append(place)
    everywhere = np.arange(len(ids))
    hits = [
        everywhere if note.id == EVERY else np.array(places.get(note.id, ()), dtype=int) for note in notes
    ]
    columns: list[dict[str, np.ndarray[Any, Any]]] = []
    for column in table.columns:
        if not column.is_number:
            continue
        kind, source = kinds.copy(), sources.copy()
        for note, hit in zip(notes, hits, strict=True):
            if note.column in (EVERY, column.name):
                kind[hit], source[hit] = note.kind, note.source
        there = np.flatnonzero(~blank[column.name].to_numpy())
        names = np.full(len(there), column.name, dtype=object)
        columns.append({"place": there, "column": names, "kind": kind[there], "source": source[there]})
    cells = {name: np.concatenate([one[name] for one in columns]) for name in columns[0]}
    # Row by row, as a reader of the file meets them.
    order = np.argsort(frame[ROW].to_numpy()[cells["place"]], kind="stable")
    cells = {name: cell[order] for name, cell in cells.items()}
    cells |= {"file": np.full(len(order), file, dtype=object), "id": ids[cells["place"]]}
    numbers = pd.DataFrame({name: cells[name] for name in NUMBER_COLUMNS}, dtype=object)
    faults = [
        fault
        for note, hit in zip(notes, hits, strict=True)
        for fault in _no_cell(note, hit, table, ids, blank)
    ]
    return Part(numbers, tuple(faults), counted=has_column and table.counted, by_row=has_column)


def row_ids(frame: pd.DataFrame, table: Table) -> np.ndarray[Any, Any]:
    """Return the id of each row as `provenance.csv` names it: its key, several columns joined by ``/``."""
    parts = [frame[name].fillna("").to_numpy(dtype=object) for name in table.key]
    ids = np.empty(len(frame), dtype=object)
    ids[:] = ["/".join(map(str, part)) for part in zip(*parts, strict=True)]
    return ids


def _no_cell(
    note: Note, hit: np.ndarray[Any, Any], table: Table, ids: np.ndarray[Any, Any], blank: pd.DataFrame
) -> Iterator[Fault]:
    """Yield the fault of a note about a row, a column or a cell that is not there."""
    if note.id != EVERY and not len(hit):
        near = suggest(note.id, ids) if len(ids) <= MAX_COMPARED else ""
        yield note.fault("id", f"{note.file} has no such row.{near}")
    elif note.column == "geometry" and table.geometry:
        return
    elif note.column != EVERY and note.column not in table.names:
        yield note.fault("column", f"{note.file} has no such column.{suggest(note.column, table.names)}")
    elif note.column != EVERY and blank[note.column].to_numpy()[hit].all():
        yield note.fault("column", "There is no number: the cell is empty.")
