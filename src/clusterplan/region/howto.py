"""How to write what stands for a number in a cell and is none: number words, units, separators, formulas."""

from __future__ import annotations

import re
import unicodedata

from clusterplan.region.columns import Column

Told = tuple[str, str, str]
"""The rule a cell breaks, why, and how to mend it."""
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""A number as it is read."""

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[, \u00a0\u202f'’]\d{3})+(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d*),\d+", re.ASCII)
_PERCENT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*[%％‰]", re.ASCII)
_CHINESE = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*([万亿])(.*)", re.ASCII | re.DOTALL)
_WITH_UNIT = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:\s+[^\d\s.,_].*|[^\d\s.,_]+(?:[23](?:/\w+)?)?)",
    re.ASCII | re.DOTALL,
)
_COUNTED = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(thousand|mio\.?|mn|millions?|bn|billions?|mrd\.?)",
    re.ASCII | re.IGNORECASE,
)
_COUNTS = {"th": 1e3, "mi": 1e6, "mn": 1e6, "bn": 1e9, "bi": 1e9, "mr": 1e9}
"""What number words stand for, by their first two letters."""
_PRICED = re.compile(
    r"(?:[€$£¥]|[A-Z]{3})\s*([+-]?(?:\d+\.?\d*|\.\d+))|([+-]?(?:\d+\.?\d*|\.\d+))\s*(?:[€$£¥]|[A-Z]{3})",
    re.ASCII,
)
_NOTHING_KNOWN = re.compile(
    r"n/?a|n\.a\.|none|null|nil|nan|-+|–|—|\?+|tbd|unknown|无|未知|暂无|不详|#n/a|#(value|ref|num|null|div/0)!|#name\?"
)


def how_to_write(text: str, column: Column) -> Told:  # noqa: PLR0911  (a case, a return)
    """Return what is wrong with text that stands for a number and is none, and how to write it.

    Parameters
    ----------
    text
        The text of the cell, without spaces at its ends.
    column
        The column it stands in.

    Returns
    -------
    tuple of str
        The rule it breaks, why, and how to mend it.

    Examples
    --------
    >>> from clusterplan.region.columns import Column
    >>> how_to_write("4 bn", Column("output_per_y", "number", "Its output."))[1:]
    ('It counts in bn.', 'Write 4000000000.')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    unit = f" ({column.unit})" if column.unit else ""
    if _NOTHING_KNOWN.fullmatch(text.lower()):
        mend = "Find the number, or mark the row's provenance as assumed and assume one."
        return (
            "not_a_number",
            "It is a word, not a number.",
            mend if column.required else "Leave the cell empty.",
        )
    if text.lower().lstrip("+-") in ("inf", "infinity", "∞"):
        mend = "Give a finite number; where there is no limit, leave the cell empty."
        return ("not_finite", "The number is infinite.", mend)
    if percent := _PERCENT.fullmatch(plain):
        share = float(percent[1]) / (1000 if "‰" in plain else 100)
        return ("not_a_number", "It is a percentage, not a number.", f"Write the share: {share:.10g}.")
    if plain != text and NUMBER.fullmatch(plain):
        return ("not_a_number", "Its digits are full-width.", f"Write {plain} in plain (half-width) digits.")
    if _THOUSANDS.fullmatch(plain):
        mend = f"Write {re.sub(r'[^0-9.+-]', '', plain)} without separators; a decimal sign is a point."
        return ("not_a_number", "It has separators of thousands.", mend)
    if _DECIMAL_COMMA.fullmatch(plain):
        mend = f"Write {plain.replace('.', '').replace(',', '.')} (decimal point, no separators)."
        return ("not_a_number", "It has a decimal comma.", mend)
    if text.startswith("="):
        mend = "Paste the value in its place; formulas are not computed."
        return ("not_a_number", "It is a formula, not a number.", mend)
    if chinese := _CHINESE.fullmatch(plain):
        value = float(chinese[1]) * {"万": 1e4, "亿": 1e8}[chinese[2]]
        mend = f"Write {value:.15g}{', converted to the unit of the column' if chinese[3] else ''}{unit}."
        return ("not_a_number", f"It counts in {chinese[2]}.", mend)
    if counted := _COUNTED.fullmatch(plain):
        value = float(counted[1]) * _COUNTS[counted[2].lower()[:2]]
        value /= 1e6 if column.unit.startswith("m currency") else 1.0
        return ("not_a_number", f"It counts in {counted[2]}.", f"Write {value:.15g}{unit}.")
    if priced := _PRICED.fullmatch(plain):
        mend = f"Write {priced[1] or priced[2]} if that is in the column's unit{unit}."
        return ("not_a_number", "There is a currency beside the number.", mend)
    if with_unit := _WITH_UNIT.fullmatch(plain):
        mend = f"Write {with_unit[1]} if that is in the column's unit{unit}; the unit stands in the header."
        return ("not_a_number", "There is text beside the number.", mend)
    return no_number(column)


def no_number(column: Column) -> Told:
    """Return that a cell of a column is no number at all, and how to write one."""
    unit = f" in {column.unit}" if column.unit else ""
    empty = "" if column.required else ", or leave the cell empty"
    return ("not_a_number", "It is not a number.", f"Write a plain number{unit}, such as 1.5{empty}.")
