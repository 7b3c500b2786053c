"""A plan in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.plan import Plan
from clusterplan.plan.document import firms_on_assumed_outside
from clusterplan.region import rows
from clusterplan.report.assumed import SECONDS, resting_flips
from clusterplan.report.loops import loops_of
from clusterplan.report.meanings import term_meanings
from clusterplan.report.names import name_of
from clusterplan.report.numbers import counted, decimals, share_of, written
from clusterplan.report.terminal.console import out
from clusterplan.report.terminal.flips import BEARS, flips_table

SOONEST = 8
"""Firms shown of those whose coming rests on an assumed number."""


def show_plan(plan: Plan, written_to: Path | None) -> None:
    """Show a plan: what it is worth, parks and firms, grants, local supply, where the files are."""
    currency = plan.region.manifest.currency
    out.print(_headline(plan))
    out.print(_parks(plan))
    _show_out(plan)
    if len(plan.works):
        out.print(_works(plan))
    if len(plan.grants):
        out.print(_grants(plan))
        out.print(
            "Rent: what a firm gets beyond what it takes to come. In the value below a grant counts at what "
            "it costs the region: money from outside costs it less. Why each firm comes: clusterplan "
            "willingness DIR; who gets what: clusterplan sharing DIR."
        )
    else:
        out.print("No grant is paid.")
    if len(plan.loops):
        out.print(loops_of(plan, plan.loops))
    out.print(_terms(plan))
    out.print(_outcome(plan))
    out.print(_rates(plan))
    _show_assumed(plan)
    out.print(f"m: millions of {currency}, prices of {plan.region.manifest.price_year}.")
    if written_to is not None:
        out.print(
            f"Written to [bold]{escape(str(written_to))}[/bold]: open report.html, plan.xlsx or plan.gpkg."
        )


def _show_assumed(plan: Plan) -> None:
    """Say how much is assumed, and which firms an assumed outside option could turn away soonest."""
    resting = firms_on_assumed_outside(plan)
    out.print(
        f"{share_of(plan.region.assumed_share)} of the region's numbers are assumed; the coming of "
        f"{counted(len(resting), 'firm')} rests on an assumed outside option."
    )
    if not resting:
        return
    found = resting_flips(plan)
    if found is None:
        out.print("How far those options may move is not known: the solver failed.")
        return
    known = found[found["most_m_y"].notna()]
    out.print(flips_table(known.head(SOONEST), BEARS))
    if len(known) > SOONEST:
        out.print(f"{len(known) - SOONEST} more can bear more; to see them: clusterplan flips DIR")
    if len(known) < len(found):
        out.print(f"{len(found) - len(known)} were not reached in {SECONDS:.0f} s: clusterplan flips DIR")


def _headline(plan: Plan) -> str:
    gap = "no bound is known" if plan.gap is None else f"gap {share_of(plan.gap, 2)}"
    proven = "proven best" if plan.status == "optimal" else f"not proven best: {gap}"
    firms = plan.firms
    placed = firms[firms["park"].notna()]
    coming = int((placed["status"] == "candidate").sum())
    value = written(plan.value, decimals([plan.value]))
    return (
        f"[bold]{escape(plan.region.manifest.title)}[/bold]: {plan.status} ({proven}), value "
        f"{value} m {plan.region.manifest.currency} a year, found in {plan.proof.seconds:.1f} s.\n"
        f"{int(plan.parks['open'].sum())} of {counted(len(plan.parks), 'park')} open, "
        f"{counted(len(placed), 'firm')} placed, {coming} of them newly won."
    )


def _parks(plan: Plan) -> Table:
    parks, firms = plan.parks, plan.firms
    table = Table(title="Parks", title_justify="left")
    for head in ("park", "land used", "firms"):
        table.add_column(head, overflow="fold")
    level_names = plan.region.levels.set_index(["park", "level"])["name"].to_dict()
    for park in parks[parks["open"]].itertuples():
        inside = rows(firms[firms["park"] == park.Index])
        said = [] if park.status == "open" else ["newly opened"]
        said += [f"level {level_names.get((park.Index, park.level)) or park.level}"] if park.level else []
        name = escape((park.name or park.Index) + (f" ({', '.join(said)})" if said else ""))
        share = park.used_land_ha / park.capacity_land_ha if park.capacity_land_ha else 0.0
        used = f"{park.used_land_ha:,.0f} of {park.capacity_land_ha:,.0f} ha ({share_of(share)})"
        table.add_row(
            name, used, ", ".join(escape(name_of(firm)) + _state(firm) for firm in inside) or "none"
        )
    return table


def _state(firm: Any) -> str:
    """Return what there is to say of a placed firm behind its name."""
    said = [{"existing": "there", "committed": "committed"}.get(firm.status, "")]
    if firm.utilisation < 0.9995:
        said.append("idle" if firm.utilisation < 0.0005 else f"at {share_of(firm.utilisation)} of its output")
    told = ", ".join(word for word in said if word)
    return f" ({told})" if told else ""


def _show_out(plan: Plan) -> None:
    firms, parks = plan.firms, plan.parks
    left = firms[firms["park"].isna() & (firms["status"] == "candidate")]
    closed = parks[~parks["open"]]
    if len(closed):
        out.print("Not opened: " + ", ".join(escape(name_of(p)) for p in rows(closed)) + ".")
    if len(left):
        out.print("Not in the plan: " + ", ".join(escape(name_of(firm)) for firm in rows(left)) + ".")


def _works(plan: Plan) -> Table:
    table = Table(title="Public works", title_justify="left")
    for head in ("work", "built", "budget"):
        table.add_column(head, overflow="fold")
    table.add_column("m a year", justify="right")
    works = plan.works
    places = decimals(works["public_cost_m_y"])
    for row in rows(works):
        cost = written(row.public_cost_m_y, places) if row.built else ""
        told = (name_of(row), "yes" if row.built else "no", row.budget or "none")
        table.add_row(*(escape(str(cell)) for cell in told), cost)
    return table


def _grants(plan: Plan) -> Table:
    table = Table(title="Grants", title_justify="left")
    for head in ("firm", "instrument", "budget"):
        table.add_column(head, overflow="fold")
    for head in ("m a year", "m, present value", "rent, m a year"):
        table.add_column(head, justify="right")
    firms, grants = plan.firms, plan.grants
    called = plan.region.incentives["name"]
    places = decimals(grants["amount_pv_m"])
    for row in rows(grants):
        name = firms.loc[row.firm, "name"] or row.firm
        instrument = called[row.instrument] or row.instrument
        amounts = (row.amount_m_y, row.amount_pv_m, row.rent_m_y)
        table.add_row(
            *(escape(str(c)) for c in (name, instrument, row.budget)), *(written(a, places) for a in amounts)
        )
    table.add_section()
    sums = grants[["amount_m_y", "amount_pv_m", "rent_m_y"]].sum()
    table.add_row("all", "", "", *(written(amount, places) for amount in sums))
    return table


def _terms(plan: Plan) -> Table:
    table = Table(title=f"Value ({plan.region.manifest.objective})", title_justify="left")
    table.add_column("term")
    table.add_column("m a year", justify="right")
    table.add_column("what it is")
    terms, meanings = plan.terms, term_meanings()
    places = decimals(terms["value"])
    for row in rows(terms[terms["value"] != 0]):
        table.add_row(row.Index, written(row.value, places), meanings[row.Index])
    table.add_section()
    table.add_row("sum", written(plan.value, places), "")
    return table


def _outcome(plan: Plan) -> str:
    """Return what a planner asks for first: jobs, tax and what the public pays."""
    value = plan.indicators["value"]
    return (
        f"{value['jobs_new']:,.0f} new jobs; tax {written(value['tax'])} m a year; "
        f"public cost {written(value['public_cost'])} m a year."
    )


def _rates(plan: Plan) -> str:
    rates, firms = plan.indicators["value"], plan.firms
    lines = []
    for firm in rows(firms[firms["is_anchor"] & firms["park"].notna()]):
        rate = rates.get(f"localisation_rate.{firm.Index}", float("nan"))
        why = "stands idle" if firm.utilisation < 0.0005 else "needs no inputs"
        told = f"none to speak of, for it {why}" if pd.isna(rate) else share_of(rate, 1)
        lines.append(f"Local share of the inputs of {escape(name_of(firm))}: {told}.")
    return "\n".join(lines) or "No anchor is in the plan."
