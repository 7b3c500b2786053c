"""What is written into one file, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from clusterplan.region.columns import Table


@dataclass(frozen=True)
class Content:
    """What is written, whatever the format.

    Parameters
    ----------
    title
        Title of the region.
    manifest
        Key and value of each entry of the manifest, and what the key means.
    tables
        Each table with the columns to write and its rows (ids as plain columns, a frame with geometry
        where the table has one).
    notes
        Text of notes by name.
    guides
        Sheets or tables for people alone: columns and rows by name.
    forms
        True for a blank that is to be filled in: columns say what they mean, choices can be picked.
    """

    title: str
    manifest: Sequence[tuple[str, Any, str]]
    tables: Sequence[tuple[Table, Sequence[str], pd.DataFrame]]
    notes: Mapping[str, str]
    guides: Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]] = field(default_factory=dict)
    forms: bool = False

    @property
    def note_lines(self) -> list[tuple[str, str]]:
        """Name and text of every line of the notes."""
        return [(name, line) for name, text in self.notes.items() for line in text.split("\n")]
