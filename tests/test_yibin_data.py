"""What holds of `yibin` alone; tests/test_bundled_regions.py has what holds of every real region."""

from __future__ import annotations

from pathlib import Path

import pytest

from clusterplan.distance.region import RegionDistances, region_distances
from clusterplan.region import Region, read_region

FOLDER = Path(__file__).parents[1] / "data" / "regions" / "yibin"

SCHEME = {
    "cell": "sanjiang",
    "separator": "cuiping",
    "structure": "cuiping",
    "cu_foil": "luolong",
    "al_foil": "luolong",
    "precursor": "jiangan",
    "electrolyte": "jiangan",
    "lithium": "jiangan",
    "plating": "gong",
    "anode": "pingshan",
    "recycling": "gaoxian",
    "storage_cell": "changning",
    "auxiliary": "xuzhou",
}
"""Where the city's 1+N scheme puts each stage."""


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(FOLDER)


@pytest.fixture(scope="module")
def distances(region: Region) -> RegionDistances:
    return region_distances(region)


def test_nothing_is_drawn_but_points_and_squares_of_the_land(region: Region) -> None:
    assert region.boundary.empty
    assert set(region.gateways.geom_type) == set(region.receptors.geom_type) == {"Point"}
    parks = region.parks.to_crs(region.manifest.planning_crs)
    assert all(len(shape.exterior.coords) == 5 for shape in parks.geometry)
    assert parks.area.to_numpy() / 1e4 == pytest.approx(parks["land_ha"].to_numpy(), rel=1e-3)


def test_the_scheme_of_the_city_is_a_layout_the_region_allows(
    region: Region, distances: RegionDistances
) -> None:
    homes = region.separations.query("from_stage == 'homes'").set_index("stage")["min_km"]
    homes_km = dict(zip(region.parks.index, distances.homes_km, strict=True))
    for stage, park in SCHEME.items():
        assert stage in region.parks.at[park, "admits"]
        assert homes_km[park] >= homes.get(stage, 0.0)
