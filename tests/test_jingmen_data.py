"""What is special to the bundled region `jingmen`: one park planned parcel by parcel."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import pytest

from clusterplan.distance.region import RegionDistances, region_distances
from clusterplan.region import Region, read_region

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "tools" / "regions" / "jingmen"


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(ROOT / "data" / "regions" / "jingmen")


@pytest.fixture(scope="module")
def distances(region: Region) -> RegionDistances:
    return region_distances(region)


def test_parcels_do_not_overlap(region: Region) -> None:
    shapes = region.parks.geometry.to_crs(region.manifest.planning_crs)
    for first, second in combinations(shapes.index, 2):
        assert shapes[first].intersection(shapes[second]).area == 0, (first, second)


def test_parcels_have_the_area_they_say(region: Region) -> None:
    area = region.parks.geometry.to_crs(region.manifest.planning_crs).area / 10_000
    assert area.to_numpy() == pytest.approx(region.parks["land_ha"].to_numpy(), rel=0.01)


def test_next_door_parcels_lie_close_by_street(distances: RegionDistances) -> None:
    next_door = (distances.edge_km > 0) & (distances.edge_km < 0.12)
    assert next_door.any()
    assert distances.parks.km[next_door].max() < 1.5


def test_separations_are_of_stages_there_are_and_on_the_scale_of_the_park(
    region: Region, distances: RegionDistances
) -> None:
    for row in region.separations.reset_index().to_dict("records"):
        if row["from_stage"] == "homes":
            assert (distances.homes_km < row["min_km"]).any() or row["min_km"] <= 0.7, row
        else:
            assert {row["stage"], row["from_stage"]} <= set(region.firms["stage"]), row


def test_the_blocks_of_the_anchor_sum_to_what_was_announced(region: Region) -> None:
    cells = region.firms[region.firms["is_anchor"]]
    assert cells["output_per_y"].sum() == pytest.approx(212_610)
    assert cells.drop("eve_super")["output_per_y"].sum() == pytest.approx(152_610)


def test_quotas_leave_the_announced_room(region: Region) -> None:
    agreed = region.firms[region.firms["status"] != "candidate"]
    capacity = region.groups.reset_index().groupby("resource")["capacity"].first()
    for resource, room in (("workers", 1.4), ("quota_tce_y", 1.5), ("voc_t_y", 1.25)):
        assert capacity[resource] == pytest.approx(room * agreed[resource].sum(), rel=0.06)


def test_the_streets_in_the_network_are_the_assumed_ones(region: Region) -> None:
    rows = list(csv.DictReader((TOOLS / "local_nodes.csv").read_text(encoding="utf-8").splitlines()))
    added = {name for name in region.nodes.index if not name.startswith("n")}
    assert added == {row["node"] for row in rows}
    kinds = region.provenance_of()
    assert set(kinds.loc[kinds["id"].isin(added), "kind"]) <= {"assumed"}
