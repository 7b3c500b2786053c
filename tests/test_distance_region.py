"""Distances of a region: what they warn of, and which unit they are in."""

from __future__ import annotations

from small_regions import small_tables

from clusterplan.distance import region_distances
from clusterplan.region import Region, load_region


def test_a_pair_with_no_way_is_named_once():
    tables = small_tables(0)
    tables["distances"] = tables["distances"].query("origin != 'p0' or destination == 'port'")
    found = [f for f in region_distances(Region.from_frames(**tables)).warnings if f.rule == "unreachable"]
    assert "'p0'" in found[0].why and "'p1'" in found[0].why
    assert len({fault.why for fault in found}) == len(found)


def test_detours_are_told_without_the_way_beyond_a_gateway():
    tables = {**load_region("yibin").given(), "detours": None}
    distances = region_distances(Region.from_frames(**tables))
    told = [fault.why for fault in distances.warnings if fault.rule == "detour"]
    assert any("'sanjiang'" in why and "'changning'" in why for why in told)
    assert len(told) < 10


def test_a_detour_with_a_reason_is_not_told_again():
    tables = load_region("yibin").given()
    assert region_distances(Region.from_frames(**tables)).warnings == ()
    one_less = region_distances(Region.from_frames(**{**tables, "detours": tables["detours"].iloc[1:]}))
    assert [fault.rule for fault in one_less.warnings] == ["detour"]


def test_proximity_is_measured_in_the_unit_of_the_manifest():
    tables = small_tables(0)
    tables["manifest"]["distance"] = {"method": "matrix", "unit": "hours"}
    tables["manifest"]["proximity"] = {"links": {"shape": "linear", "reach": 2.0}}
    tables["distances"] = tables["distances"].assign(hours=1.5)
    distances = region_distances(Region.from_frames(**tables))
    assert distances.proximity()[0, :2].tolist() == [1.0, 0.25]


def test_a_matrix_of_hours_alone_takes_kilometres_from_the_straight_line():
    tables = small_tables(0)
    tables["manifest"]["distance"] = {"method": "matrix", "unit": "hours", "circuity": 1.3}
    frame = tables["distances"]
    tables["distances"] = frame.assign(hours=frame["km"] / 50.0).drop(columns="km")
    distances = region_distances(Region.from_frames(**tables))
    assert distances.parks.km[0, 1] == 1.3 * distances.parks.straight_km[0, 1]
