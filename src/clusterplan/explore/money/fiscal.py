"""`fiscal`: the public purse by year and tier: what goes out, what comes back, and when it has paid back.

Flows of the public, m currency, those out of its purse negative; year 0 is when the plan begins, years 1 to n
are the life of the manifest:

    grants      by their payment schedules, at what they cost the public (`public_cost`)
    opening     parks that the plan opens, and the sizes it gives them, in year 0
    running     open parks and their sizes, every year
    works       public works that the plan builds, once and every year
    platforms   their public cost and what their place costs, every year
    tax         of firms at their utilisation, before tax holidays (which are grants), every year
    land        the price of land in year 0; rent of plants every year

Net present value is Σ flow · (1 + r)^−year at the manifest's rate. Over a life of whole years that is the sum
of the plan's terms parks, works, platforms, grants, tax and land_income over the capital recovery factor,
where what money of its budget costs the region counts (`cost_of_funds`). Source: discounted cash flow of the
public sector; one a year over n years at rate r is worth 1 / CRF today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.explore.money.payments import payments
from clusterplan.instance.costs import costs
from clusterplan.instance.public import changes_built
from clusterplan.plan import Plan
from clusterplan.region import rows

UNASSIGNED = "no tier"
"""Flows that belong to no tier in particular."""
ITEMS = ("grants", "opening", "running", "works", "platforms", "tax", "land")


@dataclass(frozen=True)
class Fiscal:
    """The public purse of a plan.

    Parameters
    ----------
    flows
        Columns ``year``, ``tier``, ``item``, ``is_new`` (False for firms, platforms and parks that are there
        already), ``amount_m`` (nominal, m currency, negative where it is paid) and ``cost_m`` (the same at
        what the money of the tier costs the region).
    rate
        Discount rate a year.
    jobs, local_m_y
        New jobs, and the value of anchors' inputs from within reach, m currency/y.
    """

    flows: pd.DataFrame
    rate: float
    jobs: float
    local_m_y: float

    def years(self, *, new: bool = True, tier: str | None = None) -> pd.DataFrame:
        """Return flows by year.

        Parameters
        ----------
        new
            True for what comes with the plan, False for what is there already too.
        tier
            One tier alone, at its own money; None: all, at what their money costs the region.

        Returns
        -------
        DataFrame
            By year, a column for each item, ``net_m``, ``cumulative_m`` and ``discounted_m`` (cumulative,
            present value), m currency.
        """
        chosen = self._chosen(new=new, tier=tier)
        amount = "cost_m" if tier is None else "amount_m"
        years = pd.RangeIndex(int(self.flows["year"].max()) + 1 if len(self.flows) else 1, name="year")
        table = chosen.pivot_table(index="year", columns="item", values=amount, aggfunc="sum")
        table = table.reindex(index=years, columns=list(ITEMS)).fillna(0.0).astype(float)
        table.columns.name = None
        net = table.sum(axis=1)
        factor = (1.0 + self.rate) ** -years.to_numpy(float)
        return table.assign(net_m=net, cumulative_m=net.cumsum(), discounted_m=(net * factor).cumsum())

    def npv_m(self, *, new: bool = True, tier: str | None = None) -> float:
        """Return the net present value, m currency."""
        return float(self.years(new=new, tier=tier)["discounted_m"].iloc[-1])

    def payback_year(self, *, discounted: bool = False, tier: str | None = None) -> int | None:
        """Return the first year from which on the new flows have paid back, None for never."""
        table = self.years(tier=tier)
        behind = table["discounted_m" if discounted else "cumulative_m"].to_numpy() < -1e-9
        if behind[-1]:
            return None
        return int(np.flatnonzero(behind)[-1]) + 1 if behind.any() else 0

    @property
    def tiers(self) -> pd.DataFrame:
        """By tier, of what is new: present values of each item at the tier's own money, and their sum."""
        chosen = self._chosen(new=True, tier=None)
        present = chosen["amount_m"] * (1.0 + self.rate) ** -chosen["year"].astype(float)
        table = present.groupby([chosen["tier"], chosen["item"]]).sum().unstack(fill_value=0)
        table = table.reindex(columns=list(ITEMS), fill_value=0.0).astype(float)
        table.columns.name = None
        return table.assign(npv_m=table.sum(axis=1))

    @property
    def summary(self) -> pd.Series:
        """Net present values, years of payback, and what a new job or local input costs.

        ``spent_pv_m`` is what goes out for grants, opening and building; ``spent_per_job_m`` is that over the
        new jobs, ``spent_per_local`` over the value of local inputs over the life (both present values).
        """
        table = self.years()
        factor = (1.0 + self.rate) ** -table.index.to_numpy(float)
        spent = -float(((table["grants"] + table["opening"]) * factor).sum()) - float(table["works"].iloc[0])
        local = self.local_m_y * float(factor[1:].sum())
        return pd.Series(
            {
                "npv_new_m": self.npv_m(),
                "npv_all_m": self.npv_m(new=False),
                "payback_year": _or_nan(self.payback_year()),
                "payback_year_discounted": _or_nan(self.payback_year(discounted=True)),
                "spent_pv_m": spent,
                "npv_per_job_m": self.npv_m() / self.jobs if self.jobs else float("nan"),
                "spent_per_job_m": spent / self.jobs if self.jobs else float("nan"),
                "spent_per_local": spent / local if local else float("nan"),
            },
            dtype=float,
        )

    def _chosen(self, *, new: bool, tier: str | None) -> pd.DataFrame:
        chosen = self.flows[self.flows["is_new"]] if new else self.flows
        return chosen if tier is None else chosen[chosen["tier"] == tier]


def fiscal(plan: Plan) -> Fiscal:
    """Return the public purse of a plan by year and tier.

    Parameters
    ----------
    plan
        The plan. Tax goes to tiers by ``tax_shares`` of the manifest; parks, platforms and land belong to no
        tier in particular. Of what is there already, land counts as if sold in year 0, as in the terms.

    Examples
    --------
    >>> import clusterplan as cp
    >>> purse = cp.fiscal(cp.solve(cp.load_region("tiny")))
    >>> purse.years()["net_m"].round(2).head(3).to_list()
    [-2.15, 0.8, 0.8]
    """
    manifest = plan.region.manifest
    life = max(1, round(manifest.life_y))
    flows = [*_grants(plan), *_parks(plan, life), *_built(plan, life), *_firms(plan, life)]
    columns = ["year", "tier", "item", "is_new", "amount_m", "cost_m"]
    frame = pd.DataFrame(flows, columns=columns).astype(
        {"year": int, "is_new": bool, "amount_m": float, "cost_m": float}
    )
    frame = frame[frame["amount_m"] != 0].reset_index(drop=True)
    indicators = plan.indicators["value"]
    return Fiscal(
        flows=frame,
        rate=manifest.discount_rate,
        jobs=float(indicators["jobs_new"]),
        local_m_y=float(plan.terms["amount"]["local_input_value"]),
    )


def _grants(plan: Plan) -> list[tuple[Any, ...]]:
    return [(row.year, row.tier, "grants", True, -row.public_m, -row.cost_m) for row in rows(payments(plan))]


def _parks(plan: Plan, life: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    parks = plan.region.parks.loc[plan.parks.index[plan.parks["open"]]]
    for row in rows(parks):
        is_new = row.status != "open"
        if is_new:
            found.append((0, UNASSIGNED, "opening", True, -row.open_cost_m, -row.open_cost_m))
        running = -row.open_cost_m_y
        found += [(year, UNASSIGNED, "running", is_new, running, running) for year in range(1, life + 1)]
    return found


def _built(plan: Plan, life: int) -> list[tuple[Any, ...]]:
    """Return what sizes of parks and works cost, of the tier of their budget."""
    region, found = plan.region, []
    level, built = plan.parks["level"], plan.works["built"]
    sizes = [row for row in rows(region.levels) if level[row.park] == row.level]
    works = [row for row in rows(region.works) if built[row.Index]]
    for row, once, yearly, items in (
        *((row, row.open_cost_m, row.open_cost_m_y, ("opening", "running")) for row in sizes),
        *((row, row.cost_m, row.cost_m_y, ("works", "works")) for row in works),
    ):
        tier, cost = _purse(plan, row.budget)
        found.append((0, tier, items[0], True, -once, -once * cost))
        found += [(year, tier, items[1], True, -yearly, -yearly * cost) for year in range(1, life + 1)]
    return found


def _purse(plan: Plan, name: str | None) -> tuple[str, float]:
    """Return the tier of a budget and what its money costs the region; of no budget, no tier and 1."""
    if pd.isna(name):
        return UNASSIGNED, 1.0
    budget = plan.region.manifest.budgets[str(name)]
    return budget.tier, budget.cost_of_funds


def _firms(plan: Plan, life: int) -> list[tuple[Any, ...]]:
    region, found = plan.region, []
    place, manifest = costs(region), region.manifest
    shares = dict(manifest.tax_shares)
    shares[UNASSIGNED] = 1.0 - sum(shares.values())
    price = place.land / manifest.capital_recovery
    at_place = place.total + sum(changes_built(region, plan.works["built"]).values())
    for f, (firm, row) in enumerate(region.firms.iterrows()):
        park = plan.firms.at[firm, "park"]
        if pd.isna(park):
            continue
        s = region.parks.index.get_loc(park)
        is_new = row["status"] != "existing"
        if row["is_platform"]:
            tier, cost = _purse(plan, row["budget"])
            yearly = [
                ("platforms", tier, -row["public_cost_m_y"], cost),
                ("platforms", UNASSIGNED, -at_place[f, s], 1.0),
            ]
        else:
            tax = row["tax_m_y"] * plan.firms.at[firm, "utilisation"]
            yearly = [("tax", tier, tax * share, 1.0) for tier, share in shares.items()]
            yearly.append(("land", UNASSIGNED, place.rent[f, s], 1.0))
            found.append((0, UNASSIGNED, "land", is_new, price[f, s], price[f, s]))
        found += [
            (year, tier, item, is_new, amount, amount * cost)
            for item, tier, amount, cost in yearly
            for year in range(1, life + 1)
        ]
    return found


def _or_nan(year: int | None) -> float:
    return float("nan") if year is None else float(year)
