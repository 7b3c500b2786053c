"""What the page is written from: a plan, what was asked about it, and what things are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from clusterplan.errors import ClusterplanError
from clusterplan.explore import (
    Alternatives,
    Baseline,
    Stability,
    Willingness,
    baseline,
    stability,
    willingness,
)
from clusterplan.plan import Plan
from clusterplan.plan.document import firms_on_assumed_outside
from clusterplan.plan.indicators.resources import unit_of
from clusterplan.region import Manifest, Region
from clusterplan.report.assumed import resting_flips
from clusterplan.report.names import names_of
from clusterplan.report.words import Words

QUICK = 2500
"""Firms times parks up to which the page works out the market by itself: beyond, it takes too long."""


Records = dict[str, dict[str, Any]]
"""Rows of a frame, by id."""


def known(value: Any) -> bool:
    """Return whether a cell holds anything."""
    return bool(pd.notna(value))


def records_of(frame: pd.DataFrame) -> Records:
    """Return the rows of a frame, by id."""
    rows: dict[Any, dict[Any, Any]] = frame.to_dict("index")
    return {str(id_): row for id_, row in rows.items()}


@dataclass(frozen=True)
class Material:
    """A plan, and what stands beside it.

    Parameters
    ----------
    plan
        The plan.
    words
        The language.
    beside
        The baseline it is set beside; None: none.
    others
        Alternatives; None: none were asked for.
    """

    plan: Plan
    words: Words
    beside: Baseline | None = None
    others: Alternatives | None = None

    @property
    def region(self) -> Region:
        """The region."""
        return self.plan.region

    @property
    def manifest(self) -> Manifest:
        """The manifest of the region."""
        return self.plan.region.manifest

    @cached_property
    def firms(self) -> pd.DataFrame:
        """The firms of the plan, by id."""
        return pd.DataFrame(self.plan.firms)

    @cached_property
    def firm(self) -> Records:
        """The rows of the firms, by id."""
        return records_of(self.firms)

    @cached_property
    def park(self) -> Records:
        """The rows of the parks, by id."""
        return records_of(self.parks)

    @cached_property
    def supply(self) -> pd.DataFrame:
        """The plan's supply, without its lines."""
        return pd.DataFrame(self.plan.supply.drop(columns="geometry"))

    @cached_property
    def links(self) -> pd.DataFrame:
        """The plan's links, without their lines."""
        return pd.DataFrame(self.plan.links.drop(columns="geometry"))

    @cached_property
    def short(self) -> Records:
        """The parts of each firm's surplus in a few sums, by firm."""
        return records_of(self.willingness.short)

    @cached_property
    def placed(self) -> pd.DataFrame:
        """Those of them that are placed."""
        return self.firms[self.firms["park"].notna()]

    @cached_property
    def parks(self) -> pd.DataFrame:
        """The parks of the plan, by id."""
        return pd.DataFrame(self.plan.parks)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What firms are called."""
        return names_of(self.firms)

    @cached_property
    def park_names(self) -> Mapping[str, str]:
        """What parks are called."""
        return names_of(self.parks)

    @cached_property
    def products(self) -> Mapping[str, str]:
        """What products are called."""
        return names_of(self.region.products)

    @cached_property
    def instruments(self) -> Mapping[str, str]:
        """What instruments are called."""
        return names_of(self.region.incentives)

    @cached_property
    def gateways(self) -> Mapping[str, str]:
        """What gateways are called."""
        return {
            gateway: self.words("panel.gateway", gateway=name)
            for gateway, name in names_of(self.region.gateways).items()
        }

    @cached_property
    def market(self) -> set[str]:
        """Firms that the market would bring; empty without a baseline."""
        if self.beside is None:
            return set()
        there = self.beside.market.firms["park"]
        return set(there.index[there.notna()])

    @cached_property
    def resting(self) -> list[str]:
        """Firms whose coming rests on an assumed outside option."""
        return list(firms_on_assumed_outside(self.plan))

    @cached_property
    def flips(self) -> pd.DataFrame | None:
        """How far the assumed outside options may move."""
        return resting_flips(self.plan)

    @cached_property
    def willingness(self) -> Willingness:
        """Why firms come."""
        return willingness(self.plan)

    @cached_property
    def stability(self) -> Stability:
        """Who would gain by moving alone."""
        return stability(self.plan)

    @cached_property
    def moving(self) -> Records:
        """What moving alone would do to each firm that decides about its place, by id."""
        return records_of(self.stability.firms)

    def budget(self, name: str) -> str:
        """Return what a budget is called."""
        return self.manifest.budgets[name].title or name

    def stage(self, name: str) -> str:
        """Return what a stage is called."""
        return self.manifest.stages.get(name) or name

    def resource(self, name: str) -> str:
        """Return what a resource is called."""
        return self.words.or_else(f"resource.{name}", name)

    def unit(self, unit: str) -> str:
        """Return a unit of indicators or resources in the language."""
        currency = self.manifest.currency
        money = {f"m {currency}/y": "m_y", f"m {currency}": "m"}
        if unit in money:
            return self.words(f"unit.{money[unit]}", currency=currency)
        return self.words.or_else(f"unit.{unit}", unit)

    def unit_of(self, resource: str) -> str:
        """Return the unit of a resource in the language."""
        return self.unit(unit_of(self.region, resource))

    def firm_status(self, firm: str) -> str:
        """Return the status of a firm in the plan, in words."""
        row = self.firm[firm]
        there = known(row["park"])
        return self.words(f"status.firm.{row['status'] if there or row['status'] == 'excluded' else 'left'}")

    def park_status(self, park: str) -> str:
        """Return the status of a park in the plan, in words."""
        row = self.park[park]
        if not row["open"]:
            return self.words(f"status.park.{'excluded' if row['status'] == 'excluded' else 'shut'}")
        told = self.words(f"status.park.{'kept' if row['status'] == 'open' else 'opened'}")
        if not known(row["level"]):
            return told
        levels = self.region.levels
        named = levels.loc[(levels["park"] == park) & (levels["level"] == row["level"]), "name"]
        level = next((name for name in named if name), row["level"])
        return self.words("status.park.level", status=told, level=level)


def quick_baseline(plan: Plan) -> Baseline | None:
    """Return the baseline of a plan's region where that is quick; None where it is not, or there is none.

    Parameters
    ----------
    plan
        The plan.
    """
    region = plan.region
    if len(region.firms) * len(region.parks) > QUICK:
        return None
    try:
        return baseline(region, orders=0)
    except ClusterplanError:  # what is there cannot trade by itself: the page says that nothing was found
        return None
