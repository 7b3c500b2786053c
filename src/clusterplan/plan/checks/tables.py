"""The tables themselves: columns, rows, ids, numbers, and what they repeat of the region."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import BoolArray
from clusterplan.plan.checks.breach import Breach, Gauge, named
from clusterplan.plan.checks.case import Case, PlanLike
from clusterplan.plan.checks.cells import at, numbers, texts
from clusterplan.region import TERMS

_NUMBERS = {
    "firms": ("utilisation", "grants_m_y"),
    "supply": ("quantity_per_y", "distance_km", "freight_m_y", "value_m_y"),
    "links": ("proximity", "value_m_y"),
    "loops": ("value_m_y",),
    "grants": ("amount_m_y", "amount_pv_m", "rent_m_y"),
    "works": ("public_cost_m_y",),
    "terms": ("amount", "weight", "value"),
}
_PERHAPS = {"firms": ("surplus_m_y",), "links": ("distance_km",)}
"""Numbers that may be unknown, but not infinite."""
_FLAGS = {
    "parks": ("open",),
    "firms": ("is_anchor", "is_platform"),
    "supply": ("local",),
    "loops": ("closed",),
    "works": ("built",),
}
_TEXTS = {
    "parks": ("name", "status", "level", "geometry"),
    "firms": ("name", "stage", "status", "park", "geometry"),
    "supply": ("from", "to", "gateway", "product", "from_park", "to_park", "geometry"),
    "links": ("link", "kind", "from", "to", "from_park", "to_park", "geometry"),
    "loops": ("loop", "firm", "park", "missing"),
    "grants": ("firm", "instrument", "budget"),
    "works": ("name", "park", "budget"),
}
_COPIED = {"parks": ("name", "status"), "firms": ("name", "stage", "status", "is_anchor", "is_platform")}
_NAMES = ("parks", "firms", "supply", "links", "loops", "grants", "works", "terms")


def columns(plan: PlanLike, gauge: Gauge) -> Iterator[Breach]:
    """Each table has its columns; without them nothing else can be checked."""
    resources = [f"{what}_{name}" for name in plan.region.resources for what in ("used", "capacity")]
    for table in _NAMES:
        frame = getattr(plan, table)
        wanted = [name for kind in (_TEXTS, _FLAGS, _NUMBERS, _PERHAPS) for name in kind.get(table, ())]
        wanted += resources if table == "parks" else []
        there = [name in frame.columns for name in wanted]
        yield from gauge.holds("tables.column", [f"{table}.{name}" for name in wanted], there)


def tables(case: Case) -> Iterator[Breach]:
    """Rows, ids and numbers are as they should be, and what is copied from the region is as it is there."""
    yield from _rows(case)
    yield from _references(case)
    yield from _numbers(case)
    yield from _copies(case)


def _rows(case: Case) -> Iterator[Breach]:
    """Parks, firms and terms stand once each; no other does."""
    for table, ids in (("parks", case.parks.index), ("firms", case.firms.index), ("terms", pd.Index(TERMS))):
        index = getattr(case.plan, table).index
        for rule, names, holds in (
            ("tables.missing_row", ids, ids.isin(index)),
            ("tables.unknown_row", index, index.isin(ids)),
            ("tables.repeated_row", index, ~index.duplicated()),
        ):
            yield from case.gauge.holds(rule, [f"{table}/{name}" for name in names], holds)


def _references(case: Case) -> Iterator[Breach]:
    """Ids in cells are ids of the region; a product, a firm and an instrument must be said."""
    region = case.region
    for table, column, ids, required in (
        ("firms", "park", case.parks.index, False),
        ("supply", "from", case.firms.index, False),
        ("supply", "to", case.firms.index, False),
        ("supply", "gateway", region.gateways.index, False),
        ("supply", "product", case.products.index, True),
        ("grants", "firm", case.firms.index, True),
        ("grants", "instrument", region.incentives.index, True),
    ):
        frame = getattr(case.plan, table)
        known = frame[column].isin(ids) | (frame[column].isna() & (not required))
        yield from case.gauge.holds("tables.unknown_id", _cells(table, column, frame), known)


def _numbers(case: Case) -> Iterator[Breach]:
    """Numbers are numbers; nothing is infinite."""
    used, room = (tuple(f"{what}_{name}" for name in case.region.resources) for what in ("used", "capacity"))
    for kinds, may_lack in (
        (_NUMBERS, False),
        ({"parks": used}, False),
        (_PERHAPS, True),
        ({"parks": room}, True),
    ):
        for table, names in kinds.items():
            frame = getattr(case.plan, table)
            for column in names:
                read = numbers(frame[column])
                fine = np.isfinite(read) | (frame[column].isna().to_numpy() & may_lack)
                yield from case.gauge.holds("tables.number", _cells(table, column, frame), fine)
    for table, names in _FLAGS.items():
        frame = getattr(case.plan, table)
        for column in names:
            fine = [isinstance(cell, bool | np.bool_) for cell in frame[column]]
            yield from case.gauge.holds("tables.flag", _cells(table, column, frame), fine)


def _copies(case: Case) -> Iterator[Breach]:
    """Names, states and capacities are the region's; capacities at the level of the park, with its works."""
    for table, known in (("parks", case.parks), ("firms", case.firms)):
        frame = getattr(case.plan, table)
        frame = frame[frame.index.isin(known.index)]
        there = known.reindex(frame.index)
        for column in _COPIED[table]:
            same = _same(frame[column], there[column])
            yield from case.gauge.holds("tables.copied", _cells(table, column, frame), same)
        if table == "parks":
            for name in case.region.resources:
                column = f"capacity_{name}"
                ids = _cells(table, column, frame)
                room = case.public.capacity[name][at(case.parks.index, frame.index)]
                yield from case.gauge.equal("tables.copied", ids, numbers(frame[column]), room)


def _same(found: pd.Series, known: pd.Series) -> BoolArray:
    return np.asarray(texts(found) == texts(known), dtype=np.bool_)


def _cells(table: str, column: str, frame: pd.DataFrame) -> list[str]:
    return named([f"{table}.{column}"] * len(frame), list(frame.index))
