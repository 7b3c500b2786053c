"""What hangs on each technology route, in the terminal and as JSON."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from clusterplan.explore import RoutesFound
from clusterplan.plan import Plan
from clusterplan.report.numbers import written
from clusterplan.report.records import records

_ROWS = {
    "firms": "firms",
    "investment_m": "investment, m",
    "jobs": "jobs",
    "output_m_y": "output, m a year",
    "tax_m_y": "tax, m a year",
    "grants_m_y": "grants, m a year",
    "local_inputs_m_y": "local inputs, m a year",
}


def show_routes(plan: Plan, found: RoutesFound) -> None:
    """Show what hangs on each route, and how concentrated that is."""
    out = Console(highlight=False)
    named = plan.region.manifest.routes
    if not named:
        out.print("The region has no technology routes: they stand in the manifest (routes).")
        return
    table = Table(title="What hangs on each technology route: itself + upstream of it", title_justify="left")
    table.add_column("")
    for route, name in named.items():
        table.add_column(escape(name or route), justify="right", overflow="fold")
    for head in ("none", "concentration"):
        table.add_column(head, justify="right")
    for column, what in _ROWS.items():
        places = 1 if column == "firms" else 0
        hangs = found.exposure[column]
        cells = (
            " + ".join(written(hangs[route, part], places) for part in ("direct", "upstream"))
            for route in named
        )
        index = written(found.concentration[column], 2, "")
        table.add_row(what, *cells, written(hangs["", "upstream"], places), index)
    out.print(table)
    out.print(
        "Upstream: what suppliers of no route of their own sell to it, directly or through others. "
        "Concentration: the Herfindahl index, 1 where all hangs on one route. Platforms are left out. "
        f"m: millions of {plan.region.manifest.currency}."
    )


def routes_json(found: RoutesFound) -> dict[str, Any]:
    """Return what was found as plain values; unknown numbers and the route of none are null."""
    exposure = found.exposure.reset_index()
    exposure["route"] = exposure["route"].where(exposure["route"] != "", None)
    return {
        "exposure": records(exposure),
        "firms": records(found.firms),
        "concentration": json.loads(found.concentration.to_json()),
    }
