"""What the map says of a firm, a park or a line when it is chosen: why it is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from clusterplan.report.numbers import written
from clusterplan.report.onepage.layout import market_word
from clusterplan.report.onepage.material import Material, known

MOST = 12
"""Partners that are named; the others are counted."""
JUST = 0.005
"""Surplus, m currency/y, below which it is written as none."""

Panel = dict[str, Any]
"""``title``, ``about`` (sentences) and ``lists``: pairs of a heading and rows of name and amount."""


def firm_panel(material: Material, firm: str) -> Panel:
    """Return what is said of a firm."""
    w, row = material.words, material.firm[firm]
    roles = [w(f"role.{role}") for role in ("anchor", "platform") if row[f"is_{role}"]]
    place: list[str] = [material.park_names[row["park"]]] if known(row["park"]) else []
    told = [material.stage(row["stage"]), *roles, material.firm_status(firm), *place]
    market = market_word(material, firm)
    return {
        "title": material.names[firm],
        "about": [
            w.listed(told),
            w.sentences(_why(material, firm)),
            *([f"{w('col.market_alone')}: {market}"] if market else []),
        ],
        "lists": [one for one in _lists(material, firm) if one[1]],
    }


def _why(material: Material, firm: str) -> Iterator[str]:
    """Yield sentences that say why a firm is where it is."""
    w, row = material.words, material.firm[firm]
    if not known(row["park"]):
        yield w("said.excluded" if row["status"] == "excluded" else "said.left")
        return
    if row["is_platform"]:
        yield w("said.platform")
        return
    if row["status"] != "candidate":
        yield w(f"said.{row['status']}")
    surplus = row["surplus_m_y"]
    if not known(surplus):
        yield w("said.unknown")
    elif row["status"] == "candidate" and abs(surplus) < JUST:
        yield w("said.just")
    elif surplus < 0:
        yield w("said.unwilling", amount=written(-surplus))
    elif row["status"] == "candidate":
        yield w("said.surplus", amount=written(surplus))
    needed = float(material.willingness.firms["needed_m_y"].get(firm, 0.0))
    if row["status"] == "candidate" and needed > JUST:
        yield w("said.needed", needed=written(needed))
    yield from _moves(material, firm)


def _moves(material: Material, firm: str) -> Iterator[str]:
    """Yield what moving alone would do to a firm that decides about its place."""
    w, row = material.words, material.moving.get(firm)
    if row is None:
        return
    if row["status"] == "nowhere to go":
        yield w("said.nowhere")
        return
    park = material.park_names[row["best_park"]]
    said = "moves" if row["status"] == "would move" else "stays"
    yield w(f"said.{said}", park=park, amount=written(abs(row["gain_m_y"])))


def _lists(material: Material, firm: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    w = material.words
    parts = material.short.get(firm, {})
    told = [(w(f"part.{part}"), written(number)) for part, number in parts.items() if known(number)]
    yield w("panel.parts"), told
    grants = material.plan.grants
    own = grants[grants["firm"] == firm]
    yield (
        w("panel.grants"),
        [
            (material.instruments[name], written(number))
            for name, number in zip(own["instrument"], own["amount_m_y"], strict=True)
        ],
    )
    yield w("panel.buys"), _traded(material, firm, "to", "from")
    yield w("panel.sells"), _traded(material, firm, "from", "to")
    yield w("panel.works_with"), _partners(material, firm)


def _traded(material: Material, firm: str, own: str, other: str) -> list[tuple[str, str]]:
    supply = material.supply
    supply = supply[supply[own] == firm].sort_values("value_m_y", ascending=False)
    rows = []
    for row in supply.to_dict("records"):
        name = material.names[row[other]] if row[other] else material.gateways[row["gateway"]]
        rows.append((f"{name}: {material.products[row['product']]}", _money(material, row["value_m_y"])))
    return short(material, rows)


def _partners(material: Material, firm: str) -> list[tuple[str, str]]:
    links = material.links
    both = pd.concat(
        [
            links.loc[links[own] == firm, [other, "value_m_y"]].set_axis(["with", "value_m_y"], axis=1)
            for own, other in (("from", "to"), ("to", "from"))
        ]
    )
    worth = both.groupby("with")["value_m_y"].sum().sort_values(ascending=False)
    return short(material, [(material.names[str(name)], written(number)) for name, number in worth.items()])


def park_panel(material: Material, park: str) -> Panel:
    """Return what is said of a park."""
    w, row = material.words, material.park[park]
    uses = [
        (material.resource(name), _use(material, row, name))
        for name in material.region.resources
        if known(row[f"capacity_{name}"]) or row[f"used_{name}"]
    ]
    inside = material.placed.index[material.placed["park"] == park]
    firms = [(material.names[firm], material.stage(material.firm[firm]["stage"])) for firm in inside]
    lists = [(w("panel.uses"), uses), (w("panel.firms"), firms)]
    return {
        "title": material.park_names[park],
        "about": [material.park_status(park)],
        "lists": [one for one in lists if one[1]],
    }


def _use(material: Material, row: dict[str, Any], name: str) -> str:
    capacity = row[f"capacity_{name}"]
    whole = material.words("no_limit") if not known(capacity) else written(capacity, 0)
    return f"{written(row[f'used_{name}'], 0)} / {whole} {material.unit_of(name)}"


def flow_panel(material: Material, kind: str, rows: pd.DataFrame) -> Panel:
    """Return what is said of all supply (``flow``) or links (``link``) from one park to another."""
    w, first = material.words, rows.iloc[0]
    ends = {end: material.park_names[first[end]] for end in ("from_park", "to_park")}
    told = []
    for row in rows.sort_values("value_m_y", ascending=False).to_dict("records"):
        name = f"{material.names[row['from']]} → {material.names[row['to']]}"
        what = f": {material.products[row['product']]}" if kind == "flow" else ""
        told.append((name + what, _money(material, row["value_m_y"])))
    total = w("panel.worth", amount=_money(material, float(rows["value_m_y"].sum())))
    return {
        "title": w(f"panel.{kind}", **ends),
        "about": [total],
        "lists": [(w("col.value_m_y"), short(material, told))],
    }


def _money(material: Material, value: float) -> str:
    return written(value, 1 if abs(value) >= 1 else 2)


def short(material: Material, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the first rows of a list, and how many more there are."""
    if len(rows) <= MOST:
        return rows
    return [*rows[:MOST], (material.words("panel.more", n=len(rows) - MOST), "")]
