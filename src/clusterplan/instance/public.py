"""Levels and works of a region, and what they, and platforms, take from budgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance import SUPPLY, RegionDistances
from clusterplan.distance.built import shortened_ways
from clusterplan.instance.costs import MILLION
from clusterplan.instance.frozen import Bools, Floats, Ints, as_floats, as_ints
from clusterplan.instance.innovation import within
from clusterplan.instance.works import Levels, Ways, Works
from clusterplan.region import Region


@dataclass(frozen=True)
class Payments:
    """What is paid beside awards, n of them.

    Parameters
    ----------
    budget
        n, the budget; None for none.
    once
        n, paid in year 0, m currency.
    yearly
        n, paid in each year from 1 on, m currency/y.
    """

    budget: tuple[str | None, ...]
    once: Floats
    yearly: Floats

    def of(self, budget: str) -> tuple[Floats, Floats]:
        """Return what is paid from a budget, once and yearly; 0 for what is not."""
        mine = np.array([name == budget for name in self.budget], dtype=bool)
        return np.where(mine, self.once, 0.0), np.where(mine, self.yearly, 0.0)


def payments(region: Region) -> Payments:
    """Return the costs of levels, then of works, then of firms (those that are platforms)."""
    levels, works, firms = region.levels, region.works, region.firms
    running = np.where(firms["is_platform"], firms["public_cost_m_y"], 0.0)
    return Payments(
        budget=(*levels["budget"], *works["budget"], *firms["budget"].where(firms["is_platform"], None)),
        once=as_floats([*levels["open_cost_m"], *works["cost_m"], *np.zeros(len(firms))]),
        yearly=as_floats([*levels["open_cost_m_y"], *works["cost_m_y"], *running]),
    )


def funds(region: Region, budget: pd.Series) -> Floats:
    """Return the cost of funds of budgets, 1 where none is named."""
    costs = {name: item.cost_of_funds for name, item in region.manifest.budgets.items()}
    return as_floats([1.0 if name is None else costs[name] for name in budget])


def levels(region: Region) -> Levels:
    """Return the levels of a region's parks."""
    frame, parks, resources = region.levels, region.parks, list(region.resources)
    if frame.empty:
        return Levels()
    park = as_ints(parks.index.get_indexer(frame["park"]))
    own = parks[resources].to_numpy(float)[park]
    here = frame[resources].to_numpy(float)
    once = frame["open_cost_m"].to_numpy(float) * region.manifest.capital_recovery
    return Levels(
        park=park,
        names=tuple(frame["level"]),
        extra=np.where(np.isnan(here), 0.0, here - own),
        cost=(once + frame["open_cost_m_y"].to_numpy(float)) * funds(region, frame["budget"]),
    )


def added_capacity(region: Region) -> tuple[Floats, Floats]:
    """Return W×R and W×G, what each work adds to its park and to groups of parks."""
    frame, resources = region.works, list(region.resources)
    shared = dict.fromkeys(zip(region.groups["group"], region.groups["resource"], strict=True))
    groups = [group for group, _ in shared]
    own, of_groups = np.zeros((len(frame), len(resources))), np.zeros((len(frame), len(groups)))
    for w, adds in enumerate(frame["adds"]):
        for name, amount in adds:
            if name in resources:
                own[w, resources.index(name)] += amount
            else:
                of_groups[w, groups.index(name)] += amount
    return own, of_groups


def cost_changes(region: Region) -> dict[str, Floats]:
    """Return W×F by part of the cost of a place, what each work changes of it for each firm, m currency/y."""
    works, firms = region.works, region.firms
    water = region.manifest.water_days_y * MILLION
    return {
        "fixed": np.tile(works["fixed_cost_change_m_y"].to_numpy(float)[:, None], (1, len(firms))),
        "energy": np.outer(works["power_price_change_per_mwh"], firms["energy_mwh_y"]) * MILLION,
        "water": np.outer(works["water_price_change_per_m3"], firms["water_m3_d"]) * water,
    }


def changes_built(region: Region, built: pd.Series) -> dict[str, Floats]:
    """Return F×S by part of the cost of a place, what works that are built change of it, m currency/y."""
    parks = region.parks.index
    found = {}
    for part, changes in cost_changes(region).items():
        found[part] = np.zeros((len(region.firms), len(parks)))
        for is_built, park, change in zip(built, region.works["park"], changes, strict=True):
            if is_built and park is not None:
                found[part][:, parks.get_loc(park)] += change
    return found


def works(region: Region, distances: RegionDistances, kinds: tuple[str, ...]) -> Works:
    """Return the works of a region.

    Parameters
    ----------
    region, distances
        The region.
    kinds
        Kinds of links, in the order of the instance.
    """
    frame, firms, parks = region.works, region.firms, region.parks
    if frame.empty:
        return Works()
    park = as_ints(parks.index.get_indexer(frame["park"]))
    capacity, group_capacity = added_capacity(region)
    saved = np.where(park[:, None] >= 0, -sum(cost_changes(region).values()), 0.0) + 0.0
    platform = firms["is_platform"].to_numpy(bool)
    once = frame["cost_m"].to_numpy(float) * region.manifest.capital_recovery
    roads = shortened_ways(region)
    return Works(
        names=tuple(frame.index),
        park=park,
        capacity=capacity,
        group_capacity=group_capacity,
        saving=np.where(platform, 0.0, saved),
        public_saving=np.where(platform, saved, 0.0),
        cost=(once + frame["cost_m_y"].to_numpy(float)) * funds(region, frame["budget"]),
        ways=_ways(region, distances, roads, kinds),
        gates=_gates(region, distances, roads),
    )


def _ways(
    region: Region, distances: RegionDistances, roads: list[dict[Any, Any]], kinds: tuple[str, ...]
) -> Ways:
    """Return ways between parks, in both directions; those that shorten neither are left out."""
    at = {park: s for s, park in enumerate(region.parks.index)}
    number = {work: w for w, work in enumerate(region.works.index)}
    found = [
        (row["km"], number[row["work"]], at[row["from"]], at[row["to"]]) for row in roads if row["to"] in at
    ]
    both = [(*way[:2], start, end) for way in found for start, end in (way[2:], way[:1:-1])]
    work, start, end = (as_ints([way[i] for way in both]) for i in (1, 2, 3))
    km, measure = _nearer(distances, distances.parks, as_floats([way[0] for way in both]), start, end)
    shorter = _shortens(distances.parks, km, measure, start, end)
    keep = np.flatnonzero(shorter | shorter.reshape(-1, 2).any(axis=1).repeat(2))
    keep = keep[np.lexsort((work[keep], as_floats([way[0] for way in both])[keep]))]
    place = np.full(len(both), -1)
    place[keep] = np.arange(len(keep))
    kernels = [distances.proximity(kind, measure[keep]) for kind in kinds]
    reached = np.array(
        [within(distances, reach, measure[keep]) for reach in region.loops["reach"]], dtype=bool
    )
    return Ways(
        work=work[keep],
        start=start[keep],
        end=end[keep],
        km=km[keep],
        proximity=distances.proximity(SUPPLY, measure[keep]),
        kernels=np.array(kernels).reshape(len(kinds), len(keep)),
        reached=reached.reshape(len(region.loops), len(keep)),
        access=within(distances, np.nan, measure[keep]),
        twin=place[keep ^ 1],  # both directions of a work stand side by side
    )


def _gates(region: Region, distances: RegionDistances, roads: list[dict[Any, Any]]) -> Ways:
    """Return ways from parks to gateways that get shorter."""
    at = {park: s for s, park in enumerate(region.parks.index)}
    out = {gateway: g for g, gateway in enumerate(region.gateways.index)}
    number = {work: w for w, work in enumerate(region.works.index)}
    found = sorted(
        (
            row["km"] + region.gateways.loc[row["to"], "extra_km"],
            number[row["work"]],
            at[row["from"]],
            out[row["to"]],
        )
        for row in roads
        if row["to"] in out
    )
    km, work, start, end = ([way[i] for way in found] for i in range(4))
    shorter, gate = as_floats(km), (as_ints(start), as_ints(end))
    before = distances.gateways.km[gate]
    keep = np.isnan(before) | (shorter < before)
    return Ways(
        work=as_ints(work)[keep], start=gate[0][keep], end=gate[1][keep], km=np.fmin(shorter, before)[keep]
    )


def _nearer(
    distances: RegionDistances, places: Any, km: Floats, start: Ints, end: Ints
) -> tuple[Floats, Floats]:
    """Return how long ways are by works of so many km, and in the unit in which proximity is measured."""
    shorter = np.fmin(km, places.km[start, end])
    if places.unit != "hours":
        return shorter, shorter
    hours = km / distances.region.manifest.distance.default_speed_kmh
    return shorter, np.fmin(hours, places.measure[start, end])


def _shortens(places: Any, km: Floats, measure: Floats, start: Ints, end: Ints) -> Bools:
    before, took = places.km[start, end], places.measure[start, end]
    return np.asarray(np.isnan(before) | (km < before) | np.isnan(took) | (measure < took))
