"""What a planner sees in the terminal of why, what else, what one aim costs another, and what if."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.report.numbers import counted, significant
from clusterplan.report.terminal import out

if TYPE_CHECKING:
    from clusterplan.explore import Alternatives, Explanation, Scenarios, Tradeoff, WhatIf

ENDED = {
    "n": "As many as were asked for.",
    "slack": "No others are within the slack.",
    "time": "A solve ended at its limit without another; there may be more.",
}


def show_explanation(found: Explanation) -> None:
    """Show what each choice about a firm or park would be worth."""
    about = escape(found.about)
    columns = [
        ("choice", "choice"),
        ("status", "status"),
        ("loss_m_y", "worth less by, m a year"),
        ("surplus_m_y", "its surplus"),
        ("grants_m_y", "its grants"),
        ("moved", "others elsewhere"),
        ("because", "what changes most, m a year"),
    ]
    out.print(
        _table(found.choices.reset_index(), columns, f"{about}: {escape(found.chosen)} is the plan's choice")
    )
    out.print(
        "Each other choice is forced and the region solved again with all else free. no plan: the rules "
        "leave none with it, such as a firm that would not come there. not admissible: it may not be there."
    )


def show_alternatives(found: Alternatives) -> None:
    """Show plans that are nearly as good, and what they have in common."""
    columns = [
        ("plan", "plan"),
        ("value", "value, m a year"),
        ("loss_m_y", "less by"),
        ("distance", "choices that differ"),
        ("firms", "firms"),
        ("parks", "open parks"),
        ("status", "status"),
    ]
    out.print(_table(found.frame.reset_index(), columns, "Plans that are nearly as good (0: the plan)"))
    out.print(ENDED[found.ended])
    comes = [("firm", "candidate"), ("how", "comes in"), ("where", "where (plans)")]
    out.print(_table(found.firms.reset_index(), comes, f"In {counted(len(found.plans), 'plan')}"))


def show_tradeoff(found: Tradeoff) -> None:
    """Show a front."""
    columns = [
        *((aim, aim) for aim in found.aims),
        ("knee", "knee"),
        ("firms", "firms"),
        ("parks", "open parks"),
        ("grants_m_y", "grants, m a year"),
        ("status", "status"),
    ]
    out.print(_table(found.front, columns, "None of these is better than another in every aim"))
    out.print("knee: the one that gives most of all aims, each measured between its least and its most.")


def show_whatif(found: WhatIf) -> None:
    """Show what a change does to a plan."""
    out.print("; ".join(escape(str(change)) for change in found.changes))
    if found.after is None:
        out.print(f"[bold]There is no plan then.[/bold] {escape(found.fault or '')}")
        return
    before, after = found.before.value, found.after.value
    out.print(f"Value {significant(before)} → {significant(after)} m a year ({after - before:+.3g}).")
    if not math.isnan(found.kept_value):
        out.print(f"With every firm where it was: {significant(found.kept_value)} m a year.")
    else:
        out.print("The old layout can't hold any more.")
    columns = [("firm", "firm"), ("before", "from"), ("after", "to"), ("why", "why")]
    if len(found.moved):
        out.print(_table(found.moved.reset_index(), columns, "Who comes, goes or moves"))
    else:
        out.print("Nobody comes, goes or moves.")


def show_scenarios(found: Scenarios) -> None:
    """Show how plans fare in several futures."""
    columns = [
        ("scenario", "future"),
        ("probability", "probability"),
        ("known", "best if known, m a year"),
        ("plan", "the plan there"),
        ("regret_m_y", "regret"),
        ("short", "firms that lose"),
        ("idle", "idle"),
        ("local_rate", "local inputs of anchors"),
    ]
    out.print(_table(found.futures.reset_index(), columns, "Places and grants held, supply chosen anew"))
    scores = [
        ("candidate", "plan made for"),
        ("expected", "expected"),
        ("worst", "worst"),
        ("cvar", "mean of the worst"),
        ("score", "score"),
        ("largest_regret_m_y", "largest regret"),
    ]
    out.print(_table(found.candidates.reset_index(), scores, "Each candidate over all futures"))
    out.print(
        f"Choosing for all futures is worth {significant(found.value_of_choosing)} m a year; knowing the "
        f"future would be worth {significant(found.value_of_knowing)} at most, as these candidates show."
    )


def show_outages(found: pd.DataFrame) -> None:
    """Show what each loss does."""
    columns = [
        ("lost", "lost"),
        ("local_rate", "local inputs of anchors, after"),
        ("local_lost", "less by"),
        ("others_lose_m_y", "others lose, m a year"),
        ("hit_most", "hit most"),
        ("hit_m_y", "loses"),
        ("stops", "stop"),
    ]
    if "second_m_y" in found:
        columns.append(("second_m_y", "a second source costs"))
    out.print(_table(found.reset_index(), columns, "Without each of them, the others where they are"))


def scenarios_json(found: Scenarios) -> dict[str, Any]:
    """Return how plans fare in several futures as JSON takes it."""
    tables = {
        name: json.loads(getattr(found, name).reset_index().to_json(orient="records"))
        for name in ("futures", "values", "candidates")
    }
    return {
        "best": found.best,
        "value_of_choosing": found.value_of_choosing,
        "value_of_knowing": found.value_of_knowing,
        **tables,
    }


def _table(frame: pd.DataFrame, columns: Sequence[tuple[str, str]], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name, head in columns:
        numbers = pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool
        table.add_column(head, justify="right" if numbers else "left", overflow="fold")
    for row in frame[[name for name, _ in columns]].itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if pd.isna(value):
        return "–"
    return significant(value) if isinstance(value, float) else escape(str(value))


def whatif_json(found: WhatIf) -> dict[str, Any]:
    """Return what a change does to a plan as JSON takes it."""

    def records(frame: pd.DataFrame) -> Any:
        return json.loads(frame.to_json(orient="records"))

    return {
        "changes": [str(change) for change in found.changes],
        "status": "no_plan" if found.after is None else found.after.status,
        "fault": found.fault,
        "value_before": found.before.value,
        "value_after": None if found.after is None else found.after.value,
        "kept_value": None if math.isnan(found.kept_value) else found.kept_value,
        "moved": records(found.moved.reset_index()),
        "differences": records(found.differences),
    }
