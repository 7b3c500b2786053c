"""`plan.xlsx`: the tables of a plan, a sheet each, for people."""

from __future__ import annotations

import math
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from clusterplan.plan.indicators.parts import money_a_year
from clusterplan.plan.plan import Plan
from clusterplan.plan.sheets import column_unit, sheets
from clusterplan.region import FIXED_DATE

WIDEST = 60
"""Most characters a column is made wide for."""


def write_workbook(plan: Plan, file: Path) -> None:
    """Write a plan as a workbook: a sheet about it, then a sheet a table, with units in the head row.

    Text is written as text: a name such as ``=1+1`` is no formula.

    Parameters
    ----------
    plan
        The plan.
    file
        File to write.
    """
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": plan.region.manifest.title, "created": FIXED_DATE})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        _write(book.add_worksheet("plan"), _about(plan), ["about", ""], head)
        for name, table in sheets(plan).items():
            units = [column_unit(plan, name, column) for column in table.columns]
            titles = [
                f"{column} ({unit})" if unit else str(column)
                for column, unit in zip(table.columns, units, strict=True)
            ]
            _write(book.add_worksheet(name), table, titles, head)


def _about(plan: Plan) -> pd.DataFrame:
    manifest, unit = plan.region.manifest, money_a_year(plan)
    facts = {
        "region": manifest.title,
        "status": plan.status,
        f"value ({unit})": plan.value,
        f"bound ({unit})": plan.bound,
        "gap (share)": plan.gap,
        "price year": manifest.price_year,
        "objective": manifest.objective,
        "solver": plan.proof.solver,
    }
    return pd.DataFrame({"about": list(facts), "": pd.Series(list(facts.values()), dtype=object)})


def _write(sheet: Any, table: pd.DataFrame, titles: list[str], head: Any) -> None:
    sheet.freeze_panes(1, 1)
    for column, (title, cells) in enumerate(zip(titles, table.items(), strict=True)):
        sheet.write_string(0, column, title, head)
        values = cells[1].tolist()
        for row, value in enumerate(values, start=1):
            _write_cell(sheet, row, column, value)
        shown = [_width(value) for value in values if isinstance(value, str)]
        # a long title wraps at its spaces; what is wider than a number must fit its longest word
        title_width = max(_width(word) for word in title.split()) if title else 0
        sheet.set_column(column, column, min(WIDEST, max([10, title_width, *shown]) + 2))


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif value is not None and math.isfinite(value):
        sheet.write_number(row, column, value)


def _width(text: str) -> int:
    """Return the columns a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
