"""A region as a GeoPackage: a layer a table, `region` with the manifest, `notes` with sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from clusterplan.region.columns import Column, Table
from clusterplan.region.fixed_date import fixed_date
from clusterplan.region.onefile.content import Content
from clusterplan.region.plain import in_column, text


def write_layers_file(content: Content, file: Path) -> None:
    """Write a region as a GeoPackage; see `write_one_file`."""
    frames: dict[str, tuple[pd.DataFrame, str | None]] = {
        "region": (_texts(("key", "value", "about"), [(k, text(v), a) for k, v, a in content.manifest]), None)
    }
    for table, columns, rows in content.tables:
        frames[table.name] = _layer(rows, table, columns)
    if content.notes:
        frames["notes"] = (_texts(("file", "text"), content.note_lines), None)
    for name, (titles, lines) in content.guides.items():
        frames[name] = (_texts(titles, lines), None)
    with fixed_date():
        for name, (frame, geometry_type) in frames.items():
            pyogrio.write_dataframe(frame, file, layer=name, driver="GPKG", geometry_type=geometry_type)


def write_layer(rows: pd.DataFrame, file: Path, table: Table, columns: Sequence[str]) -> None:
    """Write one table as a GeoPackage of its own."""
    frame, geometry_type = _layer(rows, table, columns)
    with fixed_date():
        pyogrio.write_dataframe(frame, file, layer=table.name, driver="GPKG", geometry_type=geometry_type)


def _layer(rows: pd.DataFrame, table: Table, columns: Sequence[str]) -> tuple[pd.DataFrame, str | None]:
    """Return a table as a layer, and its type of geometry."""
    frame = pd.DataFrame({name: _cells(rows[name], table.column(name)) for name in columns})
    if not table.geometry:
        return frame, None
    layer = gpd.GeoDataFrame(frame, geometry=list(rows.geometry), crs="EPSG:4326")
    return layer, _geometry_type(layer, table)


def _texts(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns), dtype=object)


def _cells(cells: pd.Series[Any], column: Column) -> Any:
    """Return cells as a column of its own kind, so that a GIS offers the right field."""
    values = [in_column(cell, column) for cell in cells]
    if column.kind == "flag":
        return pd.array(values, dtype="boolean")
    if column.kind in ("number", "integer", "year"):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=float)
    return pd.Series(values, dtype=object)


def _geometry_type(layer: gpd.GeoDataFrame, table: Table) -> str:
    """Return the type all shapes have, so that a GIS can add to the layer; ``Unknown`` for several."""
    kinds = set(layer.geom_type)
    if not kinds:
        return "MultiPolygon" if "MultiPolygon" in table.geometry else table.geometry[0]
    return str(kinds.pop()) if len(kinds) == 1 else "Unknown"
