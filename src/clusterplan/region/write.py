"""Writing a region as a folder that `read_region` reads back equal, the same bytes for the same region."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from clusterplan.errors import UsageError
from clusterplan.region.cells import is_empty
from clusterplan.region.columns import Table
from clusterplan.region.files import MANIFEST_FILE, usual_file
from clusterplan.region.region import Region
from clusterplan.region.tables import TABLES
from clusterplan.region.typed import with_resources
from clusterplan.region.yamltable import write_yaml_table
from clusterplan.region.yamltext import dump


def write_region(region: Region, folder: str | os.PathLike[str]) -> None:
    """Write a region's files.

    Layers are written as GeoJSON, scenarios as YAML, all else as CSV; cells that were empty are left empty,
    and columns without any cell, and tables without any row, are left out.

    Parameters
    ----------
    region
        The region.
    folder
        Folder to write to: missing (it is made) or empty.

    Raises
    ------
    UsageError
        If there is something in the folder.
    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise UsageError(f"There is something in the folder {path}; give one that is new or empty.")
    for name, text in region_files(region).items():
        (path / name).write_bytes(text.encode("utf-8"))


def region_files(region: Region) -> dict[str, str]:
    """Return the text of a region's files by name."""
    given = region.given()
    files = {MANIFEST_FILE: dump(_tidy(region.manifest.model_dump(mode="json", exclude_unset=True)))}
    for declared in TABLES:
        if declared.name in given:
            table = with_resources(declared, tuple(region.manifest.resources))
            frame = given[table.name]
            flat = frame.reset_index() if len(table.key) == 1 else frame
            file = usual_file(table)
            if file.endswith(".yaml"):
                files[file] = write_yaml_table(flat.to_dict("records"), table)
            else:
                files[file] = _geojson(flat, table) if table.geometry else _csv(flat, table)
    files |= region.notes
    return files


def _tidy(value: Any) -> Any:
    """Return manifest values with whole numbers written as such: 20, not 20.0."""
    if isinstance(value, dict):
        return {key: _tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return int(value) if _is_whole(value) else value


def _is_whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer() and abs(value) < 1e15


def _filled(frame: pd.DataFrame, table: Table) -> list[str]:
    """Return the columns to write: those that must be there, and those with a cell filled."""
    return [
        column.name
        for column in table.columns
        if column.required or not all(map(is_empty, frame[column.name]))
    ]


def _csv(frame: pd.DataFrame, table: Table) -> str:
    columns = _filled(frame, table)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for cells in frame[columns].itertuples(index=False, name=None):
        writer.writerow([_text(cell) for cell in cells])
    return text.getvalue()


def _geojson(frame: gpd.GeoDataFrame, table: Table) -> str:
    """Return RFC 7946 text, a feature a line, so that changes show line by line."""
    columns = _filled(frame, table)
    lines = []
    for cells, geometry in zip(
        frame[columns].itertuples(index=False, name=None), frame.geometry, strict=True
    ):
        feature = {
            "type": "Feature",
            "properties": {name: _plain(cell) for name, cell in zip(columns, cells, strict=True)},
            "geometry": shapely.geometry.mapping(geometry),
        }
        lines.append(json.dumps(feature, ensure_ascii=False, allow_nan=False))
    features = ",\n".join(lines)
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'


def _text(cell: Any) -> str:
    """Return a cell as CSV holds it; numbers with as many digits as tell them apart."""
    if is_empty(cell):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if _is_whole(cell) else repr(float(cell))
    return _list(cell) if isinstance(cell, tuple) else str(cell)


def _plain(cell: Any) -> Any:
    """Return a cell as JSON holds it."""
    if is_empty(cell):
        return None
    if _is_whole(cell):
        return int(cell)
    return _list(cell) if isinstance(cell, tuple) else cell


def _list(cell: Sequence[Any]) -> str:
    return ";".join(f"{item[0]}:{_text(item[1])}" if isinstance(item, tuple) else item for item in cell)
