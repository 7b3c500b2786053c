"""Gathering a region from one file: its manifest, its tables, and how its faults are to be told."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from clusterplan.errors import Fault
from clusterplan.region.cells import is_empty
from clusterplan.region.columns import Table
from clusterplan.region.files import MANIFEST_FILE, MAX_LAYER_BYTES, is_note, read_file, unsaved, usual_file
from clusterplan.region.gathered import Gathered
from clusterplan.region.manifest_file import ManifestRead, manifest_of
from clusterplan.region.onefile.keyed import document_of
from clusterplan.region.onefile.layers import read_layers
from clusterplan.region.onefile.places import with_places
from clusterplan.region.onefile.workbook import Sheet, read_sheets, sheet_faults, trimmed
from clusterplan.region.raw import Raw
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME
from clusterplan.region.text import header_faults

MANIFEST = "region"
"""Sheet or table that holds the manifest, by columns `key` and `value`."""
NOTES = "notes"
"""Sheet or table that holds ``SOURCES.md`` and licences, by columns `file` and `text`."""
GUIDES = ("read me", "columns")
"""Sheets and tables that `clusterplan init` writes for people, and that are not read."""
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
ONE_FILE = (".xlsx", ".gpkg")


def is_one_file(path: str | os.PathLike[str]) -> bool:
    """Return whether a path is that of a region in one file: a workbook or a GeoPackage, there or not."""
    return Path(path).suffix.lower() in ONE_FILE and not Path(path).is_dir()


@dataclass
class _Found:
    """What has been met so far."""

    file: str
    word: str
    tables: dict[str, Raw] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, part: str) -> str:
        """Return how messages name a sheet or a layer."""
        return f"{self.file}, {self.word} {part}"


def gather_file(path: str | os.PathLike[str]) -> Gathered:
    """Read a workbook or a GeoPackage, without putting its tables together.

    Parameters
    ----------
    path
        A file that ends in ``.xlsx`` or ``.gpkg``.

    Raises
    ------
    InputError
        If it cannot be opened as what it is; faults of single tables are collected.
    """
    place = Path(path)
    data = read_file(place.parent.resolve(), place.name, MAX_LAYER_BYTES)
    workbook = place.suffix.lower() == ".xlsx"
    found = _Found(place.name, "sheet" if workbook else "layer")
    if not workbook:
        found.faults.extend(unsaved(place.parent, place.name))
    parts = _sheets(data, found) if workbook else _layers(data, found)
    manifest = _manifest(parts.pop(MANIFEST, None), found)
    notes = _notes(parts.pop(NOTES, None), found)
    for name, raw in parts.items():
        file = usual_file(BY_NAME[name])
        found.labels[file] = found.label(name)
        found.tables[name] = replace(raw, file=file)
    checksums = {place.name: hashlib.sha256(data).hexdigest()}
    labels = {usual_file(table): found.label(name) for name, table in BY_NAME.items()} | found.labels
    return Gathered(
        manifest, found.tables, {}, tuple(found.faults), True, checksums, notes, labels, found.word
    )


def _manifest(raw: Raw | None, found: _Found) -> ManifestRead:
    found.labels[MANIFEST_FILE] = found.label(MANIFEST)
    if raw is None or "key" not in raw.cells or "value" not in raw.cells:
        why = (
            f"The {found.word} with what holds for the region as a whole (title, currency, ...) is missing."
            if raw is None
            else "It has no columns `key` and `value`."
        )
        mend = f"Add a {found.word} `{MANIFEST}` with columns key and value, as `clusterplan init` writes it."
        return ManifestRead(None, (), (Fault(MANIFEST_FILE, why, mend, rule="missing_file"),))
    rows = list(zip(raw.rows, raw.cells["key"], raw.cells["value"], strict=True))
    return manifest_of(document_of(rows, MANIFEST_FILE), MANIFEST_FILE)


def _notes(raw: Raw | None, found: _Found) -> dict[str, str]:
    """Return the notes by name: the lines of each, in order."""
    lines: dict[str, list[str]] = {}
    if raw is None:
        return {}
    texts = raw.cells.get("text", [None] * len(raw.rows))
    for row, name, text in zip(raw.rows, raw.cells.get("file", texts), texts, strict=True):
        if is_empty(name):
            continue
        if not is_note(str(name)):
            why = "It is no name of a note."
            mend = "Write SOURCES.md, or the name of a licence file (LICENSE...)."
            found.faults.append(Fault(found.label(NOTES), why, mend, row, "file", str(name), "unknown_file"))
            continue
        lines.setdefault(str(name), []).append("" if is_empty(text) else str(text))
    return {name: "\n".join(parts) for name, parts in lines.items()}


def _part_name(name: str) -> str:
    return name.strip().casefold()


def _is_left_alone(name: str) -> bool:
    return name in GUIDES or name.startswith("_")


def _unknown(name: str, found: _Found) -> Fault:
    known = (MANIFEST, NOTES, *BY_NAME)
    why = f"No table of a region is read from this {found.word}.{suggest(name, known)}"
    mend = "Give it the name of the table it is meant to be, or one that begins with _ to keep it unread."
    return Fault(found.label(name), why, mend, rule="unknown_file")


def _sheets(data: bytes, found: _Found) -> dict[str, Raw]:
    parts: dict[str, Raw] = {}
    for read in read_sheets(data, found.file):
        sheet, name = read, _part_name(read.name)
        if not sheet.records or _is_left_alone(name):
            continue
        if name not in (MANIFEST, NOTES, *BY_NAME):
            if not sheet.hidden:  # add-ins keep things of their own in hidden ones
                found.faults.append(_unknown(sheet.name, found))
            continue
        label = found.label(name)
        found.faults.extend(sheet_faults(sheet, label))
        if name != NOTES:  # where spaces at the ends of a line have a meaning
            sheet, faults = trimmed(sheet, label)
            found.faults.extend(faults)
        raw, faults = _table(sheet, label)
        found.faults.extend(faults)
        table = BY_NAME.get(name)
        if table is not None and not raw.rows and not table.required:
            continue  # a form that nobody has filled in
        if table is not None:
            found.faults.extend(doubtful_numbers(raw, table))
        if table is not None and table.geometry:
            raw, faults = with_places(raw)
            found.faults.extend(faults)
        parts[name] = raw
    return parts


def _table(sheet: Sheet, label: str) -> tuple[Raw, tuple[Fault, ...]]:
    """Return the cells of a sheet by column, its first filled row being the header."""
    (first, titles), body = sheet.records[0], sheet.records[1:]
    header = ["" if title is None else str(title) for title in titles]
    texts = [(row, ["" if cell is None else str(cell) for cell in cells]) for row, cells in body]
    faults = list(header_faults(header, texts, label, first))
    width = len(header)
    beyond = next((row for row, cells in texts if any(cells[width:])), None)
    if beyond is not None:
        why, mend = "A cell stands to the right of the last column name.", "Name its column, or delete it."
        faults.append(Fault(label, why, mend, beyond, rule="nameless_column"))
    columns = {name: header.index(name) for name in header if name}
    cells: dict[str, list[object]] = {
        name: [record[place] if place < len(record) else None for _, record in body]
        for name, place in columns.items()
    }
    return Raw(label, cells, tuple(row for row, _ in body), header_row=first), tuple(faults)


def doubtful_numbers(raw: Raw, table: Table) -> Iterator[Fault]:
    """Yield a warning for text that reads as a number, and as another one where a point parts thousands."""
    for column in table.columns:
        if column.kind not in ("number", "integer"):
            continue
        for row, cell in zip(raw.rows, raw.cells.get(column.name, ()), strict=False):
            if isinstance(cell, str) and _THOUSANDS.fullmatch(cell):
                why = f"It is kept as text, and was read as {float(cell):g}."
                mend = f"If {cell.replace('.', '')} is meant, write that; else format the cell as a number."
                yield Fault(raw.file, why, mend, row, column.name, cell, "doubtful_number", "warning")


def _layers(data: bytes, found: _Found) -> dict[str, Raw]:
    def wanted(names: Sequence[str]) -> Iterator[str]:
        for name in names:
            if _part_name(name) in (MANIFEST, NOTES, *BY_NAME):
                yield name
            elif not _is_left_alone(_part_name(name)):
                found.faults.append(_unknown(name, found))

    layers: Mapping[str, Raw] = read_layers(data, found.file, wanted)
    parts: dict[str, Raw] = {}
    for name, raw in layers.items():
        table = BY_NAME.get(_part_name(name))
        if table is None:
            parts[_part_name(name)] = raw
        elif raw.rows or table.required:
            parts[table.name], faults = _as_declared(raw, table, found)
            found.faults.extend(faults)
    return parts


def _as_declared(raw: Raw, table: Table, found: _Found) -> tuple[Raw, tuple[Fault, ...]]:
    """Return a layer with geometry if and only if its table has one."""
    if table.geometry and raw.geometry is None:
        return with_places(raw)
    if table.geometry or raw.geometry is None:
        return raw, ()
    why = f"The layer has a geometry, which {table.name} are not read with."
    mend = "Export it without geometry (in QGIS: geometry type No geometry)."
    fault = Fault(found.label(table.name), why, mend, rule="unknown_column")
    return replace(raw, geometry=None, crs=None), (fault,)
