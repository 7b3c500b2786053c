"""The tables of a plan flat, without geometry, as spreadsheets take them; and their CSV files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from clusterplan.plan.indicators import stages_present
from clusterplan.plan.indicators.parts import money, money_a_year
from clusterplan.plan.indicators.resources import unit_of
from clusterplan.plan.plan import Plan

SHEETS = ("parks", "firms", "supply", "links", "loops", "grants", "works", "terms", "indicators", "stages")
"""Names of the flat tables, in order; each is a sheet of `plan.xlsx` and a CSV file."""


def sheets(plan: Plan) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan by name, ids as columns, geometry left out."""
    indexed = {
        "parks": plan.parks,
        "firms": plan.firms,
        "works": plan.works,
        "terms": plan.terms,
        "indicators": plan.indicators,
        "stages": stages_present(plan),
    }
    listed = {"supply": plan.supply, "links": plan.links, "loops": plan.loops, "grants": plan.grants}
    tables = {**{name: table.reset_index() for name, table in indexed.items()}, **listed}
    return {name: pd.DataFrame(tables[name]).drop(columns="geometry", errors="ignore") for name in SHEETS}


def column_unit(plan: Plan, sheet: str, column: str) -> str:
    """Return the unit of a column of a flat table, or "" where it has none.

    Parameters
    ----------
    plan
        The plan.
    sheet
        One of `SHEETS`.
    column
        A column of it.
    """
    for prefix in ("used_", "capacity_"):
        if sheet == "parks" and column.startswith(prefix):
            return unit_of(plan.region, column.removeprefix(prefix))
    if column.endswith("_m_y") or (sheet == "terms" and column in ("amount", "value")):
        return money_a_year(plan)
    if column.endswith("_m"):
        return money(plan)
    named = {
        "distance_km": "km",
        "proximity": "share",
        "quantity_per_y": "units of the product/y",
        "utilisation": "share",
    }
    return named.get(column, "")


def write_csv(plan: Plan, folder: Path) -> None:
    """Write a CSV file for each flat table into a folder.

    The files are UTF-8 with a byte-order mark, without which Excel takes Chinese names for something else;
    unknown numbers are empty cells, flags are ``true`` and ``false``, numbers keep their full precision.
    """
    for name, table in sheets(plan).items():
        flags = table.select_dtypes("bool").columns
        words = table.assign(**{flag: table[flag].map({True: "true", False: "false"}) for flag in flags})
        words.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
