"""What stands in the way of a plan, and what would let one exist, in the terminal."""

from __future__ import annotations

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.explore import Diagnosis
from clusterplan.region import rows
from clusterplan.report.numbers import counted, significant
from clusterplan.report.terminal import out, show_faults


def show_diagnosis(found: Diagnosis) -> None:
    """Show what stands in the way: what is certain on stderr, the conflict and the menu on stdout."""
    out.print(f"[bold]{escape(found.region.manifest.title)}[/bold]: {found.headline}")
    if found.certain:
        show_faults(found.certain)
    if len(found.conflict):
        out.print(_conflict(found.conflict))
        out.print(
            "instead: the number with which the others in the table could hold together, where there is one."
        )
    if len(found.entries):
        out.print(_menu(found))
        out.print(
            "Each line was tried: with it, and nothing else changed, a plan exists. departs: how far it is "
            "from what is there; amounts count as shares of it, what is done or not counts 1."
        )
    elif found.feasible is False:
        out.print("No change was found in time that lets a plan exist.")
    out.print(f"Found in {found.seconds:.1f} s. m: millions of {found.region.manifest.currency}.")


def _conflict(conflict: pd.DataFrame) -> Table:
    table = Table(title="What can't hold together", title_justify="left")
    table.add_column("rule")
    table.add_column("what it says", overflow="fold")
    for head in ("limit", "instead"):
        table.add_column(head, justify="right")
    table.add_column("unit")
    for row in rows(conflict):
        limit, amount = (significant(number, unknown="") for number in (row.limit, row.amount))
        table.add_row(escape(row.rule), escape(row.what), limit, amount, escape(row.unit))
    return table


def _menu(found: Diagnosis) -> Table:
    table = Table(
        title=f"What would let a plan exist ({counted(len(found.entries), 'way')})", title_justify="left"
    )
    table.add_column("change", overflow="fold")
    table.add_column("departs", justify="right")
    for entry in found.entries:
        words = "; and ".join(change.words for change in entry.changes)
        table.add_row(escape(words), f"{entry.departs:.3f}")
    return table
