"""What a planner sees of who gets what in a plan: willingness, sharing, additionality."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.explore import Additionality, Shapley, Sharing, Willingness
from clusterplan.explore.money.additionality import MEASURES
from clusterplan.plan import Plan
from clusterplan.region import rows
from clusterplan.report.names import name_of
from clusterplan.report.numbers import significant, written
from clusterplan.report.records import records
from clusterplan.report.terminal import out

LONG = 8
"""Firms of a group that are named; the rest are counted."""


def show_willingness(plan: Plan, found: Willingness) -> None:
    """Show why each candidate comes, and what it would have taken at least."""
    coming = found.firms[found.firms["status"] == "candidate"]
    short = found.short.loc[coming.index]
    table = Table(title="Why they come, m a year", title_justify="left")
    table.add_column("firm", overflow="fold")
    for head in short.columns:
        table.add_column(head, justify="right")
    for firm, amounts in short.iterrows():
        name = coming.at[firm, "name"] or firm
        table.add_row(escape(str(name)), *(written(amount) for amount in amounts))
    out.print(table)
    out.print(
        "The columns sum to the surplus. place: land, energy, water, wages and charges at the park. trade: "
        "gateway prices less freight. elsewhere: what it would earn at its best place elsewhere."
    )
    paid = coming[coming["grants_m_y"] > 0]
    if paid.empty:
        out.print("No grant is paid.")
    else:
        out.print(_least(paid))
        out.print(
            "needed: the least worth of grants that keeps it, all else held; rent: what it gets beyond. "
            + (
                "needed anew: the least if supply, utilisation and the other grants were chosen in its "
                "favour, in the same places, with the least amounts that instruments pay. "
                if found.least_total_m_y is not None
                else "With supply and the other grants chosen anew: --exact. "
            )
        )
    if found.least_total_m_y is not None:
        total = written(found.least_total_m_y, unknown="not known")
        paid_now = written(float(plan.grants["amount_m_y"].sum()))
        out.print(f"Least grants that keep all where they are: {total} m a year, of {paid_now} paid.")
    _say_money(plan)


def _least(paid: pd.DataFrame) -> Table:
    table = Table(title="Grants and what is needed of them, m a year", title_justify="left")
    table.add_column("firm", overflow="fold")
    heads = {"grants_m_y": "worth of grants", "needed_m_y": "needed", "rent_m_y": "rent"}
    if "needed_anew_m_y" in paid:
        heads["needed_anew_m_y"] = "needed anew"
    for head in heads.values():
        table.add_column(head, justify="right")
    for row in paid.reset_index().to_dict("records"):
        told = (written(row[column], unknown="not known") for column in heads)
        table.add_row(escape(str(row["name"] or row["firm"])), *told)
    return table


def show_sharing(plan: Plan, found: Sharing, shares: Shapley | None) -> None:
    """Show who gets what, who pays for whom, and Shapley shares if they were asked for."""
    table = Table(title="Who gets what, m a year", title_justify="left")
    table.add_column("receiver")
    table.add_column("m a year", justify="right")
    for row in rows(found.split[found.split["amount_m_y"] != 0]):
        table.add_row(str(row.Index).replace("_", " ").replace(".", ": "), written(row.amount_m_y))
    table.add_section()
    table.add_row("all", written(found.split["amount_m_y"].sum()))
    out.print(table)
    out.print(_groups(plan, found))
    if shares is not None:
        out.print(_shapley(plan, shares))
        out.print(_held(shares))
    out.print(_core(plan, found))
    _say_money(plan)


def _groups(plan: Plan, found: Sharing) -> Table:
    """Return stages and parks, and firms that do not pay their way."""
    groups = found.groups
    shown = groups[(groups["kind"] != "firm") | (groups["verdict"] != "pays its way")]
    table = Table(title="Who pays for whom, m a year", title_justify="left")
    table.add_column("group", overflow="fold")
    for head in ("gain", "alone", "adds", "public"):
        table.add_column(head, justify="right")
    table.add_column("")
    for row in rows(shown):
        name = f"{row.kind} {_called(plan, row.kind, row.id)}"
        amounts = (row.gain_m_y, row.alone_m_y, row.adds_m_y, row.public_m_y)
        table.add_row(escape(name), *(written(amount) for amount in amounts), row.verdict)
    if len(shown) < len(groups):
        table.caption = f"{len(groups) - len(shown)} firms that pay their way are left out."
        table.caption_justify = "left"
    return table


def _called(plan: Plan, kind: str, name: str) -> str:
    if kind == "stage":
        return str(plan.region.manifest.stages[name])
    frame: Any = plan.firms if kind == "firm" else plan.parks
    return str(frame.at[name, "name"] or name)


def _core(plan: Plan, found: Sharing) -> str:
    left = found.together_m_y - found.gain_m_y
    told = (
        f"The firms gain {written(found.gain_m_y)} m a year; with places held they could earn at most "
        f"{written(found.together_m_y)} together"
        + (", for the plan's objective asks for more than their gain. " if left > 0.005 else ". ")
    )
    if found.is_in_core:
        return told + "No group of them could earn more by itself."
    if found.wants_m_y <= 0:
        return told + "No smaller group of them could earn more by itself."
    names = [_called(plan, "firm", firm) for firm in found.blocking]
    rest = f" and {len(names) - LONG} more" if len(names) > LONG else ""
    return (
        f"{told}{len(names)} of them could earn {written(found.wants_m_y)} m a year more by themselves: "
        f"{escape(', '.join(names[:LONG]))}{rest}."
    )


def _shapley(plan: Plan, shares: Shapley) -> Table:
    table = Table(title="Shapley shares, m a year", title_justify="left")
    table.add_column("firm", overflow="fold")
    heads = {"gain_m_y": "gain in the plan", "alone_m_y": "alone", "shapley_m_y": "Shapley share"}
    heads |= {"core_m_y": "a split of the least core"}
    if shares.samples is not None:
        heads["error_m_y"] = "standard error"
    for head in heads.values():
        table.add_column(head, justify="right")
    for row in shares.firms.reset_index().to_dict("records"):
        name = escape(_called(plan, "firm", row["firm"]))
        table.add_row(name, *(written(row[column]) for column in heads))
    return table


def _held(shares: Shapley) -> str:
    told = {
        "in the core": "Among these firms the plan's split would hold: no group could earn more by itself.",
        "blocked": "Among these firms another split would hold better than the plan's.",
        "core is empty": "Among these firms no split would hold: some group could always do better alone.",
        "not asked": "The other firms are there for every group.",
    }
    return f"{told[shares.verdict]} Together they earn {written(shares.together_m_y)} m a year at most."


def show_additionality(plan: Plan, found: Additionality) -> None:
    """Show what comes with the money and would not without it."""
    unit = f"m {plan.region.manifest.currency}"
    table = Table(title="With the money and without", title_justify="left")
    table.add_column("")
    for head in ("with money", "without", "additional", "per million of grants"):
        table.add_column(head, justify="right")
    for row in found.measures.reset_index().to_dict("records"):
        amounts = (row["with_money"], row["without"], row["additional"], row["per_million"])
        table.add_row(
            MEASURES[row["measure"]].replace("m currency", unit),
            *(significant(a, unknown="") for a in amounts),
        )
    out.print(table)
    for status in ("only with money", "only without"):
        named = found.firms[found.firms["status"] == status]
        if len(named):
            names = ", ".join(escape(name_of(row)) for row in rows(named))
            out.print(f"{status}: {names}.")
    if found.without is None:
        out.print("Without money no plan exists: nothing would stand.")
    out.print(
        f"Grants of {written(found.grants_pv_m)} m (present value); {written(found.deadweight_pv_m)} of it "
        "to firms that come without money too."
    )
    least, most = found.value_range_m_y
    if not pd.isna(most - least) and most - least > 0.005:
        out.print(
            f"The plans are not proven best: the money adds between {written(least)} and {written(most)} m a "
            "year to the value."
        )
    _say_money(plan)


def willingness_json(found: Willingness) -> dict[str, Any]:
    """Return willingness as plain values."""
    return {
        "firms": records(found.firms.reset_index()),
        "parts": records(found.parts),
        "grants": records(found.grants),
        "least_total_m_y": _known(found.least_total_m_y),
    }


def sharing_json(found: Sharing, shares: Shapley | None) -> dict[str, Any]:
    """Return sharing as plain values, with Shapley shares if they were asked for."""
    told: dict[str, Any] = {
        "split": records(found.split.reset_index()),
        "tiers": records(found.tiers.reset_index()),
        "groups": records(found.groups),
        "together_m_y": found.together_m_y,
        "gain_m_y": found.gain_m_y,
        "is_in_core": found.is_in_core,
        "blocking": list(found.blocking),
        "wants_m_y": found.wants_m_y,
    }
    if shares is not None:
        told["shapley"] = {
            "firms": records(shares.firms.reset_index()),
            "together_m_y": shares.together_m_y,
            "verdict": shares.verdict,
            "blocking": list(shares.blocking),
            "wants_m_y": _known(shares.wants_m_y),
            "least_core_m_y": shares.least_core_m_y,
            "is_proven": shares.is_proven,
            "samples": shares.samples,
        }
    return told


def additionality_json(found: Additionality) -> dict[str, Any]:
    """Return additionality as plain values."""
    return {
        "measures": records(found.measures.reset_index()),
        "firms": records(found.firms.reset_index()),
        "grants_pv_m": found.grants_pv_m,
        "deadweight_pv_m": found.deadweight_pv_m,
        "value_range_m_y": [_known(amount) for amount in found.value_range_m_y],
    }


def _known(amount: float | None) -> float | None:
    return None if amount is None or math.isnan(amount) else amount


def _say_money(plan: Plan) -> None:
    manifest = plan.region.manifest
    out.print(f"m: millions of {manifest.currency}, prices of {manifest.price_year}.")
