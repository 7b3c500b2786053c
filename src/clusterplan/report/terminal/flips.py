"""How far outside options may move, in the terminal."""

from __future__ import annotations

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.plan import Plan
from clusterplan.region import rows
from clusterplan.report.names import name_of
from clusterplan.report.numbers import share_of, written
from clusterplan.report.terminal.console import out

BEARS = "How much more each could earn elsewhere before this layout could not hold"
MOST_SHARE = 10.0
"""Changes larger than so many times the outside option are not told as a share of it."""


def show_flips(plan: Plan, found: pd.DataFrame) -> None:
    """Show how far outside options may move: of firms that come, then of those that stay away."""
    comes = found["status"] == "comes"
    out.print(flips_table(found[comes], BEARS))
    if not comes.all():
        out.print(flips_table(found[~comes], "Candidates that are not in the plan"))
        out.print(
            "could come: it can be paid enough, but the plan is worth more without it. stays away: only if "
            "it earned so much less elsewhere. other size: the same enterprise comes in another size. "
            "no room: no place is left for it. locked out: it may not come. A park may be opened for it."
        )
    out.print(
        "Each with all other firms where they are; supply, utilisation and grants chosen anew in its favour. "
        "Another layout may keep a firm that this one loses. "
        f"m: millions of {plan.region.manifest.currency}."
    )


def flips_table(found: pd.DataFrame, title: str) -> Table:
    """Return a table of how far outside options may move, a row each."""
    table = Table(title=title, title_justify="left")
    table.add_column("firm", overflow="fold")
    table.add_column("")
    for head in ("earns elsewhere, m a year", "up to, m a year more", "that is"):
        table.add_column(head, justify="right")
    for row in rows(found):
        share = row.most_m_y / abs(row.outside_m_y) if row.outside_m_y else float("nan")
        if abs(share) > MOST_SHARE:
            share = float("nan")
        table.add_row(
            escape(name_of(row)),
            f"{row.status}{'' if row.is_assumed else ' (outside option not assumed)'}",
            written(row.outside_m_y),
            "" if pd.isna(row.most_m_y) else f"{row.most_m_y + 0.0:+,.2f}",
            "" if pd.isna(share) else share_of(share, signed=True),
        )
    return table
