"""A draft, with what the checks look up again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import pandas as pd

from clusterplan.errors import Fault
from clusterplan.region.columns import Kind
from clusterplan.region.draft import ROW, Draft
from clusterplan.region.manifest import Manifest
from clusterplan.region.tables import BY_NAME, RESOURCES

Row: TypeAlias = dict[str, Any]
"""One row of a table: column to cell; an empty cell is None, an empty list of ids is ``()``."""

MANIFEST = "region.yaml"


def shown(value: object) -> str:
    """Return a cell as a planner would write it: ``120`` and not ``120.0``, ids split by ``;``."""
    if isinstance(value, tuple):
        return ";".join(
            f"{item[0]}:{shown(item[1])}" if isinstance(item, tuple) else str(item) for item in value
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"
    return str(value)


def listed(ids: list[str] | tuple[str, ...], most: int = 4) -> str:
    """Return ids as a sentence holds them: the first few, and how many more."""
    named = ", ".join(f"'{item}'" for item in ids[:most])
    return named if len(ids) <= most else f"{named} and {len(ids) - most} more"


def _plain(cells: list[Any], kind: Kind) -> list[Any]:
    """Return cells of a column with None, or ``()`` in a column of lists, for what is empty."""
    empty = () if kind in ("ids", "amounts", "lines") else None
    # Only NaN differs from itself.
    return [empty if cell is None or cell != cell else cell for cell in cells]  # noqa: PLR0124


@dataclass(frozen=True)
class Known:
    """A draft, its rows as plain values and its ids as sets.

    Holes left by cells that could not be read stay holes: a check that meets one passes over it,
    because the reader has already reported it.
    """

    draft: Draft

    @property
    def manifest(self) -> Manifest:
        """The manifest of the region."""
        return self.draft.manifest

    def given(self, table: str) -> bool:
        """Return whether the table was given."""
        return table in self.draft.given

    def broken(self, *tables: str) -> bool:
        """Return whether one of the tables could not be read at all, which has been reported."""
        return not self.draft.broken.isdisjoint(tables)

    def ids_are_known(self, table: str) -> bool:
        """Return whether every id of a table could be read, so that one that is not there is missing."""
        return not self.broken(table) and not self.frame(table)[BY_NAME[table].key[0]].isna().any()

    def file(self, table: str) -> str:
        """Return the file name of a table, for messages; of one not given, the usual name."""
        return self.draft.files.get(table, BY_NAME[table].files[0])

    def frame(self, table: str) -> pd.DataFrame:
        """Return the frame of a table."""
        return self.draft.frames[table]

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        return {}

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table without their geometry, empty cells as None or ``()``."""
        if table not in self._rows:
            frame = self.frame(table)
            kinds = {column.name: column.kind for column in BY_NAME[table].columns}
            names = [str(name) for name in frame.columns if name != "geometry"]
            cells = [_plain(frame[name].tolist(), kinds.get(name, "number")) for name in names]
            rows = [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
            self._rows[table] = rows
        return self._rows[table]

    @cached_property
    def parks(self) -> Mapping[str, Row]:
        """Rows of parks by id; of a repeated id the first."""
        return self._by_id("parks")

    @cached_property
    def firms(self) -> Mapping[str, Row]:
        """Rows of firms by id; of a repeated id the first."""
        return self._by_id("firms")

    @cached_property
    def products(self) -> Mapping[str, Row]:
        """Rows of products by id; of a repeated id the first."""
        return self._by_id("products")

    def _by_id(self, table: str) -> dict[str, Row]:
        key = BY_NAME[table].key[0]
        found: dict[str, Row] = {}
        for row in self.rows(table):
            if row[key] is not None:
                found.setdefault(row[key], row)
        return found

    @property
    def resources(self) -> tuple[str, ...]:
        """Resources every park has and every firm needs, the declared ones last."""
        return (*RESOURCES, *self.manifest.resources)

    def members(self, name: str) -> tuple[str, ...]:
        """Return the ids of a set that columns refer to: a table, or a part of the manifest."""
        match name:
            case "stages":
                return tuple(self.manifest.stages)
            case "routes":
                return tuple(self.manifest.routes)
            case "budgets":
                return tuple(self.manifest.budgets)
            case "resources":
                return self.resources
        return tuple(self.frame(name)[BY_NAME[name].key[0]].dropna().unique())

    def fault(
        self,
        table: str,
        why: str,
        mend: str,
        *,
        rule: str,
        row: Row | None = None,
        column: str | None = None,
        value: object = None,
        level: Literal["error", "warning"] = "error",
    ) -> Fault:
        """Return a fault of a table; its value is the cell's unless one is given."""
        if value is None and row is not None and column is not None:
            value = row.get(column)
        return Fault(
            file=self.file(table),
            why=why,
            mend=mend,
            row=None if row is None else int(row[ROW]),
            column=column,
            value=None if value is None or value == () else shown(value),
            rule=rule,
            level=level,
        )

    def manifest_fault(
        self,
        key: str,
        why: str,
        mend: str,
        *,
        rule: str,
        value: object = None,
        level: Literal["error", "warning"] = "error",
    ) -> Fault:
        """Return a fault of the manifest, at a dotted key."""
        text = None if value is None else shown(value)
        return Fault(MANIFEST, why, mend, column=key, value=text, rule=rule, level=level)
