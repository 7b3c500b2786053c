"""Verbs that change the files of a region, and what a case of the corpus is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

Files = dict[str, str]
Edit = Callable[[Files], None]


@dataclass(frozen=True)
class Case:
    """A change that breaks the minimal region, and the one fault it must report.

    `says` is a part of the fault's why or mend. A case whose level is ``warning`` must be read.
    """

    id: str
    edit: Edit
    rule: str
    file: str
    row: int | None = None
    column: str | None = None
    says: str = ""
    level: str = "error"


def every(*edits: Edit) -> Edit:
    """Make several changes."""

    def edit(files: Files) -> None:
        for one in edits:
            one(files)

    return edit


def put(name: str, text: str) -> Edit:
    """Add a file, or replace it."""
    return lambda files: files.update({name: text})


def drop(*names: str) -> Edit:
    """Take files away."""

    def edit(files: Files) -> None:
        for name in names:
            del files[name]

    return edit


def swap(name: str, old: str, new: str) -> Edit:
    """Replace a text wherever it stands in a file."""

    def edit(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return edit


def cell(file: str, row: int, /, **values: Any) -> Edit:
    """Set cells in a row of a CSV file, counted as a spreadsheet does (the header is row 1)."""

    def edit(files: Files) -> None:
        header, *records = _table(files[file])
        for column, value in values.items():
            records[row - 2][header.index(column)] = str(value)
        files[file] = _text([header, *records])

    return edit


def record(file: str, /, **values: Any) -> Edit:
    """Append a row to a CSV file; cells that are not named are empty, provenance is assumed."""

    def edit(files: Files) -> None:
        header, *records = _table(files[file])
        cells = {"provenance": "assumed"} | {column: str(value) for column, value in values.items()}
        files[file] = _text([header, *records, [cells.pop(column, "") for column in header]])
        assert set(cells) <= {"provenance"}, cells

    return edit


def assumed(file: str) -> Edit:
    """Say that all numbers of a file are assumed."""
    return record("provenance.csv", file=file, id="*", column="*", kind="assumed")


def without(file: str, row: int) -> Edit:
    """Delete a row of a CSV file."""

    def edit(files: Files) -> None:
        rows = _table(files[file])
        del rows[row - 1]
        files[file] = _text(rows)

    return edit


def column(file: str, name: str, fill: str | None = None) -> Edit:
    """Take a column out of a CSV file, or, given what to fill it with, add one."""

    def edit(files: Files) -> None:
        header, *records = _table(files[file])
        if fill is None:
            place = header.index(name)
            rows = [[*row[:place], *row[place + 1 :]] for row in (header, *records)]
        else:
            rows = [[*header, name], *([*row, fill] for row in records)]
        files[file] = _text(rows)

    return edit


def header_only(file: str) -> Edit:
    """Take every record out of a CSV file."""
    return lambda files: files.update({file: files[file].splitlines()[0] + "\n"})


def properties(file: str, number: int, /, **values: Any) -> Edit:
    """Set properties of a feature of a GeoJSON file, counted from 1."""
    return _layer(file, lambda features: features[number - 1]["properties"].update(values))


def geometry(file: str, number: int, kind: str | None, coordinates: Any = None) -> Edit:
    """Set the geometry of a feature of a GeoJSON file, counted from 1; kind None takes it away."""
    shape = None if kind is None else {"type": kind, "coordinates": coordinates}
    return _layer(file, lambda features: features[number - 1].update(geometry=shape))


def like(file: str, number: int, shift: float = 0.0, /, **values: Any) -> Edit:
    """Append a copy of a feature of a GeoJSON file, moved north by degrees and with properties changed."""

    def edit(features: list[Any]) -> None:
        feature = json.loads(json.dumps(features[number - 1]))
        feature["properties"].update(values)
        feature["geometry"]["coordinates"] = _moved(feature["geometry"]["coordinates"], shift)
        features.append(feature)

    return _layer(file, edit)


def turned(file: str, number: int | None = None) -> Edit:
    """Exchange longitude and latitude in a feature of a GeoJSON file, or in all."""

    def edit(features: list[Any]) -> None:
        for feature in features if number is None else [features[number - 1]]:
            feature["geometry"]["coordinates"] = _turned(feature["geometry"]["coordinates"])

    return _layer(file, edit)


def manifest(key: str, value: Any = None) -> Edit:
    """Set a dotted key of region.yaml; None deletes it."""

    def edit(files: Files) -> None:
        document = yaml.safe_load(files["region.yaml"])
        *parents, last = key.split(".")
        place = document
        for parent in parents:
            place = place.setdefault(parent, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
        files["region.yaml"] = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)

    return edit


def layer(*features: tuple[dict[str, Any], str, Any]) -> str:
    """Return a GeoJSON file of features given as (properties, kind, coordinates)."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": own,
                    "geometry": {"type": kind, "coordinates": coordinates},
                }
                for own, kind, coordinates in features
            ],
        }
    )


def _layer(file: str, change: Callable[[list[Any]], None]) -> Edit:
    def edit(files: Files) -> None:
        document = json.loads(files[file])
        change(document["features"])
        files[file] = json.dumps(document, ensure_ascii=False)

    return edit


def _moved(coordinates: Any, north: float) -> Any:
    if isinstance(coordinates[0], float):
        return [coordinates[0], coordinates[1] + north]
    return [_moved(part, north) for part in coordinates]


def _turned(coordinates: Any) -> Any:
    if isinstance(coordinates[0], float):
        return [coordinates[1], coordinates[0]]
    return [_turned(part) for part in coordinates]


def _table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def _text(rows: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()
