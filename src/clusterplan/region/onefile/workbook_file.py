"""A region as a workbook: a sheet a table, `region` with the manifest, `notes` with sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from clusterplan.errors import UsageError
from clusterplan.region.columns import Column, Table
from clusterplan.region.fixed_date import FIXED_DATE
from clusterplan.region.onefile.content import Content
from clusterplan.region.onefile.places import PLACE_COLUMNS, columns_of
from clusterplan.region.plain import in_column

WIDEST = 60
"""Most characters a column is made wide for."""
FORM_ROWS = 1000
"""Rows of a form that offer choices."""
_FLAGS = ("true", "false")


def write_workbook_file(content: Content, file: Path) -> None:
    """Write a region as a workbook; see `write_one_file`.

    Text is written as text: a name such as ``=1+1`` is no formula.

    Raises
    ------
    UsageError
        If a text is too long for a cell.
    """
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": content.title, "created": FIXED_DATE})
        writer = _Writer(book)
        for name in [name for name in content.guides if name == "read me"]:
            writer.sheet(name, *content.guides[name])
        writer.sheet("region", ("key", "value", "about"), content.manifest)
        for table, columns, rows in content.tables:
            cells = {name: [in_column(cell, table.column(name)) for cell in rows[name]] for name in columns}
            if table.geometry:
                places = columns_of(list(rows.geometry)) if len(rows) else {c.name: [] for c in PLACE_COLUMNS}
                cells = {**cells, **places}
            sheet = writer.sheet(table.name, tuple(cells), list(zip(*cells.values(), strict=True)))
            if content.forms:
                _explain(sheet, table, tuple(cells))
        if content.notes:
            writer.sheet("notes", ("file", "text"), content.note_lines)
        for name in [name for name in content.guides if name != "read me"]:
            writer.sheet(name, *content.guides[name])


class _Writer:
    """Writes sheets of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})

    def sheet(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
        """Write a sheet with its head row, which stays in sight."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, title in enumerate(columns):
            sheet.write_string(0, place, title, self.head)
            lengths = [len(row[place]) for row in rows if isinstance(row[place], str)]
            sheet.set_column(place, place, min(WIDEST, max([10, len(title), *lengths]) + 2))
        for row, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                if write_cell(sheet, row, place, cell) < -1:
                    raise UsageError(
                        f"A text of sheet {name}, row {row + 1} is too long for a workbook. "
                        "Write the region as a folder or a GeoPackage."
                    )
        return sheet


def write_cell(sheet: Any, row: int, column: int, cell: Any) -> int:
    """Write a cell as what it is; less than 0 is returned where it does not fit.

    A workbook holds 16 digits of a number; one that needs 17 is written as text, which is read the same.
    """
    if cell is None or cell == "":
        return 0
    if isinstance(cell, bool):
        return int(sheet.write_boolean(row, column, cell))
    if isinstance(cell, int | float) and float(f"{cell:.16G}") == cell:
        return int(sheet.write_number(row, column, cell))
    return int(sheet.write_string(row, column, cell if isinstance(cell, str) else repr(cell)))


def _explain(sheet: Any, table: Table, columns: Sequence[str]) -> None:
    """Put what a column means beside its name, and its choices into the cells below."""
    known = {column.name: column for column in (*PLACE_COLUMNS, *table.columns)}
    for place, name in enumerate(columns):
        column = known[name]
        sheet.write_comment(0, place, explanation(column), {"x_scale": 2.5, "y_scale": 1.2})
        words = _FLAGS if column.kind == "flag" else column.choices
        if words:
            check = {
                "validate": "list",
                "source": list(words),
                "error_title": column.name,
                "error_message": f"Choose one of {', '.join(words)}."[:255],
            }
            sheet.data_validation(1, place, FORM_ROWS, place, check)


def explanation(column: Column) -> str:
    """Return what a planner must know to fill in a column."""
    needed = "Must be filled in." if column.required else "May be left empty."
    unit = f" In {column.unit}." if column.unit else ""
    words = f" One of: {', '.join(column.choices)}." if column.choices else ""
    listed = {"ids": " Several are split by ;", "amounts": " Written id:number, several split by ;"}
    return f"{column.about}{unit}{words}{listed.get(column.kind, '')} {needed}"
