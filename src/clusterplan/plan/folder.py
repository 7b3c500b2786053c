"""A result folder is written whole or not at all, and replaces only a result folder."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from clusterplan.errors import InputError
from clusterplan.plan.manifest_json import MANIFEST_JSON, files_in, read_manifest
from clusterplan.region import whole

LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")
"""Files that desktops leave behind."""
SIDECARS = ("-journal", "-shm", "-wal")
"""Ends of files that a GIS leaves beside a GeoPackage."""
WHAT = "result folder"


def whole_folder(target: Path, *, force: bool) -> AbstractContextManager[Path]:
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
    return whole.whole_folder(target, force=force, foreign=_foreign, what=WHAT)


def check_free(target: Path, *, force: bool) -> None:
    """Refuse a target at which no result folder may be put; see `whole_folder`."""
    whole.check_free(target, force=force, foreign=_foreign, what=WHAT)


def _foreign(folder: Path) -> list[str]:
    """Return what is in a folder that clusterplan did not put there."""
    try:
        written = {MANIFEST_JSON, *read_manifest(folder)["files"]}
    except InputError:
        return sorted(path.name for path in folder.iterdir())
    databases = {name for name in written if name.endswith(".gpkg")}
    written |= {name + end for name in databases for end in SIDECARS}
    return [name for name in files_in(folder) if name not in written and Path(name).name not in LITTER]
