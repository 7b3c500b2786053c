"""Changes said by id, and a region's tables and manifest while they are being changed.

A change is a line such as ``firm.cells.output_per_y *= 1.2``: table, id, column, one of ``=``, ``*=``,
``/=``, ``+=``, ``-=``, and a value. ``*`` in an id stands for anything: ``*`` alone means every row, and
``market.port/*.buys_at`` all that the port buys (not with ``gone``). Keys of the manifest stand alone
(``discount_rate = 0.06``, ``budget.city.amount_m *= 0.5``). ``firm.cells = gone`` takes a firm away, though
it be there already; so with a park, and with what a gateway buys and sells.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.region.columns import Table
from clusterplan.region.files import MANIFEST_FILE
from clusterplan.region.manifest import Manifest
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME

EVERY, GONE = "*", "gone"
ONE_OF = {
    "park": "parks",
    "firm": "firms",
    "product": "products",
    "recipe": "recipes",
    "link": "links",
    "gateway": "gateways",
    "market": "markets",
    "instrument": "incentives",
    "group": "groups",
    "requirement": "requirements",
    "separation": "separations",
    "loop": "loops",
    "level": "levels",
    "work": "works",
    "way": "ways",
}
"""Names of one row, for the names of tables."""
FIXED = {"provenance", "nodes", "edges", "roads", "boundary", "receptors", "detours", "scenarios"}
"""Tables that are not changed cell by cell."""
DOES: dict[str, Callable[[float, float], float]] = {
    "*=": operator.mul,
    "/=": operator.truediv,
    "+=": operator.add,
    "-=": operator.sub,
}
_LINE = re.compile(r"^\s*(?P<path>\S.*?)\s*(?P<does>[*/+-]?=)\s*(?P<value>.*?)\s*$", re.DOTALL)


class Change(NamedTuple):
    """One change: where, what is done there (``=``, ``*=``, ``/=``, ``+=``, ``-=``), and with which value."""

    path: str
    does: str
    value: Any

    def __str__(self) -> str:
        return f"{self.path} {self.does} {self.value}"


Changes = str | Change | Iterable[str | Change] | Mapping[str, Any]
"""A line, several, or a mapping from path to new value."""


def changes_of(changes: Changes) -> tuple[Change, ...]:
    """Return changes as they were meant.

    Parameters
    ----------
    changes
        Lines, `Change` tuples, or a mapping from path to new value.

    Raises
    ------
    UsageError
        If a line is no change.
    """
    if isinstance(changes, Mapping):
        return tuple(Change(str(path).strip(), "=", value) for path, value in changes.items())
    if isinstance(changes, str | Change):
        changes = [changes]
    return tuple(change if isinstance(change, Change) else _parsed(change) for change in changes)


def _parsed(line: str) -> Change:
    found = _LINE.match(line) if isinstance(line, str) else None
    if found is None:
        raise UsageError(
            f"{line!r} is no change. Write what, how and with which value, as in 'firm.cells.output_per_y *= "
            "1.2', 'budget.city.amount_m -= 10' or 'firm.cells.status = excluded'."
        )
    return Change(found["path"], found["does"], found["value"])


@dataclass
class Edit:
    """Tables and manifest while they are being changed.

    Parameters
    ----------
    given
        Tables as they were, by name; a key of one column is the index.
    manifest
        The manifest as plain values; it is changed in place.
    tables
        The tables that were changed.
    notes
        By table, id and column of a cell that was changed: the change.
    seen
        What stood in each cell or key that was changed, in the order of the changes.
    """

    given: Mapping[str, pd.DataFrame]
    manifest: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    notes: dict[tuple[str, str, str], str] = field(default_factory=dict)
    seen: list[Any] = field(default_factory=list)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as it is now."""
        return self.tables[name] if name in self.tables else self.given.get(name, pd.DataFrame())

    def make(self, item: Change) -> None:
        """Make one change.

        Raises
        ------
        UsageError
            If its path names nothing, or a value is no number where a number is changed.
        """
        first, _, rest = item.path.partition(".")
        name = ONE_OF.get(first, first)
        if name in BY_NAME and name not in FIXED:
            self._cells(item, BY_NAME[name], rest)
        else:
            self._key(item)

    def _cells(self, item: Change, table: Table, rest: str) -> None:
        if item.does == "=" and item.value == GONE:
            self._gone(item, table, rest)
            return
        one, _, column = rest.rpartition(".")
        if not one or not column:
            raise UsageError(f"{item.path!r}: write table, id and column, as in firm.cells.output_per_y.")
        frame = self.frame(table.name)
        if not len(frame):
            raise UsageError(f"{item.path!r}: the region has no {table.name}.")
        if column not in frame.columns or column in table.key:
            known = [name for name in frame.columns if name not in table.key]
            raise UsageError(
                f"{item.path!r}: {table.name} have no column {column!r}.{suggest(column, known)}"
            )
        ids = ids_of(frame, table)
        rows = _named(one, ids)
        if not len(rows):
            raise UsageError(f"{item.path!r}: there is no {one!r} among the {table.name}.{suggest(one, ids)}")
        frame = frame.copy()
        cells = list(frame[column])
        for row in rows.tolist():
            if EVERY in one and item.does in DOES and _is_empty(cells[row]):
                continue
            self.seen.append(cells[row])
            cells[row] = _changed(cells[row], item)
            self.notes[table.name, ids[row], column] = str(item)
        frame[column] = pd.Series(cells, index=frame.index, dtype=object)
        self.tables[table.name] = frame

    def _gone(self, item: Change, table: Table, one: str) -> None:
        """Take a firm, a park or the markets of a gateway away."""
        if table.name not in {"firms", "parks", "gateways"}:
            raise UsageError(f"'{item}': only a firm, a park or a gateway can be gone.")
        frame = self.frame(table.name)
        if one not in frame.index:
            raise UsageError(
                f"{item.path!r}: there is no {one!r} among the {table.name}.{suggest(one, frame.index)}"
            )
        if table.name == "gateways":
            markets = self.frame("markets")
            self.tables["markets"] = markets[markets["gateway"] != one]
            return
        empty = {"status": "excluded", "lock": None, "park": None}
        cells = {column: value for column, value in empty.items() if column in frame.columns}
        frame = frame.copy()
        for column, value in cells.items():
            frame[column] = frame[column].astype(object).where(frame.index != one, value)
        self.tables[table.name] = frame

    def _key(self, item: Change) -> None:
        """Change a key of the manifest; ``manifest.`` may go before it.

        ``budget`` and ``phase`` stand for the plural, and a phase is named by its id.
        """
        path = item.path.removeprefix("manifest.")
        parts = path.split(".")
        parts[0] = {"budget": "budgets", "phase": "phases"}.get(parts[0], parts[0])
        at: Any = self.manifest
        for depth, part in enumerate(parts[:-1]):
            if isinstance(at, list | tuple):
                parts[depth] = _place(at, part, item)
                at = at[int(parts[depth])]
                continue
            if not isinstance(at, dict) or (depth and part not in at):
                known = list(at) if isinstance(at, dict) else []
                raise UsageError(f"{item.path!r}: there is no {part!r}.{suggest(part, known)}")
            if part not in at:
                if part not in Manifest.model_fields:
                    known = [*ONE_OF, *Manifest.model_fields, "budget"]
                    raise UsageError(f"{item.path!r}: there is no {part!r}.{suggest(part, known)}")
                at[part] = {}
            at = at[part]
        last = parts[-1]
        if not isinstance(at, dict) or (len(parts) == 1 and last not in Manifest.model_fields):
            known = [*Manifest.model_fields, *ONE_OF]
            raise UsageError(f"{item.path!r}: there is no {last!r}.{suggest(last, known)}")
        old = at.get(last)
        self.seen.append(old)
        if isinstance(old, list | tuple):
            at[last] = (
                tuple(_changed(part, item) for part in old) if item.does in DOES else _plain(item.value)
            )
        else:
            at[last] = _changed(old, item._replace(value=_plain(item.value)))
        if not isinstance(at[last], bool | str | None):  # words have no provenance
            rows = isinstance(at[last], list | tuple) and any(isinstance(part, Mapping) for part in at[last])
            self.notes[MANIFEST_FILE, EVERY, ".".join(parts) + (".*" if rows else "")] = str(item)


def ids_of(frame: pd.DataFrame, table: Table) -> list[str]:
    """Return what rows of a table are called in a change: keys of several columns are joined by ``/``."""
    if len(table.key) == 1:
        return [str(one) for one in frame.index]
    keys = frame[list(table.key)].itertuples(index=False)
    return ["/".join("" if _is_empty(part) else str(part) for part in key) for key in keys]


def _named(one: str, ids: Sequence[str]) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return which rows an id means: the one of that name, or all that it fits with anything for ``*``."""
    if one in ids or EVERY not in one:
        return np.flatnonzero(np.array(ids) == one)
    fits = re.compile(".*".join(re.escape(part) for part in one.split(EVERY)))
    return np.flatnonzero([fits.fullmatch(row) is not None for row in ids])


def _place(rows: Sequence[Any], part: str, item: Change) -> str:
    """Return where the row of that id, or number, stands in a list of the manifest."""
    ids = [str(row.get("id", place)) if isinstance(row, Mapping) else "" for place, row in enumerate(rows)]
    if part in ids:
        return str(ids.index(part))
    if not (part.isdecimal() and int(part) < len(rows)):
        raise UsageError(f"{item.path!r}: there is no {part!r}.{suggest(part, ids)}")
    return part


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and np.isnan(cell))


def _plain(value: Any) -> Any:
    """Return what a text of a manifest means: a number, true or false, or the text."""
    if not isinstance(value, str):
        return value
    if value in {"true", "false"}:
        return value == "true"
    try:
        return int(value) if value.lstrip("-").isdecimal() else float(value)
    except ValueError:
        return value


def _changed(old: Any, item: Change) -> Any:
    """Return a cell after a change."""
    if item.does == "=":
        return None if item.value == "" else item.value
    try:
        by = float(item.value)
    except (TypeError, ValueError):
        raise UsageError(f"'{item}': {item.value!r} is no number.") from None
    if _is_empty(old) or isinstance(old, bool | str | tuple):
        was = "empty" if _is_empty(old) else f"{old!r}, no number"
        raise UsageError(f"'{item}': what stands there is {was}. Set it with `=`.")
    if item.does == "/=" and by == 0:
        raise UsageError(f"'{item}': nothing can be divided by 0.")
    return DOES[item.does](float(old), by)
