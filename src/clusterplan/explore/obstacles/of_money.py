"""Causes of the market: candidates come only if it pays them; grants have caps, ceilings and budgets."""

from __future__ import annotations

from functools import cache

import numpy as np

from clusterplan.explore.obstacles.cause import Cause, Ease
from clusterplan.explore.obstacles.words import Words, told
from clusterplan.instance import Instance
from clusterplan.region import Region


def money_causes(words: Words, region: Region, instance: Instance) -> dict[str, dict[str, Cause]]:
    """Return the causes of rows about money, by rule and name of the row."""
    caps, least = _awards(words, region, instance)
    return {
        "willingness": _willing(words, region, instance),
        "award_cap": caps,
        "award_taken": caps,  # the same cap, where the award is a decision of its own
        "award_load": caps,  # what it gives at the firm's utilisation
        "award_least": least,
        "award_shared": {
            row: Cause("award_shared", (row,), f"There is a limit of {row}.")
            for row in instance.awards.shared_rows
        },
        "access": _access(words, instance),
        "exclusive": _exclusive(words, instance),
        "aid_ceiling": {
            firm: Cause("aid_ceiling", (firm,), f"Aid to {words.firm(firm)} has a ceiling.")
            for firm in instance.sites.firms
        },
        "budget": _budgets(words, region, instance),
    }


def _willing(words: Words, region: Region, instance: Instance) -> dict[str, Cause]:
    unit = f"{words.money}/y"
    found = {}
    earned = region.firms["outside_m_y"].to_numpy(float)
    for f in np.flatnonzero(instance.results.willing):
        firm = instance.sites.firms[f]
        outside, name = float(earned[f]), words.firm(firm)
        found[firm] = Cause(
            "willingness",
            (firm,),
            f"{name} comes only if it earns at least {told(outside)} {unit}, as elsewhere.",
            outside,
            unit,
            ease=Ease(
                "willingness", (firm,), f"{{}} {unit} more for {name}, without which it would not come", unit,
                abs(outside),
            ),
            weight=(3.0,),
        )  # fmt: skip
    return found


def _awards(words: Words, region: Region, instance: Instance) -> tuple[dict[str, Cause], dict[str, Cause]]:
    """Return the causes of caps, and of least amounts, by instrument and firm."""
    awards, crf = instance.awards, region.manifest.capital_recovery
    most = awards.cap.max(axis=1, initial=0.0) / crf
    caps, least = {}, {}
    for a, (f, i) in enumerate(zip(awards.firm, awards.instrument, strict=True)):
        firm, instrument = instance.sites.firms[f], awards.instruments[i]
        key, about = f"{instrument} to {firm}", (instrument, firm)
        name, to, amount = words.instrument(instrument), words.firm(firm), float(most[a])
        smallest = float(awards.least[a] / crf)
        caps[key] = Cause(
            "award_cap",
            about,
            f"{name} gives {to} at most {told(amount)} {words.money}.",
            amount,
            words.money,
        )
        least[key] = Cause(
            "award_least", about, f"{name} is at least {told(smallest)} {words.money}.", smallest, words.money
        )
    return caps, least


def _access(words: Words, instance: Instance) -> dict[str, Cause]:
    awards, sites = instance.awards, instance.sites
    found: dict[str, Cause] = {}
    for a in np.flatnonzero(awards.access >= 0):
        firm, instrument = sites.firms[awards.firm[a]], awards.instruments[awards.instrument[a]]
        cause = Cause(
            "access",
            (instrument, firm),
            f"{words.instrument(instrument)} is for {words.firm(firm)} only near a platform.",
        )
        found |= {f"{instrument} to {firm} in {park}": cause for park in sites.parks}
    return found


def _exclusive(words: Words, instance: Instance) -> dict[str, Cause]:
    return {
        f"{group} to {firm}": Cause(
            "exclusive", (group, firm), f"{words.firm(firm)} gets at most one instrument of '{group}'.", 1.0
        )
        for group in instance.awards.group_names
        for firm in instance.sites.firms
    }


def _budgets(words: Words, region: Region, instance: Instance) -> dict[str, Cause]:
    """Return one cause a budget; a budget by year is one, whichever year is short."""

    @cache
    def cause(name: str) -> Cause:
        budget = region.manifest.budgets[name]
        total = budget.basis == "total_pv"
        limit = float(budget.amount_m or 0.0) if total else max(budget.by_year_m)
        unit = words.money if total else f"{words.money}/y"
        by_year = ", ".join(told(amount) for amount in budget.by_year_m)
        has = f"{told(limit)} {unit}" if total else f"{by_year} {words.money} by year"
        title = words.budget(name)
        change = f"{{}} {unit} more for the budget '{title}'"
        ease = Ease("budget", (name,), change, unit, limit, per_unit=-1.0)
        return Cause(
            "budget", (name,), f"The budget '{title}' has {has}.", limit, unit, ease=ease, weight=(2.5,)
        )

    found = {}
    for row in instance.awards.budget_rows:
        names = [
            name for name in region.manifest.budgets if row == name or row.startswith(f"{name} in year ")
        ]
        if names:
            found[row] = cause(max(names, key=len))
    return found
