"""Public money: what a plan costs, whom it pays, what comes back and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.instance import Floats
from clusterplan.instance.costs import costs
from clusterplan.instance.public import changes_built, funds, levels
from clusterplan.plan.indicators.indicator import Indicator
from clusterplan.plan.indicators.parts import (
    enterprises,
    money,
    money_a_year,
    open_parks,
    placed_firms,
)
from clusterplan.plan.plan import Plan


def public_money(plan: Plan) -> Iterator[Indicator]:
    """Yield public cost, grants by tier, rents, tax, and the years until public money is paid back."""
    flows = _flows(plan)
    manifest, grants = plan.region.manifest, plan.grants
    crf, yearly, once = manifest.capital_recovery, money_a_year(plan), money(plan)
    cost = (
        flows.opening_m * crf
        + flows.running_m_y
        + flows.platforms_m_y
        + flows.works_m_y
        + flows.grants_pv_m * crf
    )
    yield Indicator(
        "public_cost",
        cost,
        yearly,
        "What open parks, public works, platforms and grants (at the cost of funds of their budget) cost the "
        "public, with one-off money as its annual equivalent; the opening of parks open already is sunk.",
    )
    yield Indicator(
        "public_cost_pv",
        cost / crf,
        once,
        "Present value of the public cost over the life and at the rate of the manifest.",
    )
    yield Indicator(
        "grants", float(grants["amount_m_y"].sum()), yearly, "Grants of all tiers, annual equivalent."
    )
    yield Indicator(
        "grants_pv", float(grants["amount_pv_m"].sum()), once, "Grants of all tiers, present value."
    )
    tier = grants["budget"].map({name: budget.tier for name, budget in manifest.budgets.items()})
    for name in dict.fromkeys(budget.tier for budget in manifest.budgets.values()):
        yield Indicator(
            f"grants.{name}",
            float(grants.loc[tier == name, "amount_m_y"].sum()),
            yearly,
            f"Grants from budgets of tier {name}, annual equivalent.",
        )
    yield Indicator(
        "rents",
        float(grants["rent_m_y"].sum()),
        yearly,
        "Part of the grants, at their worth to the firms, that firms would have come without, all else held.",
    )
    yield Indicator(
        "tax",
        flows.tax_m_y,
        yearly,
        "Tax the firms placed pay at their utilisation, before tax holidays, which are grants.",
    )
    yield Indicator(
        "years_to_pay_back",
        _years(plan),
        "years",
        "Present value of grants, levels and works (at cost of funds) and opening costs over the yearly tax "
        "and land income of firms not there yet, less the yearly cost of parks not open yet and of platforms "
        "not there yet; null where they are never paid back.",
    )


@dataclass(frozen=True)
class _Flows:
    """Public money of the plan, or of the part of it that is new."""

    grants_pv_m: float
    opening_m: float
    running_m_y: float
    platforms_m_y: float
    works_m_y: float
    tax_m_y: float
    land_m_y: float


def _years(plan: Plan) -> float:
    """Return the years until what is new has paid back the public money; NaN for never."""
    new = _flows(plan, new_only=True)
    spent = new.grants_pv_m + new.opening_m + new.works_m_y / plan.region.manifest.capital_recovery
    earned = new.tax_m_y + new.land_m_y - new.running_m_y - new.platforms_m_y
    if spent == 0:
        return 0.0
    return spent / earned if earned > 0 else float("nan")


def _flows(plan: Plan, *, new_only: bool = False) -> _Flows:
    """Return the public money of a plan.

    Parameters
    ----------
    plan
        The plan.
    new_only
        True to leave out firms and platforms that are there already, and parks that are open already.
        Grants are all counted: all of them are given by the plan.
    """
    region, parks = plan.region, open_parks(plan)
    everyone, earning = placed_firms(plan), enterprises(plan)
    if new_only:
        parks = parks[parks["status"] != "open"]
        everyone, earning = (frame[frame["status"] != "existing"] for frame in (everyone, earning))
    platforms = everyone[everyone["is_platform"]]
    place = costs(region)
    changed = sum(changes_built(region, plan.works["built"]).values())
    return _Flows(
        grants_pv_m=_grants_at_cost_of_funds(plan),
        opening_m=float(parks.loc[parks["status"] != "open", "open_cost_m"].sum()),
        running_m_y=float(parks["open_cost_m_y"].sum()),
        platforms_m_y=float((platforms["public_cost_m_y"] * funds(region, platforms["budget"])).sum())
        + _at_parks(plan, place.total + changed, platforms),
        works_m_y=_works(plan),
        tax_m_y=float((earning["tax_m_y"] * earning["utilisation"]).sum()),
        land_m_y=_at_parks(plan, place.land + place.rent, earning),
    )


def _works(plan: Plan) -> float:
    """Return what levels and works of a plan cost a year, at the cost of funds, m currency/y."""
    region, level, works = plan.region, plan.parks["level"], plan.works
    sizes = region.levels
    has = [level[park] == name for park, name in zip(sizes["park"], sizes["level"], strict=True)]
    sized = levels(region).cost[np.array(has, dtype=bool)]
    return float(sized.sum()) + float(works["public_cost_m_y"].sum())


def _at_parks(plan: Plan, amounts: Floats, firms: pd.DataFrame) -> float:
    """Return the sum of F×S amounts over firms at their parks."""
    region = plan.region
    f, s = region.firms.index.get_indexer(firms.index), region.parks.index.get_indexer(firms["park"])
    return float(amounts[f, s].sum())


def _grants_at_cost_of_funds(plan: Plan) -> float:
    grants, manifest = plan.grants, plan.region.manifest
    a_unit = grants["instrument"].map(plan.region.incentives["public_cost"]).to_numpy(float)
    funds = grants["budget"].map({name: budget.cost_of_funds for name, budget in manifest.budgets.items()})
    return float((grants["amount_pv_m"] * a_unit * funds.to_numpy(float)).sum())
