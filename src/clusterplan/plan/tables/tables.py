"""All tables of a plan, from decisions."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from clusterplan.instance import Decisions, Instance, as_decided
from clusterplan.plan.evaluate import Worth
from clusterplan.plan.tables.dealings import links_table, supply_table
from clusterplan.plan.tables.loops import loops_rows
from clusterplan.plan.tables.money import grants_table, terms_table
from clusterplan.plan.tables.places import WGS84, Places
from clusterplan.region import Region


def tables(region: Region, instance: Instance, decisions: Decisions, worth: Worth) -> dict[str, pd.DataFrame]:
    """Return every table of a plan.

    Parameters
    ----------
    region, instance
        What was planned.
    decisions
        What was decided.
    worth
        What that is worth (`evaluate`).
    """
    places = Places(region)
    grants = grants_table(region, instance, decisions, worth)
    level, works = _levels(instance, decisions), _works(region, instance, decisions)
    instance = as_decided(instance, decisions.level, decisions.built)
    return {
        "parks": _parks(region, instance, decisions, level),
        "firms": _firms(region, instance, decisions, worth, places),
        "supply": supply_table(instance, decisions, places),
        "links": links_table(instance, decisions, worth, places),
        "loops": loops_rows(instance, decisions, worth),
        "grants": grants,
        "works": works,
        "terms": terms_table(instance, worth),
    }


def _levels(instance: Instance, decisions: Decisions) -> list[str | None]:
    """Return the level of each park, None for those that are as their row in parks says."""
    found: list[str | None] = [None] * instance.n_parks
    for n in np.flatnonzero(decisions.level):
        found[instance.levels.park[n]] = instance.levels.names[n]
    return found


def _works(region: Region, instance: Instance, decisions: Decisions) -> pd.DataFrame:
    works = region.works
    built = np.zeros(len(works), dtype=bool)
    built[np.flatnonzero(decisions.built)] = True
    return pd.DataFrame(
        {
            "name": works["name"],
            "park": works["park"],
            "built": built,
            "budget": works["budget"],
            "public_cost_m_y": np.where(built, instance.works.cost, 0.0),
        },
        index=works.index,
    )


def _parks(
    region: Region, instance: Instance, decisions: Decisions, level: list[str | None]
) -> gpd.GeoDataFrame:
    parks, sites = region.parks, instance.sites
    placed = np.flatnonzero(decisions.park >= 0)
    columns: dict[str, Any] = {
        "name": parks["name"],
        "status": parks["status"],
        "open": decisions.opened.copy(),
        "level": pd.Series(level, index=parks.index, dtype=object),
    }
    for r, resource in enumerate(sites.resources):
        weights = sites.needs[r, placed]
        columns[f"used_{resource}"] = np.bincount(
            decisions.park[placed], weights=weights, minlength=len(parks)
        )
        room = instance.sites.capacity[r]
        columns[f"capacity_{resource}"] = np.where(np.isinf(room), np.nan, room)
    return gpd.GeoDataFrame(columns, index=parks.index, geometry=parks.geometry, crs=WGS84)


def _firms(
    region: Region, instance: Instance, decisions: Decisions, worth: Worth, places: Places
) -> gpd.GeoDataFrame:
    firms = region.firms
    granted = np.zeros(len(firms))
    np.add.at(granted, instance.awards.firm, decisions.award)
    parks = np.array([*region.parks.index, None], dtype=object)
    points = [places.park[s] if s >= 0 else None for s in decisions.park]
    columns = {
        "name": firms["name"],
        "stage": firms["stage"],
        "status": firms["status"],
        "is_anchor": firms["is_anchor"],
        "is_platform": firms["is_platform"],
        "park": pd.Series(parks[decisions.park], index=firms.index, dtype=object),
        "utilisation": decisions.load.copy(),
        "surplus_m_y": worth.surplus.copy(),
        "grants_m_y": granted,
    }
    return gpd.GeoDataFrame(columns, index=firms.index, geometry=points, crs=WGS84)
