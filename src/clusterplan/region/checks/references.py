"""References: every id that points to another table or to the manifest points to something.

Rules: ``missing_table``, and ``unknown_`` with what was meant (``unknown_park``, ``unknown_budget``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clusterplan.errors import Fault
from clusterplan.region.checks.known import MANIFEST, Known
from clusterplan.region.draft import ROW
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME, HOMES, SIZES, TABLES


@dataclass(frozen=True)
class _Set:
    """Ids that a column may name: what one of them is, the ids, and where they stand."""

    what: str
    members: tuple[str, ...]
    where: str


def check_references(known: Known) -> Iterator[Fault]:
    """Yield a fault for every id that names nothing, and one for every table that is named but not given."""
    for table in TABLES:
        for column in table.columns:
            if known.given(table.name) and column.refers_to is not None:
                yield from _declared(known, table.name, column.name, column.refers_to)
    yield from _strangers(known, "incentives", "sizes", _Set("size", SIZES, "small, medium and large"))
    yield from _separated(known)
    yield from _ends_of_ways(known)


def _declared(known: Known, table: str, column: str, target: str) -> Iterator[Fault]:
    if target in BY_NAME and not known.ids_are_known(target):
        return
    members = known.members(target)
    if target not in BY_NAME:
        yield from _strangers(known, table, column, _Set(target.removesuffix("s"), members, MANIFEST))
    elif members:
        yield from _strangers(
            known, table, column, _Set(target.removesuffix("s"), members, known.file(target))
        )
    elif target not in ("parks", "firms") and any(True for _ in _cells(known, table, column)):
        # One missing file is one fault, not one for each cell; that parks or firms lack is told elsewhere.
        yield known.fault(
            table,
            f"Column '{column}' names {target}, but the region has none.",
            f"Add {known.file(target)}, or delete what refers to it.",
            rule="missing_table",
            column=column,
        )


def _commas(word: str, members: frozenset[str]) -> str:
    """Return the hint that several ids are split by ``;``, where they were split by a comma."""
    parts = [part.strip() for part in re.split("[,，、]", word)]
    return " Split several ids by ';'." if len(parts) > 1 and members.intersection(parts) else ""


def _strangers(known: Known, table: str, column: str, among: _Set) -> Iterator[Fault]:
    members = frozenset(among.members)
    few = f" Known: {', '.join(among.members)}." if 0 < len(members) <= 8 else ""
    for row, word in _cells(known, table, column):
        if word not in members:
            yield Fault(
                file=known.file(table),
                why=f"There is no {among.what} '{word}' in {among.where}.{suggest(word, among.members)}",
                mend=f"Write the id of a {among.what} as it stands in {among.where}.{few}"
                + _commas(word, members),
                row=row,
                column=column,
                value=word,
                rule=f"unknown_{among.what.split()[0]}",
            )


def _cells(known: Known, table: str, column: str) -> Iterator[tuple[int, str]]:
    """Yield (row, id) for every id in a column; ids in lists and in amounts one by one."""
    frame = known.frame(table)
    for row, cell in zip(frame[ROW].tolist(), frame[column].tolist(), strict=True):
        for word in _words(cell):
            yield row, word


def _words(cell: Any) -> tuple[str, ...]:
    if isinstance(cell, tuple):
        return tuple(dict.fromkeys(item[0] if isinstance(item, tuple) else item for item in cell))
    return (cell,) if isinstance(cell, str) else ()


def _separated(known: Known) -> Iterator[Fault]:
    """Yield what is wrong with `from_stage`, which names a stage or `homes`."""
    stages = _Set("stage", (*known.members("stages"), HOMES), MANIFEST)
    yield from _strangers(known, "separations", "from_stage", stages)
    homes = [row for row in known.rows("separations") if row["from_stage"] == HOMES]
    if homes and not known.rows("receptors") and not known.broken("receptors"):
        yield known.fault(
            "separations",
            f"A distance from '{HOMES}' is asked for, but the region has no receptors.",
            f"Add {known.file('receptors')} with homes, schools and hospitals, or delete the row.",
            rule="missing_table",
            row=homes[0],
            column="from_stage",
        )


def _ends_of_ways(known: Known) -> Iterator[Fault]:
    """Yield ends of rows of the matrix that are no park (or, where it ends, no gateway)."""
    parks, gateways = known.members("parks"), known.members("gateways")
    if not parks or not known.ids_are_known("parks") or not known.ids_are_known("gateways"):
        return
    file = known.file("parks")
    yield from _strangers(known, "distances", "origin", _Set("park", parks, file))
    ends = _Set("park or gateway", (*parks, *gateways), f"{file} and {known.file('gateways')}")
    yield from _strangers(known, "distances", "destination", ends)
    yield from _strangers(known, "detours", "origin", _Set("park", parks, file))
    yield from _strangers(known, "detours", "destination", ends)
