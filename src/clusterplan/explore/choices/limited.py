"""`Limited`: one thing of which a region has so much and no more, and how it is given more or less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.explore.obstacles.change import Change, changed
from clusterplan.plan import Plan
from clusterplan.plan.limits import limits
from clusterplan.region import Region

UNITS = {"land_ha": "ha", "power_mw": "MW", "water_m3_d": "m3/d", "workers": "workers"}
"""Units of resources that every region has; others are told by their own name."""


@dataclass(frozen=True)
class Limited:
    """One thing that is limited.

    Parameters
    ----------
    name
        What a planner calls it: ``budget.city``, ``park.south.land_ha``, ``group.grid.power_mw``,
        ``pool.town``, ``gateway.port.cells.buys`` (or ``sells``).
    kind, about
        How it is changed: a key of `clusterplan.explore.obstacles.change.KINDS`, and ids.
    amount
        How much there is: of a budget by year, in its most generous year.
    used
        What the plan uses of it: of a budget by year, in the year that is nearest to its limit. NaN where
        that cannot be told (labour pools, of which firms draw from several).
    share
        Part of the limit that is used; of a budget by year, in the year in which it is largest.
    unit
        Unit of the amount.
    """

    name: str
    kind: str
    about: tuple[str, ...]
    amount: float
    used: float
    share: float
    unit: str

    def given(self, region: Region, step: float) -> Region:
        """Return the region with so much more of it (less if the step is negative), never less than none.

        Parameters
        ----------
        region
            The region.
        step
            Amount, in the unit.

        Raises
        ------
        InputError
            If the region so changed has faults.
        """
        less = max(step, -self.amount)
        return changed(region, [Change(self.kind, self.about, less, self.unit, "", 0.0)])


def limited(plan: Plan) -> dict[str, Limited]:
    """Return what is limited in the region of a plan, by name.

    Parameters
    ----------
    plan
        The plan.
    """
    found = limits(plan)
    return {one.name: one for one in _all(plan.region, found)}


def _all(region: Region, found: pd.DataFrame) -> Iterator[Limited]:
    for name, budget in region.manifest.budgets.items():
        years = tuple(budget.by_year_m or ())
        amount = max(years) if budget.basis == "per_year" and years else float(budget.amount_m or 0.0)
        ids = [name, *(f"{name}/{year}" for year in range(200))]
        rows = found[found["rule"].str.startswith("incentives.budget") & found["id"].isin(ids)]
        yield Limited(f"budget.{name}", "budget", (name,), amount, *_used(rows), "m")
    for resource in region.resources:
        rule = f"capacity.{resource}"
        for park in region.parks.index:
            rows = found[(found["rule"] == rule) & (found["id"] == park)]
            if len(rows):
                yield _of(f"park.{park}.{resource}", "capacity", (str(park), resource), rows, resource)
    for group, resource in dict.fromkeys(zip(region.groups["group"], region.groups["resource"], strict=True)):
        rows = found[(found["rule"] == "capacity.group") & (found["id"] == f"{group}/{resource}")]
        yield _of(f"group.{group}.{resource}", "group_capacity", (group, resource), rows, resource)
    for pool, workers in region.pools["workers"].items():
        yield Limited(f"pool.{pool}", "pool", (str(pool),), float(workers), np.nan, np.nan, "workers")
    units = region.products["unit"]
    for gateway, product in zip(region.markets["gateway"], region.markets["product"], strict=True):
        for side in ("buys", "sells"):
            rule = f"supply.gateway_{side}_up_to"
            rows = found[(found["rule"] == rule) & (found["id"] == f"{gateway}/{product}")]
            if len(rows):
                name = f"gateway.{gateway}.{product}.{side}"
                yield _of(name, f"{side}_up_to", (gateway, product), rows, f"{units[product]}/y")


def _of(name: str, kind: str, about: tuple[str, ...], rows: pd.DataFrame, resource: str) -> Limited:
    amount = float(rows["limit"].iloc[0])
    return Limited(name, kind, about, amount, *_used(rows), UNITS.get(resource, resource))


def _used(rows: pd.DataFrame) -> tuple[float, float]:
    """Return what is used, and its share, where the share is largest; nothing where there is no limit."""
    if rows.empty:
        return 0.0, 0.0
    share = (rows["amount"] / rows["limit"].where(rows["limit"] > 0)).fillna(0.0).to_numpy(dtype=float)
    at = int(np.argmax(share))
    return float(rows["amount"].iloc[at]), float(share[at])
