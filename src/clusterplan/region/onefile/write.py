"""Writing a region as one file that `read_region` reads back equal."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from clusterplan.errors import UsageError
from clusterplan.region.onefile.content import Content
from clusterplan.region.onefile.layers_file import write_layers_file
from clusterplan.region.onefile.workbook_file import write_workbook_file


def write_one_file(content: Content, file: str | os.PathLike[str], *, force: bool = False) -> None:
    """Write a region as a workbook or a GeoPackage, whole or not at all.

    Parameters
    ----------
    content
        What to write.
    file
        A file that ends in ``.xlsx`` or ``.gpkg``.
    force
        True to replace a file that is there.

    Raises
    ------
    UsageError
        If the file is there already, or it cannot be written.
    """
    target = Path(file)
    if target.exists() and not force:
        raise UsageError(f"{target} is there already. Choose another name, or move it away first.")
    if target.is_dir():
        raise UsageError(f"{target} is a folder. Choose another name for the file.")
    staging = target.with_name(f".{secrets.token_hex(4)}-{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write = write_workbook_file if target.suffix.lower() == ".xlsx" else write_layers_file
        write(content, staging)
        staging.replace(target)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"The file {target} can't be written: {why}. Choose another place.") from error
    finally:
        staging.unlink(missing_ok=True)
