"""Parks, public works, firms, why they come, and who is left out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from clusterplan.plan.indicators.chain import stages_present
from clusterplan.region import rows
from clusterplan.report.numbers import decimals, written
from clusterplan.report.onepage.bars import bars
from clusterplan.report.onepage.material import Material, known, records_of
from clusterplan.report.onepage.table import (
    Cell,
    Column,
    Section,
    Table,
    amount,
    columns,
    percent,
    text,
)


def layout(material: Material) -> Iterator[Section]:
    """Yield what is where."""
    yield _parks(material)
    if len(material.plan.works):
        yield _works(material)
    yield _chain(material)
    yield _firms(material)
    why = _why(material)
    if why is not None:
        yield why
    left = _left(material)
    if left is not None:
        yield left


def _parks(material: Material) -> Section:
    w, parks = material.words, material.parks
    resources = [r for r in material.region.resources if parks[f"used_{r}"].any()]
    inside = {str(park): list(part.index) for park, part in material.placed.groupby("park")}
    head = (
        *columns(w, "park", "status"),
        *(
            Column(f"{w('col.use', resource=material.resource(r))} ({material.unit_of(r)})", number=True)
            for r in resources
        ),
        *columns(w, "+firms"),
    )
    table = tuple(
        (
            text(material.park_names[park]),
            text(material.park_status(park)),
            *(_used(material, row[f"used_{r}"], row[f"capacity_{r}"]) for r in resources),
            text(w.listed(material.names[firm] for firm in inside.get(park, []))),
        )
        for park, row in records_of(parks.sort_values("open", ascending=False, kind="stable")).items()
    )
    return Section("parks", w("h.parks"), w("parks.note"), (Table("parks-table", w("h.parks"), head, table),))


def _used(material: Material, used: float, capacity: float) -> Cell:
    whole = material.words("no_limit") if pd.isna(capacity) else written(capacity, 0)
    return Cell(f"{written(used, 0)} / {whole}", float(used))


def _works(material: Material) -> Section:
    w, works = material.words, material.plan.works
    places = decimals(works["public_cost_m_y"])
    table = tuple(
        (
            text(row.name or row.Index),
            text(material.park_names.get(row.park)),
            text(w("yes" if row.built else "no")),
            text(material.budget(row.budget) if row.budget else ""),
            amount(row.public_cost_m_y if row.built else None, places),
        )
        for row in rows(works)
    )
    head = columns(w, "work", "park", "built", "budget", "#cost_m_y")
    return Section("works", w("h.works"), w("works.note"), (Table("works-table", w("h.works"), head, table),))


def _chain(material: Material) -> Section:
    w, rates = material.words, material.plan.indicators["value"]
    table = tuple(
        (
            text(material.stage(row.Index)),
            text(w("chain.there" if row.present else "chain.gap")),
            amount(row.placed, 0),
            amount(row.known, 0),
            percent(rates.get(f"localisation_rate.stage.{row.Index}")),
        )
        for row in rows(stages_present(material.plan))
    )
    head = columns(w, "stage", "state", "#placed", "#known", "#local_share")
    return Section("chain", w("h.chain"), w("chain.note"), (Table("chain-table", w("h.chain"), head, table),))


def _firms(material: Material) -> Section:
    w, with_market = material.words, material.beside is not None
    head = columns(w, "firm", "stage", "status", "park", "#utilisation", "#surplus_m_y", "#grants_m_y")
    if with_market:
        head += columns(w, "market_alone")
    table = tuple(
        (
            text(firm_with_role(material, firm)),
            text(material.stage(row["stage"])),
            text(material.firm_status(firm)),
            text(material.park_names[row["park"]]),
            percent(row["utilisation"]),
            amount(row["surplus_m_y"]),
            amount(row["grants_m_y"] or None),
            *([text(market_word(material, firm))] if with_market else []),
        )
        for firm, row in records_of(material.placed).items()
    )
    return Section("firms", w("h.firms"), w("firms.note"), (Table("firms-table", w("h.firms"), head, table),))


def firm_with_role(material: Material, firm: str) -> str:
    """Return the name of a firm, and whether it is a chain owner or a platform."""
    w, row = material.words, material.firm[firm]
    roles = [w(f"role.{role}") for role in ("anchor", "platform") if row[f"is_{role}"]]
    return f"{material.names[firm]} ({w.listed(roles)})" if roles else material.names[firm]


def market_word(material: Material, firm: str) -> str:
    """Return whether a candidate would come without a plan; empty for others and without a baseline."""
    row = material.firm[firm]
    if material.beside is None or row["status"] != "candidate" or row["is_platform"]:
        return ""
    return material.words("market.comes" if firm in material.market else "market.stays")


def _why(material: Material) -> Section | None:
    w, placed = material.words, material.placed
    won = placed.index[(placed["status"] == "candidate") & ~placed["is_platform"]]
    if won.empty:
        return None
    parts = list(material.willingness.short.columns)
    head = (*columns(w, "firm"), *(Column(w(f"part.{part}"), number=True) for part in parts))
    table = tuple(
        (text(material.names[firm]), *(amount(material.short[firm][part]) for part in parts)) for firm in won
    )
    summed = [part for part in parts if part != "surplus"]
    drawn = bars(
        [material.names[firm] for firm in won],
        {w(f"part.{part}"): [_zero(material.short[firm][part]) for firm in won] for part in summed},
        [_zero(material.short[firm]["surplus"]) for firm in won],
        w("bars.why"),
    )
    shown = Table("why-table", w("h.why"), head, table)
    note = w.sentences([w("why.note"), w("bars.why")])
    return Section("why", w("h.why"), note, (shown,), picture=drawn)


def _zero(amount: float) -> float:
    """Return an amount, or nothing where it is not known."""
    return float(amount) if known(amount) else 0.0


def _left(material: Material) -> Section | None:
    w, firms = material.words, material.firms
    left = firms[firms["park"].isna() & (firms["status"] == "candidate")]
    if left.empty:
        return None
    head = columns(w, "firm", "stage", *(["market_alone"] if material.beside is not None else []))
    table = tuple(
        (
            text(firm_with_role(material, firm)),
            text(material.stage(row["stage"])),
            *([text(market_word(material, firm))] if material.beside is not None else []),
        )
        for firm, row in records_of(left).items()
    )
    return Section("left", w("h.left"), w("left.note"), (Table("left-table", w("h.left"), head, table),))
