"""A console whose tables fit: columns share the room so that no word is cut, or a list takes their place.

Left alone, a table that is too wide shortens numbers to ``+0.0…``, and a number that is cut is a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table

LONGEST_WORD = 20
"""Characters of a word in a column of text beyond which it may be broken; numbers are never broken."""
_NUMBER = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?\s?%?")


class FittingConsole(Console):
    """A console that sees to it that tables fit into its width."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print objects; tables are fitted, or printed as lists where they can't be."""
        if len(objects) != 1 or not isinstance(objects[0], Table):
            super().print(*objects, **options)
            return
        table = objects[0]
        _align(table)
        if _fit(self, table):
            super().print(table, **options)
        else:
            _print_list(self, table)


def _align(table: Table) -> None:
    """Put columns of numbers and shares to the right."""
    for column in table.columns:
        told = [cell for cell in column.cells if isinstance(cell, str) and cell]
        if told and column.justify == "left" and all(_NUMBER.fullmatch(cell) for cell in told):
            column.justify = "right"


def _fit(console: Console, table: Table) -> bool:
    """Give the columns of a table their widths; False if it cannot be made to fit."""
    measures = [_measure(console, column) for column in table.columns]
    room = console.width - 3 * len(measures) - 1  # a border, and a space at each side of a cell
    least, most = (sum(measure[end] for measure in measures) for end in (0, 1))
    if most <= room:
        return True
    if least > room:
        return False
    # Those who want little more than the least get it first: short names stay on one line beside long texts.
    spare, waiting = room - least, len(measures)
    wishes = sorted(zip(measures, table.columns, strict=True), key=lambda pair: pair[0][1] - pair[0][0])
    for (low, high), column in wishes:
        more = min(high - low, spare // waiting)
        spare, waiting = spare - more, waiting - 1
        column.width, column.overflow = low + more, "fold"
    return True


def _measure(console: Console, column: Column) -> tuple[int, int]:
    """Return the least and the largest width that a column has a use for."""
    cells = [column.header, *column.cells]
    found = [Measurement.get(console, console.options, cell) for cell in cells]
    most = max((measure.maximum for measure in found), default=0)
    least = max((measure.minimum for measure in found), default=0)
    if column.justify == "left":
        least = min(least, LONGEST_WORD)
    return least, most


def _print_list(console: Console, table: Table) -> None:
    """Print a table as a list: a row a paragraph, its first cell as a heading."""
    if table.title:
        Console.print(console, table.title)
    heads = [str(column.header) for column in table.columns]
    for cells in zip(*(list(column.cells) for column in table.columns), strict=True):
        for line in _lines(heads, [str(cell) for cell in cells]):
            Console.print(console, line)
    if table.caption:
        Console.print(console, table.caption)


def _lines(heads: Sequence[str], cells: Sequence[str]) -> list[str]:
    first, *rest = cells
    pairs = [(head, cell) for head, cell in zip(heads[1:], rest, strict=True) if cell]
    told = [f"  {head}: {cell}" if head else f"  {cell}" for head, cell in pairs]
    return [f"[bold]{first}[/bold]" if first else "", *told]
