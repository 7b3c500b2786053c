"""Incentives: each condition of an instrument by itself, amounts, and what the table says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.plan.checks.breach import Breach, named
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import numbers, texts
from clusterplan.plan.checks.costs import MILLION
from clusterplan.plan.checks.instruments import Grants, platform_near


def incentives(case: Case, given: Grants) -> Iterator[Breach]:
    """Yield grants that break a condition, a cap, a ceiling, or that are told wrongly."""
    yield from _conditions(case, given)
    yield from _amounts(case, given)
    yield from _together(case, given)
    yield from _pooled(case, given)
    yield from _columns(case, given)


def _conditions(case: Case, given: Grants) -> Iterator[Breach]:
    terms, year = given.terms, case.region.manifest.award_year
    firms = case.firms.iloc[given.firm]
    parks = np.array([*case.parks.index, ""], dtype=object)[given.park]
    new = firms["is_new_entrant"].to_numpy(dtype=bool) | ~terms["new_entrants_only"].to_numpy(dtype=bool)
    here_anyway = firms["status"].isin(("existing", "committed")).to_numpy()
    retains = terms["is_retention"].to_numpy(dtype=bool)
    valid = ~(terms["valid_from"] > year) & ~(terms["valid_until"] < year)
    for rule, holds in (
        ("placed", given.park >= 0),
        ("platform", ~firms["is_platform"].to_numpy(dtype=bool)),
        ("stage", _listed(terms["stages"], firms["stage"])),
        ("route", _listed(terms["routes"], firms["route"])),
        ("size", _listed(terms["sizes"], firms["size"])),
        ("park", _listed(terms["parks"], parks)),
        ("area", _listed(terms["areas"], np.array([*case.parks["area"], None], dtype=object)[given.park])),
        ("firm", _listed(terms["firms"], firms.index)),
        ("new_entrant", new),
        ("retention", ~here_anyway | retains),
        ("validity", valid),
    ):
        yield from case.gauge.holds(f"incentives.{rule}", given.ids, holds)
    for rule, needed, own in (
        ("investment", "min_investment_m", "investment_m"),
        ("workers", "min_workers", "workers"),
    ):
        yield from case.gauge.at_least(f"incentives.{rule}", given.ids, firms[own], terms[needed])
    land = firms["land_ha"].to_numpy(dtype=float)
    for rule, needed, own in (
        ("investment_ha", "min_investment_m_ha", "investment_m"),
        ("tax_ha", "min_tax_m_ha_y", "tax_m_y"),
    ):
        a_ha = np.divide(
            firms[own].to_numpy(dtype=float), land, out=np.full(len(land), np.inf), where=land > 0
        )
        yield from case.gauge.at_least(f"incentives.{rule}", given.ids, a_ha, terms[needed])
    yield from case.gauge.holds("incentives.access", given.ids, platform_near(case, terms, given.park))


def _amounts(case: Case, given: Grants) -> Iterator[Breach]:
    """Check least ≤ amount ≤ cap, as annual equivalents."""
    least = given.terms["min_m"].to_numpy(dtype=float) * case.region.manifest.capital_recovery
    yield from case.gauge.at_least("incentives.least", given.ids, given.amount, least)
    cap = np.where(np.isnan(given.cap), np.inf, given.cap)  # a firm that is out is reported by its place
    yield from case.gauge.at_most("incentives.cap", given.ids, given.amount, cap)


def _together(case: Case, given: Grants) -> Iterator[Breach]:
    """Check that a firm gets an instrument once, one of an exclusive group, and aid up to the ceiling."""
    gauge, ids = case.gauge, case.firms.index
    rows = pd.DataFrame({"firm": given.firm, "group": given.terms["exclusive_group"].to_numpy()})
    yield from gauge.holds("incentives.repeated", given.ids, ~pd.Series(given.ids, dtype=object).duplicated())
    counts = rows.dropna().value_counts()
    names = [f"{ids[firm]}/{group}" for firm, group in counts.index]
    yield from gauge.at_most("incentives.exclusive", names, counts.to_numpy(dtype=float), 1.0)
    counted = given.terms["counts_as_aid"].to_numpy(dtype=bool)
    aid = np.bincount(given.firm[counted], weights=given.present[counted], minlength=len(ids))
    aided = np.unique(given.firm[counted & (given.park >= 0)])
    here = case.decided.park[aided]
    limit = np.array([ceiling(case, firm, park) for firm, park in zip(aided, here, strict=True)])
    yield from gauge.at_most(
        "incentives.aid_ceiling", ids[aided], aid[aided], np.where(np.isnan(limit), np.inf, limit)
    )


def ceiling(case: Case, firm: int, park: int) -> float:
    """Return the most aid for a firm in a park, present value; NaN: no ceiling."""
    enterprise, place, manifest = case.firms.iloc[firm], case.parks.iloc[park], case.region.manifest
    size = enterprise["size"]
    shares = [place["aid_ceiling"], getattr(manifest.aid_ceiling, size)]
    if size != "large":
        shares.insert(0, place[f"aid_ceiling_{size}"])
    share = next((float(given) for given in shares if not pd.isna(given)), np.nan)
    counts = left = float(enterprise["investment_m"])
    if manifest.aid_scale:
        counts = floor = 0.0
        for part in manifest.aid_scale:
            within = left if part.up_to_m is None else min(left, part.up_to_m - floor)
            counts, left, floor = counts + part.share * within, left - within, floor + within
    return share * counts


def _pooled(case: Case, given: Grants) -> Iterator[Breach]:
    """Check the units of each order, and what each firm stacks of a group."""
    terms = given.terms
    ordered = (terms["basis"] == "order").to_numpy()
    # an order pays rate a unit: full amount in millions over rate
    units = given.units / np.where(ordered, MILLION * terms["rate"].to_numpy(dtype=float), 1.0)
    for name in dict.fromkeys(terms["instrument"][ordered]):
        mine = (terms["instrument"] == name).to_numpy()
        limit = float(terms.loc[mine, "order_units_per_y"].iloc[0])
        yield from case.gauge.at_most("incentives.order", [name], float(units[mine].sum()), limit)
    limited = terms["stack_group"].notna() & terms["stack_limit_m"].notna()
    stacked = pd.DataFrame(
        {
            "firm": case.firms.index[given.firm],
            "group": terms["stack_group"],
            "present": given.present,
            "limit": terms["stack_limit_m"],
        }
    )[limited.to_numpy()]
    for (firm, group), rows in stacked.groupby(["firm", "group"]):
        yield from case.gauge.at_most(
            "incentives.stack",
            [f"{firm}/{group}"],
            float(rows["present"].sum()),
            float(rows["limit"].iloc[0]),
        )


def _columns(case: Case, given: Grants) -> Iterator[Breach]:
    """Check that the budget is the instrument's, and the present value the amount's."""
    table = case.plan.grants.iloc[case.decided.awards.row]
    yield from case.gauge.holds(
        "incentives.budget", given.ids, texts(table["budget"]) == texts(given.terms["budget"])
    )
    told = numbers(table["amount_pv_m"])
    yield from case.gauge.equal("incentives.amount_pv_m", given.ids, told, given.present)


def _listed(lists: pd.Series, values: Any) -> list[bool]:
    """Return whether each value is in the list beside it; an empty list takes any."""
    return [not items or value in items for items, value in zip(lists, values, strict=True)]


def budgets(case: Case, given: Grants) -> Iterator[Breach]:
    """Yield budgets, or years of them, from which more is paid than there is, levels and works included."""
    cost = given.terms["public_cost"].to_numpy(dtype=float)
    paid_from = given.terms["budget"].to_numpy()
    crf, life = case.region.manifest.capital_recovery, max(1, round(case.region.manifest.life_y))
    horizon = max((flow.first + len(flow.paid) for flow in given.flows), default=0)
    beside_all = case.public.paid
    if beside_all["once"].any() or beside_all["yearly"].any():
        horizon = max(horizon, 1 + life)
    year = np.arange(horizon)
    payments = np.array([[flow.in_year(t) for t in range(horizon)] for flow in given.flows])
    payments = payments.reshape(len(given.flows), horizon)
    spent_in = (cost * given.units)[:, None] * payments
    for name, budget in case.region.manifest.budgets.items():
        mine, beside = paid_from == name, beside_all[beside_all["budget"] == name]
        once, yearly = float(beside["once"].sum()), float(beside["yearly"].sum())
        if budget.basis == "total_pv":
            own = budget.discount_rate
            rate = case.region.manifest.discount_rate if own is None else own
            each = (spent_in[mine] / np.power(1.0 + rate, year)).sum(axis=1)
            spent = float(np.maximum(each, 0.0).sum()) + once  # a dear loan frees nothing for others
            spent += yearly * (
                1.0 / crf if own is None else sum((1.0 + own) ** -t for t in range(1, life + 1))
            )
            yield from case.gauge.at_most("incentives.budget_total", [name], spent, budget.amount_m or 0.0)
            continue
        by_year = spent_in[mine].sum(axis=0)
        by_year += np.where(year == 0, once, np.where(year <= life, yearly, 0.0))
        limit = np.asarray(budget.by_year_m)[np.minimum(year, len(budget.by_year_m) - 1)]
        ids = named([name] * len(year), list(year))
        yield from case.gauge.at_most("incentives.budget_year", ids, by_year, limit)
