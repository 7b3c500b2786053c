"""The address of a task: a checksum of everything that its result depends on.

Two tasks have one address if they ask the same of the same version: every number and word of the region's
tables and manifest, the options of `solve`, weights and conditions. Names of tasks, the order of keys and of
columns, notes, and how a number is written (1 or 1.0) do not count; the order of rows does, for it decides
between plans that are equally good.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clusterplan.explore.sweeps.task import Task
from clusterplan.region import Manifest, Region

PACKAGES = ("geopandas", "highspy", "numba", "numpy", "pulp", "pyproj", "scipy", "shapely")
"""Packages that a plan can depend on; those that solve are among them."""
OTHER_SOLVERS = ("pyscipopt", "gurobipy", "cplex", "xpress", "coptpy", "mosek", "ortools", "cylp")
"""Packages of solvers that a task may name."""
NOT_CONTENT = ("blank", "numbers", "assumed_share", "warnings", "checksums", "notes", "naming")
"""Parts of a region that follow from the rest, or say nothing that is planned with."""

_known: WeakKeyDictionary[Region, str] = WeakKeyDictionary()


def address(task: Task) -> str:
    """Return the SHA-256 of a task's content and of the versions that answer it, hexadecimal.

    Parameters
    ----------
    task
        The task.
    """
    conditions = [
        {"of": sorted([[*amount], float(weight)] for amount, weight in c.of.items())}
        | {"at_least": c.at_least, "at_most": c.at_most}
        for c in task.conditions
    ]
    content = {
        "region": region_checksum(task.region),
        "options": task.all_options,
        "weights": task.weights,
        "conditions": conditions,
        "start": None if task.start is None else checksum(task.start.tables),
        "made_with": made_with(task.all_options.get("solver")),
    }
    return hashlib.sha256(_text(content).encode()).hexdigest()


def region_checksum(region: Region) -> str:
    """Return the SHA-256 of a region's manifest and tables, hexadecimal."""
    if region not in _known:
        _known[region] = checksum({item.name: _part(region, item.name) for item in fields(region.settled)})
    return _known[region]


def checksum(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of tables, manifests and plain values, hexadecimal.

    Parameters
    ----------
    content
        Values by name: data frames, geometries, manifests, mappings, lists, tuples, arrays and plain values.
    """
    found = hashlib.sha256()
    for piece in _pieces(content):
        found.update(len(piece).to_bytes(8, "big"))
        found.update(piece)
    return found.hexdigest()


def made_with(solver: str | None = None) -> dict[str, str | None]:
    """Return the versions that an answer depends on; the package's own by version and checksum of its code.

    Parameters
    ----------
    solver
        Another solver that is named; then packages of other solvers count too.
    """
    packages = PACKAGES if solver is None else (*PACKAGES, *OTHER_SOLVERS)
    return {
        "python": platform.python_version(),
        "clusterplan": _version("clusterplan"),
        "code": code_checksum(),
        **{package: _version(package) for package in packages},
    }


@cache
def code_checksum() -> str:
    """Return the SHA-256 of the package's own code: a change in it makes results anew."""
    root = Path(__file__).parents[2]
    found = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        found.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _part(region: Region, name: str) -> Any:
    return None if name in NOT_CONTENT else getattr(region.settled, name)


def _pieces(value: Any) -> Iterator[bytes]:
    """Yield a value as bytes, the same for what says the same."""
    if isinstance(value, pd.DataFrame):
        yield b"table"
        yield from _pieces(list(value.index))
        for column in sorted(value.columns):
            yield str(column).encode()
            yield from _column(value[column])
    elif isinstance(value, Manifest):
        yield b"manifest"
        yield from _pieces(value.model_dump(mode="json"))
    elif isinstance(value, Mapping):
        yield b"mapping"
        for key in sorted(value, key=str):
            yield str(key).encode()
            yield from _pieces(value[key])
    elif isinstance(value, np.ndarray):
        yield f"array {value.shape}".encode()
        yield _numbers(value) if value.dtype.kind == "f" else _text(value.tolist()).encode()
    else:
        yield _text(value).encode()


def _column(column: pd.Series) -> Iterator[bytes]:
    if isinstance(column, gpd.GeoSeries):
        yield from (b"" if geometry is None else geometry for geometry in shapely.to_wkb(column.to_numpy()))
    elif column.dtype.kind == "f":
        yield _numbers(column.to_numpy())
    else:
        yield _text(column.tolist()).encode()


def _numbers(values: np.ndarray) -> bytes:
    """Return floats as bytes; one zero, one NaN."""
    same = np.where(np.isnan(values), np.nan, values + 0.0).astype("<f8")
    return same.tobytes()


def _text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return plain values with every number as a float, keys as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        return float(value) + 0.0
    raise TypeError(f"{type(value).__name__} is no content that has an address.")
