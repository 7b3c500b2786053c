"""Everything the checks look at: the region's tables, what follows from them, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances, distances_with, region_distances
from clusterplan.distance.arrays import BoolArray, FloatArray
from clusterplan.plan.checks.admissible import Condition, admissible, conditions
from clusterplan.plan.checks.breach import Gauge
from clusterplan.plan.checks.costs import Costs, costs
from clusterplan.plan.checks.decided import Decided, decided
from clusterplan.plan.checks.recipes import by_other_route, needs, outputs
from clusterplan.plan.checks.works import Public, public

if TYPE_CHECKING:
    from clusterplan.region import Region


class ProofLike(Protocol):
    """What the check reads of how a plan was found."""

    @property
    def options(self) -> Mapping[str, Any]:
        """Options of the call, among them what the plan was asked to be."""


class PlanLike(Protocol):
    """What the check reads of a plan; see `clusterplan.plan.plan.Plan`."""

    @property
    def region(self) -> Region:
        """What was planned."""

    @property
    def status(self) -> str:
        """``optimal`` or ``feasible``."""

    @property
    def value(self) -> float:
        """Weighted sum of terms."""

    @property
    def bound(self) -> float | None:
        """No plan is worth more."""

    @property
    def gap(self) -> float | None:
        """How far the bound is off."""

    @property
    def proof(self) -> ProofLike:
        """How it was found."""

    @property
    def weights(self) -> Mapping[Any, float]:
        """Weight of each term."""

    @property
    def parks(self) -> pd.DataFrame:
        """Parks by id."""

    @property
    def firms(self) -> pd.DataFrame:
        """Firms by id."""

    @property
    def supply(self) -> pd.DataFrame:
        """Supply, a row a flow."""

    @property
    def links(self) -> pd.DataFrame:
        """Realised links."""

    @property
    def loops(self) -> pd.DataFrame:
        """Innovation loops of the producers placed."""

    @property
    def grants(self) -> pd.DataFrame:
        """Grants."""

    @property
    def works(self) -> pd.DataFrame:
        """Public works by id."""

    @property
    def terms(self) -> pd.DataFrame:
        """Terms by name."""

    @property
    def indicators(self) -> pd.DataFrame:
        """Indicators by name."""


@dataclass(frozen=True)
class Case:
    """A plan, its region, and what follows from the two without the model.

    Arrays have firms in rows and parks or products in columns, in the region's order.

    Parameters
    ----------
    plan, region, gauge
        What is checked, against what, how exactly.
    parks, firms, products
        Tables of the region, read once.
    distances
        Measured anew from the region, with the works of the plan.
    public
        What levels and works of the plan change and cost.
    costs
        What each park costs each firm, without works.
    output, need
        Units a year at full load, by product.
    other_output, other_need
        The same by second routes; as they are for firms without one.
    conditions, admissible
        What a firm must meet in a park, one by one and all together.
    decided
        The plan's decisions as positions in the region's tables.
    """

    plan: PlanLike
    region: Region
    gauge: Gauge
    parks: pd.DataFrame
    firms: pd.DataFrame
    products: pd.DataFrame
    distances: RegionDistances
    public: Public
    costs: Costs
    output: FloatArray
    need: FloatArray
    other_output: FloatArray
    other_need: FloatArray
    conditions: list[Condition]
    admissible: BoolArray
    decided: Decided

    @property
    def at_place(self) -> FloatArray:
        """Cost of each firm where it is placed, works included, m currency/y; 0 for a firm that is out."""
        here = self.decided.park
        total = self.costs.total + self.public.change
        return np.where(here >= 0, total[np.arange(len(here)), here], 0.0)

    @property
    def second(self) -> FloatArray:
        """Part of full utilisation that goes to a second route, by firm, as the plan's supply tells it.

        It is read off the product of which the two routes differ most, in shares of the full amount; all
        other products are then held to it (`clusterplan.plan.checks.supply`).
        """
        spent = np.zeros(len(self.firms))
        rows, load = self.decided.trades, self.decided.load
        full = np.hstack([self.output, self.need])
        other = np.hstack([self.other_output, self.other_need])
        differs = np.divide(
            other - full, np.maximum(full, other), out=np.zeros_like(full), where=other != full
        )
        for f in np.flatnonzero(self.firms["other_route"].notna() & self.decided.placed).tolist():
            most = int(np.argmax(np.abs(differs[f])))
            product = most % len(self.products)
            side = rows.seller if most < len(self.products) else rows.buyer
            moved = float(rows.quantity[(side == f) & (rows.product == product)].sum())
            more = other[f, most] - full[f, most]
            spent[f] = (moved - full[f, most] * load[f]) / more if more else 0.0
        return spent

    @property
    def is_platform(self) -> BoolArray:
        """True for platforms."""
        return self.firms["is_platform"].to_numpy(dtype=bool)


def case_of(plan: PlanLike, tolerance: float) -> Case:
    """Return what the checks need to know of a plan whose tables have all their columns."""
    region = plan.region
    parks, firms, products = region.parks, region.firms, region.products
    distances = region_distances(region)
    output = outputs(firms, products.index)
    by_other = by_other_route(firms)
    found = conditions(
        firms,
        parks,
        region.separations,
        output_value=output @ products["value"].to_numpy(dtype=float),
        homes_km=np.asarray(distances.homes_km, dtype=float),
        capacity=_most(region),
    )
    chosen = decided(plan, parks.index, firms.index, region)
    built = chosen.built
    return Case(
        plan=plan,
        region=region,
        gauge=Gauge(tolerance),
        parks=parks,
        firms=firms,
        products=products,
        distances=distances_with(distances, list(region.works.index[built])),
        public=public(
            region,
            level=chosen.level,
            built=built,
            platform=firms["is_platform"].to_numpy(dtype=bool) & chosen.placed,
        ),
        costs=costs(region.manifest, firms, parks),
        output=output,
        need=needs(firms, region.recipes, products.index),
        other_output=outputs(by_other, products.index),
        other_need=needs(by_other, region.recipes, products.index),
        conditions=found,
        admissible=admissible(found, parks.index.get_indexer(firms["park"])),
        decided=chosen,
    )


def _most(region: Region) -> dict[str, FloatArray]:
    """Return by resource what each park has at its largest level with all works; infinite for no limit."""
    found = {}
    for resource in region.resources:
        most = region.parks[resource].astype(float)
        largest = region.levels.groupby("park")[resource].max()
        most = most.where(~(largest.reindex(most.index) > most), largest.reindex(most.index))
        for park, adds in zip(region.works["park"], region.works["adds"], strict=True):
            if park is not None:
                most.loc[park] += dict(adds).get(resource, 0.0)
        found[resource] = most.fillna(np.inf).to_numpy(dtype=float)
    return found
