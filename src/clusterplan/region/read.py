"""Reading a region from its folder."""

from __future__ import annotations

import hashlib
import os

from clusterplan.errors import Fault, InputError
from clusterplan.region.columns import Table
from clusterplan.region.files import (
    MANIFEST_FILE,
    MAX_LAYER_BYTES,
    MAX_MANIFEST_BYTES,
    MAX_NOTES_BYTES,
    MAX_TEXT_BYTES,
    list_folder,
    note_files,
    open_folder,
    read_file,
)
from clusterplan.region.gathered import Gathered
from clusterplan.region.geojson import read_geojson
from clusterplan.region.geopackage import read_geopackage
from clusterplan.region.manifest_file import ManifestRead, read_manifest
from clusterplan.region.onefile import gather_file, is_one_file
from clusterplan.region.raw import Raw
from clusterplan.region.region import Region
from clusterplan.region.tables import BY_NAME
from clusterplan.region.text import decode, read_csv
from clusterplan.region.typed import with_resources
from clusterplan.region.yamltable import read_yaml_table


def read_region(folder: str | os.PathLike[str]) -> Region:
    """Read a region from a folder of files, or from one file.

    Parameters
    ----------
    folder
        A local folder with ``region.yaml`` and the tables beside it; or a workbook (``.xlsx``) with a sheet
        a table, or a GeoPackage (``.gpkg``) with a layer a table.

    Returns
    -------
    Region
        The region; what is odd and no error stands in its `warnings`.

    Raises
    ------
    InputError
        With every fault of every file, and nothing read by half.

    Examples
    --------
    >>> import clusterplan as cp
    >>> region = cp.read_region("data/regions/tiny")  # doctest: +SKIP
    """
    return Region.of(gather_file(folder) if is_one_file(folder) else gather_folder(folder))


def gather_folder(folder: str | os.PathLike[str]) -> Gathered:
    """Read the files of a folder, without putting them together.

    Raises
    ------
    InputError
        If it is no folder; faults of single files are collected.
    """
    path = open_folder(folder)
    listing = list_folder(path)
    faults = [*listing.faults]
    checksums: dict[str, str] = {}

    def fetch(name: str, most: int) -> bytes:
        data = read_file(path, name, most)
        checksums[name] = hashlib.sha256(data).hexdigest()
        return data

    try:
        manifest = read_manifest(fetch(MANIFEST_FILE, MAX_MANIFEST_BYTES), MANIFEST_FILE)
    except InputError as error:
        manifest = ManifestRead(None, (), error.faults)
    tables: dict[str, Raw] = {}
    broken = {name: BY_NAME[name].files[0] for name in listing.twice}
    for name, file in listing.tables.items():
        try:
            most = MAX_TEXT_BYTES if file.endswith((".csv", ".yaml")) else MAX_LAYER_BYTES
            table = with_resources(BY_NAME[name], manifest.resources)
            tables[name], found = _table(fetch(file, most), file, table)
            faults.extend(found)
        except InputError as error:
            broken[name] = file
            faults.extend(error.faults)
    notes: dict[str, str] = {}
    for file in note_files(path):
        try:
            notes[file], found = decode(fetch(file, MAX_NOTES_BYTES), file)
            faults.extend(found)
        except InputError as error:
            faults.extend(error.faults)
    return Gathered(manifest, tables, broken, tuple(faults), True, checksums, notes)


def _table(data: bytes, file: str, table: Table) -> tuple[Raw, tuple[Fault, ...]]:
    """Return the cells of a table, read by what the file name promises and nothing else."""
    if file.endswith(".geojson"):
        return read_geojson(data, file)
    if file.endswith(".gpkg"):
        return read_geopackage(data, file, table.name), ()
    if file.endswith(".yaml"):
        return read_yaml_table(data, file, table)
    text, decoded = decode(data, file)
    raw, found = read_csv(text, file, table.names)
    return raw, (*decoded, *found)
