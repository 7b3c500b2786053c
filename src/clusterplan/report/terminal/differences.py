"""What is different between plans, in the terminal."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.report.terminal.console import out


def show_differences(differences: pd.DataFrame) -> None:
    """Show what is different between plans, a column each."""
    if differences.empty:
        out.print("The plans are the same.")
        return
    *told, last = differences.columns
    table = Table(*told[:2], *(escape(name) for name in told[2:]), last)
    for row in differences.to_dict("records"):
        apart = (
            "" if pd.isna(row[last]) else f"{row[last]:+,.4g}" if last == "change" else f"{row[last]:,.4g}"
        )
        cells = (_fact(row[name]) for name in told)
        table.add_row(*(escape(cell) for cell in (*cells, apart)))
    out.print(table)


def _fact(value: Any) -> str:
    """Return a fact of a plan in words."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "none"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
