"""A document put where it is wanted: whole, or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path

from clusterplan.errors import UsageError


def put(content: bytes, file: str | Path, what: str) -> Path:
    """Write a document; one that is there stays as it is until the new one is whole.

    Parameters
    ----------
    content
        What it holds.
    file
        Where to write it; replaced if it is there.
    what
        What to call it in a message: "page".

    Raises
    ------
    UsageError
        If it can't be written at that place.
    """
    path = Path(file)
    staging = path.with_name(f".{secrets.token_hex(4)}-{path.name}")
    try:
        staging.write_bytes(content)
        staging.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"The {what} {path} can't be written: {why}. Choose another place.") from error
    finally:
        staging.unlink(missing_ok=True)
    return path
