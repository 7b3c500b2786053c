"""What is said to those who fill in a region: in which order, and what every column means."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.region.blank.keys import keys
from clusterplan.region.columns import Column
from clusterplan.region.files import MANIFEST_FILE
from clusterplan.region.onefile.places import PLACE_COLUMNS
from clusterplan.region.tables import TABLES

GUIDE_COLUMNS = ("table", "column", "holds", "unit", "meaning", "empty means", "one of")
HOLDS = {
    "id": "id",
    "text": "text",
    "number": "number",
    "integer": "whole number",
    "year": "year",
    "flag": "true or false",
    "ids": "ids, split by ;",
    "amounts": "id:number, several split by ;",
    "lines": "lines of text",
}
"""What a cell of each kind of column holds, in words."""


def steps(of: str, validate: str) -> tuple[str, ...]:
    """Return in which order a region is filled in.

    Parameters
    ----------
    of
        What a table is: ``file``, ``sheet`` or ``layer``.
    validate
        What `clusterplan validate` is given.
    """
    region = MANIFEST_FILE if of == "file" else "region"
    return (
        f"1. {region}: name, title, currency, years, the rectangle that all parks lie in (bounds), a "
        "projected CRS in metres, the stages of the chain, and how far apart firms may be to work together "
        "(proximity).",
        "2. parks: at least one, with its place, its land and its status (open or candidate).",
        "3. firms: the chain owner, with is_anchor true, and the firms that may come. The stage of each is "
        f"one of the stages of {region}.",
        "4. products and recipes: what firms make, what it is worth, and what is needed to make it.",
        "5. gateways and markets: where the rest is bought and sold, and at which price.",
        "6. links, incentives, and whatever else you know. What you leave empty is not used.",
        f"7. In each row, and for {region} in provenance, say where the numbers come from: source (a "
        "document), derived (computed from one) or assumed. Assumed is an honest answer, and plans say how "
        "much of it they rest on.",
        f"Then run: clusterplan validate {validate} (it tells every fault, its row, and how to mend it)",
        f"and: clusterplan solve {validate} -o out (open out/report.html)",
        "Ids are short names without spaces at their ends; what refers to something repeats its id. Numbers "
        "are plain: 1234.5, not 1,234.5 nor 1.234,5, and without their unit, which stands in the column's "
        "name: _m is millions of the currency, _m_y millions a year, _ha hectares, _mw megawatts.",
        "Places are in WGS 84, longitude before latitude: 104.62, 28.77.",
    )


def read_me(title: str, of: str, validate: str) -> str:
    """Return the text of `README.md` in the folder of a region.

    Parameters
    ----------
    title
        Title of the region, or what to call it.
    of, validate
        As in `steps`.
    """
    lines = [
        f"# {title}",
        "",
        "A region for clusterplan. This page is made from the declarations that the reader works by.",
        "",
    ]
    lines += [line for step in steps(of, validate) for line in (step, "")]
    lines += ["## region.yaml", "", "| key | meaning |", "| --- | --- |"]
    lines += [f"| `{key.dotted}` | {key.told} |" for key in keys()]
    for table in TABLES:
        lines += ["", f"## {table.name}", "", " or ".join(f"`{file}`" for file in table.files) + "."]
        lines += [table.about, "", "| column | holds | meaning | empty means |", "| --- | --- | --- | --- |"]
        for column in table.columns:
            holds = ", ".join(part for part in (HOLDS[column.kind], column.unit, _words(column)) if part)
            lines.append(f"| `{column.name}` | {holds} | {column.about} | {_empty(column)} |")
    return "\n".join(lines) + "\n"


def column_rows() -> Iterator[tuple[str, ...]]:
    """Yield a row for every column of every table, as `GUIDE_COLUMNS`; places as a workbook has them."""
    for table in TABLES:
        for column in (*table.columns, *(PLACE_COLUMNS if table.geometry else ())):
            yield (
                table.name,
                column.name,
                HOLDS[column.kind],
                column.unit,
                column.about,
                _empty(column),
                _words(column),
            )


def _words(column: Column) -> str:
    if column.choices:
        return ", ".join(column.choices)
    return f"from {column.refers_to}" if column.refers_to else ""


def _empty(column: Column) -> str:
    if column.required:
        return "must be filled in"
    if column.default is None or column.default == "":
        return ""
    return f"{column.default:g}" if isinstance(column.default, float) else str(column.default).lower()
