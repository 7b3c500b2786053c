"""Innovation loops in the terminal."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from clusterplan.explore import LoopsFound
from clusterplan.plan import Plan
from clusterplan.region import rows
from clusterplan.report.numbers import counted, decimals, written
from clusterplan.report.records import records

MOST_PIECES = 12
"""Missing pieces shown; all of them are in the JSON."""


def show_loops(plan: Plan, found: LoopsFound) -> None:
    """Show closed and open loops, and the pieces that would close most of the open ones."""
    out = Console(highlight=False)
    if plan.region.loops.empty:
        out.print("The region has no innovation loops: they stand in loops.csv.")
        return
    out.print(loops_of(plan, found.producers))
    if found.pieces.empty:
        closed = found.producers["closed"].all()
        out.print(
            "No loop lacks anything." if closed else "No single firm or platform would bring one nearer."
        )
    else:
        out.print(_pieces(plan, found.pieces.head(MOST_PIECES)))
        if len(found.pieces) > MOST_PIECES:
            out.print(f"{len(found.pieces) - MOST_PIECES} more pieces would do less; to see them: --json")
    out.print(
        "A piece is one firm or platform more, all others held. Whether a candidate would come is not looked "
        f"at: lock it in and solve again. m: millions of {plan.region.manifest.currency}."
    )


def loops_json(found: LoopsFound) -> dict[str, Any]:
    """Return which loops are closed as JSON takes it."""
    return {"producers": records(found.producers), "pieces": records(found.pieces)}


def loops_of(plan: Plan, producers: pd.DataFrame) -> Table:
    """Return the table of loops by producer."""
    closed = int(producers["closed"].sum())
    title = f"Innovation loops: {closed} of {counted(len(producers), 'loop')} closed"
    table = Table(title=title, title_justify="left")
    for head in ("loop", "producer", "park"):
        table.add_column(head, overflow="fold")
    table.add_column("m a year", justify="right")
    table.add_column("lacks", overflow="fold")
    named, firms, parks = plan.region.loops["name"], plan.firms["name"], plan.parks["name"]
    stages, places = plan.region.manifest.stages, decimals(producers["value_m_y"])
    for row in rows(producers):
        lacks = ", ".join(stages[stage] or stage for stage in row.missing.split(";") if stage)
        words = (named[row.loop] or row.loop, firms[row.firm] or row.firm, parks[row.park] or row.park)
        table.add_row(
            *map(escape, words), written(row.value_m_y, places) if row.closed else "", escape(lacks)
        )
    return table


def _pieces(plan: Plan, pieces: pd.DataFrame) -> Table:
    table = Table(title="What would close most of the others", title_justify="left")
    for head in ("missing", "which", "park"):
        table.add_column(head, overflow="fold")
    for head in ("closes", "helps", "worth, m a year", "public cost, m a year"):
        table.add_column(head, justify="right")
    stages, firms, parks = plan.region.manifest.stages, plan.firms["name"], plan.parks["name"]
    for row in rows(pieces):
        where = escape(parks[row.park] or row.park)
        where += "" if row.open else " (not open)"
        where += "" if row.fits else " (no room)"
        table.add_row(
            escape(stages[row.stage] or row.stage),
            "a new platform" if pd.isna(row.firm) else escape(firms[row.firm] or row.firm),
            where,
            str(row.closes),
            str(row.helps),
            written(row.worth_m_y),
            "" if pd.isna(row.public_cost_m_y) else written(row.public_cost_m_y),
        )
    return table
