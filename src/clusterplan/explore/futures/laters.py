"""Futures of a region made ready for a plan that is sought for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances, region_distances
from clusterplan.explore.futures.future import Scenario, chances
from clusterplan.instance import Bools, Instance, Later, instance_of, later
from clusterplan.region import Region
from clusterplan.region import change as changed_region


@dataclass(frozen=True, eq=False)
class Futures:
    """A region and its futures.

    Parameters
    ----------
    region, distances, today
        The region as it is, its distances, and its instance.
    regions, changed, reach
        By scenario: the region in that future with the capacities of today, with its own, and its distances.
    laters
        The futures, in order.
    """

    region: Region
    distances: RegionDistances
    today: Instance
    regions: dict[str, Region]
    changed: dict[str, Region]
    reach: dict[str, RegionDistances]
    laters: tuple[Later, ...]

    @property
    def names(self) -> list[str]:
        """Names of the scenarios."""
        return list(self.regions)


def futures_ready(region: Region, futures: Sequence[Scenario]) -> Futures:
    """Return futures with all that a plan for all of them needs.

    Parameters
    ----------
    region
        The region as it is.
    futures
        What may be.

    Raises
    ------
    UsageError
        If a future changes what is decided once.
    InputError
        If the changes of a scenario make no region.
    """
    region = region.replace(scenarios=None) if len(region.scenarios) else region
    distances = region_distances(region)
    today = instance_of(region, distances)
    regions: dict[str, Region] = {}
    own: dict[str, Region] = {}
    reach: dict[str, RegionDistances] = {}
    laters = []
    for future, chance in zip(futures, chances(futures).tolist(), strict=True):
        changed = changed_region(region, future.changes)
        as_today = _with_capacities_of(region, changed)
        away = region_distances(as_today)
        itself = instance_of(as_today, away)
        regions[future.name], own[future.name], reach[future.name] = as_today, changed, away
        laters.append(
            later(
                today,
                itself,
                name=future.name,
                chance=chance,
                firms_there=~(_out(changed.firms) & ~_out(region.firms)),
                parks_there=~(_out(changed.parks) & ~_out(region.parks)),
                rationed=None if as_today is changed else instance_of(changed, away),
                fulfilment=dict(future.fulfilment),
            )
        )
    return Futures(region, distances, today, regions, own, reach, tuple(laters))


def _out(frame: pd.DataFrame) -> Bools:
    """Return which firms or parks are out for sure."""
    return np.asarray((frame["status"] == "excluded") | (frame["lock"] == "out"), dtype=bool)


def _with_capacities_of(region: Region, changed: Region) -> Region:
    """Return a changed region with what parks, groups and pools have in the first."""
    before, after = region.given(), changed.given()
    resources = [name for name in region.resources if name in before["parks"]]
    tables = {}
    if not before["parks"][resources].equals(after["parks"][resources]):
        tables["parks"] = after["parks"].assign(**{name: before["parks"][name] for name in resources})
    for name in ("groups", "pools"):
        if name in before and not before[name].equals(after.get(name)):
            tables[name] = before[name]
    return changed.replace(**tables) if tables else changed
