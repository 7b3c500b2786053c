"""Road networks from a layer of lines."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import affinity
from shapely.geometry import LineString, MultiLineString, Point

from clusterplan.distance import RoadNetwork, network_distances
from clusterplan.errors import InputError, UsageError

UTM48 = "EPSG:32648"
GEOD = Geod(ellps="WGS84")


def layer(*lines: Any, crs: str | None = UTM48, **columns: list[Any]) -> gpd.GeoDataFrame:
    """Lines in metres from a corner amid UTM zone 48, whose scale there is 0.9996 to 0.9997."""
    moved = [None if line is None else affinity.translate(line, 460_000, 3_170_000) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=crs)


def road(*corners: tuple[float, float]) -> LineString:
    return LineString(corners)


def km_between(roads: RoadNetwork, p: tuple[float, float], q: tuple[float, float]) -> tuple[float, float]:
    """Kilometres by road there and back between two points given as the lines are."""
    points = layer(Point(p), Point(q)).set_index(np.array(["p", "q"])).geometry
    km = network_distances(roads, points, local_km=0, main_within_km=0).km
    return float(km[0, 1]), float(km[1, 0])


def test_lines_meet_where_they_share_a_vertex() -> None:
    roads = RoadNetwork.from_lines(
        layer(road((0, 0), (5000, 0), (10000, 0)), road((5000, -5000), (5000, 0), (5000, 5000)))
    )
    assert (len(roads.nodes), len(roads.km)) == (5, 4)
    assert km_between(roads, (0, 0), (5000, 5000)) == pytest.approx((10.0, 10.0), rel=5e-4)


def test_lines_that_merely_cross_do_not_meet() -> None:
    roads = RoadNetwork.from_lines(layer(road((0, 0), (10000, 0)), road((5000, -5000), (5000, 5000))))
    assert (len(roads.nodes), len(roads.km)) == (4, 2)
    assert np.isnan(km_between(roads, (0, 0), (5000, 5000))).all()


def test_a_line_that_ends_on_another_meets_it_there() -> None:
    roads = RoadNetwork.from_lines(layer(road((0, 0), (10000, 0)), road((4000, 0), (4000, 5000))))
    assert (len(roads.nodes), len(roads.km)) == (4, 3)
    assert km_between(roads, (10000, 0), (4000, 5000)) == pytest.approx((11.0, 11.0), rel=5e-4)


@pytest.mark.parametrize(("tolerance_m", "meets"), [(1.0, False), (10.0, True)])
def test_a_gap_is_closed_within_the_tolerance_only(tolerance_m: float, meets: bool) -> None:
    lines = layer(road((0, 0), (10000, 0)), road((4000, 5), (4000, 5000)), road((10004, 0), (15000, 0)))
    roads = RoadNetwork.from_lines(lines, tolerance_m=tolerance_m)
    assert np.isfinite(km_between(roads, (0, 0), (4000, 5000))).all() == meets
    assert np.isfinite(km_between(roads, (0, 0), (15000, 0))).all() == meets


def test_a_length_is_measured_along_the_ellipsoid_whatever_the_reference_system() -> None:
    lines = layer(road((0, 0), (3000, 4000), (9000, -2000)))
    degrees = lines.to_crs("EPSG:4326")
    want = GEOD.geometry_length(degrees.geometry.iloc[0]) / 1000
    for given in (lines, degrees):
        assert RoadNetwork.from_lines(given).km.sum() == pytest.approx(want, rel=1e-9)


def test_a_given_length_is_kept_and_shared_among_the_parts() -> None:
    lines = layer(
        MultiLineString([[(0, 0), (6000, 0)], [(6000, 0), (8000, 0)]]),
        road((2000, 0), (2000, 3000)),
        km=[16.0, None],
    )
    roads = RoadNetwork.from_lines(lines)
    assert sorted(roads.km) == pytest.approx([3.0, 4.0, 4.0, 8.0], rel=5e-4)
    assert km_between(roads, (0, 0), (8000, 0)) == pytest.approx((16.0, 16.0))


def test_a_place_meets_the_road_as_it_is_drawn() -> None:
    roads = RoadNetwork.from_lines(layer(road((0, 0), (5000, 5000), (10000, 0)), km=[15.0]))
    there, _ = km_between(roads, (5000, 5000), (10000, 0))
    assert there == pytest.approx(7.5, abs=0.001)


def test_a_ring_is_driven_the_short_way_round() -> None:
    ring = road((0, 0), (4000, 0), (4000, 4000), (0, 4000), (0, 0))
    roads = RoadNetwork.from_lines(layer(ring, road((0, 0), (-3000, 0))))
    assert sorted(roads.km) == pytest.approx([3.0, 16.0], rel=5e-4)
    assert km_between(roads, (-3000, 0), (0, 4000)) == pytest.approx((7.0, 7.0), rel=5e-4)


def test_a_line_that_comes_back_to_itself_meets_itself() -> None:
    lollipop = road((-3000, 0), (0, 0), (4000, 0), (4000, 4000), (0, 4000), (0, 0))
    roads = RoadNetwork.from_lines(layer(lollipop))
    assert sorted(roads.km) == pytest.approx([3.0, 16.0], rel=5e-4)
    assert km_between(roads, (-3000, 0), (0, 4000)) == pytest.approx((7.0, 7.0), rel=5e-4)


def test_one_way_follows_the_direction_of_the_line() -> None:
    lines = layer(
        road((0, 0), (5000, 0)),
        road((5000, 0), (5000, 5000), (0, 0)),
        oneway=[True, None],
        speed_kmh=[90, None],
    )
    roads = RoadNetwork.from_lines(lines)
    there, back = km_between(roads, (0, 0), (5000, 0))
    assert (there, back) == pytest.approx((5.0, 5 + 5 * np.sqrt(2)), rel=5e-4)
    assert roads.has_speeds
    assert np.isnan(roads.speed_kmh).sum() == 1


def test_vertices_drawn_closer_than_the_tolerance_make_no_road_of_their_own() -> None:
    roads = RoadNetwork.from_lines(
        layer(road((0, 0), (4999.6, 0), (5000, 0), (5000.4, 0), (10000, 0)), road((5000, 0), (5000, 3000)))
    )
    assert len(roads.km) == 3
    assert len(roads.nodes) == 4


def test_lines_and_tables_of_the_same_roads_agree() -> None:
    lines = layer(road((0, 0), (5000, 0), (10000, 0)), road((5000, 0), (5000, 5000)), km=[13.0, 6.0])
    by_lines = RoadNetwork.from_lines(lines)
    nodes = pd.DataFrame({"node": by_lines.nodes, "lon": by_lines.lon, "lat": by_lines.lat})
    edges = pd.DataFrame(
        {
            "from_node": [by_lines.nodes[i] for i in by_lines.tail],
            "to_node": [by_lines.nodes[i] for i in by_lines.head],
            "km": by_lines.km,
        }
    )
    by_tables = RoadNetwork.from_frames(nodes, edges)
    points = (
        layer(Point(200, 900), Point(9000, -700), Point(5100, 4000))
        .set_index(np.array(["p", "q", "r"]))
        .geometry
    )
    np.testing.assert_allclose(
        network_distances(by_lines, points).km, network_distances(by_tables, points).km, atol=1e-6
    )


@pytest.mark.parametrize(
    ("shape", "rule"),
    [
        (Point(0, 0), "not_a_line"),
        (None, "not_a_line"),
        (LineString(), "not_a_line"),
        (road((0, 0), (0, 0)), "not_a_line"),
    ],
)
def test_a_feature_that_is_no_line_is_a_fault(shape: Any, rule: str) -> None:
    with pytest.raises(InputError) as error:
        RoadNetwork.from_lines(layer(road((0, 0), (10, 0)), shape), file="roads.gpkg")
    (fault,) = error.value.faults
    assert (fault.file, fault.row, fault.rule) == ("roads.gpkg", 2, rule)


def test_a_layer_that_cannot_be_placed_is_a_fault() -> None:
    with pytest.raises(InputError, match="no coordinate reference system"):
        RoadNetwork.from_lines(layer(road((0, 0), (10, 0)), crs=None))
    with pytest.raises(InputError, match="The layer is empty"):
        RoadNetwork.from_lines(layer())
    swapped = gpd.GeoDataFrame(geometry=[LineString([(28.0, 104.0), (28.1, 104.0)])], crs="EPSG:4326")
    with pytest.raises(InputError, match="longitude comes before latitude"):
        RoadNetwork.from_lines(swapped)


@pytest.mark.parametrize(("column", "value"), [("km", -1.0), ("speed_kmh", "fast"), ("oneway", "F")])
def test_a_cell_that_cannot_be_used_is_a_fault_of_its_feature(column: str, value: Any) -> None:
    with pytest.raises(InputError) as error:
        RoadNetwork.from_lines(layer(road((0, 0), (10, 0)), **{column: [value]}))
    assert [(fault.row, fault.column) for fault in error.value.faults] == [(1, column)]


@pytest.mark.parametrize("tolerance_m", [0.0, -1.0, float("nan")])
def test_a_tolerance_must_be_positive(tolerance_m: float) -> None:
    with pytest.raises(UsageError, match="tolerance"):
        RoadNetwork.from_lines(layer(road((0, 0), (10, 0))), tolerance_m=tolerance_m)
