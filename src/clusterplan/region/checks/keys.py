"""Ids: each row has one, none stands twice, and none could be taken for another thing.

Rules: ``repeated_id``, ``shared_id``, ``reserved_id``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known
from clusterplan.region.draft import ROW
from clusterplan.region.tables import BY_NAME, HOMES, TABLES


def check_keys(known: Known) -> Iterator[Fault]:
    """Yield a fault for every id that repeats one above it or means two things."""
    for table in TABLES:
        if known.given(table.name):
            yield from _repeated(known, table.name)
    yield from _shared(known)
    if HOMES in known.manifest.stages:
        yield known.manifest_fault(
            f"stages.{HOMES}",
            f"'{HOMES}' is the word for the places of receptors.geojson and can't be a stage.",
            "Give the stage another id.",
            rule="reserved_id",
            value=HOMES,
        )


def _repeated(known: Known, name: str) -> Iterator[Fault]:
    table = BY_NAME[name]
    frame = known.frame(name)
    # A cell that must be filled and is not has been reported; an optional one is part of the key.
    must = [table.column(column).required for column in table.key]
    one = table.key[0] if len(table.key) == 1 else None
    first: dict[tuple[str, ...], int] = {}
    columns = [[cell if isinstance(cell, str) else "" for cell in frame[column]] for column in table.key]
    for row, key in zip(frame[ROW].tolist(), zip(*columns, strict=True), strict=True):
        if not all(part or not required for part, required in zip(key, must, strict=True)):
            continue
        before = first.setdefault(key, row)
        if before == row:
            continue
        value = " / ".join(key)
        what = f"The id '{value}' stands" if one else f"The same {', '.join(table.key)} ({value}) stand"
        yield Fault(
            file=known.file(name),
            why=f"{what} already in row {before}.",
            mend="Give each row an id of its own, or delete the row that is one too many."
            if one
            else "Keep one of the two rows.",
            row=row,
            column=one,
            value=value,
            rule="repeated_id",
        )


def _shared(known: Known) -> Iterator[Fault]:
    """Yield gateways that bear the id of a park: a matrix could not tell them apart."""
    for row in known.rows("gateways"):
        if row["gateway"] is not None and row["gateway"] in known.parks:
            yield known.fault(
                "gateways",
                f"A park of {known.file('parks')} has the id '{row['gateway']}' too.",
                "Give the gateway an id that no park has.",
                rule="shared_id",
                row=row,
                column="gateway",
            )
