"""The answer in a paragraph, and the figures that matter beside what would be there without a plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from clusterplan.explore.market.beside import beside, change
from clusterplan.report.numbers import decimals, share_of, significant, written
from clusterplan.report.onepage.material import Material, records_of
from clusterplan.report.onepage.table import Cell, Section, Table, amount, columns, percent, text

COUNTED = frozenset({"firms", "loops", "parks", "persons", "platforms", "stages"})
"""Units of what is counted, and written whole."""


def answer(material: Material) -> Section:
    """Return what the plan says, in sentences."""
    w = material.words
    return Section(
        "answer",
        w("h.answer"),
        said=(w.sentences([_proven(material), *_told(material)]),),
        note=w("million", currency=material.manifest.currency, year=material.manifest.price_year),
    )


def _proven(material: Material) -> str:
    plan, w = material.plan, material.words
    if plan.status == "optimal":
        return w("answer.optimal")
    if plan.gap is None:
        return w("answer.no_bound")
    return w("answer.gap", gap=share_of(plan.gap, 1))


def _told(material: Material) -> Iterator[str]:
    plan, w, placed = material.plan, material.words, material.placed
    currency = material.manifest.currency
    is_firm = ~placed["is_platform"]
    of = placed.loc[is_firm, "status"].value_counts()
    yield w(
        "answer.places",
        opened=int(material.parks["open"].sum()),
        new=int((material.parks["open"] & (material.parks["status"] != "open")).sum()),
        parks=w.count("park", len(material.parks)),
        firms=w.count("firm", int(is_firm.sum())),
        existing=int(of.get("existing", 0)),
        committed=int(of.get("committed", 0)),
        won=int(of.get("candidate", 0)),
        platforms=w.count("platform", int((~is_firm).sum())),
    )
    value = plan.indicators["value"]
    rates = {
        material.names[anchor]: value.get(f"localisation_rate.{anchor}", math.nan)
        for anchor in placed.index[placed["is_anchor"]]
    }
    told = [f"{name} {share_of(rate)}" for name, rate in rates.items() if not pd.isna(rate)]
    if told:
        yield w("answer.anchors", rates=w.listed(told))
    yield w(
        "answer.jobs",
        jobs=written(value["jobs_new"], 0, w("none")),
        investment=significant(value["investment"]),
        currency=currency,
    )
    yield _grants(material)
    if material.beside is not None:
        yield from _market(material)
    yield w("answer.value", value=written(plan.value, decimals([plan.value])), currency=currency)
    yield w(
        "answer.assumed",
        share=share_of(material.region.assumed_share),
        firms=w.count("firm", len(material.resting)),
    )


def _grants(material: Material) -> str:
    grants, w = material.plan.grants, material.words
    if grants.empty:
        return w("answer.no_grants")
    total, rent = float(grants["amount_m_y"].sum()), float(grants["rent_m_y"].sum())
    return w(
        "answer.grants",
        grants=significant(float(grants["amount_pv_m"].sum())),
        currency=material.manifest.currency,
        firms=w.count("firm", int(grants["firm"].nunique())),
        rent=share_of(rent / total if total > 0 else 0.0),
    )


def _market(material: Material) -> Iterator[str]:
    w, firms = material.words, material.firms
    may = firms.index[(firms["status"] == "candidate") & ~firms["is_platform"]]
    here, there = set(material.placed.index) & set(may), material.market & set(may)
    yield w(
        "answer.market",
        alone=w.count("candidate", len(there)),
        added=w.count("candidate", len(here - there)),
    )
    if there - here:
        lost = len(there - here)
        yield w("answer.lost", n=lost, lost=w.count("candidate", lost))


def figures(material: Material) -> Section:
    """Return the measures of the plan beside today, the anchor alone and the market."""
    w, plan, base = material.words, material.plan, material.beside
    ends = {"today": base.today, "anchor_alone": base.anchor_alone, "market": base.market} if base else {}
    frame = beside({**ends, "plan": plan})
    if ends:
        frame = change(frame, "market", "plan")
    shown = [str(name) for name in frame.columns if name != "unit"]
    rows = tuple(
        (
            text(w.or_else(f"indicator.{name}", str(name))),
            *_measures(material, {column: row[column] for column in shown}, str(row["unit"])),
            text(material.unit(str(row["unit"]))),
        )
        for name, row in records_of(frame).items()
    )
    head = columns(w, "measure", *(f"#{name}" for name in shown), "unit")
    return Section(
        "figures",
        w("h.figures"),
        w("figures.note" if ends else "figures.none"),
        (Table("figures-table", w("h.figures"), head, rows),),
    )


def _measures(material: Material, numbers: Mapping[str, float], unit: str) -> tuple[Cell, ...]:
    """Return the numbers of one row, all with the same decimals; what is counted is whole.

    A change of a share is told in percentage points: 80 % in place of 40 % is no change of 100 %.
    """
    w, unknown = material.words, material.words("none")
    if unit == "share":
        return tuple(
            Cell(w("points", n=written(100 * number, 1)), number)
            if name == "change" and not math.isnan(number)
            else percent(number, unknown, 1)
            for name, number in numbers.items()
        )
    places = 0 if unit in COUNTED else decimals(numbers.values())
    return tuple(amount(number, places, unknown) for number in numbers.values())
