"""What `doctor` found, in the terminal."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from clusterplan.report.terminal.console import out


def show_health(health: dict[str, Any]) -> None:
    """Show what `doctor` found."""
    table = Table("what", "version")
    for part in ("versions", "solvers"):
        for name, version in health[part].items():
            table.add_row(escape(name), escape(str(version)))
        table.add_section()
    out.print(table)
    out.print(
        "A small plan was found and checked." if health["works"] else f"It does not work: {health['why']}"
    )
