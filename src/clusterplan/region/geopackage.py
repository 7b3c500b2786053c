"""Layers in GeoPackages (OGC 12-128): looked through with SQLite before GDAL may open them.

A GeoPackage is a database, and a database can compute: a view may run for ever, a virtual table may
reach elsewhere. Only a plain table of features is read, from a private copy of the bytes that
were looked through, by GDAL's GeoPackage driver and no other.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pyogrio

from clusterplan.errors import Fault, InputError
from clusterplan.region.raw import Raw

MAX_FEATURES = 500_000
MAX_SECONDS = 5.0
"""Longest time for looking through a GeoPackage."""

_MAGIC = b"SQLite format 3\0"
_APPLICATION_IDS = (b"GPKG", b"GP10", b"GP11")
_EXPORT = "In QGIS: Export > Save Features As > GeoPackage, to a new file, and use that."


def read_geopackage(data: bytes, file: str, table: str) -> Raw:
    """Read a layer of a GeoPackage.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Name for messages.
    table
        Layer to read where there are several; a single layer may have any name.

    Raises
    ------
    InputError
        If it is no GeoPackage, holds what computes (views, virtual tables, generated columns),
        or has no such layer.
    """
    check_magic(data, file)
    with tempfile.TemporaryDirectory(prefix="clusterplan-") as folder:
        copy = Path(folder) / "layer.gpkg"
        copy.write_bytes(data)
        layer, has_crs = _look_through(copy, file, table)
        raw = read_layer(copy, file, layer)
    return raw if has_crs else replace(raw, crs=None)


def check_magic(data: bytes, file: str) -> None:
    """Refuse bytes that do not begin as a GeoPackage does."""
    if not data.startswith(_MAGIC) or data[68:72] not in _APPLICATION_IDS:
        raise _refused(
            file, "It is no GeoPackage, whatever its name says.", f"Save the layer anew. {_EXPORT}"
        )


def broken(file: str, error: sqlite3.Error) -> InputError:
    """Return the error of a database that cannot be looked through."""
    why = f"Its database is broken, or takes longer than {MAX_SECONDS:g} s to look through ({error})."
    return _refused(file, why, _EXPORT)


def _look_through(copy: Path, file: str, table: str) -> tuple[str, bool]:
    """Return the layer to read and whether its CRS is known, once nothing in the file can compute."""
    try:
        with database_of(copy) as database:
            refuse_computing(database, file)
            layer = _layer(database, file, table)
            refuse_generated(database, file, layer)
            refuse_many(database, file, layer)
            has_crs = says_crs(database, layer)
    except sqlite3.Error as error:
        raise broken(file, error) from None
    return layer, has_crs


@contextmanager
def database_of(copy: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy for reading only, for so long as it may take."""
    # immutable: no journal is looked for or written.
    database = sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        deadline = time.monotonic() + MAX_SECONDS
        database.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        yield database
    finally:
        database.close()


def refuse_computing(database: sqlite3.Connection, file: str) -> None:
    """Refuse a database with views or virtual tables."""
    # A real table has a page of its own; views and virtual tables have none. Spatial indexes are
    # virtual tables, and GDAL needs the names that the standard gives them.
    rows = database.execute(
        "SELECT type, name FROM sqlite_master"
        " WHERE type = 'view' OR (type = 'table' AND coalesce(rootpage, 0) = 0 AND NOT"
        " (name LIKE 'rtree\\_%' ESCAPE '\\' AND sql LIKE 'CREATE VIRTUAL TABLE%USING rtree(%'))"
    ).fetchall()
    for kind, name in rows:
        what = "view" if kind == "view" else "virtual table"
        why = f"It holds a {what} ({name}); only plain tables are read."
        raise _refused(file, why, f"Save the layer alone. {_EXPORT}", rule="layer_computes")


def _layer(database: sqlite3.Connection, file: str, table: str) -> str:
    layers = [
        name
        for (name,) in database.execute(
            "SELECT c.table_name FROM gpkg_contents c"
            " JOIN sqlite_master m ON lower(m.name) = lower(c.table_name)"
            " WHERE c.data_type = 'features' AND m.type = 'table' ORDER BY 1"
        )
    ]
    if len(layers) == 1:
        return str(layers[0])
    if table in layers:
        return table
    if not layers:
        raise _refused(
            file, "It has no layer of features.", f"Save the layer anew. {_EXPORT}", rule="no_layer"
        )
    why = f"It has several layers ({', '.join(map(str, layers))}), and none is named {table}."
    raise _refused(file, why, f"Name the layer {table}, or keep only that one.", rule="which_layer")


def refuse_generated(database: sqlite3.Connection, file: str, layer: str) -> None:
    """Refuse a layer with computed columns."""
    columns = database.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (layer,)).fetchall()
    for name, hidden in columns:
        if hidden:
            why = f"Column {name} of the layer is computed; only stored values are read."
            raise _refused(file, why, f"Save the layer anew. {_EXPORT}", rule="layer_computes")


def refuse_many(database: sqlite3.Connection, file: str, layer: str) -> None:
    """Refuse a layer of too many features."""
    quoted = layer.replace('"', '""')
    (count,) = database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608 - a name cannot be bound
    if count > MAX_FEATURES:
        raise _refused(
            file, f"It has more than {MAX_FEATURES} features.", "Keep those of the region.", rule="too_big"
        )


def says_crs(database: sqlite3.Connection, layer: str) -> bool:
    """Return whether a layer says its coordinate reference system."""
    found = database.execute(
        "SELECT srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)", (layer,)
    ).fetchone()
    # -1 and 0 are the standard's words for "not known", which GDAL turns into a CRS all the same.
    return found is not None and found[0] not in (-1, 0, None)


def read_layer(copy: Path, file: str, layer: str) -> Raw:
    """Read a layer, or a table without geometry, of a GeoPackage that was looked through."""
    try:
        with warnings.catch_warnings():
            # What GDAL remarks on about a file (a version, an extension) a planner can do nothing about.
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(f"GPKG:{copy}", layer=layer)
    except (ValueError, OSError, RuntimeError, pyogrio.errors.DataSourceError) as error:
        raise _refused(file, f"The layer cannot be read: {error}.", _EXPORT) from None
    rows = range(1, len(frame) + 1)
    if not isinstance(frame, gpd.GeoDataFrame):
        return Raw(file, {str(name): frame[name].tolist() for name in frame.columns}, rows, header_row=None)
    cells = {str(name): frame[name].tolist() for name in frame.columns if name != frame.geometry.name}
    return Raw(file, cells, rows, geometry=frame.geometry.to_numpy(), crs=frame.crs, header_row=None)


def _refused(file: str, why: str, mend: str, rule: str = "broken_layer") -> InputError:
    return InputError([Fault(file, why, mend, rule=rule)])
