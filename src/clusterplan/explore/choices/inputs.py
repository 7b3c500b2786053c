"""Inputs that are moved down and up: named as in `clusterplan.change`, or those that are assumed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.region import Change, Changes, Region, changes_of
from clusterplan.region.edit import EVERY, FIXED, ONE_OF, ids_of
from clusterplan.region.files import MANIFEST_FILE, TABLE_FILES
from clusterplan.region.tables import BY_NAME

NO_AMOUNTS = {"bounds", "price_year", "plan_year", "operating_hours_y", "water_days_y"}
"""Keys of the manifest that are dates, places or conversions, and no amounts that could be another."""
Pair = tuple[Changes, Changes]
Inputs = str | Iterable[str] | Mapping[str, float | Pair]
"""Paths of changes; or by path the share by which it is moved; or by any name the changes down and up."""


@dataclass(frozen=True)
class Input:
    """An input that is moved.

    Parameters
    ----------
    name
        What it is called: a path of `clusterplan.change`, or any name.
    low, high
        The changes that move it down and up.
    numbers
        How many numbers of the region it is.
    """

    name: str
    low: tuple[Change, ...]
    high: tuple[Change, ...]
    numbers: int = 1


def inputs_of(region: Region, inputs: Inputs | None, share: float, *, assumed: bool = True) -> list[Input]:
    """Return inputs as they were meant.

    Parameters
    ----------
    region
        The region.
    inputs
        What is moved; None: the assumed numbers of each column, column by column (`columns`).
    share
        How far, as a share of what is there, where nothing else is said.
    assumed
        As of `columns`, where nothing is named.

    Raises
    ------
    UsageError
        If a share is not between 0 and 1, or a change is none.
    """
    _check("share", share)
    if inputs is None:
        return columns(region, share, assumed=assumed)
    if isinstance(inputs, str):
        inputs = [inputs]
    given: Mapping[str, float | Pair] = (
        dict(inputs) if isinstance(inputs, Mapping) else dict.fromkeys(inputs, share)
    )
    found = []
    for name, how in given.items():
        if isinstance(how, int | float):
            _check(name, how)
            found.append(_by_share(name, [name], float(how)))
        else:
            low, high = how
            found.append(Input(name, changes_of(low), changes_of(high)))
    return found


def _check(name: str, share: float) -> None:
    if not (math.isfinite(share) and 0 < share < 1):
        raise UsageError(f"{name}: a number is moved by a share between 0 and 1 of it, not {share!r}.")


def _by_share(name: str, paths: Iterable[str], share: float, numbers: int = 1) -> Input:
    low, high = (tuple(Change(path, "*=", factor) for path in paths) for factor in (1 - share, 1 + share))
    return Input(name, low, high, numbers)


def columns(region: Region, share: float, *, assumed: bool = True) -> list[Input]:
    """Return all amounts of a region that can be moved, as inputs: a column of a table, or a key, at a time.

    Coordinates, roads, futures, whole numbers (years, counts) and numbers that are 0 are none.

    Parameters
    ----------
    region
        The region.
    share
        How far each is moved, as a share of it.
    assumed
        Whether only numbers are moved that are assumed, as the region's provenance says.
    """
    found = _grouped(region, assumed=assumed)
    return [_by_share(name, paths, share, len(paths)) for name, paths in found.items()]


def numbers(region: Region, share: float, names: Iterable[str], *, assumed: bool = True) -> list[Input]:
    """Return each number of some of the inputs that `columns` returns, as an input of its own.

    Parameters
    ----------
    region, share, assumed
        As of `columns`.
    names
        Names of the inputs.
    """
    found = _grouped(region, assumed=assumed)
    return [_by_share(path, [path], share) for name in names for path in found[name]]


def _grouped(region: Region, *, assumed: bool) -> dict[str, list[str]]:
    """Return the paths of the numbers of each column."""
    found: dict[str, list[str]] = {}
    of: dict[str, int] = {}
    for file, own in region.provenance_of().groupby("file", sort=False):
        there = _keys(own) if file == MANIFEST_FILE else _cells(region, str(file), own)
        for name, path, kind in there:
            of[name] = of.get(name, 0) + 1
            if kind == "assumed" or not assumed:
                found.setdefault(name, []).append(path)
    told = {}
    for name, paths in found.items():
        part = "" if len(paths) == of[name] else f" ({len(paths)} of {of[name]})"
        told[name + part] = paths
    return told


def _cells(region: Region, file: str, own: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield the column, the path and the provenance of the numbers of a table that can be moved."""
    table = BY_NAME.get(TABLE_FILES.get(file, file))
    if table is None or table.name in FIXED:
        return
    first = {name: one for one, name in ONE_OF.items()}.get(table.name, table.name)
    whole = {column.name for column in table.columns if column.kind != "number"}
    frame = region.given()[table.name]
    cells = frame if len(table.key) == 1 else frame.set_axis(ids_of(frame, table))
    for column, rows in own[~own["column"].isin(whole)].groupby("column", sort=False):
        if column not in cells:
            continue
        there = pd.to_numeric(cells[column], errors="coerce")
        there = there[(there != 0) & there.notna()]
        for one, kind in zip(rows["id"], rows["kind"], strict=True):
            if one in there.index:
                yield f"{first}.{EVERY}.{column}", f"{first}.{one}.{column}", str(kind)


def _keys(own: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield the same of the manifest; what all budgets have is one input."""
    for path, kind in zip(own["column"], own["kind"], strict=True):
        parts = str(path).split(".")
        if parts[0] in NO_AMOUNTS:
            continue
        is_amount = parts[0] == "budgets" and parts[-1] in {"amount_m", "by_year_m"}
        yield f"budgets.{EVERY}" if is_amount else str(path), str(path), str(kind)
