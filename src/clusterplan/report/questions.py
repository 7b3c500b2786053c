"""What a planner sees in the terminal of why, what else, what one aim costs another, and what if."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.report.names import names_of
from clusterplan.report.numbers import between, counted, share_of, significant
from clusterplan.report.records import records
from clusterplan.report.terminal import out

if TYPE_CHECKING:
    from clusterplan.explore import Alternatives, Explanation, Priorities, Scenarios, Tradeoff, WhatIf
    from clusterplan.plan import Plan

NOTHING = 1e-6
"""Amounts below this, m a year, are rounding."""
ENDED = {
    "n": "As many as were asked for.",
    "slack": "No others are within the slack.",
    "time": "A solve ended at its limit without another; there may be more.",
}


def show_explanation(plan: Plan, found: Explanation) -> None:
    """Show what each choice about a firm or park of a plan would be worth."""
    firms, parks = names_of(plan.region.firms), names_of(plan.region.parks)
    is_park = found.chosen in ("open", "shut")
    name = (parks if is_park else firms)[found.about]
    about = escape(name if name == found.about else f"{name} ({found.about})")
    chosen = found.chosen if is_park else parks.get(found.chosen, found.chosen)
    choices = found.choices.reset_index()
    choices["because"] = [str(why).replace("_", " ") for why in choices["because"].fillna("")]
    losses = zip(*(choices[f"{end}loss_m_y"] for end in ("", "least_", "most_")), strict=True)
    choices["loss"] = [between(*three) for three in losses]
    if not is_park:
        choices["choice"] = [parks.get(choice, choice) for choice in choices["choice"]]
    columns = [
        ("choice", "choice"),
        ("status", "status"),
        ("loss", "worth less by, m a year"),
        ("surplus_m_y", "its surplus, m a year"),
        ("grants_m_y", "its grants, m a year"),
        ("moved", "others elsewhere"),
        ("because", "what changes most, m a year"),
    ]
    out.print(table_of(choices, columns, f"{about}: {escape(chosen)} is the plan's choice"))
    _show_binding(found)
    out.print(
        "Each other choice is forced and the region solved again with all else free. no plan: the rules "
        "leave none with it, such as a firm that would not come there. not admissible: it may not be there. "
        "Where a loss is told from … to, its solve or the plan's was not proven."
    )


def explanation_json(found: Explanation) -> dict[str, Any]:
    """Return why something was chosen as JSON takes it."""
    return {
        "about": found.about,
        "chosen": found.chosen,
        "choices": records(found.choices),
        "binding": records(found.binding),
        "conflicts": {choice: records(rules) for choice, rules in found.conflicts.items()},
    }


def _show_binding(found: Explanation) -> None:
    """Show which limits bind at the plan's choice."""
    if found.binding.empty:
        out.print("No limit of the firm, its park or its budgets binds.")
        return
    binding = found.binding.assign(rule=found.binding["rule"].str.replace("[._]", " ", regex=True))
    columns = [("rule", "limit that binds"), ("id", "of"), ("amount", "used"), ("limit", "there is")]
    out.print(table_of(binding, columns, "What binds at the plan's choice"))


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
    out.print(table_of(found.frame.reset_index(), columns, "Plans that are nearly as good (0: the plan)"))
    out.print(ENDED[found.ended])
    region, firms = found.plans[0].region, found.firms.reset_index()
    firms["firm"] = firms["firm"].map(names_of(region.firms))
    firms["where"] = [_where(where, names_of(region.parks)) for where in firms["where"]]
    comes = [("firm", "candidate"), ("how", "comes in"), ("where", "where (plans)")]
    out.print(table_of(firms, comes, f"In {counted(len(found.plans), 'plan')}"))


def alternatives_json(found: Alternatives) -> dict[str, Any]:
    """Return other plans as JSON takes them."""
    tables = {name: records(getattr(found, name)) for name in ("frame", "firms", "parks")}
    return {"ended": found.ended, "plans": tables.pop("frame"), **tables}


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
    out.print(table_of(found.front, columns, "None of these is better than another in every aim"))
    if found.is_whole:
        out.print("There are no other points: that is proven.")
    out.print(
        "Value and terms: m a year, signed so that more is better; the term grants counts what they cost the "
        "region. knee: the one that gives most of all aims, each measured between its least and its most."
    )


def tradeoff_json(found: Tradeoff) -> dict[str, Any]:
    """Return what one aim costs another as JSON takes it."""
    return {
        "aims": found.aims,
        "front": records(found.front),
        "dropped": found.dropped,
        "is_whole": found.is_whole,
    }


def show_priorities(found: Priorities) -> None:
    """Show what a plan reaches as one aim after another is served."""
    aims = [(aim, aim) for aim in found.frame.index]
    columns = [
        ("aim", "once served"),
        *aims,
        ("elsewhere", "firms moved"),
        ("status", "status"),
    ]
    out.print(table_of(found.frame.reset_index(), columns, "One aim after another, m a year"))
    parks = names_of(found.plan.region.parks)
    firms = found.plan.firms[found.plan.firms["park"].notna() & (found.plan.firms["status"] != "existing")]
    told = pd.DataFrame({"firm": firms["name"], "park": [parks[park] for park in firms["park"]]})
    out.print(table_of(told, [("firm", "who comes"), ("park", "where")], "The plan that serves all"))


def priorities_json(aims: Sequence[str], found: Priorities) -> dict[str, Any]:
    """Return what a plan for one aim after the other gives as JSON takes it."""
    return {"aims": aims, "steps": records(found.frame), "parks": found.plan.firms["park"].to_dict()}


def show_whatif(found: WhatIf) -> None:
    """Show what a change does to a plan."""
    out.print("; ".join(escape(str(change)) for change in found.changes))
    if found.after is None:
        out.print(f"[bold]There is no plan then.[/bold] {escape(found.fault or '')}")
        return
    before, after = found.before.value, found.after.value
    change = between(found.change_m_y, found.least_m_y, found.most_m_y)
    out.print(f"Value {significant(before)} → {significant(after)} m a year; changed by {change}.")
    if abs(found.yardstick_m_y) > NOTHING:
        out.print(
            f"Of the value after, {significant(found.yardstick_m_y)} m a year is no gain and no loss: the "
            "best park of some firms is another now, against which `fit` measures them. That is left "
            "out of the change."
        )
    if not math.isnan(found.kept_value):
        out.print(f"With every firm where it was: {significant(found.kept_value)} m a year.")
    else:
        out.print("The old layout can't hold any more.")
    columns = [("firm", "firm"), ("before", "from"), ("after", "to"), ("why", "why")]
    if len(found.moved):
        region, moved = found.before.region, found.moved.reset_index()
        moved["firm"] = moved["firm"].map(names_of(region.firms))
        parks = names_of(region.parks)
        for side in ("before", "after"):
            moved[side] = [None if pd.isna(park) else parks[park] for park in moved[side]]
        out.print(table_of(moved, columns, "Who comes, goes or moves"))
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
        ("idle", "firms idle"),
        ("local_rate", "local inputs of anchors"),
    ]
    futures = found.futures.reset_index()
    futures["local_rate"] = [share_cell(share) for share in futures["local_rate"]]
    out.print(table_of(futures, columns, "Places and grants held, supply chosen anew"))
    scores = [
        ("candidate", "plan made for"),
        ("expected", "expected"),
        ("worst", "worst"),
        ("cvar", "mean of the worst"),
        ("score", "score"),
        ("largest_regret_m_y", "largest regret"),
    ]
    out.print(table_of(found.candidates.reset_index(), scores, "Each candidate over all futures"))
    out.print(
        f"Choosing for all futures is worth {significant(found.value_of_choosing)} m a year; knowing the "
        f"future would be worth {significant(found.value_of_knowing)} at most, as these candidates show."
    )


def scenarios_json(found: Scenarios) -> dict[str, Any]:
    """Return how plans fare in several futures as JSON takes it."""
    tables = {name: records(getattr(found, name)) for name in ("futures", "values", "candidates")}
    return {
        "best": found.best,
        "value_of_choosing": found.value_of_choosing,
        "value_of_knowing": found.value_of_knowing,
        **tables,
    }


def table_of(frame: pd.DataFrame, columns: Sequence[tuple[str, str]], title: str) -> Table:
    """Return a table of some columns of a frame, with a head for each; numbers stand to the right."""
    table = Table(title=title, title_justify="left")
    for name, head in columns:
        numbers = pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool
        table.add_column(head, justify="right" if numbers else "left", overflow="fold")
    for row in frame[[name for name, _ in columns]].itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def share_cell(share: float) -> str | None:
    """Return a share as a cell shows it."""
    return None if pd.isna(share) else share_of(share, 1)


def _where(where: str, parks: dict[str, str]) -> str:
    """Return parks with the number of plans, such as ``south (3)``, with the parks' names."""
    told = (part.rpartition(" (") for part in where.split(", ") if part)
    return ", ".join(f"{parks[park]} ({count}" for park, _, count in told)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if pd.isna(value):
        return "–"
    return significant(value) if isinstance(value, float) else escape(str(value))


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def whatif_json(found: WhatIf) -> dict[str, Any]:
    """Return what a change does to a plan as JSON takes it."""
    return {
        "changes": [str(change) for change in found.changes],
        "status": "no_plan" if found.after is None else found.after.status,
        "fault": found.fault,
        "value_before": found.before.value,
        "value_after": None if found.after is None else found.after.value,
        "change_m_y": _known(found.change_m_y),
        "least_m_y": _known(found.least_m_y),
        "most_m_y": _known(found.most_m_y),
        "yardstick_m_y": _known(found.yardstick_m_y),
        "kept_value": _known(found.kept_value),
        "moved": records(found.moved),
        "differences": records(found.differences),
    }
