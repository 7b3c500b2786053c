"""Distance by road over networks one can compute by hand."""

from __future__ import annotations

import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, Point

from clusterplan.distance import Distances, RoadNetwork, network_distances
from clusterplan.errors import InputError, UsageError

GEOD = Geod(ellps="WGS84")
# A square with sides of about 9.8 km (a–b, d–c) and 11.1 km (b–c, a–d).
CORNERS = {"a": (104.0, 28.0), "b": (104.1, 28.0), "c": (104.1, 28.1), "d": (104.0, 28.1)}
AB_KM = GEOD.inv(*CORNERS["a"], *CORNERS["b"])[2] / 1000


def network(
    edges: list[tuple[Any, ...]],
    nodes: dict[str, tuple[float, float]] = CORNERS,
    columns: tuple[str, ...] = ("from_node", "to_node", "km"),
) -> RoadNetwork:
    frame = pd.DataFrame([(node, *xy) for node, xy in nodes.items()], columns=["node", "lon", "lat"])
    return RoadNetwork.from_frames(frame, pd.DataFrame(edges, columns=list(columns)))


def places(**where: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([Point(xy) for xy in where.values()], index=list(where), crs="EPSG:4326")


def at(distances: Distances, origin: str, destination: str) -> float:
    return float(
        distances.measure[distances.origins.index(origin), distances.destinations.index(destination)]
    )


def straight_km(p: tuple[float, float], q: tuple[float, float]) -> float:
    return float(GEOD.inv(*p, *q)[2]) / 1000


def snap_of(distances: Distances, place: str) -> Any:
    assert distances.snap is not None
    return distances.snap.set_index("id").loc[place]


SQUARE = [("a", "b", 10.0), ("b", "c", 12.0), ("c", "d", 10.0), ("d", "a", 35.0)]


def test_places_on_nodes_are_as_far_apart_as_the_shortest_path() -> None:
    distances = network_distances(network(SQUARE), places(**CORNERS))
    want = [[0, 10, 22, 32], [10, 0, 12, 22], [22, 12, 0, 10], [32, 22, 10, 0]]
    np.testing.assert_allclose(distances.km, want, atol=1e-9)
    assert distances.hours is None
    assert (distances.metric, distances.unit) == ("network", "km")
    np.testing.assert_allclose(distances.access_km, 0, atol=1e-9)


def test_hours_are_those_of_the_fastest_way_and_km_those_of_the_shortest() -> None:
    roads = network(
        [("a", "b", 10.0, 100.0), ("b", "c", 12.0, None), ("c", "d", 10.0, 100.0), ("d", "a", 20.0, 20.0)],
        columns=("from_node", "to_node", "km", "speed_kmh"),
    )
    distances = network_distances(roads, places(**CORNERS), default_speed_kmh=60, unit="hours")
    assert at(distances, "a", "d") == pytest.approx(0.1 + 12 / 60 + 0.1)
    assert distances.km[0, 3] == pytest.approx(20)
    assert distances.measure is distances.hours
    in_km = network_distances(roads, places(**CORNERS), default_speed_kmh=60)
    assert in_km.measure is in_km.km
    np.testing.assert_array_equal(in_km.hours, distances.hours)


def test_hours_are_worked_out_with_the_default_speed_where_asked_for() -> None:
    distances = network_distances(network(SQUARE), places(**CORNERS), default_speed_kmh=50, unit="hours")
    np.testing.assert_allclose(distances.hours, distances.km / 50, atol=1e-9)


def test_a_place_off_the_road_meets_it_at_the_nearest_point_by_an_access_leg() -> None:
    roads = network([("a", "b", 12.0)])
    off = (104.05, 28.02)
    distances = network_distances(
        roads, places(off=off), places(a=CORNERS["a"]), access_circuity=1.5, access_speed_kmh=20, unit="hours"
    )
    leg = 1.5 * straight_km(off, (104.05, 28.0))
    assert distances.km[0, 0] == pytest.approx(leg + 6.0, abs=0.003)
    assert at(distances, "off", "a") == pytest.approx(leg / 20 + 6.0 / 70, abs=1e-4)
    assert distances.access_km is not None
    assert distances.access_km[0, 0] == pytest.approx(leg, abs=0.003)
    foot = snap_of(distances, "off")
    assert (foot["from_node"], foot["to_node"]) == ("a", "b")
    assert foot["fraction"] == pytest.approx(0.5, abs=1e-5)
    assert foot["access_km"] == pytest.approx(1.5 * straight_km(off, (foot["lon"], foot["lat"])), abs=1e-9)
    assert foot["on_network"]
    assert foot["on_main"]
    assert foot["note"] == ""


def test_two_places_on_one_edge_need_not_go_to_its_ends() -> None:
    distances = network_distances(network([("a", "b", 12.0)]), places(p=(104.02, 28.0), q=(104.07, 28.0)))
    assert at(distances, "p", "q") == pytest.approx(6.0, abs=0.003)


def test_a_further_node_on_a_road_changes_nothing() -> None:
    where = places(p=(104.031, 28.01), q=(104.06, 27.98), r=(104.2, 28.05))
    nodes = {"a": (104.0, 28.0), "b": (104.1, 28.0), "e": (104.2, 28.0)}
    coarse = network([("a", "b", 12.0), ("b", "e", 10.0)], nodes)
    fine = network([("a", "m", 6.0), ("m", "b", 6.0), ("b", "e", 10.0)], {**nodes, "m": (104.05, 28.0)})
    np.testing.assert_allclose(
        network_distances(coarse, where).km, network_distances(fine, where).km, atol=0.003
    )


def test_of_several_roads_between_two_nodes_the_shortest_counts() -> None:
    roads = network([("a", "b", 15.0), ("b", "a", 10.0), ("a", "b", 20.0)])
    assert at(network_distances(roads, places(a=CORNERS["a"], b=CORNERS["b"])), "a", "b") == 10


def test_an_edge_of_no_length_is_still_a_way() -> None:
    nodes = {**CORNERS, "b2": CORNERS["b"]}
    roads = network([("a", "b", 10.0), ("b", "b2", 0.0), ("b2", "c", 12.0)], nodes)
    assert at(network_distances(roads, places(a=CORNERS["a"], c=CORNERS["c"])), "a", "c") == 22


def test_a_one_way_road_is_driven_one_way() -> None:
    columns = ("from_node", "to_node", "km", "oneway")
    roads = network(
        [("a", "b", 10.0, True), ("b", "c", 12.0, False), ("c", "a", 30.0, None)], columns=columns
    )
    distances = network_distances(roads, places(a=CORNERS["a"], b=CORNERS["b"]))
    assert at(distances, "a", "b") == 10
    assert at(distances, "b", "a") == 42


def test_a_one_way_road_with_no_way_back_names_the_pair() -> None:
    roads = network([("a", "b", 10.0, True)], columns=("from_node", "to_node", "km", "oneway"))
    distances = network_distances(roads, places(a=CORNERS["a"], b=CORNERS["b"]))
    assert at(distances, "a", "b") == 10
    assert distances.unreachable() == [("b", "a")]


@pytest.mark.parametrize("apart_deg", [0.0, 0.0002])
def test_both_carriageways_of_a_divided_road_can_be_used(apart_deg: float) -> None:
    north = 28.0 + apart_deg
    nodes = {"a": (104.0, 28.0), "b": (104.1, 28.0), "a2": (104.0, north), "b2": (104.1, north)}
    roads = network(
        [
            ("a", "b", 10.0, True),
            ("b2", "a2", 10.0, True),
            ("a", "a2", 0.05, False),
            ("b", "b2", 0.05, False),
        ],
        nodes,
        ("from_node", "to_node", "km", "oneway"),
    )
    distances = network_distances(roads, places(p=(104.02, 27.99), q=(104.08, 27.99)), local_km=0)
    assert at(distances, "p", "q") == pytest.approx(6 + 2 * 1.44, abs=0.1)
    assert at(distances, "q", "p") == pytest.approx(at(distances, "p", "q"), abs=0.1)


@pytest.mark.parametrize(
    "beside",
    [
        ("s", "n", 24.0, True),  # crosses
        ("e", "w", 12.0, False),  # leads along, and is a road of its own
        ("w", "e", 12.0, True),  # leads the same way
    ],
)
def test_a_road_nearby_that_is_no_other_carriageway_is_not_joined(
    beside: tuple[str, str, float, bool],
) -> None:
    nodes = {
        **{"a": (104.0, 28.0), "b": (104.1, 28.0), "s": (104.05, 27.9), "n": (104.05, 28.1)},
        **{"w": (104.0, 28.0002), "e": (104.1, 28.0002), "main1": (105.0, 28.0), "main2": (105.1, 28.0)},
    }
    edges = [("a", "b", 10.0, True), beside, ("main1", "main2", 30.0, False)]
    roads = network(edges, nodes, ("from_node", "to_node", "km", "oneway"))
    distances = network_distances(roads, places(p=(104.0497, 27.9999), far=nodes[beside[1]]), local_km=0)
    assert distances.unreachable() == [("p", "far"), ("far", "p")]


def test_unconnected_roads_give_no_number_and_the_pairs_are_named() -> None:
    distances = network_distances(
        network([("a", "b", 10.0), ("c", "d", 10.0)]), places(**CORNERS), main_within_km=5
    )
    assert distances.unreachable() == [
        ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "a"), ("c", "b"), ("d", "a"), ("d", "b"),
    ]  # fmt: skip
    assert np.isnan(distances.km[0, 2])
    assert "cut off from the main network, with 2 nodes and 10.0 km" in snap_of(distances, "c")["note"]
    assert not snap_of(distances, "c")["on_main"]
    assert snap_of(distances, "a")["note"] == ""


FRAGMENT = {**CORNERS, "x": (104.05, 28.03), "y": (104.06, 28.03)}
WITH_FRAGMENT = [("a", "b", 10.0), ("b", "c", 12.0), ("x", "y", 1.0)]


def test_a_scrap_of_road_nearby_is_passed_by_for_the_main_network_and_said_so() -> None:
    roads = network(WITH_FRAGMENT, FRAGMENT)
    near = (104.055, 28.031)
    distances = network_distances(roads, places(p=near, a=CORNERS["a"]))
    assert distances.unreachable() == []
    leg = 1.3 * straight_km(near, (104.055, 28.0))
    assert at(distances, "p", "a") == pytest.approx(leg + 5.5, abs=0.01)
    row = snap_of(distances, "p")
    assert row["on_main"]
    assert row["piece_nodes"] == 3
    assert row["piece_km"] == pytest.approx(22)
    assert row["nearest_km"] == pytest.approx(straight_km(near, (104.055, 28.03)), abs=0.001)
    assert "cut off from the main network; the main network, 3.4 km away, was used" in row["note"]


def test_a_scrap_of_road_is_used_where_the_main_network_is_much_farther() -> None:
    roads = network(WITH_FRAGMENT, FRAGMENT)
    distances = network_distances(roads, places(p=(104.055, 28.031), a=CORNERS["a"]), main_within_km=3)
    assert distances.unreachable() == [("p", "a"), ("a", "p")]
    assert snap_of(distances, "p")["piece_nodes"] == 2


def test_the_main_piece_is_the_one_with_the_most_road() -> None:
    roads = network([("a", "b", 10.0), ("c", "d", 11.0)])
    assert roads.pieces.is_main.tolist() == [False, True]
    assert roads.pieces.km.tolist() == [10, 11]
    assert roads.pieces.nodes.tolist() == [2, 2]


def test_a_stub_one_cannot_come_back_from_is_no_part_of_the_main_piece() -> None:
    columns = ("from_node", "to_node", "km", "oneway")
    roads = network([("a", "b", 10.0, False), ("b", "c", 12.0, True)], columns=columns)
    assert roads.pieces.is_main.tolist() == [True, False]
    distances = network_distances(roads, places(a=CORNERS["a"], p=(104.1, 28.05)))
    assert distances.unreachable() == []
    assert snap_of(distances, "p")["to_node"] == "b"


def test_a_place_too_far_from_any_road_is_not_guessed_at() -> None:
    far = (104.05, 29.0)
    distances = network_distances(network(SQUARE), places(far=far, a=CORNERS["a"]))
    assert distances.unreachable() == [("far", "a"), ("a", "far")]
    row = snap_of(distances, "far")
    assert not row["on_network"]
    assert row["access_km"] > 50
    assert "more than the 50 km allowed" in row["note"]
    assert network_distances(
        network(SQUARE), places(far=far, a=CORNERS["a"]), max_access_km=200
    ).reachable.all()


def test_places_too_far_from_any_road_are_joined_to_close_neighbours_only() -> None:
    p, close, near = (104.05, 29.0), (104.06, 29.0), (104.08, 29.0)
    distances = network_distances(network(SQUARE), places(p=p, close=close, near=near))
    assert at(distances, "p", "close") == pytest.approx(1.3 * straight_km(p, close), abs=1e-9)
    assert ("p", "near") in distances.unreachable()


# Two roads 3.3 km apart, as on the banks of a river, with a bridge at the far end.
BANKS = {"s1": (104.0, 28.0), "s2": (104.2, 28.0), "n1": (104.0, 28.03), "n2": (104.2, 28.03)}
RIVER = [("s1", "s2", 20.0), ("n1", "n2", 20.0), ("s2", "n2", 3.5)]


def test_places_across_a_river_go_round_by_the_bridge_and_are_flagged() -> None:
    distances = network_distances(network(RIVER, BANKS), places(south=(104.02, 28.0), north=(104.02, 28.03)))
    assert at(distances, "south", "north") == pytest.approx(18 + 3.5 + 18, abs=0.01)
    detours = distances.detours()
    assert detours[["origin", "destination"]].to_numpy().tolist() == [["south", "north"], ["north", "south"]]
    assert detours["factor"][0] == pytest.approx(
        39.5 / straight_km((104.02, 28.0), (104.02, 28.03)), rel=1e-3
    )


def test_neighbouring_parks_are_joined_by_a_local_road() -> None:
    p, q = (104.02, 28.006), (104.02, 28.022)
    roads, where = network(RIVER, BANKS), places(p=p, q=q)
    distances = network_distances(roads, where, access_speed_kmh=26, unit="hours")
    assert straight_km(p, q) < 2
    assert distances.km[0, 1] == pytest.approx(1.3 * straight_km(p, q), abs=1e-9)
    assert at(distances, "p", "q") == pytest.approx(1.3 * straight_km(p, q) / 26, abs=1e-9)
    np.testing.assert_array_equal(distances.access_km, distances.km)
    assert network_distances(roads, where, local_km=0.5).km[0, 1] > 36


def test_parks_far_from_the_road_and_nearer_to_each_other_do_not_go_there_and_back() -> None:
    p, q = (104.02, 28.10), (104.06, 28.10)
    distances = network_distances(network(RIVER, BANKS), places(p=p, q=q))
    assert 2 < straight_km(p, q) < 4
    assert at(distances, "p", "q") == pytest.approx(1.3 * straight_km(p, q), abs=1e-9)


def test_a_local_road_is_taken_only_where_it_is_shorter() -> None:
    roads = network([("a", "b", AB_KM)])
    distances = network_distances(roads, places(p=(104.02, 28.0), q=(104.03, 28.0)))
    assert at(distances, "p", "q") == pytest.approx(straight_km((104.02, 28.0), (104.03, 28.0)), abs=0.003)


def test_places_on_one_point_are_0_apart() -> None:
    where = places(p=(104.05, 28.05), q=(104.05, 28.05))
    distances = network_distances(network(SQUARE), where, local_km=0)
    assert distances.km.tolist() == [[0, 0], [0, 0]]


def test_parks_and_gateways_may_be_two_sets() -> None:
    parks, gateways = places(a=CORNERS["a"], b=CORNERS["b"]), places(c=CORNERS["c"])
    distances = network_distances(network(SQUARE), parks, gateways)
    np.testing.assert_allclose(distances.km, [[22], [12]])
    assert network_distances(network(SQUARE), parks, gateways[:0]).km.shape == (2, 0)
    with pytest.raises(UsageError, match="'a' is at one point"):
        network_distances(network(SQUARE), parks, places(a=CORNERS["c"]))


def test_a_selection_keeps_the_snaps_of_its_places() -> None:
    part = network_distances(network(SQUARE), places(**CORNERS)).select(["a"], ["c"])
    assert part.snap is not None
    assert part.snap["id"].tolist() == ["a", "c"]


def test_places_in_a_projected_system_are_reprojected() -> None:
    where = places(p=(104.02, 28.01), q=(104.07, 28.09))
    np.testing.assert_allclose(
        network_distances(network(SQUARE), where.to_crs("EPSG:32648")).km,
        network_distances(network(SQUARE), where).km,
        atol=1e-6,
    )


def test_a_network_across_the_date_line_is_whole() -> None:
    nodes = {"w": (179.95, -17.0), "e": (-179.95, -17.0)}
    distances = network_distances(
        network([("w", "e", 12.0)], nodes), places(p=(179.975, -17.0), q=(-179.95, -17.0))
    )
    assert at(distances, "p", "q") == pytest.approx(9.0, abs=0.01)


def test_without_one_way_roads_there_and_back_are_the_same_to_the_last_digit() -> None:
    rng = np.random.default_rng(16)  # rounds one sum up and its mirror down
    side = 20
    nodes = {f"{i}-{j}": (104 + 0.01 * i, 28 + 0.01 * j) for i in range(side) for j in range(side)}
    steps = [(i, j, i + 1, j) for i, j in itertools.product(range(side - 1), range(side))]
    steps += [(i, j, i, j + 1) for i, j in itertools.product(range(side), range(side - 1))]
    roads = network([(f"{i}-{j}", f"{k}-{m}", float(rng.uniform(1.2, 3))) for i, j, k, m in steps], nodes)
    where = {f"p{i}": (rng.uniform(104, 104.2), rng.uniform(28, 28.2)) for i in range(120)}
    distances = network_distances(roads, places(**where))
    np.testing.assert_array_equal(distances.km, distances.km.T)


def test_a_sum_that_makes_up_the_reach_is_the_reach() -> None:
    nodes = {"a": (104.0, 28.0), "b": (104.0005, 28.0), "c": (104.001, 28.0)}
    roads = network([("a", "b", 0.1), ("b", "c", 0.2)], nodes)
    assert 0.1 + 0.2 > 0.3
    assert network_distances(roads, places(a=nodes["a"], c=nodes["c"]), access_circuity=4).km[0, 1] <= 0.3


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_network_agrees_with_floyd_and_warshall(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    nodes = {f"n{i}": (104 + rng.uniform(0, 1), 28 + rng.uniform(0, 1)) for i in range(n)}
    pairs = [pair for pair in itertools.combinations(range(n), 2) if rng.random() < 0.4] or [(0, 1)]
    km, edges = np.full((n, n), np.inf), []
    np.fill_diagonal(km, 0)
    for i, j in pairs:
        length = straight_km(nodes[f"n{i}"], nodes[f"n{j}"]) * rng.uniform(1, 3)
        oneway = bool(rng.random() < 0.4)
        edges.append((f"n{i}", f"n{j}", length, oneway))
        km[i, j] = length
        km[j, i] = km[j, i] if oneway else length
    # A place on a node is joined to the roads of that node, so no other road may pass right beside it.
    roads = {pair: LineString([nodes[f"n{i}"] for i in pair]) for pair in pairs}
    assume(
        all(
            road.distance(Point(nodes[f"n{k}"])) > 0.002
            for pair, road in roads.items()
            for k in range(n)
            if k not in pair
        )
    )
    for k in range(n):
        km = np.minimum(km, km[:, [k]] + km[[k], :])
    used = sorted({i for pair in pairs for i in pair})
    distances = network_distances(
        network(edges, nodes, ("from_node", "to_node", "km", "oneway")),
        places(**{f"n{i}": nodes[f"n{i}"] for i in used}),
        main_within_km=0,
        local_km=0,
    )
    want = km[np.ix_(used, used)]
    np.testing.assert_allclose(distances.km, np.where(np.isinf(want), np.nan, want), atol=2e-6)
    if not any(edge[3] for edge in edges):
        np.testing.assert_array_equal(distances.km, distances.km.T)


@pytest.mark.parametrize(
    "options",
    [
        {"access_circuity": 0.9},
        {"max_access_km": -1.0},
        {"main_within_km": -1.0},
        {"local_km": float("nan")},
        {"access_speed_kmh": 0.0},
        {"default_speed_kmh": float("inf")},
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(options))):
        network_distances(network(SQUARE), places(**CORNERS), **options)


NODES = pd.DataFrame({"node": ["a", "b"], "lon": [104.0, 104.1], "lat": [28.0, 28.0]})
EDGES = pd.DataFrame({"from_node": ["a", "b"], "to_node": ["b", "a"], "km": [10.0, 10.0]})


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("from_node", "z", "unknown_node"),
        ("to_node", None, "missing_id"),
        ("km", None, "missing_number"),
        ("km", "long", "not_a_number"),
        ("km", -1.0, "out_of_limits"),
        ("km", np.inf, "out_of_limits"),
        ("km", 6.0, "shorter_than_straight"),
        ("speed_kmh", 0.0, "out_of_limits"),
        ("oneway", "perhaps", "not_a_flag"),
    ],
)
def test_an_edge_that_cannot_be_used_is_a_fault_on_its_line(column: str, value: Any, rule: str) -> None:
    edges = EDGES.assign(speed_kmh=50.0, oneway=False).astype(object)
    edges.loc[1, column] = value
    with pytest.raises(InputError) as error:
        RoadNetwork.from_frames(NODES, edges)
    (fault,) = error.value.faults
    assert (fault.file, fault.row, fault.column, fault.rule) == ("roads_edges.csv", 3, column, rule)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("node", "a", "repeated_id"),
        ("node", None, "missing_id"),
        ("lon", 190.0, "out_of_limits"),
        ("lat", None, "missing_number"),
    ],
)
def test_a_node_that_cannot_be_used_is_a_fault_on_its_line(column: str, value: Any, rule: str) -> None:
    nodes = pd.concat([NODES, NODES[1:].assign(node="c")], ignore_index=True).astype(object)
    nodes.loc[2, column] = value
    with pytest.raises(InputError) as error:
        RoadNetwork.from_frames(nodes, EDGES)
    (fault,) = error.value.faults
    assert (fault.file, fault.row, fault.column, fault.rule) == ("roads_nodes.csv", 4, column, rule)


def test_missing_columns_and_an_empty_table_are_faults() -> None:
    with pytest.raises(InputError, match="column 'lat'"):
        RoadNetwork.from_frames(NODES.drop(columns="lat"), EDGES)
    with pytest.raises(InputError, match="column 'km'"):
        RoadNetwork.from_frames(NODES, EDGES.drop(columns="km"))
    with pytest.raises(InputError, match="There is no edge"):
        RoadNetwork.from_frames(NODES, EDGES[:0])


def test_nodes_may_be_the_index_and_numbers() -> None:
    nodes = NODES.assign(node=[1, 2]).set_index("node")
    edges = EDGES.assign(from_node=[1, 2], to_node=[2, 1])
    assert RoadNetwork.from_frames(nodes, edges).nodes == ("1", "2")


def test_the_frames_are_left_as_they_were_and_the_network_cannot_be_changed() -> None:
    nodes, edges = NODES.copy(), EDGES.copy()
    roads = RoadNetwork.from_frames(nodes, edges)
    pd.testing.assert_frame_equal(nodes, NODES)
    pd.testing.assert_frame_equal(edges, EDGES)
    with pytest.raises(ValueError, match="read-only"):
        roads.km[0] = 1
