"""Tables and sections of the page, as plain values that the template writes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from markupsafe import Markup

from clusterplan.report.numbers import share_of, significant, written
from clusterplan.report.words import Words


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and the number it is sorted by (None: sorted by its text)."""

    text: str
    sort: float | None = None


@dataclass(frozen=True)
class Column:
    """One column: its head, and whether it holds numbers, long text, or words that must not be broken."""

    title: str
    number: bool = False
    wide: bool = False
    word: bool = False

    @property
    def kind(self) -> str:
        """How the page sets it: ``n``, ``wide``, ``word`` or nothing."""
        return "n" if self.number else "wide" if self.wide else "word" if self.word else ""


@dataclass(frozen=True)
class Table:
    """One table.

    Parameters
    ----------
    id
        Its name in the page, once.
    title
        What it is called where it is read aloud or copied.
    columns
        Its columns.
    rows
        Its rows, a cell a column.
    total
        A last row that is not sorted; None: none.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None


@dataclass(frozen=True)
class Section:
    """One section: a heading, a note, what there is to say in sentences, a picture, and tables."""

    id: str
    title: str
    note: str = ""
    tables: tuple[Table, ...] = ()
    said: tuple[str, ...] = ()
    level: int = 2
    picture: Markup = field(default_factory=Markup)


WORDS = frozenset({"status", "state", "unit", "built", "local", "closed", "how", "level", "tier", "version"})
"""Columns that hold words of the page's own, which are short."""


def columns(words: Words, *keys: str) -> tuple[Column, ...]:
    """Return columns by the keys of their heads (``col.<key>``).

    A ``#`` in front of a key stands for numbers, a ``+`` for long text.
    """
    return tuple(
        Column(words(f"col.{key.lstrip('#+')}"), key.startswith("#"), key.startswith("+"), key in WORDS)
        for key in keys
    )


def text(value: object) -> Cell:
    """Return a cell of text; empty for what is not there."""
    return Cell("" if value is None or value is pd.NaT or value != value else str(value))  # noqa: PLR0124


def amount(value: float | None, places: int = 2, unknown: str = "") -> Cell:
    """Return a cell of a number with so many decimals."""
    return Cell(written(value, places, unknown), _sort(value))


def rounded(value: float | None, unknown: str, digits: int = 4) -> Cell:
    """Return a cell of a number with so many significant digits."""
    return Cell(significant(value, digits, unknown), _sort(value))


def percent(value: float | None, unknown: str = "", places: int = 0) -> Cell:
    """Return a cell of a share, as `share_of` writes it."""
    if value is None or pd.isna(value):
        return Cell(unknown)
    return Cell(share_of(value, places), float(value))


def cells(texts: Iterable[object]) -> tuple[Cell, ...]:
    """Return a row of texts."""
    return tuple(text(one) for one in texts)


def _sort(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
