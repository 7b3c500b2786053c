"""The tables of a plan flat, without geometry, as spreadsheets take them; and their CSV files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from clusterplan.plan.indicators import stages_present
from clusterplan.plan.indicators.parts import money, money_a_year
from clusterplan.plan.indicators.resources import unit_of
from clusterplan.plan.plan import Plan

SHEETS = ("parks", "firms", "supply", "links", "loops", "grants", "works", "terms", "indicators", "stages")
"""Names of the flat tables, in order; each is a sheet of `plan.xlsx` and a CSV file."""

NAMED: Mapping[str, Mapping[str, str]] = {
    "firms": {"park": "parks"},
    "supply": {
        "from": "firms",
        "to": "firms",
        "gateway": "gateways",
        "product": "products",
        "from_park": "parks",
        "to_park": "parks",
    },
    "links": {"from": "firms", "to": "firms", "from_park": "parks", "to_park": "parks"},
    "loops": {"loop": "loops", "firm": "firms", "park": "parks"},
    "grants": {"firm": "firms", "instrument": "incentives"},
}
"""Columns with ids of a flat table, and the table of the region they are of: names are put beside them."""
NAMED_TABLES = sorted({of for columns in NAMED.values() for of in columns.values()})


def sheets(plan: Plan) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan by name, ids as columns with names beside them, geometry left out."""
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
    flat = {name: pd.DataFrame(tables[name]).drop(columns="geometry", errors="ignore") for name in SHEETS}
    called = _called(plan)
    return {name: _with_names(table, NAMED.get(name, {}), called) for name, table in flat.items()}


def _called(plan: Plan) -> dict[str, dict[str, str]]:
    """Return the name of every id, by the table of the region that it is of; its id where it has none."""
    tables = {name: plan.region.table(name)["name"] for name in NAMED_TABLES}
    return {
        table: {str(id_): name.strip() or str(id_) for id_, name in names.fillna("").items()}
        for table, names in tables.items()
    }


def _with_names(
    table: pd.DataFrame, named: Mapping[str, str], called: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Return a table with what an id is called beside the id, since people read names."""
    wider = table.copy()
    for column, of in named.items():
        names = [called[of].get(cell) if isinstance(cell, str) else None for cell in table[column]]
        place = list(wider.columns).index(column) + 1
        wider.insert(place, f"{column}_name", pd.Series(names, index=table.index, dtype=object))
    return wider


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
