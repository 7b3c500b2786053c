"""What a planner sees in the terminal of what picks, limits and assumptions are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from clusterplan.report.names import names_of
from clusterplan.report.numbers import between, counted, significant
from clusterplan.report.questions import table_of
from clusterplan.report.records import records
from clusterplan.report.terminal import out

if TYPE_CHECKING:
    from clusterplan.explore import Margins, Picks, Tornado
    from clusterplan.plan import Plan

LEFT_OUT = {
    "moves less": "that move less",
    "moves nothing": "that move nothing",
    "no region": "that can't be moved so far",
    "not looked at": "that time was too short to look at",
}
"""Inputs that were not chosen, by their status."""
WORDS = {
    "comes": "{} comes",
    "goes": "{} goes",
    "moves": "{} moves",
    "opens": "{} opens",
    "shuts": "{} shuts",
}
"""What is said of those who are elsewhere."""


def show_picks(found: Picks) -> None:
    """Show what each pick of a plan is worth, and what comes in its place."""
    plan, table = found.plan, found.frame
    names = {"firm": names_of(plan.region.firms), "park": names_of(plan.region.parks)}
    told = pd.DataFrame(
        {
            "pick": [
                names.get(about, {}).get(one, name or one)
                for about, one, name in zip(table["about"], table["id"], table["name"], strict=True)
            ],
            "chosen": [names["park"].get(chosen, chosen) for chosen in table["chosen"]],
            "loss": [
                between(loss, least, most)
                for loss, least, most in zip(
                    table["loss_m_y"], table["least_loss_m_y"], table["most_loss_m_y"], strict=True
                )
            ],
            "status": table["status"],
            "then": [
                elsewhere(row, plan) or why
                for row, why in zip(table.to_dict("records"), table["because"], strict=True)
            ],
        }
    )
    columns = [
        ("pick", "without"),
        ("chosen", "now"),
        ("loss", "worth less by, m a year"),
        ("status", "status"),
        ("then", "what is different then"),
    ]
    out.print(table_of(told, columns, "What each pick is worth: it is dropped, and the region solved again"))
    out.print(
        "no plan: the rules leave none without it. What picks are worth does not add up: two that replace "
        "each other are each worth little. Where a loss is told from … to, its solve was not proven."
    )


def show_margins(found: Margins) -> None:
    """Show what a unit more and a unit less of each limit is worth."""
    plan, table = found.plan, found.frame
    rows = table.to_dict("records")
    told = pd.DataFrame(
        {
            "limit": table["limit"],
            "used": [
                f"{significant(row['used'], unknown='?')} of {significant(row['amount'])} {row['unit']}"
                for row in rows
            ],
            "step": [f"{row['step']:+.4g}" for row in rows],
            "worth": [
                between(row["per_unit_m_y"], row["least_per_unit_m_y"], row["most_per_unit_m_y"])
                or str(row["status"])
                for row in rows
            ],
            "then": [elsewhere(row, plan) or row["because"] for row in rows],
        }
    )
    columns = [
        ("limit", "limit"),
        ("used", "used"),
        ("step", "changed by"),
        ("worth", "a unit is worth, m a year"),
        ("then", "what is different then"),
    ]
    out.print(table_of(told, columns, "What a unit more brings, and a unit less costs"))
    if len(found.left_out):
        out.print(
            f"Not asked about: {counted(len(found.left_out), 'limit')} of which the plan uses little; name "
            "one with --of."
        )
    out.print(
        "Each is the change of value over the step by which the limit was changed, the region solved again: "
        "decisions are whole, so a smaller step may be worth nothing and a larger one more."
    )


def margins_json(found: Margins) -> dict[str, Any]:
    """Return what a little more or less is worth as JSON takes it."""
    return {"margins": records(found.frame), "left_out": found.left_out.to_dict()}


def show_tornado(found: Tornado) -> None:
    """Show which inputs move a plan most."""
    plan, sides = found.plan, found.sides
    rows = sides.to_dict("records")
    told = pd.DataFrame(
        {
            "input": [row["input"] if row["side"] == "low" else "" for row in rows],
            "side": sides["side"],
            "change": [
                between(row["change_m_y"], row["least_m_y"], row["most_m_y"])
                or str(row["status"]).replace("_", " ")
                for row in rows
            ],
            "then": [elsewhere(row, plan) or row["because"] for row in rows],
        }
    )
    columns = [
        ("input", "input"),
        ("side", ""),
        ("change", "value changes by, m a year"),
        ("then", "who is elsewhere then, or what changes most"),
    ]
    out.print(
        table_of(told, columns, f"Each input by itself; the plan is worth {significant(plan.value)} m a year")
    )
    if len(found.screened):
        out.print(_how_chosen(found.screened))


def _how_chosen(screened: pd.DataFrame) -> str:
    """Return in words how inputs were chosen."""
    count = screened["status"].value_counts()
    told = (
        f"Chosen of {counted(len(screened), 'input')}, each moved with the plan's places held: those that "
        "break its layout, or move its value or what a firm earns most."
    )
    left = [f"{count[status]} {words}" for status, words in LEFT_OUT.items() if count.get(status, 0)]
    return told + (f" Left out: {', '.join(left)}." if left else "")


def tornado_json(found: Tornado) -> dict[str, Any]:
    """Return which inputs move a plan most as JSON takes it."""
    tables = {"inputs": found.frame, "sides": found.sides, "screened": found.screened}
    return {"value": found.plan.value, **{name: records(table) for name, table in tables.items()}}


def show_ranges(plan: Plan, found: pd.DataFrame) -> None:
    """Show how far numbers may move before a plan changes."""
    rows = found.to_dict("records")
    told = pd.DataFrame(
        {
            "input": [f"{row['input']} = {significant(row['value'])}" for row in rows[::2]],
            "down": [_range(row, "≤") for row in rows[::2]],
            "up": [_range(row, "≥") for row in rows[1::2]],
            "then": [
                "; ".join(
                    f"{row['side']}: {elsewhere(row, plan) or row['why']}" for row in pair if row["why"]
                )
                for pair in zip(rows[::2], rows[1::2], strict=True)
            ],
        }
    )
    columns = [
        ("input", "number"),
        ("down", "may fall to"),
        ("up", "may rise to"),
        ("then", "what changes beyond"),
    ]
    out.print(table_of(told, columns, "How far each number may move before another layout is better"))
    out.print(
        "Found by halving: the layout stays as far as is told, and has changed a little beyond. ? : solves "
        "beyond were not proven. A path with * stands for several numbers, and a factor is told."
    )


def _range(row: Mapping[Any, Any], beyond: str) -> str:
    """Return how far a number may move one way."""
    far = significant(row["stays_to"])
    if row["status"] == "stays":
        return f"{beyond} {far}"
    return f"{far}?" if row["status"] == "not known" else far


def elsewhere(row: Mapping[Any, Any], plan: Plan) -> str:
    """Return in words who is elsewhere, by the names people use.

    Parameters
    ----------
    row
        Ids by `WORDS`.
    plan
        A plan that has the names.
    """
    firms, parks = names_of(plan.region.firms), names_of(plan.region.parks)
    parts = [
        words.format((parks if what in ("opens", "shuts") else firms).get(one, one))
        for what, words in WORDS.items()
        for one in row[what]
    ]
    return ", ".join(parts)
