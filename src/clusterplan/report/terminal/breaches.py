"""What the check of a plan found, in the terminal."""

from __future__ import annotations

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.report.terminal.console import out


def show_breaches(breaches: pd.DataFrame) -> None:
    """Show what a check found."""
    if breaches.empty:
        out.print("Every rule and every number holds.")
        return
    table = Table(
        *(str(column) for column in breaches.columns), title="What does not hold", title_justify="left"
    )
    for row in breaches.itertuples(index=False):
        table.add_row(*(escape(f"{c:,.6g}" if isinstance(c, float) else str(c)) for c in row))
    out.print(table)
