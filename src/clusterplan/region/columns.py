"""What a column of an input table is: its kind, unit, limits and meaning.

One declaration serves reading, checking, the docs page of file formats and `clusterplan init`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "number", "integer", "flag", "ids", "amounts", "lines", "year"]
"""``id``: short text without spaces at its ends; ``ids``: ids split by ``;`` (read as a tuple);
``amounts``: ``id:number`` pairs split by ``;`` (read as a tuple of pairs); ``lines``: lines of text (read as
a tuple); ``flag``: true or false."""


@dataclass(frozen=True)
class Column:
    """A column of an input table.

    Parameters
    ----------
    name
        Header, with the unit in the name where there is one.
    kind
        What a cell holds.
    about
        Its meaning, one sentence, shown in the docs.
    unit
        Unit of a number; ``currency`` stands for the region's currency.
    required
        True where every cell must be filled.
    default
        What an empty cell means (None: nothing is known, read as NaN, None or an empty tuple).
    at_least, above, at_most
        Limits of a number.
    choices
        Allowed words, where the cell holds one of a few.
    refers_to
        Set that ids in the cell must belong to: a table name, or ``stages``, ``routes``,
        ``budgets``, ``resources``.
    """

    name: str
    kind: Kind
    about: str
    unit: str = ""
    required: bool = False
    default: float | str | bool | None = None
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: str | None = None

    @property
    def is_number(self) -> bool:
        """True for a column of numbers (those that need a provenance)."""
        return self.kind in ("number", "integer", "amounts")


@dataclass(frozen=True)
class Table:
    """An input table: one file of a region's folder, or one data frame.

    Parameters
    ----------
    name
        Name of the table, the attribute of `Region` and the keyword of `Region.from_frames`.
    files
        File names it may come from, most usual first.
    key
        Columns that together name a row and must not repeat. A key of one column becomes the index.
    columns
        Its columns.
    about
        What a row is.
    required
        True if a region can't be without it.
    geometry
        Allowed geometry types; empty for a table without geometry.
    counted
        Whether its numbers count toward the share of assumed numbers that a plan rests on, if it says where
        they come from.
    """

    name: str
    files: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    about: str
    required: bool = False
    geometry: tuple[str, ...] = ()
    counted: bool = True

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns, in order."""
        return tuple(column.name for column in self.columns)
