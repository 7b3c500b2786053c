"""One cell of a table, from whatever stands in it to a value of its column's kind."""

from __future__ import annotations

import math
import numbers
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.region.columns import Column, Kind
from clusterplan.region.howto import NUMBER, how_to_write, no_number

MAX_ID_LENGTH = 120
_BREAKING = ";:/；：*"
"""Characters that join ids in lists, amounts and keys, their full-width forms, and the word for every row."""
_LARGEST_WHOLE = 2.0**53
_YEARS = (1900, 2200)

_DATES = (date, time, timedelta)
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class CellError(Exception):
    """A cell that cannot be read: the rule it breaks, why, and how to mend it."""

    def __init__(self, rule: str, why: str, mend: str) -> None:
        super().__init__(why)
        self.rule, self.why, self.mend = rule, why, mend


def is_empty(cell: object) -> bool:
    """Return whether a cell holds nothing: None, a missing value, blank text or an empty list."""
    if isinstance(cell, str):
        return not cell or cell.isspace()
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return True
    if isinstance(cell, float | np.floating):
        return bool(np.isnan(cell))
    return isinstance(cell, list | tuple | dict | np.ndarray) and len(cell) == 0


def _is_number(cell: Any) -> bool:
    return isinstance(cell, numbers.Real | Decimal) and not isinstance(cell, bool | np.bool_)


def reader(column: Column) -> Callable[[Any], Any]:
    """Return the function that reads a filled cell of a column.

    The function returns a value of the column's kind (see `Column`) or raises `CellError`.
    """
    return _READERS[column.kind](column)


def check_id(text: str) -> str:
    """Return an id if it is one.

    Raises
    ------
    CellError
        If it has spaces at its ends, characters that have a meaning in the files, or is too long.
    """
    if text != text.strip():
        raise CellError("bad_id", "The id has spaces at its ends.", f"Write {text.strip()!r}.")
    for character in text:
        if character in _BREAKING:
            why = f"The id holds {character!r}, which has a meaning of its own in these files."
            mend = "Use letters, digits, '_', '-' and '.'; split several ids by ';' where a list is meant."
            raise CellError("bad_id", why, mend)
        if not character.isprintable():
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise CellError(
                "bad_id", f"The id holds a character that cannot be seen ({name}).", "Type it anew."
            )
    if not text:
        raise CellError("bad_id", "The id is empty.", "Write an id.")
    if len(text) > MAX_ID_LENGTH:
        raise CellError("bad_id", f"The id is longer than {MAX_ID_LENGTH} characters.", "Give a shorter id.")
    return text


def _id(column: Column) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        if isinstance(cell, str):
            return check_id(cell)
        # Layers and frames often hold ids that are whole numbers, as floats where one is missing.
        if _is_number(cell) and float(cell).is_integer():
            return str(int(cell))
        raise CellError("bad_id", "It is no id.", "Write a short text.")

    return read


def _text(column: Column) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        if isinstance(cell, list | tuple | dict | np.ndarray):
            raise CellError("bad_text", "It is a list where text is meant.", "Write plain text.")
        text = str(cell).strip().replace("\r\n", "\n").replace("\r", "\n")
        # Cc: control characters; Cs: halves of characters, which no file can hold.
        if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
            raise CellError("bad_text", "The text holds control characters.", "Delete them, or type it anew.")
        return text

    return read


def _number(column: Column) -> Callable[[Any], float]:
    def read(cell: Any) -> float:
        if isinstance(cell, str):
            text = cell.strip()
            if NUMBER.fullmatch(text) is None:
                raise CellError(*how_to_write(text, column))
            value = float(text)
        elif not _is_number(cell):
            if isinstance(cell, _DATES):
                raise CellError(
                    "not_a_number",
                    "It is a date or a time, not a number.",
                    "Spreadsheets take 3-4 or 1.5 for a date: format the cell as a number and type it anew.",
                )
            raise CellError(*no_number(column))
        else:
            try:
                value = float(cell)
            except OverflowError:
                value = math.inf
        if not math.isfinite(value):
            raise CellError(
                "not_finite", "The number is infinite.", "Give a finite number, or leave the cell empty."
            )
        return value

    return read


def _integer(column: Column) -> Callable[[Any], float]:
    number = _number(column)

    def read(cell: Any) -> float:
        value = number(cell)
        if not value.is_integer() or abs(value) > _LARGEST_WHOLE:
            raise CellError("not_whole", "It is not a whole number.", "Write a whole number.")
        return value

    return read


def _year(column: Column) -> Callable[[Any], float]:
    integer = _integer(column)

    def read(cell: Any) -> float:
        value = integer(cell)
        if not _YEARS[0] <= value <= _YEARS[1]:
            raise CellError(
                "not_a_year", "It is not a year.", f"Write a year from {_YEARS[0]} to {_YEARS[1]}."
            )
        return value

    return read


def _flag(column: Column) -> Callable[[Any], bool]:
    def read(cell: Any) -> bool:
        if isinstance(cell, bool | np.bool_):
            return bool(cell)
        word = str(cell).strip().lower()
        if _is_number(cell) and float(cell) in (0.0, 1.0):
            word = str(int(cell))
        if word not in _FLAGS:
            raise CellError("not_a_flag", "It is neither true nor false.", "Write true or false.")
        return _FLAGS[word]

    return read


def _ids(column: Column) -> Callable[[Any], tuple[str, ...]]:
    one = _id(column)

    def read(cell: Any) -> tuple[str, ...]:
        found = tuple(one(part) for part in _parts(cell))
        _refuse_repeats(found)
        return found

    return read


def _amounts(column: Column) -> Callable[[Any], tuple[tuple[str, float], ...]]:
    one, number = _id(column), _number(column)

    def read(cell: Any) -> tuple[tuple[str, float], ...]:
        pairs = cell.items() if isinstance(cell, Mapping) else map(_pair, _parts(cell))
        found = tuple((one(name), number(amount)) for name, amount in pairs)
        _refuse_repeats(name for name, _ in found)
        return found

    return read


def _lines(column: Column) -> Callable[[Any], tuple[str, ...]]:
    text = _text(column)

    def read(cell: Any) -> tuple[str, ...]:
        if isinstance(cell, Mapping):
            return tuple(f"{path} = {_word(value)}" for path, value in cell.items())
        lines = cell.splitlines() if isinstance(cell, str) else _parts(cell)
        return tuple(text(line) for line in lines if not is_empty(line))

    return read


def _word(value: Any) -> str:
    """Return a value as a line holds it."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _parts(cell: Any) -> list[Any]:
    """Return the entries of a list cell: text split by ``;``, or the items of a list."""
    if isinstance(cell, str):
        parts = [part.strip() for part in cell.split(";")]
        if not all(parts):
            raise CellError(
                "bad_list", "An entry of the list is empty.", "Write ';' only between two entries."
            )
        return list(parts)
    if isinstance(cell, list | tuple | np.ndarray):
        return list(cell)
    return [cell]


def _pair(part: Any) -> tuple[Any, Any]:
    halves = [half.strip() for half in part.split(":")] if isinstance(part, str) else part
    if not isinstance(halves, list | tuple) or len(halves) != 2 or any(is_empty(half) for half in halves):
        mend = "Write id:number, several of them split by ';', such as slag:0.4;heat:2."
        raise CellError("bad_amounts", "An entry is not an id and a number.", mend)
    return halves[0], halves[1]


def _refuse_repeats(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for word in ids:
        if word in seen:
            raise CellError("repeated_entry", f"{word!r} stands in the list twice.", "Write it once.")
        seen.add(word)


_READERS: Mapping[Kind, Callable[[Column], Callable[[Any], Any]]] = {
    "id": _id,
    "text": _text,
    "number": _number,
    "integer": _integer,
    "year": _year,
    "flag": _flag,
    "ids": _ids,
    "amounts": _amounts,
    "lines": _lines,
}
