"""What holds of `debrecen` alone; tests/test_bundled_regions.py has what holds of every real region."""

from __future__ import annotations

from pathlib import Path

import pytest

import clusterplan as cp
from clusterplan.region import Region, read_region

FOLDER = Path(__file__).parents[1] / "data" / "regions" / "debrecen"

CITY = ["south", "south_sme", "northwest", "nw_suppliers", "hatar"]
"""Parks of the city; the others are of towns of the county."""
FREE_HA = 565
"""Free land in all parks of the city in 2023."""
WHOLE_SITES_HA = {"catl": 221, "ecopro": 44}
"""Land of the two sites of which only a part is committed."""


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
