"""Writing a region to begin with: blank, or a copy of another one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.region.blank.explain import GUIDE_COLUMNS, column_rows, read_me, steps
from clusterplan.region.blank.keys import keys, yaml_form
from clusterplan.region.columns import Table
from clusterplan.region.files import MANIFEST_FILE, PACKAGE_FILE, TABLE_FILES, is_note, usual_file
from clusterplan.region.onefile import is_one_file, write_one_file
from clusterplan.region.onefile.content import Content
from clusterplan.region.onefile.layers_file import write_layer
from clusterplan.region.region import Region
from clusterplan.region.tables import TABLES
from clusterplan.region.whole import whole_folder
from clusterplan.region.write import content_of, region_files

Format = Literal["folder", "xlsx", "gpkg"]
FORMATS: tuple[Format, ...] = ("folder", "xlsx", "gpkg")
README = "README.md"
_LEFT_BEHIND = (".DS_Store", "Thumbs.db", "desktop.ini")
_PROVENANCE = (MANIFEST_FILE, "*", "*", "assumed", "to be looked up")
"""What a blank says of the numbers of its manifest, until somebody says more."""


def init_region(
    target: str | os.PathLike[str],
    *,
    like: Region | None = None,
    form: Format | None = None,
    force: bool = False,
) -> Path:
    """Write a region to begin with, every column explained.

    Parameters
    ----------
    target
        Folder or file to write.
    like
        Region to copy; None for a blank with every table and column, and nothing in them.
    form
        ``folder``, ``xlsx`` (a workbook, where words can be picked) or ``gpkg`` (a GeoPackage); None for what
        the name of the target says. A file gets its ending where the name has none.
    force
        True to replace a region that is there; nothing else is ever replaced.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    UsageError
        If there is something at the target that may not be replaced, or it can't be written there.

    Examples
    --------
    >>> from clusterplan.region import init_region, load_region
    >>> init_region("my_region.xlsx", like=load_region("tiny")).name  # doctest: +SKIP
    'my_region.xlsx'
    """
    path = Path(target)
    ending = path.suffix.lower().removeprefix(".") if path.suffix.lower() in (".xlsx", ".gpkg") else "folder"
    form = form or ending  # type: ignore[assignment]
    if form not in FORMATS:
        raise UsageError(f"There is no format {form!r}. Formats: {', '.join(FORMATS)}.")
    if form != "folder":
        if ending == "folder":
            path = path.with_name(f"{path.name}.{form}")
        elif ending != form:
            raise UsageError(f"{path.name} is no name for the format {form}; give one that ends in .{form}.")
        write_one_file(_content(like, path), path, force=force)
        return path
    if is_one_file(path):
        raise UsageError(f"{path.name} is the name of a file, and the format is folder; give another name.")
    with whole_folder(path.resolve(), force=force, foreign=_foreign, what="region's folder") as place:
        if like is None:
            _write_blank(place)
        else:
            for name, text in region_files(like).items():
                (place / name).write_bytes(text.encode("utf-8"))
        title = "A new region" if like is None else like.manifest.title
        (place / README).write_text(read_me(title, "file", path.name), encoding="utf-8", newline="\n")
    return path


def _write_blank(place: Path) -> None:
    (place / MANIFEST_FILE).write_text(yaml_form(), encoding="utf-8", newline="\n")
    for table, columns, frame in _empty_tables():
        if table.geometry:
            # A GeoPackage, because GeoJSON keeps columns with the features alone.
            write_layer(frame, place / f"{table.name}.gpkg", table, columns)
        elif usual_file(table).endswith(".csv"):
            text = frame.to_csv(index=False, columns=list(columns), lineterminator="\n")
            (place / usual_file(table)).write_text(text, encoding="utf-8-sig", newline="\n")
        else:
            lines = [f"# {table.about} The id of each, and below it:"]
            lines += [f"#   {name}: {table.column(name).about}" for name in columns if name not in table.key]
            (place / usual_file(table)).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _empty_tables() -> Iterator[tuple[Table, tuple[str, ...], pd.DataFrame]]:
    """Yield every table with all its columns and no rows; what it says of the manifest in `provenance`."""
    for table in TABLES:
        rows = [_PROVENANCE] if table.name == "provenance" else []
        frame = pd.DataFrame(rows, columns=list(table.names), dtype=object)
        if table.geometry:
            frame = gpd.GeoDataFrame(frame, geometry=[], crs="EPSG:4326")
        yield table, table.names, frame


def _content(like: Region | None, path: Path) -> Content:
    of = "sheet" if path.suffix.lower() == ".xlsx" else "layer"
    guides: dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]] = {
        "read me": (("how to fill in this file",), [(step,) for step in steps(of, path.name)]),
        "columns": (GUIDE_COLUMNS, list(column_rows())),
    }
    if like is not None:
        copy = content_of(like)
        return Content(copy.title, copy.manifest, copy.tables, copy.notes, guides, forms=True)
    manifest = [(key.dotted, None, key.told) for key in keys() if not key.has_keys]
    return Content("A new region", manifest, list(_empty_tables()), {}, guides, forms=True)


def _foreign(folder: Path) -> list[str]:
    """Return what is in a folder and belongs to no region's folder."""
    own = {MANIFEST_FILE, PACKAGE_FILE, README, *TABLE_FILES, *_LEFT_BEHIND}
    own |= {f"{name}{end}" for name in TABLE_FILES for end in ("-journal", "-shm", "-wal")}
    found = sorted(entry.name for entry in folder.iterdir())
    strange = [name for name in found if name not in own and not is_note(name)]
    return strange or ([] if not found or MANIFEST_FILE in found else found)
