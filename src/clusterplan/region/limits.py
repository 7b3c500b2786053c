"""Limits of single cells: a pandera schema made from the declaration of the columns."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa

from clusterplan.region.columns import Column, Table
from clusterplan.region.suggest import suggest

_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
}
"""When a number keeps a limit, by the limit's name."""


@dataclass(frozen=True)
class Breach:
    """A cell beyond a limit of its column.

    Parameters
    ----------
    position
        Of the record, from 0.
    column
        Name of the column.
    rule, why, mend
        As in `Fault`.
    """

    position: int
    column: str
    rule: str
    why: str
    mend: str


def breaches(cells: Mapping[str, Sequence[Any]], table: Table) -> tuple[Breach, ...]:
    """Return the cells that break `at_least`, `above`, `at_most` or `choices` of their column.

    Parameters
    ----------
    cells
        Values by column, as long as each other; None where there is none.
    table
        The declaration.
    """
    schema = _schema(table)
    if all(_is_within(cells[name], table.column(name)) for name in schema.columns):
        return ()  # as nearly always; a schema takes milliseconds a column to say so
    try:
        schema.validate(
            pd.DataFrame({name: _series(cells[name], table.column(name)) for name in schema.columns}),
            lazy=True,
        )
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        return tuple(
            _breach(int(position), table.column(name), limit, cells[name][int(position)])
            for position, name, limit in zip(cases["index"], cases["column"], cases["check"], strict=True)
        )
    return ()


def _is_within(cells: Sequence[Any], column: Column) -> bool:
    """Return whether all cells of a column clearly keep its limits."""
    limits = [(_HOLDS[name], limit) for name in _HOLDS if (limit := getattr(column, name)) is not None]
    for cell in cells:
        if cell is None:
            continue
        amounts = [amount for _, amount in cell] if column.kind == "amounts" else [cell]
        if not all(holds(amount, limit) for holds, limit in limits for amount in amounts):
            return False
        if column.choices and cell not in column.choices:
            return False
    return True


def _series(cells: Sequence[Any], column: Column) -> pd.Series:
    numeric = column.kind in ("number", "integer", "year")
    return pd.Series(list(cells), dtype="float64" if numeric else "object")


@cache
def _schema(table: Table) -> pa.DataFrameSchema:
    checks = {column.name: _checks(column) for column in table.columns}
    return pa.DataFrameSchema(
        {name: pa.Column(checks=own, nullable=True) for name, own in checks.items() if own}
    )


def _checks(column: Column) -> list[pa.Check]:
    """Return one check a limit. Its `error` names the limit; `failure_cases` shows that."""
    limits: list[tuple[str, float | None, Callable[..., pa.Check]]] = [
        ("at_least", column.at_least, pa.Check.ge),
        ("above", column.above, pa.Check.gt),
        ("at_most", column.at_most, pa.Check.le),
    ]
    checks = [
        _of_amounts(name, limit) if column.kind == "amounts" else check(limit, error=name)
        for name, limit, check in limits
        if limit is not None
    ]
    if column.choices:
        checks.append(pa.Check.isin(column.choices, error="choices"))
    return checks


def _of_amounts(name: str, limit: float) -> pa.Check:
    return pa.Check(
        lambda cell: all(_HOLDS[name](amount, limit) for _, amount in cell), element_wise=True, error=name
    )


def _breach(position: int, column: Column, limit: str, value: Any) -> Breach:
    if limit == "choices":
        words = ", ".join(column.choices)
        why = f"The word is not one of {words}.{suggest(str(value), column.choices)}"
        return Breach(position, column.name, "unknown_word", why, f"Write one of {words}.")
    bound = f"{getattr(column, limit):g}"
    unit = f" {column.unit}" if column.unit else ""
    above, below = ("below", f"of at least {bound}"), ("above", f"of at most {bound}")
    side, allowed = {"at_least": above, "above": ("not above", f"above {bound}"), "at_most": below}[limit]
    if limit == "at_least" and column.at_least == 0:
        why, rule = "The number is negative.", "negative"
    else:
        why, rule = f"The number is {side} {bound}{unit}.", "out_of_range"
    return Breach(position, column.name, rule, why, f"Give a number {allowed}.")
