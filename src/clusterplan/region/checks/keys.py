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
    key = list(table.key)
    # A cell that must be filled and is not has been reported; an optional one is part of the key.
    required = [column for column in key if table.column(column).required]
    filled = frame[frame[required].notna().all(axis=1)]
    ids = filled[key].fillna("")
    repeats = ids.duplicated()
    if not repeats.any():
        return
    first_row = filled.groupby([ids[column] for column in key], sort=False)[ROW].transform("min")
    one = key[0] if len(key) == 1 else None
    for index in filled.index[repeats]:
        value = " / ".join(str(part) for part in ids.loc[index])
        what = f"The id '{value}' stands" if one else f"The same {', '.join(key)} ({value}) stand"
        yield Fault(
            file=known.file(name),
            why=f"{what} already in row {int(first_row.loc[index])}.",
            mend="Give each row an id of its own, or delete the row that is one too many."
            if one
            else "Keep one of the two rows.",
            row=int(filled.loc[index, ROW]),
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
