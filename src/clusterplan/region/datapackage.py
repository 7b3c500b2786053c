"""Comparing files with what `datapackage.json` says of them (Frictionless Data Package).

Not part of reading: a planner may change a file, and `validate` then says that it is not the published one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from clusterplan.errors import Fault, InputError
from clusterplan.region.files import MAX_LAYER_BYTES, MAX_NOTES_BYTES, PACKAGE_FILE, open_folder, read_file
from clusterplan.region.onefile import is_one_file


def datapackage_faults(folder: str | os.PathLike[str]) -> tuple[Fault, ...]:
    """Return a warning for every file that is not as ``datapackage.json`` says; nothing if there is none.

    Parameters
    ----------
    folder
        Folder of a region; a region in one file has none.

    Raises
    ------
    InputError
        If it is no folder.
    """
    if is_one_file(folder):
        return ()
    path = open_folder(folder)
    if not os.path.lexists(path / PACKAGE_FILE):
        return ()
    try:
        package = json.loads(read_file(path, PACKAGE_FILE, MAX_NOTES_BYTES))
        listed = [resource for resource in package["resources"] if isinstance(resource["path"], str)]
    except InputError as error:
        return error.faults
    except (ValueError, LookupError, TypeError, RecursionError):
        return (
            _warning(PACKAGE_FILE, "It is no data package with resources and their paths.", "broken_package"),
        )
    return tuple(fault for resource in listed for fault in _compared(path, resource))


def _compared(folder: Path, resource: Mapping[str, Any]) -> Iterator[Fault]:
    name = resource["path"]
    if Path(name).name != name:
        yield _warning(PACKAGE_FILE, f"{name!r} is no file of the folder itself.", "broken_package")
        return
    try:
        data = read_file(folder, name, MAX_LAYER_BYTES)
    except InputError as error:
        yield from (
            _warning(fault.file, f"{PACKAGE_FILE} lists it. {fault.why}", fault.rule)
            for fault in error.faults
        )
        return
    said = resource.get("hash")
    if isinstance(said, str) and said.removeprefix("sha256:") != hashlib.sha256(data).hexdigest():
        yield _warning(
            name, f"It is not the file that {PACKAGE_FILE} describes: its checksum differs.", "checksum"
        )
    elif isinstance(resource.get("bytes"), int) and resource["bytes"] != len(data):
        why = f"It has {len(data)} bytes; {PACKAGE_FILE} says {resource['bytes']}."
        yield _warning(name, why, "checksum")


def _warning(file: str, why: str, rule: str) -> Fault:
    mend = f"Use the published file again, or bring {PACKAGE_FILE} up to date if the change is meant."
    return Fault(file, why, mend, rule=rule, level="warning")
