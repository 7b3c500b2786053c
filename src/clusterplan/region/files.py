"""Opening the files of a region's folder, which nobody has vouched for.

Only regular files inside the folder are read, whole and up to a size, and handed on as bytes: what
is checked is what is parsed. No name is ever given to a library that could take it for an address.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterplan.errors import Fault, InputError
from clusterplan.region.columns import Table
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import TABLES

MANIFEST_FILE = "region.yaml"
SOURCES_FILE = "SOURCES.md"
PACKAGE_FILE = "datapackage.json"

MIB = 1 << 20
MAX_MANIFEST_BYTES = MIB // 4
"""Largest manifest; a hundred times what one needs, and what a YAML parser takes some seconds for."""
MAX_NOTES_BYTES = 4 * MIB
"""Largest `SOURCES.md` or `datapackage.json`."""
MAX_TEXT_BYTES = 64 * MIB
"""Largest CSV file: a road network of a million edges is about 40 MiB."""
MAX_LAYER_BYTES = 64 * MIB
"""Largest GeoJSON or GeoPackage."""

_NOTE = re.compile(r"SOURCES\.md|(LICEN[CS]E|NOTICE|COPYING)[\w.-]*")

TABLE_FILES: Mapping[str, str] = {file: table.name for table in TABLES for file in table.files}
"""Table by file name."""


def usual_file(table: Table) -> str:
    """Return the file a table is written to: CSV, GeoJSON for a layer, YAML for scenarios."""
    return next(file for file in table.files if file.endswith((".csv", ".geojson", ".yaml")))


_LATER = ("phases",)
_INPUT_SUFFIX = re.compile(
    r"\.(csv|tsv|xlsx?|xlsm|ods|parquet|feather|sqlite|db|json|ya?ml|toml|zip|gz"
    r"|geojson|gpkg|shp|dbf|shx|km[lz]|gml|gpx|tab|mif|vrt|fgb)"
)
_SIDECARS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Listing:
    """What a folder holds.

    Parameters
    ----------
    tables
        File name by table.
    twice
        Tables that stand in two files; none of the two is read.
    faults
        Files that look like inputs and are none, and tables that stand in two files.
    """

    tables: Mapping[str, str]
    twice: frozenset[str]
    faults: tuple[Fault, ...]


def open_folder(folder: str | os.PathLike[str]) -> Path:
    """Return the folder as a real path.

    Raises
    ------
    InputError
        If it is no local folder.
    """
    path = Path(folder)
    try:
        if path.is_dir():
            return path.resolve()
        why = "It is a file, not a folder." if path.exists() else "There is no such folder."
    except (OSError, ValueError):  # a name too long, or with a NUL in it
        why = "There is no such folder."
    mend = "Give the folder that holds region.yaml; addresses and archives are not opened."
    raise InputError([Fault(str(folder), why, mend, rule="no_folder")])


def is_note(name: str) -> bool:
    """Return whether a file of this name says where numbers come from or how they may be used."""
    return _NOTE.fullmatch(name) is not None


def note_files(folder: Path) -> list[str]:
    """Return the files that say where numbers come from and under which licence they may be used."""
    return sorted(entry.name for entry in folder.iterdir() if is_note(entry.name))


def list_folder(folder: Path) -> Listing:
    """Sort the files of a folder into tables, files to leave alone, and faults."""
    names = sorted(entry.name for entry in folder.iterdir())
    faults: list[Fault] = []
    tables: dict[str, str] = {}
    twice: set[str] = set()
    for name in names:
        table = TABLE_FILES.get(name)
        if table is None:
            faults.extend(_stranger(folder, name))
        elif table in tables:
            twice.add(table)
            faults.append(
                Fault(
                    name,
                    f"The same table stands in {tables[table]} too.",
                    "Keep one of the two files and move the other out of the folder.",
                    rule="file_twice",
                )
            )
        else:
            tables[table] = name
    return Listing(
        {key: file for key, file in tables.items() if key not in twice}, frozenset(twice), tuple(faults)
    )


def _stranger(folder: Path, name: str) -> list[Fault]:
    """Return a fault if a file that is no table would be taken for an input, else nothing."""
    lower = name.lower()
    if name in (MANIFEST_FILE, PACKAGE_FILE) or name.startswith((".", "~$")):
        return []
    database = next((lower.removesuffix(end) for end in _SIDECARS if lower.endswith(".gpkg" + end)), None)
    if database is not None:
        return _sidecar(folder, name, database)
    path = Path(lower)
    if not _INPUT_SUFFIX.fullmatch(path.suffix) or (folder / name).is_dir():
        return []
    if path.stem in _LATER:
        why = f"This version of clusterplan does not plan with {path.stem}."
        mend = "Move the file out of the folder; the plan would not use it."
        return [Fault(name, why, mend, rule="later_file")]
    guess = suggest(name, (*TABLE_FILES, MANIFEST_FILE))
    mend = "Rename it to the file it is meant to be, or move it out of the folder."
    return [Fault(name, f"No table of a region is read from this file.{guess}", mend, rule="unknown_file")]


def _sidecar(folder: Path, name: str, database: str) -> list[Fault]:
    """Return a fault if SQLite keeps changes beside a GeoPackage, where they would be overlooked."""
    if name.endswith("-shm") or (folder / name).stat().st_size == 0:
        return []
    why = f"Changes of {database} are still in this file: another program has it open, or stopped half-way."
    return [
        Fault(name, why, "Close the project in QGIS, so that the changes are saved.", rule="unsaved_layer")
    ]


def unsaved(folder: Path, database: str) -> list[Fault]:
    """Return a fault for each file beside a GeoPackage in which SQLite keeps changes that would be missed."""
    names = [f"{database}{end}" for end in _SIDECARS if (folder / f"{database}{end}").exists()]
    return [fault for name in names for fault in _sidecar(folder, name, database)]


def read_file(folder: Path, name: str, most: int) -> bytes:
    """Return the bytes of a file of a folder.

    Parameters
    ----------
    folder
        The folder, resolved.
    name
        File name in it.
    most
        Largest size, bytes.

    Raises
    ------
    InputError
        If it is missing, no regular file, outside the folder through a link, unreadable or too big.
    """
    path = folder / name
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder):
            raise _refused(
                name, "It is a link that leads out of the folder.", "Copy the file into the folder."
            )
        # Looked at before it is opened: opening a pipe or a device may hang or do something.
        if not stat.S_ISREG(real.stat().st_mode):
            raise _refused(name, "It is not a regular file.", "Put a plain file in its place.")
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(real, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _refused(name, "It is not a regular file.", "Put a plain file in its place.")
            data = file.read(most + 1)
    except FileNotFoundError:
        raise _refused(name, "The file is missing.", "Add it to the folder.", rule="missing_file") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise _refused(name, f"It cannot be read: {error}.", "Check the file and who may read it.") from None
    if len(data) > most:
        why = f"It is larger than {most / MIB:.2g} MiB."
        raise _refused(
            name, why, "Leave out what the plan does not need (a region is small).", rule="too_big"
        )
    return data


def _refused(name: str, why: str, mend: str, rule: str = "refused_file") -> InputError:
    return InputError([Fault(name, why, mend, rule=rule)])
