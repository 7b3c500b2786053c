"""A folder is written whole or not at all, and replaces only what clusterplan wrote."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clusterplan.errors import UsageError

Foreign = Callable[[Path], Sequence[str]]
"""Says what is in a folder that clusterplan did not put there."""


@contextmanager
def whole_folder(target: Path, *, force: bool, foreign: Foreign, what: str) -> Iterator[Path]:
    """Give an empty folder beside the target; it becomes the target if all goes well, else nothing is left.

    Parameters
    ----------
    target
        Where the folder shall be. Folders above it are made.
    force
        True to replace a folder that is there, if clusterplan wrote all of it. Nothing else is ever replaced.
    foreign
        Says what is in a folder that clusterplan did not put there.
    what
        What the folder is called in messages.

    Raises
    ------
    UsageError
        If there is something at the target that may not be replaced, or it can't be written there.
    """
    check_free(target, force=force, foreign=foreign, what=what)
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
            raise UsageError(f"The {what} {target} can't be written: {why}. Choose another place.") from error
        raise


def check_free(target: Path, *, force: bool, foreign: Foreign, what: str) -> None:
    """Refuse a target at which no such folder may be put; see `whole_folder`."""
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file. Choose another name for the {what}.")
    if not force:
        raise UsageError(
            f"{target} is there already. Choose another folder, or replace it with --force (force=True)."
        )
    strange = foreign(target)
    if strange:
        raise UsageError(
            f"{target} is not replaced, for clusterplan did not write all that is in it (for example "
            f"{strange[0]}). Choose another folder, or move that away first."
        )


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
