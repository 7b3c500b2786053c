"""What a planner sees in the terminal of what each loss does to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from rich.markup import escape

from clusterplan.report.names import names_of
from clusterplan.report.numbers import between, significant
from clusterplan.report.questions import NOTHING, share_cell, table_of
from clusterplan.report.terminal import out

if TYPE_CHECKING:
    from clusterplan.plan import Plan


def show_outages(plan: Plan, found: pd.DataFrame) -> None:
    """Show what each loss does to a plan."""
    table, firms = found.reset_index(), names_of(plan.region.firms)
    table["hit_most"] = [firms.get(firm, firm) for firm in table["hit_most"]]
    for share in ("local_rate", "local_lost", "second_local_rate"):
        if share in table:
            table[share] = [share_cell(amount) for amount in table[share]]
    columns = [
        ("name", "lost"),
        ("local_rate", "local inputs of anchors, after"),
        ("local_lost", "less by"),
        ("value_lost_m_y", "plan worth less by, m a year"),
        ("others_lose_m_y", "others earn less by, m a year"),
        ("hit_most", "hit most"),
        ("hit_m_y", "loses, m a year"),
        ("stops", "firms that stop"),
    ]
    if found.empty:
        out.print("The plan has nothing of that kind to lose.")
        return
    out.print(table_of(table, columns, "Without each of them, the others where they are"))
    out.print(_worst(found, firms))
    if "second_m_y" in table:
        table["second"] = [", ".join(firms.get(one, one) for one in others) for others in table["second"]]
        ends = zip(*(table[f"second_{end}"] for end in ("m_y", "least_m_y", "most_m_y")), strict=True)
        table["second_m_y"] = [between(*three) for three in ends]
        asked = table[table["second_status"].notna()]
        columns = [
            ("name", "lost"),
            ("second", "made there too by"),
            ("second_status", "status"),
            ("second_m_y", "costs, m a year"),
            ("second_local_rate", "local inputs of anchors after the loss"),
        ]
        out.print(table_of(asked, columns, "With one more firm that makes the same, planned anew"))


def _worst(found: pd.DataFrame, firms: dict[str, str]) -> str:
    """Return in words which loss hurts most."""
    worst = found.iloc[0]
    if pd.isna(worst["local_rate"]) and pd.notna(worst["value_lost_m_y"]):
        return (
            f"Without {escape(worst['name'])} no anchor makes anything, and the plan is worth "
            f"{significant(worst['value_lost_m_y'])} m a year less."
        )
    if not worst["local_lost"] > NOTHING:
        dearest = found["others_lose_m_y"].fillna(0.0)
        at = found.iloc[int(dearest.to_numpy().argmax())]
        return (
            "No loss takes any local input from an anchor. Others lose most without "
            f"{escape(at['name'])}: {significant(at['others_lose_m_y'])} m a year."
        )
    hit = worst["hit_most"]
    then = f", {escape(firms.get(hit, hit))} most" if hit else ""
    return (
        f"Without {escape(worst['name'])} the anchors lose most: {share_cell(worst['local_lost'])} of their "
        f"inputs are local no more, and others earn {significant(worst['others_lose_m_y'])} m a year "
        f"less{then}."
    )
