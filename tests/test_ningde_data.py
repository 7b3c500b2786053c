"""What holds of `ningde` alone; tests/test_bundled_regions.py has what holds of every real region."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from clusterplan.distance.region import RegionDistances, region_distances
from clusterplan.region import Region, read_region

ROOT = Path(__file__).parents[1]
CORE = ("qidu", "zhangwan", "cheliwan", "dongqiao")
CHEMISTRY = ("lithium", "salt", "electrolyte")


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(ROOT / "data" / "regions" / "ningde")


@pytest.fixture(scope="module")
def distances(region: Region) -> RegionDistances:
    return region_distances(region)


def test_the_chemical_front_end_is_admitted_in_the_chemical_zone_only(region: Region) -> None:
    for stage in CHEMISTRY:
        assert [park for park, stages in region.parks["admits"].items() if stage in stages] == ["longan"]


def test_the_core_and_fuding_are_a_good_hundred_kilometres_apart(distances: RegionDistances) -> None:
    parks = distances.parks
    rows = [parks.origins.index(park) for park in CORE]
    columns = [parks.destinations.index(park) for park in ("qianqi", "longan")]
    between = parks.km[np.ix_(rows, columns)]
    assert between.min() > 110
    assert between.max() < 145
    assert parks.km[columns[0], columns[1]] < 25


def test_every_road_link_added_by_hand_is_in_the_network_and_called_assumed(region: Region) -> None:
    links = list(
        csv.DictReader((ROOT / "tools/regions/ningde/road_links.csv").read_text("utf-8").splitlines())
    )
    kinds = region.provenance_of().query("file == 'roads_edges.csv'").set_index("id")["kind"]
    for link in links:
        ends = sorted((link["from_node"], link["to_node"]), key=lambda node: int(node[1:]))
        assert kinds["/".join(ends)] == "assumed"


def test_the_rate_of_the_west_does_not_hold_here(region: Region) -> None:
    assert not region.incentives["legal_basis"].str.contains("West").any()
