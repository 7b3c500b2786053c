"""What a brief says: the sections of the page, cut to what is decided about in a meeting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clusterplan.report.brief.decides import why_come, why_here
from clusterplan.report.brief.pictures import Picture, budget_picture, map_picture
from clusterplan.report.onepage.answer import answer, figures
from clusterplan.report.onepage.dealings import dealings
from clusterplan.report.onepage.layout import firm_with_role
from clusterplan.report.onepage.material import Material
from clusterplan.report.onepage.risks import found_risks
from clusterplan.report.onepage.table import Cell, Column, Section, Table, columns, text
from clusterplan.report.onepage.trust import trust
from clusterplan.report.words import Words

LARGEST = 6
"""Supply and grants that are named one by one; the others are counted."""
NAMED = 3
"""Firms that a risk names; the others are counted."""
LEFT_TO_THE_PAGE = (
    "collaboration_value.links",
    "collaboration_value.supply",
    "collaboration_value.loops",
    "freight_cost",
    "grants",
    "years_to_pay_back",
)
"""Key figures that a brief leaves out."""
PROVEN_BY = ("status", "value", "bound", "gap")
"""What a brief tells of the proof."""


@dataclass(frozen=True)
class Part:
    """One part of a brief.

    Parameters
    ----------
    title
        Its heading; "" where it goes on under the heading before.
    said, note
        Sentences to read, and small print below them.
    table
        A table; None: none.
    groups
        Lines above rows of the table that belong together, each with how many rows; empty: none.
    picture
        A picture; None: none.
    """

    title: str
    said: tuple[str, ...] = ()
    note: str = ""
    table: Table | None = None
    groups: tuple[tuple[str, int], ...] = ()
    picture: Picture | None = None


def content(material: Material) -> Iterator[Part]:
    """Yield the parts of a brief, in order.

    Parameters
    ----------
    material
        The plan and what stands beside it.
    """
    w = material.words
    told, dealt = answer(material), {section.id: section for section in dealings(material)}
    yield Part(told.title, told.said, told.note)
    yield _figures(material)
    yield Part(w("h.map"), picture=map_picture(material))
    yield _firms(material)
    yield from _left(material)
    if "supply" in dealt:
        yield _supply(dealt["supply"], w)
    yield _grants(dealt["grants"], w)
    if material.manifest.budgets:
        yield Part("", picture=budget_picture(material))
    yield _risks(material)
    yield from _trust(material)


def _figures(material: Material) -> Part:
    w, section = material.words, figures(material)
    out = {w.or_else(f"indicator.{name}", name) for name in LEFT_TO_THE_PAGE}
    table = section.tables[0]
    kept = tuple(row for row in table.rows if row[0].text not in out)
    return Part(section.title, note=section.note, table=replace(table, rows=kept))


def _firms(material: Material) -> Part:
    """Return the firms by park, each with what it comes for and what it would lose elsewhere."""
    w, rows, groups = material.words, [], []
    for park, inside in material.placed.groupby("park", sort=False):
        groups.append((_park(material, str(park)), len(inside)))
        rows += [
            (
                text(firm_with_role(material, firm)),
                text(material.stage(stage)),
                text(why_come(material, firm)),
                text(why_here(material, firm)),
            )
            for firm, stage in zip(inside.index, inside["stage"], strict=True)
        ]
    head = columns(w, "+firm", "stage", "+why_come", "+why_here")
    table = Table("brief-firms", w("h.firms"), head, tuple(rows))
    return Part(w("h.brief_firms"), note=w("brief.firms"), table=table, groups=tuple(groups))


def _left(material: Material) -> Iterator[Part]:
    """Yield who is left out, in a line."""
    w, firms = material.words, material.firms
    left = firms.index[firms["park"].isna() & (firms["status"] == "candidate")]
    if len(left):
        names = _named([material.names[firm] for firm in left], w, 2 * LARGEST)
        yield Part("", note=w("brief.told", what=w("h.left"), value=names))


def _park(material: Material, park: str) -> str:
    """Return a park with its status and how much of its land is used."""
    w, row = material.words, material.park[park]
    told = [material.park_status(park)]
    if row["capacity_land_ha"] > 0:
        used, whole = (f"{row[f'{part}_land_ha']:,.0f}" for part in ("used", "capacity"))
        told.append(w("brief.land", used=used, capacity=whole))
    return f"{material.park_names[park]} ({w.listed(told)})"


def _supply(section: Section, w: Words) -> Part:
    table = _chosen(section.tables[0], w, ("from", "to", "product", "value_m_y", "way_km", "local"))
    return _largest(section.title, table, table.columns[3], w)


def _grants(section: Section, w: Words) -> Part:
    if not section.tables:
        return Part(section.title, section.said)
    keys = ("firm", "instrument", "amount_pv_m", "rent_m_y")
    table = _chosen(section.tables[0], w, keys)
    part = _largest(section.title, table, table.columns[2], w)
    return replace(part, note=w.sentences([part.note, section.note]))


def _chosen(table: Table, w: Words, keys: Sequence[str]) -> Table:
    """Return a table with some of its columns."""
    titles = [column.title for column in table.columns]
    places = [titles.index(w(f"col.{key}")) for key in keys]

    def cut(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(row[place] for place in places)

    kept: tuple[Column, ...] = tuple(table.columns[place] for place in places)
    total = None if table.total is None else cut(table.total)
    return replace(table, columns=kept, rows=tuple(map(cut, table.rows)), total=total)


def _largest(title: str, table: Table, by: Column, w: Words) -> Part:
    """Return a table with its largest rows, and how many there are."""
    place, n = table.columns.index(by), len(table.rows)
    rows = sorted(table.rows, key=lambda row: -(row[place].sort or 0.0))[:LARGEST]
    note = w("brief.largest", shown=LARGEST, n=f"{n:,}") if n > LARGEST else ""
    return Part(title, note=note, table=replace(table, rows=tuple(rows)))


def _risks(material: Material) -> Part:
    w = material.words
    rows = tuple(
        (text(w(f"risk.{risk}")), Cell(str(len(who)), float(len(who))), text(_named(who, w)))
        for risk, who in found_risks(material)
        if who
    )
    if not rows:
        return Part(w("h.risks"), (w("risks.none"),))
    head = columns(w, "+risk", "#many", "+who")
    return Part(w("h.risks"), note=w("risks.note"), table=Table("brief-risks", w("h.risks"), head, rows))


def _named(who: Sequence[str], w: Words, most: int = NAMED) -> str:
    more = [w("panel.more", n=len(who) - most)] if len(who) > most else []
    return w("join_long").join([*who[:most], *more])


def _trust(material: Material) -> Iterator[Part]:
    """Yield what was assumed, and the proof with what the separate check found."""
    w, told = material.words, {section.id: section for section in trust(material)}
    yield Part(w("h.assumed"), (told["assumed"].note,))
    kept = {w(f"proof.{key}") for key in PROVEN_BY}
    proven = [
        w("brief.told", what=what.text, value=value.text)
        for what, value in told["proof"].tables[0].rows
        if what.text in kept
    ]
    said = w.sentences([*told["warnings"].said, w("join_long").join(proven)])
    yield Part(told["proof"].title, (said,))
