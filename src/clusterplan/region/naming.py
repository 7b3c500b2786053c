"""What messages call the tables of a region: files, frames, or parts of one file; and their rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from clusterplan.errors import Fault

_A_FILE = re.compile(r"(?<!['\w])[a-z_]+\.(?:csv|geojson|yaml)\b(?! (?:or|not) [a-z_]+\.)")
"""A file named in a message, not as a word to be written (in quotes)."""


@dataclass(frozen=True)
class Naming:
    """How faults of a region are told where they stand.

    Parameters
    ----------
    files
        Name of every table: ``firms.csv``, or ``firms`` for a frame.
    labels, part
        As in `Gathered`.
    rows
        By table, the row of each of its rows, in order, as a spreadsheet shows it.
    """

    files: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def label(self, file: str) -> str:
        """Return what messages call a file: itself, or the part of one file that it is."""
        return self.labels.get(file, file) if self.part else file

    def told(self, fault: Fault) -> Fault:
        """Return a fault with the names of files as the parts they are: `firms.csv` is the sheet `firms`."""
        if not self.part:
            return fault
        return replace(
            fault,
            file=self.label(fault.file),
            why=_A_FILE.sub(self._part, fault.why),
            mend=_A_FILE.sub(self._part, fault.mend),
        )

    def placed(self, fault: Fault) -> Fault:
        """Return a fault that names a table, and a row by its place from 0, as one of the file it is in."""
        rows = self.rows.get(fault.file, ())
        at = fault.row if fault.row is None or not len(rows) else int(rows[fault.row])
        return self.told(replace(fault, file=self.files.get(fault.file, fault.file), row=at))

    def _part(self, match: re.Match[str]) -> str:
        label = self.labels.get(match[0])
        return match[0] if label is None else f"the {self.part} {label.rpartition(' ')[2]}"
