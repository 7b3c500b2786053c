"""A result folder is written whole or not at all, and replaces only a result folder."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clusterplan.errors import InputError, UsageError
from clusterplan.plan.manifest_json import MANIFEST_JSON, files_in, read_manifest

LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")
"""Files that desktops leave behind."""
SIDECARS = ("-journal", "-shm", "-wal")
"""Ends of files that a GIS leaves beside a GeoPackage."""


@contextmanager
def whole_folder(target: Path, *, force: bool) -> Iterator[Path]:
    """Give an empty folder beside the target; it becomes the target if all goes well, else nothing is left.

    Parameters
    ----------
    target
        Where the folder shall be. Folders above it are made.
    force
        True to replace a result folder that is there. Nothing else is ever replaced.

    Raises
    ------
    UsageError
        If there is something at the target that may not be replaced, or it can't be written there.
    """
    check_free(target, force=force)
    made = [parent for parent in target.parents if not parent.exists()]
    staging = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir()
        yield staging
        _put(staging, target)
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        for parent in made:
            _remove_empty(parent)
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise UsageError(
                f"The result folder {target} can't be written: {why}. Choose another place."
            ) from error
        raise


def check_free(target: Path, *, force: bool) -> None:
    """Refuse a target at which no result folder may be put; see `whole_folder`."""
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file. Choose another name for the result folder.")
    if not force:
        raise UsageError(
            f"{target} is there already. Choose another folder, or replace it with --force (force=True)."
        )
    foreign = _foreign(target)
    if foreign:
        raise UsageError(
            f"{target} is not replaced, for clusterplan did not write all that is in it (for example "
            f"{foreign[0]}). Choose another folder, or move that away first."
        )


def _foreign(folder: Path) -> list[str]:
    """Return what is in a folder that clusterplan did not put there."""
    try:
        written = {MANIFEST_JSON, *read_manifest(folder)["files"]}
    except InputError:
        return sorted(path.name for path in folder.iterdir())
    databases = {name for name in written if name.endswith(".gpkg")}
    written |= {name + end for name in databases for end in SIDECARS}
    return [name for name in files_in(folder) if name not in written and Path(name).name not in LITTER]


def _put(staging: Path, target: Path) -> None:
    """Move the folder to its place; what was there is put aside first and removed last."""
    if not target.exists():
        staging.rename(target)
        return
    aside = staging.with_name(f"{staging.name}-replaced")
    target.rename(aside)
    try:
        staging.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _remove_empty(folder: Path) -> None:
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
