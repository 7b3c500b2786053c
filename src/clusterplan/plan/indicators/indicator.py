"""`Indicator`: one number, with its unit and what it means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Indicator:
    """One number that a plan is judged by.

    Parameters
    ----------
    name
        Flat id; what it is split by follows after a dot: ``grants.city``.
    value
        The number; NaN where it is not known or has no meaning.
    unit
        Its unit; ``share`` for a number from 0 to 1.
    definition
        What it is, in one sentence.
    """

    name: str
    value: float
    unit: str
    definition: str


def ratio(part: float, whole: float) -> float:
    """Return part ÷ whole; NaN where the whole is nothing."""
    return part / whole if whole > 0 else float("nan")
