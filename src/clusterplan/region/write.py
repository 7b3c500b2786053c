"""Writing a region that `read_region` reads back equal, the same bytes for the same region."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from clusterplan.errors import UsageError
from clusterplan.region.columns import Table
from clusterplan.region.files import MANIFEST_FILE, usual_file
from clusterplan.region.onefile import is_one_file, write_one_file
from clusterplan.region.onefile.content import Content
from clusterplan.region.onefile.keyed import about_key, rows_of
from clusterplan.region.plain import filled, plain, tidy
from clusterplan.region.plain import text as plain_text
from clusterplan.region.region import Region
from clusterplan.region.tables import TABLES
from clusterplan.region.typed import with_resources
from clusterplan.region.yamltable import write_yaml_table
from clusterplan.region.yamltext import dump


def write_region(region: Region, folder: str | os.PathLike[str]) -> None:
    """Write a region as a folder of files, or as one file.

    In a folder layers are written as GeoJSON, scenarios as YAML, all else as CSV; cells that were empty are
    left empty, and columns without any cell, and tables without any row, are left out.

    Parameters
    ----------
    region
        The region.
    folder
        Folder to write to: missing (it is made) or empty. Or a file that is not there: a name that ends
        in ``.xlsx`` gives a workbook with a sheet a table, one in ``.gpkg`` a GeoPackage with a layer a
        table.

    Raises
    ------
    UsageError
        If there is something in the folder, or the file is there.
    """
    path = Path(folder)
    if is_one_file(path):
        write_one_file(content_of(region), path)
        return
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise UsageError(f"There is something in the folder {path}; give one that is new or empty.")
    for name, text in region_files(region).items():
        (path / name).write_bytes(text.encode("utf-8"))


def region_files(region: Region) -> dict[str, str]:
    """Return the text of a region's files by name."""
    files = {MANIFEST_FILE: dump(_manifest(region))}
    for table, frame in _flat(region):
        file = usual_file(table)
        if file.endswith(".yaml"):
            files[file] = write_yaml_table(frame.to_dict("records"), table)
        else:
            files[file] = _geojson(frame, table) if table.geometry else _csv(frame, table)
    files |= region.notes
    return files


def content_of(region: Region) -> Content:
    """Return what is written of a region into one file."""
    manifest = [(key, value, about_key(key)) for key, value in rows_of(_manifest(region))]
    tables = [(table, filled(frame, table), frame) for table, frame in _flat(region)]
    return Content(region.manifest.title, manifest, tables, region.notes)


def _manifest(region: Region) -> Any:
    return tidy(region.manifest.model_dump(mode="json", exclude_unset=True))


def _flat(region: Region) -> Iterator[tuple[Table, Any]]:
    """Yield the tables that are not empty, keys as columns."""
    given = region.given()
    for declared in TABLES:
        if declared.name in given:
            table = with_resources(declared, tuple(region.manifest.resources))
            frame = given[table.name]
            yield table, frame.reset_index() if len(table.key) == 1 else frame


def _csv(frame: pd.DataFrame, table: Table) -> str:
    columns = filled(frame, table)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for cells in frame[columns].itertuples(index=False, name=None):
        writer.writerow([plain_text(cell) for cell in cells])
    return text.getvalue()


def _geojson(frame: gpd.GeoDataFrame, table: Table) -> str:
    """Return RFC 7946 text, a feature a line, so that changes show line by line."""
    columns = filled(frame, table)
    lines = []
    for cells, geometry in zip(
        frame[columns].itertuples(index=False, name=None), frame.geometry, strict=True
    ):
        feature = {
            "type": "Feature",
            "properties": {name: plain(cell) for name, cell in zip(columns, cells, strict=True)},
            "geometry": shapely.geometry.mapping(geometry),
        }
        lines.append(json.dumps(feature, ensure_ascii=False, allow_nan=False))
    features = ",\n".join(lines)
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'
