"""The manifest as rows of key and value, as a sheet or a table of a GeoPackage holds it, and back.

A key is written with points (``bounds.west``, ``stages.cells``). What is no single word, a list or what
stands under a name with a point in it, is written as YAML on one line: ``[50, 60]``, ``{a.b: Cells}``.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from clusterplan.errors import Fault, InputError
from clusterplan.region.cells import CellError, is_empty, reader
from clusterplan.region.columns import Column
from clusterplan.region.manifest import Manifest
from clusterplan.region.manifest_file import describe
from clusterplan.region.yamltext import Path, Yaml, dump_line, load

Row = tuple[int, Any, Any]
"""Row as the sheet shows it, key and value as they stand there."""


def rows_of(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield key and value of every entry of a manifest given as plain values, in order."""
    for name, item in value.items():
        key = f"{prefix}{name}"
        if isinstance(item, Mapping) and item and all(map(_is_plain_key, item)):
            yield from rows_of(item, f"{key}.")
        else:
            yield key, _written(item)


def _is_plain_key(name: str) -> bool:
    return bool(name) and "." not in name and name == name.strip()


def _written(item: Any) -> Any:
    if isinstance(item, str):
        plain = item and item == item.strip() and not item.startswith('"') and item.isprintable()
        return item if plain and item != "null" else json.dumps(item, ensure_ascii=False)
    if item is None:
        return "null"
    return dump_line(item) if isinstance(item, Mapping | list | bool) else item


def about_key(key: str) -> str:
    """Return what a key of the manifest means."""
    return describe(tuple(key.split(".")))


def document_of(rows: Iterable[Row], file: str) -> Yaml:
    """Return the manifest that rows of key and value say, with the row of every key.

    Parameters
    ----------
    rows
        Rows; those without a key or a value give nothing, but where they stand is noted.
    file
        Name for messages.
    """
    value: dict[str, Any] = {}
    lines: dict[Path, int] = {}
    faults: list[Fault] = []
    for row, key, cell in rows:
        path: Path = tuple(part.strip() for part in str(key).split(".")) if not is_empty(key) else ()
        if not path:
            if not is_empty(cell):
                why, mend = "The value has no key.", "Write the key before it, or delete the row."
                faults.append(Fault(file, why, mend, row, "key", str(cell), "nameless_key"))
            continue
        for end in range(1, len(path) + 1):
            lines.setdefault(path[:end], row)
        if is_empty(cell):
            continue
        lines[path] = row
        try:
            if not _put(value, path, _value(cell, path, file)):
                why, mend = "The key stands in another row already.", "Keep one of the two."
                faults.append(Fault(file, why, mend, row, str(key), str(cell), "repeated_key"))
        except CellError as error:
            faults.append(Fault(file, error.why, error.mend, row, str(key), str(cell), error.rule))
        except InputError as error:
            why = f"The value is not understood: {error.faults[0].why}"
            mend = "Write a list as [1, 2], and what has keys as {key: value, key: value}."
            faults.append(Fault(file, why, mend, row, str(key), str(cell), "broken_yaml"))
    return Yaml(value, lines, tuple(faults))


def _put(value: dict[str, Any], path: Path, item: Any) -> bool:
    """Put an item where its path says; False if something is there already."""
    inner: Any = value
    for part in path[:-1]:
        inner = inner.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
    if path[-1] in inner:
        return False
    inner[path[-1]] = item
    return True


def _value(cell: Any, path: Path, file: str) -> Any:
    """Return what a cell means at a path: text where text is meant, else a number or YAML."""
    annotation, may_be_null = annotation_at(path)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    if annotation is str or typing.get_origin(annotation) is typing.Literal:
        text = str(cell).strip()
        if may_be_null and text == "null":
            return None
        return _unquoted(text) if text.startswith('"') else text
    if not isinstance(cell, str):
        return _number(cell, path) if annotation in (int, float) and not _is_number(cell) else cell
    text = cell.strip()
    if annotation in (int, float) and text != "null":
        number = _number(text, path)
        return int(number) if annotation is int and number.is_integer() else number
    if typing.get_origin(annotation) is tuple and not text.startswith(("[", "{")):
        return [_value(part, (*path, 0), file) for part in text.split(";")]
    return load(text, file).value


def _number(cell: Any, path: Path) -> float:
    unit = "m currency" if re.search(r"_m(_y)?$", str(path[-1])) else ""
    return float(reader(Column(str(path[-1]), "number", "A number.", unit))(cell))


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def annotation_at(path: Path) -> tuple[Any, bool]:
    """Return the type that the manifest has at a path, without options, and whether it may be null.

    None for a path that it does not have.
    """
    found: Any = Manifest
    may_be_null = False
    for part in path:
        origin, arguments = typing.get_origin(found), typing.get_args(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(str(part))
            found = None if field is None else field.annotation
        elif origin is dict:
            found = arguments[1]
        elif origin is tuple:
            found = arguments[0]
        else:
            return None, False
        found, may_be_null = _bare(found)
    return found, may_be_null


def _bare(annotation: Any) -> tuple[Any, bool]:
    may_be_null = False
    while True:
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Annotated:
            annotation = arguments[0]
        elif origin in (typing.Union, types.UnionType):
            annotation = next(part for part in arguments if part is not type(None))
            may_be_null = True
        else:
            return annotation, may_be_null
