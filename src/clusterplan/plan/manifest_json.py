"""`manifest.json`: how and when a result folder was made, and the checksum of every file in it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from clusterplan.errors import Fault, InputError, UsageError
from clusterplan.plan.document import as_text, plain
from clusterplan.plan.plan import Plan

MANIFEST_JSON = "manifest.json"
PACKAGES = (
    "geopandas",
    "highspy",
    "numpy",
    "pandas",
    "pulp",
    "pyogrio",
    "pyproj",
    "scipy",
    "shapely",
)
"""Packages a plan can depend on; their versions are kept with it."""


def manifest(plan: Plan, folder: Path) -> dict[str, Any]:
    """Return the content of `manifest.json` for a folder whose other files are written.

    Parameters
    ----------
    plan
        The plan in the folder.
    folder
        The folder.

    Returns
    -------
    dict
        ``clusterplan`` (version), ``created`` (UTC), ``region``, ``status``; ``seed``, ``options`` of the
        call and ``seconds`` it took; ``proof`` (solver, nodes, limit, size of the program, what was left
        out); ``versions`` of Python and packages (null: not installed); ``inputs`` (SHA-256 of the region's
        files as they were read); ``files`` (SHA-256 of every other file in the folder).
    """
    proof = dict(plan.proof.as_dict())
    options, seconds = proof.pop("options"), proof.pop("seconds")
    content = {
        "clusterplan": _version("clusterplan"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "region": plan.region.name,
        "status": plan.status,
        "seed": options.get("seed"),
        "options": options,
        "seconds": seconds,
        "proof": proof,
        "versions": versions(),
        "inputs": plan.region.checksums,
        "files": {name: _sha256(folder / name) for name in files_in(folder) if name != MANIFEST_JSON},
    }
    made: dict[str, Any] = plain(content)
    return made


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the packages a plan can depend on; None: not installed."""
    packages = ("clusterplan", *PACKAGES)
    return {"python": platform.python_version(), **{package: _version(package) for package in packages}}


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return the content of a folder's `manifest.json`.

    Raises
    ------
    InputError
        If it is missing or is none of ours.
    """
    mend = "Give a folder that clusterplan wrote, or plan the region again."
    try:
        content = json.loads((folder / MANIFEST_JSON).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        why = f"It can't be read: {error}."
        raise InputError([Fault(MANIFEST_JSON, why, mend, rule="unreadable_file")]) from error
    kinds = {"clusterplan": str, "files": dict, "options": dict, "proof": dict}
    for key, kind in kinds.items():
        if not isinstance(content, dict) or not isinstance(content.get(key), kind):
            why = "This is not the manifest of a result folder: the key is missing or not as it was written."
            raise InputError([Fault(MANIFEST_JSON, why, mend, column=key, rule="not_a_manifest")])
    return dict(content)


def changed_files(folder: str | Path) -> tuple[str, ...]:
    """Return the files of a result folder that are not as they were written: changed, missing or added.

    Parameters
    ----------
    folder
        A result folder.

    Returns
    -------
    tuple of str
        Paths within the folder; empty when all is as it was written.

    Raises
    ------
    InputError
        If the folder has no manifest.
    """
    folder = Path(folder)
    written = read_manifest(folder)["files"]
    there = {name: _sha256(folder / name) for name in files_in(folder) if name != MANIFEST_JSON}
    return tuple(
        sorted(name for name in written.keys() | there.keys() if written.get(name) != there.get(name))
    )


def keep_checksum(folder: str | Path, file: str | Path) -> None:
    """Take a file that was just written into a result folder up in its manifest, with its checksum.

    A file that is elsewhere is left alone.

    Parameters
    ----------
    folder
        A result folder.
    file
        The file that was written.

    Raises
    ------
    InputError
        If the folder has no manifest.
    UsageError
        If the manifest can't be written.
    """
    folder, file = Path(folder).resolve(), Path(file).resolve()
    if not file.is_relative_to(folder):
        return
    content = dict(read_manifest(folder))
    files = {**content["files"], file.relative_to(folder).as_posix(): _sha256(file)}
    content["files"] = dict(sorted(files.items()))
    beside = folder / f".{MANIFEST_JSON}.new"
    try:
        beside.write_text(as_text(content), encoding="utf-8", newline="\n")
        beside.replace(folder / MANIFEST_JSON)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(
            f"{folder / MANIFEST_JSON} can't be written: {why}. Write to another place."
        ) from error


def files_in(folder: Path) -> list[str]:
    """Return every file below a folder as a path within it, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
