"""Geodesic distances, the points that stand for parks, and distances between edges."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from clusterplan.distance import edge_km, geodesic_distances, geodesic_km, representative_points
from clusterplan.errors import UsageError

WGS84 = "EPSG:4326"
UTM48 = "EPSG:32648"
GEOD = Geod(ellps="WGS84")


def points(crs: str | None = WGS84, **places: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([Point(xy) for xy in places.values()], index=list(places), crs=crs)


def test_a_long_pair_has_the_length_published_by_karney() -> None:
    # JFK to LHR, 5 551 759.400 m: the example of the GeographicLib documentation (GeodSolve).
    km = geodesic_km(points(jfk=(-73.8, 40.6)), points(lhr=(-0.5, 51.6)))
    assert km == pytest.approx(np.array([[5551.759400]]), abs=1e-6)


def test_the_ellipsoid_is_meant_and_not_the_sphere() -> None:
    km = geodesic_km(points(a=(104.6, 28.0)), points(b=(104.6, 29.0)))[0, 0]
    on_sphere = 6371.0088 * np.pi / 180
    assert km == pytest.approx(110.8, abs=0.05)
    assert abs(on_sphere - km) / km > 0.003


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=4),
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=4),
)
def test_every_pair_is_as_pyproj_says(a: list[tuple[float, float]], b: list[tuple[float, float]]) -> None:
    got = geodesic_km(
        points(**{f"a{i}": xy for i, xy in enumerate(a)}), points(**{f"b{i}": xy for i, xy in enumerate(b)})
    )
    want = [[GEOD.inv(*p, *q)[2] / 1000 for q in b] for p in a]
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def test_points_in_a_projected_system_are_reprojected() -> None:
    degrees = points(a=(104.6, 28.7), b=(104.9, 28.9))
    np.testing.assert_allclose(
        geodesic_km(degrees.to_crs(UTM48), degrees.to_crs(UTM48)), geodesic_km(degrees, degrees), atol=1e-6
    )


def test_circuity_lengthens_and_a_place_is_0_from_itself() -> None:
    parks = points(a=(104.6, 28.7), b=(104.9, 28.9))
    distances = geodesic_distances(parks, circuity=1.25)
    straight = GEOD.inv(104.6, 28.7, 104.9, 28.9)[2] / 1000
    np.testing.assert_allclose(distances.km, [[0, 1.25 * straight], [1.25 * straight, 0]], rtol=1e-12)
    np.testing.assert_allclose(distances.straight_km, distances.km / 1.25)
    assert distances.hours is None
    assert distances.metric == "geodesic"
    assert distances.reachable.all()
    assert distances.unreachable() == []


def test_hours_follow_from_a_speed() -> None:
    distances = geodesic_distances(
        points(a=(104.6, 28.7)), points(port=(105.4, 28.9)), speed_kmh=50, unit="hours"
    )
    np.testing.assert_allclose(distances.measure, distances.km / 50)
    assert distances.measure is distances.hours


def test_a_region_without_gateways_has_an_empty_matrix() -> None:
    nothing = gpd.GeoSeries([], crs=WGS84)
    assert geodesic_distances(points(a=(104.6, 28.7)), nothing).km.shape == (1, 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"circuity": 0.9}, "never shorter"),
        ({"circuity": float("nan")}, "never shorter"),
        ({"speed_kmh": 0.0}, "positive"),
        ({"unit": "hours"}, "need a speed"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: dict[str, float], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        geodesic_distances(points(a=(104.6, 28.7)), **options)


def test_points_without_a_reference_system_are_refused() -> None:
    with pytest.raises(UsageError, match="no coordinate reference system"):
        geodesic_km(points(None, a=(104.6, 28.7)), points(b=(104.6, 28.7)))


def test_swapped_coordinates_are_refused_by_id() -> None:
    with pytest.raises(UsageError, match="nowhere on Earth: 'swapped'"):
        geodesic_km(points(fine=(104.6, 28.7), swapped=(28.7, 104.6)), points(b=(104.6, 28.7)))


def test_coordinates_lost_in_a_projection_are_refused() -> None:
    with pytest.raises(UsageError, match="nowhere on Earth: 'a'"):
        geodesic_km(points(UTM48, a=(np.inf, np.inf)), points(b=(104.6, 28.7)))


def test_polygons_are_sent_to_representative_points() -> None:
    park = gpd.GeoSeries([box(104.6, 28.7, 104.7, 28.8)], index=["park"], crs=WGS84)
    with pytest.raises(UsageError, match=r"'park'.*representative_points"):
        geodesic_km(park, park)


def test_an_id_given_twice_is_refused() -> None:
    twice = gpd.GeoSeries([Point(104, 28), Point(105, 28)], index=["a", "a"], crs=WGS84)
    with pytest.raises(UsageError, match="come twice: 'a'"):
        geodesic_distances(twice)


def test_an_id_at_two_points_is_refused() -> None:
    with pytest.raises(UsageError, match="'a' is at one point"):
        geodesic_distances(points(a=(104, 28)), points(a=(104.5, 28)))


def test_a_compact_park_is_spoken_for_by_its_centroid_and_a_bent_one_by_a_point_inside() -> None:
    square = box(104.6, 28.7, 104.7, 28.8)
    horseshoe = Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)])
    horseshoe = affinity.translate(affinity.scale(horseshoe, 0.01, 0.01, origin=(0, 0)), 105, 28)
    pair = MultiPolygon([box(106, 28, 106.1, 28.1), box(106.5, 28, 106.6, 28.1)])
    parks = gpd.GeoSeries([square, horseshoe, pair, Point(107, 28)], index=list("abcd"), crs=WGS84)
    found = representative_points(parks)
    assert found["a"].equals(Point(104.65, 28.75))
    assert not horseshoe.contains(horseshoe.centroid)
    assert horseshoe.contains(found["b"])
    assert pair.contains(found["c"])
    assert found["d"].equals(Point(107, 28))
    assert found.crs == parks.crs
    assert list(found.index) == list(parks.index)


@pytest.mark.parametrize("missing", [None, Polygon()])
def test_a_missing_park_has_no_point(missing: Polygon | None) -> None:
    with pytest.raises(UsageError, match="no geometry: 'gone'"):
        representative_points(gpd.GeoSeries([missing], index=["gone"], crs=WGS84))


def test_representative_points_need_a_reference_system() -> None:
    with pytest.raises(UsageError, match="no coordinate reference system"):
        representative_points(gpd.GeoSeries([box(0, 0, 1, 1)]))


def metres(*shapes: object) -> gpd.GeoSeries:
    """Shapes in metres from a corner amid UTM zone 48."""
    moved = [affinity.translate(shape, 460_000, 3_170_000) for shape in shapes]
    return gpd.GeoSeries(moved, index=[f"s{i}" for i in range(len(moved))], crs=UTM48)


def test_edges_are_measured_to_each_other_and_not_centres() -> None:
    parks = metres(box(0, 0, 1000, 1000), box(3000, 0, 9000, 1000))
    homes = metres(
        box(1000, 0, 1100, 100), Point(500, 500), Point(12000, 5000), LineString([(0, -400), (1000, -400)])
    )
    np.testing.assert_allclose(
        edge_km(parks, homes, UTM48),
        [[0, 0, np.hypot(11, 4), 0.4], [1.9, 2.5, 5.0, np.hypot(2, 0.4)]],
        atol=1e-9,
    )


def test_edges_given_in_degrees_are_measured_in_the_planning_system() -> None:
    parks, homes = metres(box(0, 0, 1000, 1000)), metres(box(2500, 0, 3000, 100))
    np.testing.assert_allclose(edge_km(parks.to_crs(WGS84), homes.to_crs(WGS84), UTM48), [[1.5]], atol=1e-6)


def test_a_planning_system_in_feet_gives_kilometres() -> None:
    austin = gpd.GeoSeries.from_xy([-97.7, -97.6], [30.3, 30.3], crs=WGS84)
    straight = GEOD.inv(-97.7, 30.3, -97.6, 30.3)[2] / 1000
    assert edge_km(austin[:1], austin[1:], "EPSG:2277")[0, 0] == pytest.approx(straight, rel=1e-3)


def test_no_homes_give_an_empty_matrix() -> None:
    assert edge_km(metres(box(0, 0, 1, 1)), gpd.GeoSeries([], crs=WGS84), UTM48).shape == (1, 0)


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        (WGS84, "in degrees"),
        ("EPSG:3857", "measures 1.14 km"),
        ("EPSG:32601", "made for the region"),
        ("EPSG:99999999", "not known"),
    ],
)
def test_a_planning_system_that_measures_wrong_is_refused(crs: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        edge_km(metres(Point(0, 0)), metres(Point(0, 0)), crs)


def test_edges_that_cannot_be_measured_are_refused() -> None:
    park = metres(box(0, 0, 1, 1))
    with pytest.raises(UsageError, match="No distance to 'gone'"):
        edge_km(park, gpd.GeoSeries([Point(104, 28), None], index=["b", "gone"], crs=WGS84), UTM48)
    with pytest.raises(UsageError, match="no coordinate reference system"):
        edge_km(park, gpd.GeoSeries([Point(104, 28)]), UTM48)
    with pytest.raises(UsageError, match="longitude comes before latitude"):
        edge_km(park, points(swapped=(28.7, 104.6)), UTM48)
