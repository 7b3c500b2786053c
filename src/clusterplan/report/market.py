"""What a planner sees in the terminal of the market and of an anchor's attraction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.region import rows
from clusterplan.report.names import names_of
from clusterplan.report.numbers import counted, share_of, significant, written
from clusterplan.report.terminal import out

if TYPE_CHECKING:
    from clusterplan.explore import Attraction, Baseline
    from clusterplan.plan import Plan

NAMES = {
    "value": "value",
    "parks_open": "open parks",
    "firms": "firms",
    "firms.candidate": "of them newly won",
    "platforms": "platforms",
    "jobs_new": "new jobs",
    "localisation_rate": "localisation",
    "collaboration_value.links": "collaboration links",
    "collaboration_value.supply": "collaboration along supply",
    "collaboration_value.loops": "innovation loops",
    "freight_cost": "freight",
    "grants": "grants, annual equivalent",
    "grants_pv": "grants, present value",
    "rents": "rent in the grants",
    "tax": "tax",
    "public_cost": "public cost",
    "years_to_pay_back": "public payback",
}
"""Measures of `clusterplan.explore.market.beside.beside`, as people say them."""

UNMET = {
    "siting.committed": "committed, and not there",
    "siting.locked_in_firm": "locked in, and not there",
    "siting.least_open": "fewer parks open than asked for",
    "requirements.at_least": "fewer than required",
    "requirements.at_most": "more than required",
    "willingness.surplus": "earns more elsewhere",
}
"""Rules that need not hold without a plan, as people say them."""


def show_baseline(found: Baseline, plan: Plan | None) -> None:
    """Show what would be there without a plan, how it came, and what a plan adds."""
    region = found.region
    out.print(f"[bold]{escape(region.manifest.title)}[/bold] without a plan:")
    out.print(_arrivals(found) if len(found.arrivals) else "Nobody comes to the market by itself.")
    out.print(_ending(found))
    if len(found.drivers):
        out.print(_drivers(found))
    if plan is None:
        from clusterplan.explore.market.beside import beside  # noqa: PLC0415  (only here)

        ends = {"today": found.today, "anchor alone": found.anchor_alone, "market": found.market}
        out.print(measures(beside(ends), "Side by side"))
    else:
        table = found.coordination(plan).rename(columns={"anchor_alone": "anchor alone"})
        out.print(measures(table, "Side by side (change: plan less market, the value of coordination)"))
        out.print(_added(found, plan))
    for end, words in _unmet(found):
        out.print(f"Not kept {end}, {escape(words)}.")
    out.print(f"m: millions of {region.manifest.currency}, prices of {region.manifest.price_year}.")


def measures(frame: pd.DataFrame, title: str) -> Table:
    """Return a frame of `beside` as a table."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    shown = [str(column) for column in frame.columns if column != "unit"]
    for head in shown:
        table.add_column(head, justify="right")
    table.add_column("unit")
    for name, row in frame.iterrows():
        cells = (_measure(row[column], str(row["unit"])) for column in shown)
        table.add_row(NAMES.get(str(name), str(name)), *cells, str(row["unit"]))
    return table


def _measure(number: float, unit: str) -> str:
    if math.isnan(number):
        return "none"
    return share_of(number, 1) if unit == "share" else significant(number, 5)


def _arrivals(found: Baseline) -> Table:
    table = Table(title="The market, round by round", title_justify="left")
    table.add_column("round", justify="right")
    for head in ("firm", "", "park", "brought by"):
        table.add_column(head, overflow="fold")
    table.add_column("surplus, m a year", justify="right")
    names = found.region.firms["name"].to_dict()
    parks = found.region.parks["name"].to_dict()
    for row in rows(found.arrivals):
        table.add_row(
            str(row.round),
            escape(str(row.name or row.firm)),
            row.what,
            escape(str(parks[row.park] or row.park)),
            ", ".join(escape(str(names[f] or f)) for f in row.brought_by),
            written(row.surplus_m_y),
        )
    return table


def _ending(found: Baseline) -> str:
    ends, tried = int(found.orders["end"].nunique()), len(found.orders)
    told = [
        f"{counted(len(found.arrivals), 'step')} in {counted(int(found.orders['rounds'].iloc[0]), 'round')}."
    ]
    if not found.settled:
        names = found.region.firms["name"].to_dict()
        who = ", ".join(escape(str(names[f] or f)) for f in found.cycle) or "some firms"
        told.append(f"It does not come to rest: {who} come, move and leave without end.")
    if ends > 1:
        told.append(
            f"The end depends on the order: {counted(ends, 'end')} in {counted(tried, 'order')} tried."
        )
    else:
        told.append(f"The same end in all {counted(tried, 'order')} tried.")
    kinds = found.candidates["comes"]
    told.append(
        ", ".join(f"{int((kinds == kind).sum())} {kind}" for kind in ("always", "mostly", "seldom", "never"))
        + f" of {counted(len(kinds), 'candidate')} come."
    )
    return " ".join(told)


def _drivers(found: Baseline) -> Table:
    table = Table(title="Introduce one, drive a batch", title_justify="left")
    table.add_column("firm", overflow="fold")
    for head in ("brings", "in all"):
        table.add_column(head, justify="right")
    table.add_column("who", overflow="fold")
    names = found.region.firms["name"].to_dict()
    for row in rows(found.drivers):
        who = ", ".join(escape(str(names[f] or f)) for f in row.firms)
        table.add_row(escape(str(row.name or row.Index)), str(row.brings), str(row.batch), who)
    return table


def show_attraction(found: Attraction) -> None:
    """Show what landing an anchor is worth, who follows it, and where it tips."""
    region = found.region
    names = region.firms["name"].to_dict()
    who = ", ".join(escape(str(names[firm] or firm)) for firm in found.anchors)
    money = f"m {region.manifest.currency}"
    if math.isnan(found.worth_m_y):
        missing, state = ("with", "landed") if found.landed is None else ("without", "without")
        exists = "exists" if found.status[state] == "infeasible" else "was found in time"
        worth = f"cannot be told: no plan {exists} {missing} it"
    else:
        worth = f"is worth {written(found.worth_m_y)} {money} a year"
    out.print(f"[bold]{escape(region.manifest.title)}[/bold]: landing {who} {worth}.")
    for word, plan in (("Without", found.without), ("With", found.landed)):
        if plan is not None and plan.status != "optimal":
            gap = "no bound is known" if plan.gap is None else f"gap {share_of(plan.gap, 2)}"
            out.print(f"{word} it, the plan is not proven best ({gap}).")
    out.print(measures(found.measures, "Side by side"))
    out.print(_followers(found) if len(found.followers) else "Nobody else comes or stays away with it.")
    out.print(_tipping(found))
    out.print(
        "least: found, with a plan that shows it. at least: proven, less does not do. Grants are annual "
        f"equivalents to those who land, {money} a year; budgets are told as a multiple of all of them."
    )


def _followers(found: Attraction) -> Table:
    table = Table(title="Who comes or stays away with it", title_justify="left")
    for head in ("firm", "in the plan", "in the market", "park"):
        table.add_column(head, overflow="fold")
    table.add_column("round", justify="right")
    table.add_column("brought by", overflow="fold")
    region = found.region
    names, parks = region.firms["name"].to_dict(), region.parks["name"].to_dict()
    words = {"landed": "comes", "without": "stays away"}
    for row in rows(found.followers):
        table.add_row(
            escape(str(row.name or row.Index)),
            words.get(row.in_plan, ""),
            words.get(row.in_market, ""),
            "" if row.park is None else escape(str(parks[row.park] or row.park)),
            "" if pd.isna(row.round) else f"{row.round:.0f}",
            ", ".join(escape(str(names[firm] or firm)) for firm in row.brought_by),
        )
    return table


def _tipping(found: Attraction) -> Table:
    table = Table(title="The least money", title_justify="left")
    for head in ("", "at which comes"):
        table.add_column(head)
    for head in ("least", "at least"):
        table.add_column(head, justify="right")
    words = {"grant": "grant, m a year", "budgets": "times all budgets"}
    for row in rows(found.tipping):
        least = "not found" if math.isnan(row.least) else written(row.least, 3)
        bound = "no money does it" if math.isinf(row.at_least) else written(row.at_least, 3)
        table.add_row(words[row.what], {"anchor": "the anchor", "batch": "the batch"}[row.who], least, bound)
    return table


def _added(found: Baseline, plan: Plan) -> str:
    added = found.added(plan)
    only = added[added["only_in"] == "plan"]
    told = f"{counted(len(only), 'firm')} in the plan and not in the market"
    lost = int((added["only_in"] == "market").sum())
    told += f", {lost} in the market and not in the plan" if lost else ""
    spent = float(plan.grants["amount_pv_m"].sum())
    if spent > 0:
        per = float(found.additionality(plan)["per_grant_m"]["jobs_new"])
        told += (
            f"; grants of {written(spent)} m (present value), and {significant(per)} new jobs more than "
            "in the market for each million"
        )
    return told + "."


def _unmet(found: Baseline) -> list[tuple[str, str]]:
    words = {"today": "today", "anchor_alone": "with the anchor alone", "market": "by the market"}
    names = names_of(found.region.parks) | names_of(found.region.firms)
    told = []
    for (end, rule), part in found.unmet.groupby(["end", "rule"], sort=False):
        who = ", ".join(names.get(str(row.id), str(row.id)) for row in rows(part))
        told.append((words[str(end)], f"{UNMET.get(str(rule), rule)}: {who}"))
    return told


def json_of(found: Baseline, plan: Plan | None) -> dict[str, Any]:
    """Return what the command `baseline` prints with ``--json``."""
    from clusterplan.explore.market.plainly import plain  # noqa: PLC0415  (only here)

    told = found.as_dict()
    if plan is not None:
        told["measures"] = plain(found.coordination(plan).reset_index())
        told["additionality"] = plain(found.additionality(plan).reset_index())
        told["added"] = plain(found.added(plan).reset_index())
    return told
