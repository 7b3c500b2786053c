"""The `Instance` of a region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.distance import RegionDistances, region_distances
from clusterplan.instance.chain import trade
from clusterplan.instance.costs import MILLION, Costs, costs
from clusterplan.instance.frozen import Bools
from clusterplan.instance.innovation import loops
from clusterplan.instance.instance import Instance
from clusterplan.instance.money import awards
from clusterplan.instance.places import sites
from clusterplan.instance.public import funds, levels, payments, works
from clusterplan.instance.results import Results
from clusterplan.instance.sites import Sites
from clusterplan.instance.ties import links
from clusterplan.instance.works import Spending, Works
from clusterplan.region import SECOND, Region, preset_weights


def instance_of(region: Region, distances: RegionDistances | None = None) -> Instance:
    """Return a region as index arrays.

    Parameters
    ----------
    region
        The region.
    distances
        Its distances, if they are known already.

    Returns
    -------
    Instance
        Firms, parks, products and gateways in the order of the region's tables.
    """
    distances = region_distances(region) if distances is None else distances
    cost = costs(region)
    manifest = region.manifest
    linked = links(region, distances)
    larger, built = levels(region), works(region, distances, linked.kinds)
    where = sites(region, distances, larger, built)
    built = _with_pools(built, where)
    awarded, taken = awards(region, cost, where.admissible, payments(region), distances)
    ends = np.cumsum([len(larger.names), len(built.names)])
    second = SECOND.get(manifest.objective)
    return Instance(
        sites=where,
        results=_results(region, cost, where.admissible),
        trade=trade(region, distances),
        links=linked,
        awards=awarded,
        weights=preset_weights(manifest.objective, manifest.weights),
        second=None if second is None else preset_weights(second),
        loops=loops(region, distances),
        levels=larger,
        works=built,
        spending=Spending(*np.split(taken, ends, axis=1)),
    )


def _with_pools(built: Works, where: Sites) -> Works:
    """Return works that add nothing to labour pools, which stand after the groups of parks."""
    if not built.names:
        return built
    pools = len(where.groups) - built.group_capacity.shape[1]
    return replace(built, group_capacity=np.pad(built.group_capacity, ((0, 0), (0, pools))))


def _results(region: Region, cost: Costs, admissible: Bools) -> Results:
    """Return what firms earn; platforms cost the public and earn nothing.

    `fit` measures against the best admissible park at full load, so that idling is a loss too.
    """
    firms = region.firms
    platform = firms["is_platform"].to_numpy(bool)
    enterprise = ~platform
    outside = firms["outside_m_y"].to_numpy(float)
    known = np.where(np.isnan(outside), 0.0, outside)
    total = cost.total
    cheapest = np.where(admissible, total, np.inf).min(axis=1, initial=np.inf)
    cheapest = np.where(np.isfinite(cheapest), cheapest, 0.0)
    margin = firms["margin_m_y"].to_numpy(float) * enterprise
    other = firms["other_margin_m_y"].fillna(firms["margin_m_y"]).to_numpy(float) * enterprise
    on = enterprise[:, None]
    best = (margin - cheapest - known)[:, None]
    public = (firms["public_cost_m_y"].to_numpy(float) * funds(region, firms["budget"]))[:, None]
    wages = np.outer(firms["workers"], region.parks["wage_per_y"]) * MILLION
    n = (len(firms), len(region.parks))
    return Results(
        place_terms={
            "fit": np.where(on, (cheapest - margin)[:, None] - total, 0.0),
            "results": np.where(on, np.broadcast_to(best, n), 0.0),
            "platforms": np.where(on, 0.0, -(public + total)),
            "land_income": np.where(on, cost.land + cost.rent, 0.0),
            "wages": wages,
        },
        load_terms={"fit": margin.copy(), "tax": firms["tax_m_y"].to_numpy(float) * enterprise},
        place=np.where(on, -total - known[:, None], 0.0),
        load=margin,
        willing=(firms["status"] == "candidate").to_numpy(bool) & enterprise,
        has_surplus=enterprise & ~np.isnan(outside),
        min_load=firms["min_load"].to_numpy(float).copy(),
        other=np.where(firms["other_route"].notna(), other - margin, 0.0),
    )
