"""Plans of phases that follow each other: what stays, when it came, what was paid when, and the value.

Rules of the family ``phases``: ``there`` (nobody before its year), ``park_stays``, ``firm_stays``,
``work_stays``, ``level_stays``, ``award_stays``, ``awarded_on_coming``, ``awarded_when_open``,
``budget_phase``, ``budget_total``, ``budget_year``, ``value``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray
from clusterplan.plan.checks.breach import Breach, Gauge, named
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.instruments import Grants
from clusterplan.region import Region


@dataclass(frozen=True)
class PhaseCase:
    """The plan of a phase, with what follows from it.

    Parameters
    ----------
    id, year, years
        Id of the phase, its first calendar year, and how many it lasts.
    case, given
        The plan beside its region, and its grants.
    """

    id: str
    year: int
    years: int
    case: Case
    given: Grants

    @property
    def park(self) -> pd.Series:
        """Park of each firm by id, None for one that is out."""
        return self.case.plan.firms["park"].astype(object).where(lambda parks: parks.notna(), None)

    @property
    def amounts(self) -> pd.Series:
        """Annual equivalent of each grant by firm and instrument, m currency/y."""
        table = self.case.plan.grants
        return table.set_index(["firm", "instrument"])["amount_m_y"].astype(float)


def over_phases(region: Region, cases: Sequence[PhaseCase], value_m: float, gauge: Gauge) -> Iterator[Breach]:
    """Yield what does not hold from phase to phase, or over all of them.

    Parameters
    ----------
    region
        The region with its phases.
    cases
        Plans of the phases in their order.
    value_m
        Present value that is told, m currency.
    gauge
        How exactly.
    """
    for one in cases:
        yield from _there(region, one, gauge)
    for before, after in itertools.pairwise(cases):
        yield from _stays(before, after, gauge)
        yield from _awards(region, before, after, gauge)
    yield from _budgets(region, cases, gauge)
    rate, start = region.manifest.discount_rate, cases[0].year
    worth = sum(
        float(one.case.plan.value) / (1.0 + rate) ** (one.year + k - start)
        for one in cases
        for k in range(one.years)
    )
    yield from gauge.equal("phases.value", ["value"], value_m, worth)


def _there(region: Region, one: PhaseCase, gauge: Gauge) -> Iterator[Breach]:
    is_open = one.case.plan.parks["open"].eq(True)
    for table, is_in in ((region.firms, one.park.notna()), (region.parks, is_open)):
        late = table["from_year"] > one.year
        here = is_in.reindex(table.index, fill_value=False)
        ids = [f"{one.id}/{name}" for name in table.index]
        yield from gauge.holds("phases.there", ids, ~(late & here))


def _stays(before: PhaseCase, after: PhaseCase, gauge: Gauge) -> Iterator[Breach]:
    was, now = before.case.plan, after.case.plan
    opened = was.parks.index[was.parks["open"].eq(True)]
    yield from gauge.holds(
        "phases.park_stays", _ids(after, opened), now.parks["open"].reindex(opened).eq(True)
    )
    placed = before.park.dropna()
    yield from gauge.holds(
        "phases.firm_stays", _ids(after, placed.index), after.park.reindex(placed.index) == placed
    )
    built = was.works.index[was.works["built"].eq(True)]
    yield from gauge.holds(
        "phases.work_stays", _ids(after, built), now.works["built"].reindex(built).eq(True)
    )
    for park, level in was.parks["level"].dropna().items():
        other = now.parks["level"].get(park)
        kept = not pd.isna(other) and bool(
            (_size(after, park, other) >= _size(after, park, level) * (1 - 1e-12)).all()
        )
        yield from gauge.holds("phases.level_stays", [f"{after.id}/{park}"], [kept])


def _size(one: PhaseCase, park: Any, level: Any) -> pd.Series:
    """Return what a park has at a level, by resource; infinite where there is no limit."""
    resources, sizes = list(one.case.region.resources), one.case.region.levels
    row = sizes[(sizes["park"] == park) & (sizes["level"] == level)][resources].iloc[0].astype(float)
    own = one.case.parks.loc[park, resources].astype(float)
    size: pd.Series = row.fillna(own).fillna(np.inf)
    return size


def _awards(region: Region, before: PhaseCase, after: PhaseCase, gauge: Gauge) -> Iterator[Breach]:
    was, now = before.amounts, after.amounts
    ids = _ids(after, named(was.index.get_level_values(0), was.index.get_level_values(1)))
    yield from gauge.at_least("phases.award_stays", ids, now.reindex(was.index).fillna(0.0), was)
    held = was.reindex(now.index).fillna(0.0)
    firms, instruments = now.index.get_level_values(0), now.index.get_level_values(1)
    terms = region.incentives.reindex(instruments)
    ids = _ids(after, named(firms, instruments))
    came = before.park.reindex(firms).isna().to_numpy()
    may = came | terms["is_retention"].eq(True).to_numpy()
    anew = np.where(may, np.inf, held)
    yield from gauge.at_most("phases.awarded_on_coming", ids, now, anew)
    shut = ((terms["valid_from"] > after.year) | (terms["valid_until"] < after.year)).to_numpy()
    yield from gauge.at_most("phases.awarded_when_open", ids, now, np.where(shut, held, np.inf))


def _ids(after: PhaseCase, ids: Sequence[str] | pd.Index) -> list[str]:
    return [f"{after.id}/{name}" for name in ids]


@dataclass(frozen=True)
class _New:
    """What is decided anew in a phase, and paid from one budget.

    Parameters
    ----------
    awards
        m currency by year after the phase began.
    once, yearly
        For levels, works and platforms: in its first year, and in each of `life` years after it.
    """

    awards: FloatArray
    once: float
    yearly: float

    def by_year(self, life: int) -> FloatArray:
        paid = np.zeros(max(len(self.awards), 1 + life))
        paid[: len(self.awards)] = self.awards
        paid[0] += self.once
        paid[1 : 1 + life] += self.yearly
        return paid


def _budgets(region: Region, cases: Sequence[PhaseCase], gauge: Gauge) -> Iterator[Breach]:
    manifest, phases = region.manifest, region.manifest.phases
    life, crf = max(1, round(manifest.life_y)), manifest.capital_recovery
    offsets = [one.year - cases[0].year for one in cases]
    for name, budget in manifest.budgets.items():
        new = [_new(name, cases, p) for p in range(len(cases))]
        if budget.basis == "per_year":
            parts = [one.by_year(life) for one in new]
            paid = np.zeros(max(start + len(part) for start, part in zip(offsets, parts, strict=True)))
            for start, part in zip(offsets, parts, strict=True):
                paid[start : start + len(part)] += part
            year = np.arange(len(paid))
            limit = np.asarray(budget.by_year_m)[np.minimum(year, len(budget.by_year_m) - 1)]
            yield from gauge.at_most("phases.budget_year", named([name] * len(year), list(year)), paid, limit)
            continue
        own = budget.discount_rate
        rate = manifest.discount_rate if own is None else own
        annuity = 1.0 / crf if own is None else sum((1.0 + own) ** -t for t in range(1, life + 1))
        worth = [
            float((one.awards / (1.0 + rate) ** np.arange(len(one.awards))).sum())
            + one.once
            + one.yearly * annuity
            for one in new
        ]
        if any(name in phase.budgets for phase in phases):
            ids = [f"{name}/{one.id}" for one in cases]
            yield from gauge.at_most(
                "phases.budget_phase", ids, worth, [phase.budgets.get(name, 0.0) for phase in phases]
            )
        else:
            total = sum(amount / (1.0 + rate) ** start for amount, start in zip(worth, offsets, strict=True))
            yield from gauge.at_most("phases.budget_total", [name], total, budget.amount_m or 0.0)


def _new(name: str, cases: Sequence[PhaseCase], p: int) -> _New:
    """Return what is decided in a phase beyond the one before."""
    here = cases[p]
    before = cases[p - 1].amounts if p else pd.Series(dtype=float)
    given, cost = here.given, here.given.terms["public_cost"].to_numpy(dtype=float)
    horizon = max((flow.first + len(flow.paid) for flow in given.flows), default=0)
    paid = np.zeros(horizon)
    firms = here.case.firms.index
    for n, flow in enumerate(given.flows):
        if given.terms["budget"].iloc[n] != name or given.amount[n] <= 0:
            continue
        was = float(before.get((firms[given.firm[n]], given.terms["instrument"].iloc[n]), 0.0))
        units = cost[n] * given.units[n] * (given.amount[n] - was) / given.amount[n]
        paid += units * np.array([flow.in_year(t) for t in range(horizon)])
    totals = np.zeros(2)
    for sign, at in ((1.0, p), (-1.0, p - 1)):
        if at >= 0:
            beside = cases[at].case.public.paid
            mine = beside[beside["budget"] == name]
            totals += sign * np.array([float(mine["once"].sum()), float(mine["yearly"].sum())])
    return _New(paid, float(totals[0]), float(totals[1]))
