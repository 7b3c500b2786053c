"""What a folder or a set of frames gave, before it is put together; and how its faults are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from clusterplan.errors import Fault
from clusterplan.region.files import MANIFEST_FILE
from clusterplan.region.manifest_file import ManifestRead
from clusterplan.region.naming import Naming
from clusterplan.region.raw import Raw
from clusterplan.region.tables import TABLES

MAX_ALIKE = 20
"""Faults of one rule in one column of a file that are told one by one; the rest are counted."""


@dataclass(frozen=True)
class Gathered:
    """What was found, whatever the source.

    Parameters
    ----------
    manifest
        The manifest as read.
    tables
        Cells by table.
    broken
        Tables that are there and could not be read, with the name to put in messages.
    faults
        Faults met on the way.
    in_folder
        True for a folder, where every number must say where it comes from; numbers of frames that
        do not say it count as assumed.
    checksums
        SHA-256 of every file read, hexadecimal.
    notes
        Text of ``SOURCES.md`` and of licence files, by name.
    labels
        What messages call a file that is a part of another one: ``yard.xlsx, sheet firms``, by file name.
    part
        What such a part is: ``sheet`` or ``layer``; "" where each table is a file.
    """

    manifest: ManifestRead
    tables: Mapping[str, Raw]
    broken: Mapping[str, str]
    faults: tuple[Fault, ...]
    in_folder: bool
    checksums: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    part: str = ""

    @property
    def files(self) -> dict[str, str]:
        """Name of every table in messages."""
        found = {name: raw.file for name, raw in self.tables.items()} | dict(self.broken)
        return {table.name: found.get(table.name, table.files[0]) for table in TABLES}

    @property
    def naming(self) -> Naming:
        """What messages call the tables."""
        return Naming(self.files, self.labels, self.part)


def told(faults: Iterable[Fault], gathered: Gathered) -> tuple[Fault, ...]:
    """Return faults in the order of files and rows, of those much alike only the first few.

    Where tables are parts of one file, they are called so, in the words of the messages too.

    Characters that cannot be seen are written as escapes: what a file holds is shown, never obeyed.
    """
    naming = gathered.naming
    faults = [naming.told(fault) for fault in faults]
    files = [naming.label(file) for file in (MANIFEST_FILE, *naming.files.values())]
    order = {name: place for place, name in enumerate(files)}
    ordered = sorted(
        faults, key=lambda fault: (order.get(fault.file, len(order)), fault.file, fault.row or 0)
    )
    alike = Counter(map(_kind, ordered))
    seen: Counter[tuple[str, str | None, str]] = Counter()
    shown = []
    for fault in ordered:
        seen[_kind(fault)] += 1
        more = alike[_kind(fault)] - MAX_ALIKE
        if seen[_kind(fault)] == MAX_ALIKE and more > 0:
            shown.append(replace(fault, why=f"{fault.why} (And {more:,} more like this.)"))
        elif seen[_kind(fault)] <= MAX_ALIKE:
            shown.append(fault)
    return tuple(map(_visible, shown))


def _visible(fault: Fault) -> Fault:
    return replace(
        fault,
        file=_escaped(fault.file),
        why=_escaped(fault.why),
        mend=_escaped(fault.mend),
        column=None if fault.column is None else _escaped(fault.column),
        value=None if fault.value is None else _escaped(fault.value),
    )


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _kind(fault: Fault) -> tuple[str, str | None, str]:
    return fault.file, fault.column, fault.rule
