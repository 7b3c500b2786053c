"""Tables given as data frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from clusterplan.errors import Fault, UsageError
from clusterplan.region.columns import Table
from clusterplan.region.files import MANIFEST_FILE
from clusterplan.region.gathered import Gathered
from clusterplan.region.manifest import Manifest
from clusterplan.region.manifest_file import take_manifest
from clusterplan.region.raw import Raw
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME


def gather_frames(
    manifest: Manifest | Mapping[str, Any], tables: Mapping[str, pd.DataFrame | None]
) -> Gathered:
    """Take a manifest and tables as they are given in Python.

    Parameters
    ----------
    manifest
        A manifest, or a dict with its keys.
    tables
        Frames by table, ids in the key column or the index of that name; None as if not given.

    Raises
    ------
    UsageError
        If a name is no table, or a table is no data frame.
    """
    raws: dict[str, Raw] = {}
    faults: list[Fault] = []
    for name, frame in tables.items():
        if name not in BY_NAME:
            raise UsageError(
                f"There is no table {name!r}.{suggest(name, BY_NAME)} Tables: {', '.join(BY_NAME)}."
            )
        if frame is None:
            continue
        if not isinstance(frame, pd.DataFrame):
            raise UsageError(f"{name} is a {type(frame).__name__}; give a pandas or geopandas data frame.")
        raw, found = _raw(frame, BY_NAME[name])
        raws[name] = raw
        faults.extend(found)
    return Gathered(take_manifest(manifest, MANIFEST_FILE), raws, {}, tuple(faults), in_folder=False)


def _raw(frame: pd.DataFrame, table: Table) -> tuple[Raw, tuple[Fault, ...]]:
    own = [name for name in frame.index.names if name in table.key and name not in frame.columns]
    flat = frame.reset_index(level=own) if own else frame
    geometry = crs = None
    if isinstance(flat, gpd.GeoDataFrame) and flat.active_geometry_name is not None:
        geometry, crs = flat.geometry.to_numpy(), flat.crs
        flat = pd.DataFrame(flat).drop(columns=flat.active_geometry_name)
    cells: dict[str, Any] = {}
    faults: list[Fault] = []
    for place, name in enumerate(flat.columns):
        if str(name) in cells:
            why = "Two columns have this name."
            faults.append(
                Fault(table.name, why, "Keep one of them.", column=str(name), rule="repeated_column")
            )
            continue
        cells[str(name)] = flat.iloc[:, place].tolist()
    if geometry is not None and not table.geometry:
        why = "The table has a geometry, which it is not read with."
        faults.append(Fault(table.name, why, "Drop the geometry.", column="geometry", rule="unknown_column"))
    header_row = 1 if geometry is None else None
    raw = Raw(table.name, cells, range(2, len(flat) + 2), geometry=geometry, crs=crs, header_row=header_row)
    if "provenance" in table.names and "provenance" not in cells and len(flat):
        why = "There is no column `provenance`; the numbers of the table count as assumed."
        mend = "Say in it where the numbers of each row come from: source, derived or assumed."
        faults.append(
            Fault(table.name, why, mend, column="provenance", rule="no_provenance", level="warning")
        )
        raw = replace(raw, cells={**cells, "provenance": ["assumed"] * len(flat)})
    return raw, tuple(faults)
