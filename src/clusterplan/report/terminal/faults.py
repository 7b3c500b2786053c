"""Faults and warnings of an input, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from clusterplan.errors import Fault
from clusterplan.report.numbers import counted
from clusterplan.report.terminal.console import err

NARROW = 80
"""Columns of a terminal below which faults are listed, since a table leaves no room for the words."""


def show_faults(faults: Sequence[Fault]) -> None:
    """Show faults and warnings on stderr, as a table where there is room; nothing if there are none."""
    if not faults:
        return
    errors = sum(fault.level == "error" for fault in faults)
    title = f"{counted(errors, 'fault')}, {counted(len(faults) - errors, 'warning')}"
    if err.width < NARROW:
        err.print(title)
        for fault in faults:
            err.print(f"[bold]{fault.level}[/bold]: {escape(str(fault))}")
        return
    table = Table(title=title, title_justify="left", show_lines=True)
    for head in ("", "file", "row", "column", "value"):
        table.add_column(head, overflow="fold")
    table.add_column("what is wrong, and how to mend it", overflow="fold", ratio=1)
    for fault in faults:
        cells = (fault.level, fault.file, fault.row, fault.column, fault.value)
        table.add_row(
            *("" if c is None else escape(str(c)) for c in cells), escape(f"{fault.why} {fault.mend}")
        )
    err.print(table)


def say_warnings(region: str, count: int) -> None:
    """Say on stderr that a region has warnings, and how to see them."""
    if count:
        told = counted(count, "warning")
        err.print(f"{told} about the input; to see: clusterplan validate {escape(region)}")
