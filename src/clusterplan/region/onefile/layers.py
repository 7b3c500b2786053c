"""The layers and tables of a GeoPackage (OGC 12-128r19) that holds a whole region."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from clusterplan.region.geopackage import (
    broken,
    check_magic,
    database_of,
    read_layer,
    refuse_computing,
    refuse_generated,
    refuse_many,
    says_crs,
)
from clusterplan.region.raw import Raw

PROGRAMS = ("layer_styles", "qgis_projects")
"""Tables that QGIS adds for itself."""


def read_layers(data: bytes, file: str, wanted: Callable[[Sequence[str]], Iterable[str]]) -> dict[str, Raw]:
    """Read layers and attribute tables of a GeoPackage.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Name for messages.
    wanted
        Takes the names of all layers and tables and returns those to read.

    Returns
    -------
    dict
        What was read, by name, in the order of the names; rows are counted from 1.

    Raises
    ------
    InputError
        If it is no GeoPackage, or holds what computes (views, virtual tables, generated columns).
    """
    check_magic(data, file)
    with tempfile.TemporaryDirectory(prefix="clusterplan-") as folder:
        copy = Path(folder) / "region.gpkg"
        copy.write_bytes(data)
        known: dict[str, bool] = {}
        try:
            with database_of(copy) as database:
                refuse_computing(database, file)
                for name in wanted(_names(database)):
                    refuse_generated(database, file, name)
                    refuse_many(database, file, name)
                    known[name] = says_crs(database, name)
        except sqlite3.Error as error:
            raise broken(file, error) from None
        found = {}
        for name, has_crs in known.items():
            raw = read_layer(copy, file, name)
            found[name] = raw if has_crs else replace(raw, crs=None)
        return found


def _names(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "SELECT c.table_name FROM gpkg_contents c"
        " JOIN sqlite_master m ON lower(m.name) = lower(c.table_name)"
        " WHERE c.data_type IN ('features', 'attributes') AND m.type = 'table' ORDER BY 1"
    )
    return [name for (name,) in rows if name.lower() not in PROGRAMS]
