"""What holds of `debrecen` alone; tests/test_bundled_regions.py has what holds of every real region."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.distance import region_distances
from clusterplan.region import Region, read_region

FOLDER = Path(__file__).parents[1] / "data" / "regions" / "debrecen"

CITY = ["south", "south_sme", "northwest", "nw_suppliers", "hatar"]
"""Parks of the city; the others are of towns of the county."""
FREE_HA = 565
"""Free land in all parks of the city in 2023."""
WHOLE_SITES_HA = {"catl": 221, "ecopro": 44}
"""Land of the two sites of which only a part is committed."""

SHARE = 0.06
"""Of a town's inhabitants, those who are to be had as workers."""


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(FOLDER)


def ceiling(region: Region, invested: float, *, notified: bool) -> float:
    """Return R × (A + 0.50 × B + 0.34 × C), m EUR; without notification C counts nothing."""
    within = region.manifest.aid_scale if notified else region.manifest.aid_scale[:2]
    ends = [invested if part.up_to_m is None else min(invested, part.up_to_m) for part in within]
    slices = zip(within, [0.0, *ends[:-1]], ends, strict=True)
    return float(region.manifest.aid_ceiling.large or 0) * sum(
        part.share * (end - start) for part, start, end in slices
    )


def test_land_of_the_city_is_what_is_taken_and_the_documented_free_land(region: Region) -> None:
    there = region.firms[region.firms["status"].isin(["existing", "committed"])]
    taken = there["land_ha"].drop(["catl_1", "ecopro_1"]).sum() + sum(WHOLE_SITES_HA.values())
    assert region.parks.loc[CITY, "land_ha"].sum() - taken == pytest.approx(FREE_HA, abs=2)


def test_parks_lie_in_the_county(region: Region) -> None:
    assert region.parks.within(region.boundary.union_all()).all()


def test_ceilings_give_the_documented_amounts(region: Region) -> None:
    assert ceiling(region, 5000, notified=False) == pytest.approx(41.25)
    assert region.incentives.loc[["vip_city", "vip_seat"], "max_m"].tolist() == [41.25, 41.25]
    # Sunwoda at Nyíregyháza, under the same ceiling: 264 m EUR approved on 1430 m EUR
    assert 264 < ceiling(region, 1430, notified=True) < 266


def test_the_plan_keeps_aid_within_the_ceiling_for_a_project_of_that_size(region: Region) -> None:
    plan = cp.solve(region, time_limit=60)
    assert plan.status == "optimal"
    assert cp.verify(plan).empty
    aid = plan.grants[plan.grants["instrument"].map(region.incentives["counts_as_aid"])]
    for firm, amount in aid.groupby("firm")["amount_pv_m"].sum().items():
        if region.firms.at[firm, "size"] == "large":
            most = ceiling(region, region.firms.at[firm, "investment_m"], notified=True)
            assert amount <= most + 1e-6, firm


def test_pools_have_the_share_of_the_inhabitants_that_their_source_names(region: Region) -> None:
    for pool, row in region.pools.iterrows():
        inhabitants = re.search(r"geonames: \d+; (\d+) inhabitants", row["source"])
        assert inhabitants, pool
        assert row["workers"] == pytest.approx(SHARE * int(inhabitants[1]), abs=5), pool


def test_every_pool_reaches_a_park_and_every_park_a_pool(region: Region) -> None:
    near = region_distances(region).pool_km <= region.pools["reach_km"].to_numpy(float)
    assert near.any(axis=0).all()
    assert near.any(axis=1).all()


def test_no_parks_without_public_works_hold_more_workers_than_the_pools_around_them(region: Region) -> None:
    """So the plan is the one without pools: every set of parks is tried, the city's share counted once."""
    near = region_distances(region).pool_km <= region.pools["reach_km"].to_numpy(float)
    workers, city = region.pools["workers"].to_numpy(float), region.parks.index.isin(CITY)
    most = region.parks["workers"].to_numpy(float)
    shared = region.groups.reset_index().query("group == 'city_labour'")["capacity"].iloc[0]
    for bits in range(1, 2 ** len(most)):
        some = np.array([bool(bits >> park & 1) for park in range(len(most))])
        holds = min(most[some & city].sum(), shared) + most[some & ~city].sum()
        assert holds <= workers[near[some].any(axis=0)].sum(), list(region.parks.index[some])


def test_the_stored_plan_draws_its_workers_from_the_pools_within_reach() -> None:
    plan = stored_plan("debrecen")
    pools, told = plan.region.pools, plan.indicators["value"]
    near = plan.distances.pool_km <= pools["reach_km"].to_numpy(float)
    used, workers = plan.parks["used_workers"].to_numpy(), pools["workers"].to_numpy(float)
    for bits in range(1, 2 ** len(used)):
        some = np.array([bool(bits >> park & 1) for park in range(len(used))])
        assert used[some].sum() <= workers[near[some].any(axis=0)].sum()
    assert told["used_share.pools"] == pytest.approx(12606.6 / 22350)
    # Derecske sends all it has to Berettyóújfalu, and Püspökladány too, or the town itself must help
    assert told["used_share.pool.berettyo"] == pytest.approx((1591.6 - 960 - 550) / 880)


def test_half_the_workers_change_the_plan(region: Region) -> None:
    fewer = region.pools.reset_index()
    fewer["workers"] /= 2
    plan = cp.solve(region.replace(pools=fewer), time_limit=60)
    assert cp.verify(plan).empty
    assert plan.value < stored_plan("debrecen").value - 5
    assert plan.indicators.at["used_share.pools", "value"] > 0.95
