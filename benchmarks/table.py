"""Results as a table in Markdown, aligned so that it can be read in a terminal too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, tuple[str, str]]) -> str:
    """Return rows as a Markdown table.

    Parameters
    ----------
    rows
        Values by key.
    columns
        Key of each column: its heading and the format of its cells, such as ``.2f``. Columns without a
        format stand to the left, the others to the right; what is None is left blank.
    """
    heads = [head for head, _ in columns.values()]
    cells = [[_cell(row[key], form) for key, (_, form) in columns.items()] for row in rows]
    widths = [max(3, *(len(line[i]) for line in [heads, *cells])) for i in range(len(heads))]
    right = [bool(form) for _, form in columns.values()]
    rule = [
        "-" * (width - 1) + (":" if to_right else "-") for width, to_right in zip(widths, right, strict=True)
    ]
    lines = [heads, rule, *cells]
    return "\n".join(
        "| "
        + " | ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        )
        + " |"
        for line in lines
    )


def _cell(value: Any, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, form)
