"""Sites of a region: who may be where, what firms need and what parks have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances
from clusterplan.instance.chain import output_and_need
from clusterplan.instance.costs import MILLION
from clusterplan.instance.frozen import Bools, Floats, as_floats, as_ints
from clusterplan.instance.pools import labour_cuts
from clusterplan.instance.sites import Requirement, Separation, Sites
from clusterplan.instance.works import Levels, Works, most_capacity
from clusterplan.region import HOMES, Region, rows


def sites(region: Region, distances: RegionDistances, levels: Levels, works: Works) -> Sites:
    """Return the sites of a region. A firm may be where it fits at the largest level with all works."""
    firms, parks, manifest = region.firms, region.parks, region.manifest
    resources = list(region.resources)
    needs = firms[resources].to_numpy(float).T
    capacity = np.where(np.isnan(have := parks[resources].to_numpy(float).T), np.inf, have)
    largest = most_capacity(capacity, levels, works)
    status, lock = firms["status"].to_numpy(), firms["lock"].to_numpy()
    pinned = status == "existing"
    always = ((parks["status"] == "open") | (parks["lock"] == "in")).to_numpy(bool)
    sunk = np.where(parks["status"] == "open", 0.0, parks["open_cost_m"])
    opening = sunk * manifest.capital_recovery + parks["open_cost_m_y"].to_numpy(float)
    most = manifest.open_parks.at_most
    variant, variant_names = _numbers(firms["variant_group"])
    groups = region.groups
    group_names = tuple(dict.fromkeys(zip(groups["group"], groups["resource"], strict=True)))
    first = groups.drop_duplicates(["group", "resource"])
    pools = labour_cuts(region, distances)
    return Sites(
        firms=tuple(firms.index),
        parks=tuple(parks.index),
        resources=tuple(resources),
        admissible=_admissible(region, distances, needs, largest),
        must_place=np.isin(status, ["existing", "committed"]) | (lock == "in"),
        pinned=pinned,
        needs=needs,
        capacity=capacity,
        open_always=always,
        open_never=_out(parks),
        opening_cost=opening,
        open_min=manifest.open_parks.at_least,
        open_max=len(parks) if most is None else min(most, len(parks)),
        groups=(*(group for group, _ in group_names), *pools.names),
        group_resource=as_ints(
            [
                resources.index(name)
                for name in (*(name for _, name in group_names), *["workers"] * len(pools.names))
            ]
        ),
        group_parks=np.concatenate([_members(region, group_names), pools.parks]),
        group_capacity=np.concatenate([as_floats(first["capacity"]), pools.workers]),
        variant=variant,
        variant_names=variant_names,
        separations=_separations(region, distances),
        requirements=_requirements(region),
    )


def _admissible(region: Region, distances: RegionDistances, needs: Floats, capacity: Floats) -> Bools:
    """Return F×S, True where a firm may be placed, whoever else is there.

    An existing firm is where it is, whatever its park asks today.
    """
    firms, parks = region.firms, region.parks
    names = np.array(parks.index)
    may = ~_out(firms)
    allowed = np.outer(may, ~_out(parks))
    allowed &= np.array([[not only or name in only for name in names] for only in firms["only_parks"]])
    allowed &= np.array([[name not in barred for name in names] for barred in firms["not_parks"]])
    allowed &= np.array(
        [[not admits or stage in admits for admits in parks["admits"]] for stage in firms["stage"]]
    )
    allowed &= (needs[:, :, None] <= capacity[:, None, :] * (1 + 1e-12)).all(axis=0)
    allowed &= _thresholds(region)
    allowed &= _far_from_homes(region, distances)
    existing = (firms["status"] == "existing").to_numpy()
    at_home = firms["park"].to_numpy()[:, None] == names[None, :]
    return np.where(existing[:, None], at_home & may[:, None], allowed)


def _out(rows_of: pd.DataFrame) -> Bools:
    """Return True for parks or firms that are in no plan: excluded or locked out."""
    return np.asarray((rows_of["status"] == "excluded") | (rows_of["lock"] == "out"), dtype=bool)


def standards(region: Region) -> dict[str, Bools]:
    """Return F×S by column of parks that asks something of firms: True where it is met.

    They are least investment, output and tax a hectare, for firms that take land, and most energy for the
    value of output, for firms that make something; platforms are asked for nothing.
    """
    firms, parks = region.firms, region.parks
    land, platform = firms["land_ha"].to_numpy(float), firms["is_platform"].to_numpy(bool)
    output, _ = output_and_need(region)
    worth = output @ region.products["value"].to_numpy(float) * MILLION
    offered = {
        "min_investment_m_ha": firms["investment_m"].to_numpy(float),
        "min_output_m_ha_y": worth,
        "min_tax_m_ha_y": firms["tax_m_y"].to_numpy(float),
    }
    exempt = (land == 0) | platform
    met: dict[str, Bools] = {}
    for column, amount in offered.items():
        asked = np.outer(land, parks[column].to_numpy(float))
        met[column] = (amount[:, None] >= asked * (1 - 1e-12)) | exempt[:, None]
    most = parks["max_energy_mwh_m"].fillna(np.inf).to_numpy(float)
    energy = firms["energy_mwh_y"].to_numpy(float)
    free = (worth == 0) | platform
    allowed = np.outer(np.where(free, 1.0, worth), most)
    met["max_energy_mwh_m"] = (energy[:, None] <= allowed * (1 + 1e-12)) | free[:, None]
    return met


def _thresholds(region: Region) -> Bools:
    """Return F×S, True where the park's standards are met."""
    return np.asarray(np.logical_and.reduce(list(standards(region).values())))


def _far_from_homes(region: Region, distances: RegionDistances) -> Bools:
    firms = region.firms
    far = np.ones((len(firms), len(region.parks)), dtype=bool)
    rules = region.separations[region.separations["from_stage"] == HOMES]
    for stage, km in zip(rules["stage"], rules["min_km"], strict=True):
        near = distances.homes_km < km
        far[np.ix_((firms["stage"] == stage).to_numpy(), near)] = False
    return far


def _separations(region: Region, distances: RegionDistances) -> tuple[Separation, ...]:
    stage = region.firms["stage"].to_numpy()
    made = []
    same = np.eye(len(region.parks), dtype=bool)
    for row in rows(region.separations):
        if row.from_stage == HOMES:
            continue
        made.append(
            Separation(
                name=f"{row.stage} apart from {row.from_stage}",
                firms_a=np.flatnonzero(stage == row.stage),
                firms_b=np.flatnonzero(stage == row.from_stage),
                near=(distances.edge_km < row.min_km) | same,
            )
        )
    return tuple(made)


def _requirements(region: Region) -> tuple[Requirement, ...]:
    firms, parks = region.firms, region.parks
    made = []
    for row in rows(region.requirements):
        counted = firms["stage"].isin(row.stages) | firms.index.isin(row.firms)
        where = parks.index.isin(row.parks) if row.parks else np.ones(len(parks), dtype=bool)
        made.append(
            Requirement(
                name=str(row.Index),
                firms=counted.to_numpy(bool),
                parks=np.asarray(where, dtype=bool),
                at_least=0.0 if pd.isna(row.at_least) else float(row.at_least),
                at_most=np.inf if pd.isna(row.at_most) else float(row.at_most),
            )
        )
    return tuple(made)


def _members(region: Region, names: tuple[tuple[str, str], ...]) -> Bools:
    groups, parks = region.groups, list(region.parks.index)
    members = np.zeros((len(names), len(parks)), dtype=bool)
    members_of = zip(groups["group"], groups["resource"], groups["park"], strict=True)
    for group, resource, park in members_of:
        members[names.index((group, resource)), parks.index(park)] = True
    return members


def _numbers(names: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return numbers of names from 0 (−1 for an empty one), and the names."""
    codes, found = pd.factorize(names)
    return as_ints(codes), tuple(str(name) for name in found)
