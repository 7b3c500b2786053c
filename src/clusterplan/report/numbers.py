"""How numbers are written for people: as many decimals as they deserve, and no negative zero."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from clusterplan.region.percent import share_of

__all__ = ["between", "counted", "decimals", "share_of", "significant", "written"]

AGREE = 1e-5
"""Numbers nearer than this, relative to 1 or to them, are told as one."""


def decimals(numbers: Iterable[float]) -> int:
    """Return how many decimals numbers of one column deserve: 2, or 3 where all are small.

    Parameters
    ----------
    numbers
        The numbers of the column; those that are not known do not count.
    """
    return 3 if all(abs(number) < 10 for number in numbers if not pd.isna(number)) else 2


def written(number: float | None, places: int = 2, unknown: str = "") -> str:
    """Return a number with separators of thousands.

    Parameters
    ----------
    number
        What to write.
    places
        Decimals.
    unknown
        What to write for a number that is not known.

    Examples
    --------
    >>> written(1234.5, 1), written(-1e-12), written(None)
    ('1,234.5', '0.00', '')
    """
    if number is None or pd.isna(number):
        return unknown
    return f"{round(float(number), places) + 0.0:,.{places}f}"  # + 0.0: no negative zero


def significant(number: float | None, digits: int = 4, unknown: str = "unknown") -> str:
    """Return a number with so many significant digits, never as a power of ten.

    Examples
    --------
    >>> significant(421011202.6), significant(0.24109), significant(33.0)
    ('421,011,203', '0.2411', '33')
    """
    if number is None or pd.isna(number):
        return unknown
    size = math.floor(math.log10(abs(number))) + 1 if abs(number) > 1e-9 else 1
    text = written(number, max(0, digits - size) if size > 0 else digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(number: int, noun: str) -> str:
    """Return a number and its noun, in the plural where there is not one.

    Examples
    --------
    >>> counted(1, "fault"), counted(0, "fault")
    ('1 fault', '0 faults')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def between(value: float, least: float, most: float) -> str | None:
    """Return a number; where it is not proven, between which two it lies.

    Examples
    --------
    >>> between(1.5, 1.5, 1.5), between(1.5, 1.2, 1.5), between(1.5, float("-inf"), 1.5)
    ('1.5', '1.5 (1.2 … 1.5)', '1.5 (? … 1.5)')
    """
    if math.isnan(value):
        return None
    if most - least <= AGREE * max(1.0, abs(value)):
        return significant(value)
    ends = ("?" if abs(end) == float("inf") else significant(end) for end in (least, most))
    return f"{significant(value)} ({' … '.join(ends)})"
