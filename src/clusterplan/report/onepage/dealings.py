"""Supply, innovation loops, grants and budgets, and what the plan is worth."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.region import rows
from clusterplan.report.charts.budgetuse import budget_use
from clusterplan.report.numbers import decimals
from clusterplan.report.onepage.called import defined, named
from clusterplan.report.onepage.material import Material, records_of
from clusterplan.report.onepage.table import Cell, Section, Table, amount, columns, percent, rounded, text


def dealings(material: Material) -> Iterator[Section]:
    """Yield who deals with whom, and what that costs and is worth."""
    if len(material.supply):
        yield _supply(material)
    if len(material.plan.loops):
        yield _loops(material)
    yield _grants(material)
    if material.manifest.budgets:
        yield _budgets(material)


def _supply(material: Material) -> Section:
    w, units = material.words, material.region.products["unit"].fillna("").to_dict()
    table = tuple(
        (
            text(material.names[row["from"]] if row["from"] else material.gateways[row["gateway"]]),
            text(material.names[row["to"]] if row["to"] else material.gateways[row["gateway"]]),
            text(material.products[row["product"]]),
            amount(row["quantity_per_y"], 0),
            text(units[row["product"]]),
            amount(row["value_m_y"], 1),
            amount(row["distance_km"], 0),
            text(w("yes") if row["local"] else ""),
        )
        for row in material.supply.to_dict("records")
    )
    head = columns(w, "from", "to", "product", "#quantity", "unit", "#value_m_y", "#way_km", "local")
    return Section(
        "supply", w("h.supply"), w("supply.note"), (Table("supply-table", w("h.supply"), head, table),)
    )


def _loops(material: Material) -> Section:
    w, names = material.words, material.region.loops["name"].to_dict()
    table = tuple(
        (
            text(names[row.loop] or row.loop),
            text(material.names[row.firm]),
            text(material.park_names[row.park]),
            text(w("yes" if row.closed else "no")),
            amount(row.value_m_y if row.closed else None, 1),
            text(w.listed(material.stage(stage) for stage in row.missing.split(";") if stage)),
        )
        for row in rows(material.plan.loops)
    )
    head = columns(w, "loop", "producer", "park", "closed", "#worth_m_y", "lacks")
    return Section("loops", w("h.loops"), w("loops.note"), (Table("loops-table", w("h.loops"), head, table),))


def _grants(material: Material) -> Section:
    w, grants = material.words, material.plan.grants
    if grants.empty:
        return Section("grants", w("h.grants"), said=(w("answer.no_grants"),))
    places = decimals(grants["amount_pv_m"])
    basis = material.region.incentives["legal_basis"].to_dict()
    money = ("amount_m_y", "amount_pv_m", "rent_m_y")
    table = tuple(
        (
            text(material.names[row.firm]),
            text(material.instruments[row.instrument]),
            text(material.budget(row.budget)),
            *(amount(getattr(row, name), places) for name in money),
            text(basis[row.instrument]),
        )
        for row in rows(grants)
    )
    sums = tuple(amount(float(grants[name].sum()), places) for name in money)
    total = (text(w("all")), text(""), text(""), *sums, text(""))
    head = columns(w, "firm", "instrument", "budget", *(f"#{name}" for name in money), "+legal_basis")
    return Section(
        "grants", w("h.grants"), w("grants.note"), (Table("grants-table", w("h.grants"), head, table, total),)
    )


def _budgets(material: Material) -> Section:
    w, grants = material.words, material.plan.grants
    paid = grants.groupby("budget")["amount_pv_m"].sum()
    used = budget_use(material.plan)
    taken = used.groupby("budget")["amount_m"].sum() / used.groupby("budget")["limit_m"].first()
    table = []
    for name, budget in material.manifest.budgets.items():
        if budget.basis == "per_year":
            years = w.listed(f"{year:,g}" for year in budget.by_year_m)
            limit = Cell(w("budget.yearly", amounts=years), sum(budget.by_year_m))
        else:
            whole = float(budget.amount_m or 0.0)
            limit = Cell(w("budget.total", amount=f"{whole:,g}"), whole)
        table.append(
            (
                text(material.budget(name)),
                text(w.or_else(f"tier.{budget.tier}", budget.tier)),
                limit,
                amount(float(paid.get(name, 0.0))),
                percent(float(taken.get(name, 0.0))),
            )
        )
    head = columns(w, "budget", "tier", "#limit_m", "#paid_pv_m", "#taken")
    shown = Table("budgets-table", w("h.budgets"), head, tuple(table))
    return Section("budgets", w("h.budgets"), w("budgets.note"), (shown,), level=3)


def worth(material: Material) -> Iterator[Section]:
    """Yield what the plan is worth, term by term, and every indicator."""
    w, plan = material.words, material.plan
    terms = plan.terms[plan.terms["weight"] != 0]
    places = decimals(terms["value"])
    table = tuple(
        (
            text(w.or_else(f"term.{name}", str(name))),
            text(w.or_else(f"meaning.{name}", "")),
            amount(row["amount"], places),
            Cell(f"{row['weight']:g}", float(row["weight"])),
            amount(row["value"], places),
        )
        for name, row in records_of(terms).items()
    )
    total = (text(w("sum")), text(""), text(""), text(""), amount(plan.value, places))
    head = columns(w, "term", "+what", "#amount_m_y", "#weight", "#value_m_y")
    shown = Table("worth-table", w("h.worth"), head, table, total)
    yield Section("worth", w("h.worth"), w("worth.note"), (shown,))
    judged = tuple(
        (
            text(named(material, str(name))),
            percent(row["value"], w("unknown"), 1)
            if row["unit"] == "share"
            else rounded(row["value"], w("unknown")),
            text(material.unit(str(row["unit"]))),
            text(defined(material, str(name), str(row["definition"]))),
        )
        for name, row in records_of(plan.indicators).items()
    )
    head = columns(w, "indicator", "#value", "unit", "+what")
    yield Section(
        "indicators", w("h.indicators"), tables=(Table("indicators-table", w("h.indicators"), head, judged),)
    )
