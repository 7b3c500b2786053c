"""Land, power, water, workers and further resources that are used."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.plan.indicators.indicator import Indicator, ratio
from clusterplan.plan.plan import Plan
from clusterplan.region import RESOURCES, Region
from clusterplan.region.tables import FIRMS


def resources(plan: Plan) -> Iterator[Indicator]:
    """Yield what is used of every resource, and how much of what open parks have that is."""
    parks = plan.parks
    parks = parks[parks["open"]]
    for resource in plan.region.resources:
        used, capacity = parks[f"used_{resource}"], parks[f"capacity_{resource}"]
        limited = capacity.notna()
        yield Indicator(
            f"used.{resource}",
            float(used.sum()),
            unit_of(plan.region, resource),
            f"What firms and platforms use of {resource} in open parks.",
        )
        yield Indicator(
            f"used_share.{resource}",
            ratio(float(used[limited].sum()), float(capacity[limited].sum())),
            "share",
            f"Share in use of the {resource} of open parks, parks with no limit on it apart.",
        )


def unit_of(region: Region, resource: str) -> str:
    """Return the unit of a resource of a region."""
    if resource in RESOURCES:
        return FIRMS.column(resource).unit
    return region.manifest.resources[resource]
