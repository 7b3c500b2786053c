"""`RoadNetwork`: nodes, and edges with length, speed and direction between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from clusterplan.distance.arrays import BoolArray, FloatArray, IntArray, ObjectArray, frozen
from clusterplan.distance.cells import Source, flags, missing_columns, numbers, texts
from clusterplan.distance.geodesic import straight_km
from clusterplan.distance.lines import read_lines
from clusterplan.errors import Fault, InputError

NODES_FILE = "roads_nodes.csv"
EDGES_FILE = "roads_edges.csv"
# Coordinates rounded to 0.001° move a node by up to 70 m: a true length may fall a little short of the chord.
_SHORT_SHARE, _SHORT_KM = 0.05, 0.5


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces a network falls into: sets of nodes with a way from each to each.

    Parameters
    ----------
    nodes, km
        Per edge, the number of nodes and the road kilometres of the piece it is in. An edge that leads from
        one piece into another, with no way back, counts with the smaller of the two.
    is_main
        Per edge, true if it lies in the piece with the most road.
    """

    nodes: IntArray
    km: FloatArray
    is_main: BoolArray


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """A road network. Use `from_frames` or `from_lines` to make one: they check what they are given.

    Parameters
    ----------
    nodes
        Ids of the nodes.
    lon, lat
        Their longitude and latitude on WGS 84, degrees.
    tail, head
        Index of the node each edge starts and ends at.
    km
        Length of each edge.
    speed_kmh
        Speed on each edge, km/h; NaN where it is not known.
    oneway
        True for an edge that can be driven only from its tail to its head.
    shapes
        Line of each edge from tail to head, degrees on WGS 84. It says where the edge is; its length is
        `km`, which may be that of a road drawn in more detail.
    """

    nodes: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    km: FloatArray
    speed_kmh: FloatArray
    oneway: BoolArray
    shapes: ObjectArray

    def __post_init__(self) -> None:
        types = {"tail": np.intp, "head": np.intp, "oneway": np.bool_, "shapes": object}
        for name in ("lon", "lat", "tail", "head", "km", "speed_kmh", "oneway", "shapes"):
            object.__setattr__(self, name, frozen(getattr(self, name), types.get(name, np.float64)))

    @classmethod
    def from_frames(cls, nodes: pd.DataFrame, edges: pd.DataFrame) -> RoadNetwork:
        """Make a network from a table of nodes and one of edges.

        Parameters
        ----------
        nodes
            Columns node (or the index of that name), lon, lat: degrees on WGS 84.
        edges
            Columns from_node, to_node, km; optional speed_kmh (empty: not known) and oneway (empty: false).
            Other columns are for the reader and stay unread.

        Raises
        ------
        InputError
            With a fault for every row that cannot be used: an id missing, repeated or unknown, a number
            missing or out of its limits, an edge shorter than the straight line between its nodes.
        """
        ids, lon, lat, faults = _read_nodes(nodes)
        source = Source(EDGES_FILE)
        lacking = missing_columns(edges, ("from_node", "to_node", "km"), source)
        if lacking or not len(edges):
            empty = Fault(EDGES_FILE, "There is no edge.", "Give the roads between the nodes.", rule="empty")
            raise InputError([*faults, *(lacking or [empty])])
        tail, tail_faults = _ends(edges, "from_node", ids, source)
        head, head_faults = _ends(edges, "to_node", ids, source)
        km, km_faults = numbers(edges, "km", source, low=0)
        speed, oneway, other_faults = _read_options(edges, source)
        faults += tail_faults + head_faults + km_faults + other_faults
        if not faults:
            straight = straight_km(lon[tail], lat[tail], lon[head], lat[head])
            faults += source.faults(
                straight > km * (1 + _SHORT_SHARE) + _SHORT_KM,
                "km",
                km,
                why="The edge is shorter than the straight line between its nodes.",
                mend="Check that its length is in kilometres and that its nodes are where they should be.",
                rule="shorter_than_straight",
            )
        if faults:
            raise InputError(faults)
        chord = np.stack(
            [np.column_stack([lon[tail], lat[tail]]), np.column_stack([lon[head], lat[head]])], axis=1
        )
        return cls(tuple(ids), lon, lat, tail, head, km, speed, oneway, shapely.linestrings(chord))

    @classmethod
    def from_lines(
        cls, lines: gpd.GeoDataFrame, *, tolerance_m: float = 1.0, file: str = "roads"
    ) -> RoadNetwork:
        """Make a network from a layer of lines.

        Roads meet where lines share a vertex, and where a line ends on another. Lines that merely cross do
        not meet: one may be a bridge.

        Parameters
        ----------
        lines
            LineStrings or MultiLineStrings in any coordinate reference system, drawn in the direction of
            travel where one-way. Optional columns km (length of the whole feature; empty: measured along the
            ellipsoid), speed_kmh (empty: not known) and oneway (empty: false).
        tolerance_m
            Vertices this near to each other, and ends this near to a line, are taken to meet, metres.
        file
            Name of the layer, for faults; their rows count its features from 1.

        Raises
        ------
        InputError
            With a fault for every feature that cannot be used, or if the layer is empty or has no coordinate
            reference system.
        UsageError
            If the tolerance is not positive.
        """
        source = Source(file, first_row=1)
        roads, faults = read_lines(lines, tolerance_m / 1000.0, source)
        km, km_faults = (
            numbers(lines, "km", source, low=0, blank=True)
            if "km" in lines
            else (np.full(len(lines), np.nan), [])
        )
        speed, oneway, other_faults = _read_options(lines, source)
        faults += km_faults + other_faults
        if roads is None or faults:
            raise InputError(faults)
        feature = roads.feature
        given = km[feature] * roads.share
        return cls(
            nodes=tuple(f"n{i}" for i in range(len(roads.lon))),
            lon=roads.lon,
            lat=roads.lat,
            tail=roads.tail,
            head=roads.head,
            km=np.where(np.isnan(given), roads.km, given),
            speed_kmh=speed[feature],
            oneway=oneway[feature],
            shapes=roads.shapes,
        )

    @property
    def has_speeds(self) -> bool:
        """True if the speed on some edge is known."""
        return not bool(np.isnan(self.speed_kmh).all())

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces the network falls into, told for every edge."""
        n = len(self.nodes)
        back = ~self.oneway
        start = np.concatenate([self.tail, self.head[back]])
        end = np.concatenate([self.head, self.tail[back]])
        graph = csr_array((np.ones(len(start)), (start, end)), shape=(n, n))
        # Strongly connected: a place on a road one can leave by but not come back on is cut off all the same.
        count, piece = connected_components(graph, directed=True, connection="strong")
        within = piece[self.tail] == piece[self.head]
        nodes = np.bincount(piece, minlength=count)
        km = np.bincount(piece[self.tail][within], weights=self.km[within], minlength=count)
        return Pieces(
            nodes=frozen(np.minimum(nodes[piece[self.tail]], nodes[piece[self.head]]), np.intp),
            km=frozen(np.minimum(km[piece[self.tail]], km[piece[self.head]])),
            is_main=frozen(within & (piece[self.tail] == np.argmax(km)), np.bool_),
        )


def _read_nodes(nodes: pd.DataFrame) -> tuple[list[str], FloatArray, FloatArray, list[Fault]]:
    frame = nodes.reset_index() if "node" not in nodes.columns and nodes.index.name == "node" else nodes
    source = Source(NODES_FILE)
    lacking = missing_columns(frame, ("node", "lon", "lat"), source)
    if lacking:
        raise InputError(lacking)
    ids, faults = texts(frame, "node", source)
    faults += source.faults(
        pd.Series(ids).duplicated().to_numpy(dtype=np.bool_),
        "node",
        ids,
        why="This node is given twice.",
        mend="Give each node one row.",
        rule="repeated_id",
    )
    lon, lon_faults = numbers(frame, "lon", source, low=-180, high=180)
    lat, lat_faults = numbers(frame, "lat", source, low=-90, high=90)
    return ids, lon, lat, [*faults, *lon_faults, *lat_faults]


def _ends(edges: pd.DataFrame, column: str, ids: list[str], source: Source) -> tuple[IntArray, list[Fault]]:
    """Return the index of the node in a column of edges, −1 where it is not known."""
    names, faults = texts(edges, column, source)
    at = {node: i for i, node in enumerate(ids)}
    index = np.array([at.get(name, -1) for name in names], dtype=np.intp)
    unknown = (index < 0) & edges[column].notna().to_numpy(dtype=np.bool_)
    faults += source.faults(
        unknown,
        column,
        names,
        why="There is no such node.",
        mend=f"Add the node to {NODES_FILE}, or correct its id.",
        rule="unknown_node",
    )
    return index, faults


def _read_options(roads: pd.DataFrame, source: Source) -> tuple[FloatArray, BoolArray, list[Fault]]:
    """Return speed and direction, which may be absent."""
    speed, oneway, faults = np.full(len(roads), np.nan), np.zeros(len(roads), dtype=np.bool_), []
    if "speed_kmh" in roads:
        speed, speed_faults = numbers(roads, "speed_kmh", source, low=0, above=True, blank=True)
        faults += speed_faults
    if "oneway" in roads:
        oneway, oneway_faults = flags(roads, "oneway", source)
        faults += oneway_faults
    return speed, oneway, faults
