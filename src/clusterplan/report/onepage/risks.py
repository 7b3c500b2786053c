"""What the plan hangs on, read from its own numbers; and what else is nearly as good."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.region import rows
from clusterplan.report.numbers import share_of
from clusterplan.report.onepage.material import Material, records_of
from clusterplan.report.onepage.table import Cell, Section, Table, amount, columns, text

FULL = 0.95
"""Share of a resource in use from which a park counts as full."""
THIN = 0.01
"""Surplus over costs at the place below which a firm's surplus counts as thin."""
IDLE = 0.5
"""Utilisation below which a firm counts as idle."""
NOTICEABLE = 1e-6
"""Amounts and shares below this are rounding."""


def risks(material: Material) -> Iterator[Section]:
    """Yield the risks, then how far the assumed outside options may move."""
    w = material.words
    found = [(risk, who) for risk, who in found_risks(material) if who]
    if not found:
        yield Section("risks", w("h.risks"), said=(w("risks.none"),))
    else:
        table = tuple(
            (text(w(f"risk.{risk}")), Cell(str(len(who)), float(len(who))), text(w("join_long").join(who)))
            for risk, who in found
        )
        head = columns(w, "risk", "#many", "+who")
        yield Section(
            "risks", w("h.risks"), w("risks.note"), (Table("risks-table", w("h.risks"), head, table),)
        )
    flips = material.flips
    if flips is not None and len(flips):
        table = tuple(
            (
                text(material.names[row.Index]),
                amount(row.outside_m_y),
                amount(row.most_m_y, 2, w("unknown")),
            )
            for row in rows(flips)
        )
        head = columns(w, "firm", "#outside_m_y", "#most_m_y")
        shown = Table("flips-table", w("h.flips"), head, table)
        yield Section("flips", w("h.flips"), w("flips.note"), (shown,), level=3)


def found_risks(material: Material) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind of risk with whom it concerns."""
    names, placed = material.names, material.placed
    firms = material.willingness.firms
    won = firms[firms["status"] == "candidate"]
    place = material.willingness.short["place"].abs().reindex(won.index)
    yield "assumed", [names[firm] for firm in material.resting]
    yield "grants", [names[firm] for firm in won.index[won["needed_m_y"] > NOTICEABLE]]
    thin = (won["surplus_m_y"] >= 0) & (won["surplus_m_y"] < THIN * place)
    yield "thin", [names[firm] for firm in won.index[thin]]
    yield "unwilling", [names[firm] for firm in firms.index[firms["surplus_m_y"] < -NOTICEABLE]]
    moving = material.stability.firms
    yield "moves", [names[firm] for firm in moving.index[moving["status"] == "would move"]]
    yield "full", list(_full(material))
    yield "single", list(_single(material))
    idle = (placed["utilisation"] < IDLE) & ~placed["is_platform"]
    yield "idle", [names[firm] for firm in placed.index[idle]]
    only_market = material.market - set(placed.index)
    yield "market", [name for firm, name in names.items() if firm in only_market]


def _full(material: Material) -> Iterator[str]:
    parks = material.parks[material.parks["open"]]
    for park, row in records_of(parks).items():
        for resource in material.region.resources:
            used, capacity = row[f"used_{resource}"], row[f"capacity_{resource}"]
            if capacity > 0 and used > FULL * capacity:
                what = material.resource(resource)
                yield f"{material.park_names[park]} ({what}, {share_of(used / capacity)})"


def _single(material: Material) -> Iterator[str]:
    """Yield inputs of chain owners that come from one source: product, buyer, and the source."""
    supply = material.supply
    anchors = material.placed.index[material.placed["is_anchor"]]
    bought = supply[supply["to"].isin(anchors)]
    for _, part in bought.groupby(["to", "product"], sort=False):
        share = part["quantity_per_y"] / part["quantity_per_y"].sum()
        sources = part[share > NOTICEABLE]
        if len(sources) == 1:
            one = sources.to_dict("records")[0]
            source = material.names[one["from"]] if one["from"] else material.gateways[one["gateway"]]
            yield f"{material.products[one['product']]}: {source} → {material.names[one['to']]}"


def alternatives(material: Material) -> Iterator[Section]:
    """Yield plans that are nearly as good, and who comes in them; nothing where none were asked for."""
    w, others = material.words, material.others
    if others is None:
        return
    table = tuple(
        (
            Cell(str(row.Index), float(row.Index)),
            amount(row.value),
            amount(row.loss_m_y),
            Cell(str(row.distance), float(row.distance)),
            Cell(str(row.firms), float(row.firms)),
            Cell(str(row.parks), float(row.parks)),
        )
        for row in rows(others.frame)
    )
    head = columns(w, "#number", "#value_m_y", "#loss", "#distance", "#firms", "#open_parks")
    shown = Table("alternatives-table", w("h.alternatives"), head, table)
    said = (w(f"alternatives.{others.ended}"),)
    yield Section("alternatives", w("h.alternatives"), w("alternatives.note"), (shown,), said)
    often = tuple(
        (
            text(material.names[row.Index]),
            Cell(f"{row.plans} / {len(others.plans)}", float(row.plans)),
            text(w(f"how.{row.how}")),
            text(w.listed(_where(material, row.Index))),
        )
        for row in rows(others.firms.sort_values("plans", ascending=False, kind="stable"))
    )
    head = columns(w, "firm", "#in_plans", "how", "+where")
    shown = Table("alternative-firms-table", w("h.alternative_firms"), head, often)
    yield Section("alternative-firms", w("h.alternative_firms"), tables=(shown,), level=3)


def _where(material: Material, firm: str) -> Iterator[str]:
    """Yield the parks of a firm in the alternatives, each with how often."""
    assert material.others is not None
    places = [plan.firms.loc[firm, "park"] for plan in material.others.plans]
    for park in dict.fromkeys(place for place in places if place in material.park_names):
        yield f"{material.park_names[park]} ({places.count(park)})"
