"""A table in YAML: a key for each row, and under it the row's columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clusterplan.errors import Fault
from clusterplan.region.cells import is_empty
from clusterplan.region.columns import Table
from clusterplan.region.raw import Raw
from clusterplan.region.suggest import suggest
from clusterplan.region.text import decode
from clusterplan.region.yamltext import dump, load


def read_yaml_table(data: bytes, file: str, table: Table) -> tuple[Raw, tuple[Fault, ...]]:
    """Return the cells of a table in YAML; its rows are the lines of its keys.

    Parameters
    ----------
    data
        The file.
    file
        Its name, for messages.
    table
        The declaration; its key is one column.

    Raises
    ------
    InputError
        If it is no YAML.
    """
    text, decoded = decode(data, file)
    document = load(text, file)
    faults = [*decoded, *document.faults]
    value = {} if document.value is None else document.value
    if not isinstance(value, Mapping):
        why, mend = "It holds no keys.", f"Write the id of each of the {table.name}, and under it its keys."
        return _raw(file, table, [], []), (*faults, Fault(file, why, mend, 1, rule="broken_yaml"))
    rows, entries = [], []
    for key, entry in value.items():
        line = document.line((key,)) or 1
        if entry is not None and not isinstance(entry, Mapping):
            why, mend = "It holds no keys.", f"Write under it some of: {', '.join(table.names[1:])}."
            faults.append(Fault(file, why, mend, line, key, rule="broken_yaml"))
            continue
        lines = {name: document.line((key, name)) or line for name in entry or {}}
        faults.extend(_strangers(file, table, key, lines))
        rows.append(line)
        entries.append({**(entry or {}), table.key[0]: key})
    return _raw(file, table, rows, entries), tuple(faults)


def write_yaml_table(rows: list[dict[str, Any]], table: Table) -> str:
    """Return a table as YAML; empty cells are left out."""
    key = table.key[0]
    return dump({row[key]: {name: _cell(row[name]) for name in _filled(row, table)} for row in rows})


def _raw(file: str, table: Table, rows: list[int], entries: list[dict[str, Any]]) -> Raw:
    cells = {name: [entry.get(name) for entry in entries] for name in table.names}
    return Raw(file, cells, rows)


def _strangers(file: str, table: Table, key: str, lines: Mapping[str, int]) -> Iterator[Fault]:
    known = table.names[1:]
    for name, line in lines.items():
        if name not in known:
            why = f"There is no such key.{suggest(name, known)}"
            mend = f"Rename or delete it; known here: {', '.join(known)}."
            yield Fault(file, why, mend, line, f"{key}.{name}", name, "unknown_key")


def _filled(row: Mapping[str, Any], table: Table) -> list[str]:
    return [column for column in table.names if column not in table.key and not is_empty(row[column])]


def _cell(cell: Any) -> Any:
    if isinstance(cell, tuple):
        pairs = all(isinstance(part, tuple) for part in cell)
        return {name: _cell(amount) for name, amount in cell} if pairs else list(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell
