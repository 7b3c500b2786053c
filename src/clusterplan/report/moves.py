"""Who would rather be elsewhere, in the terminal."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from clusterplan.explore import Stability
from clusterplan.instance.elsewhere import PARTS
from clusterplan.plan import Plan
from clusterplan.region import rows
from clusterplan.report.names import names_of
from clusterplan.report.numbers import counted
from clusterplan.report.records import records
from clusterplan.report.terminal import out

SHOWN = 20
"""Rows shown of a table."""


def show_stability(plan: Plan, found: Stability) -> None:
    """Show the firms of a plan that would gain by moving, alone and in pairs."""
    currency = plan.region.manifest.currency
    deciding = counted(len(found.firms), "firm")
    if found.is_stable:
        out.print(
            f"The plan is stable: none of {deciding} that decide about their place would gain by moving "
            "alone."
        )
    else:
        movers = counted(found.moves["firm"].nunique(), "firm")
        out.print(f"{movers} of {len(found.firms)} that decide about their place would gain by moving alone.")
        out.print(_moves(plan, found))
    if len(found.pairs):
        out.print(_pairs(plan, found))
    else:
        out.print("No two firms would gain by moving together where one would not alone.")
    cost = (
        f"a move costs {found.relocation_m_y:,.4g} a year" if found.relocation_m_y else "a move costs nothing"
    )
    out.print(
        f"m {currency} a year; {cost}. Held: the others' places, quantities with each partner, "
        "and grants, cut to what the other park allows."
    )


def json_of(found: Stability) -> dict[str, Any]:
    """Return what the command prints with ``--json``: whether the plan is stable, and each table as rows."""
    tables = {"moves": found.moves, "firms": found.firms.reset_index(), "pairs": found.pairs}
    return {
        "is_stable": found.is_stable,
        "greatest_gain_m_y": found.greatest_gain_m_y,
        "relocation_m_y": found.relocation_m_y,
        **{name: records(table) for name, table in tables.items()},
    }


def _moves(plan: Plan, found: Stability) -> Table:
    parks = names_of(plan.region.parks)
    parts = [part for part in PARTS if (found.moves[f"{part}_m_y"].abs() > 1e-9).any()]
    table = Table(title="Would rather move alone", title_justify="left")
    for head in ("firm", "from", "to"):
        table.add_column(head, overflow="fold")
    for head in ("gain", *(part.replace("_", " ") for part in parts)):
        table.add_column(head, justify="right")
    for row in found.moves.head(SHOWN).to_dict("records"):
        amounts = [row["gain_m_y"], *(row[f"{part}_m_y"] for part in parts)]
        table.add_row(
            *(escape(name) for name in (str(row["name"]), parks[row["from"]], parks[row["to"]])),
            *(f"{amount:+,.3f}" for amount in amounts),
        )
    if len(found.moves) > SHOWN:
        table.caption = f"and {len(found.moves) - SHOWN} more (--json has all)"
    return table


def _pairs(plan: Plan, found: Stability) -> Table:
    firms, parks = names_of(plan.region.firms), names_of(plan.region.parks)
    table = Table(title="Would rather move together", title_justify="left")
    for head in ("first", "from", "to"):
        table.add_column(head, overflow="fold")
    table.add_column("gain", justify="right")
    for head in ("second", "from", "to"):
        table.add_column(head, overflow="fold")
    table.add_column("gain", justify="right")
    for row in rows(found.pairs.head(SHOWN)):
        one = (firms[row.first], parks[row.first_from], parks[row.first_to], f"{row.first_gain_m_y:+,.3f}")
        other = (
            firms[row.second],
            parks[row.second_from],
            parks[row.second_to],
            f"{row.second_gain_m_y:+,.3f}",
        )
        cells = (*one, *other)
        table.add_row(*(escape(str(cell)) for cell in cells))
    if len(found.pairs) > SHOWN:
        table.caption = f"and {len(found.pairs) - SHOWN} more (--json has all)"
    return table
