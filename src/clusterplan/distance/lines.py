"""Turning a layer of lines into nodes and edges."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.ops import substring

from clusterplan.distance.arrays import FloatArray, IntArray, ObjectArray
from clusterplan.distance.cells import Source
from clusterplan.distance.geodesic import line_km
from clusterplan.distance.places import WGS84
from clusterplan.distance.plane import LocalPlane
from clusterplan.errors import Fault, UsageError


@dataclass(frozen=True, eq=False)
class Roads:
    """Lines cut at the nodes where they meet.

    Parameters
    ----------
    lon, lat
        Nodes, degrees on WGS 84.
    tail, head
        Node each edge starts and ends at.
    shapes
        Line of each edge, degrees on WGS 84.
    km
        Its length along the ellipsoid.
    feature
        Position in the layer of the line it is cut from.
    share
        Its share of the length of that feature.
    """

    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    shapes: ObjectArray
    km: FloatArray
    feature: IntArray
    share: FloatArray


@dataclass(frozen=True, eq=False)
class _Cuts:
    """Where lines are cut, ordered by line and by distance along it."""

    line: IntArray
    along: FloatArray
    node: IntArray


def read_lines(
    lines: gpd.GeoDataFrame, tolerance_km: float, source: Source
) -> tuple[Roads | None, list[Fault]]:
    """Cut the lines of a layer at their nodes; None if it has faults."""
    if not (math.isfinite(tolerance_km) and tolerance_km > 0):
        raise UsageError("The tolerance for roads to meet must be a positive number of metres.")
    degrees, faults = _in_degrees(lines, source)
    if faults:
        return None, faults
    parts, feature = shapely.get_parts(degrees, return_index=True)
    corners = shapely.get_coordinates(parts)
    plane = LocalPlane(corners[:, 0], corners[:, 1])
    flat = plane.project(parts)
    cuts, node_xy = _find_nodes(flat, tolerance_km)
    line, begin, end, tail, head = _between(cuts, tolerance_km)
    pieces = np.array(
        [substring(flat[i], a, b) for i, a, b in zip(line, begin, end, strict=True)], dtype=object
    )
    shapes = plane.unproject(pieces)
    places = shapely.get_coordinates(plane.unproject(shapely.points(node_xy)))
    whole = np.bincount(feature, weights=shapely.length(flat), minlength=len(lines))
    roads = Roads(
        lon=places[:, 0],
        lat=places[:, 1],
        tail=tail,
        head=head,
        shapes=shapes,
        km=line_km(shapes),
        feature=feature[line],
        share=shapely.length(pieces) / whole[feature[line]],
    )
    return roads, []


def _in_degrees(lines: gpd.GeoDataFrame, source: Source) -> tuple[ObjectArray, list[Fault]]:
    """Return the lines in longitude and latitude, and the faults of those that cannot be used."""
    shapes = lines.geometry.to_numpy()
    if not len(lines):
        return shapes, [
            Fault(source.file, "The layer is empty.", "Give the roads of the region.", rule="empty")
        ]
    if lines.crs is None:
        mend = "Save the layer with its coordinate reference system."
        return shapes, [
            Fault(source.file, "The layer has no coordinate reference system.", mend, rule="no_crs")
        ]
    lineal = [shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING]
    unfit = ~np.isin(shapely.get_type_id(shapes), lineal) | ~(shapely.length(shapes) > 0)
    faults = source.faults(
        unfit,
        "geometry",
        lines.geometry.geom_type.to_numpy(),
        why="This is not a line with a length.",
        mend="Draw the road as a line, or leave it out.",
        rule="not_a_line",
    )
    degrees: ObjectArray = shapely.force_2d(lines.geometry.to_crs(WGS84).to_numpy())
    bounds = shapely.bounds(degrees)
    astray = ~unfit & ~(np.isfinite(bounds) & (np.abs(bounds) <= [180, 90, 180, 90])).all(axis=1)
    faults += source.faults(
        astray,
        "geometry",
        why="This line is nowhere on Earth.",
        mend="Check that longitude comes before latitude.",
        rule="not_on_earth",
    )
    return degrees, faults


def _find_nodes(flat: ObjectArray, tolerance: float) -> tuple[_Cuts, FloatArray]:
    """Return where lines in the plane are to be cut, and the nodes there (x, y).

    Vertices within the tolerance of a vertex of another line, or of a part of the same line farther along,
    are nodes; so are all ends of lines, and the points of lines that an end comes near.
    """
    xy, line = shapely.get_coordinates(flat, return_index=True)
    first = np.r_[True, line[1:] != line[:-1]]
    last = np.r_[first[1:], True]
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    run = np.cumsum(np.where(first, 0.0, step))
    along = run - run[first][line]

    i, j = cKDTree(xy).query_pairs(tolerance, output_type="ndarray").T
    apart = (line[i] != line[j]) | (np.abs(along[i] - along[j]) > 2 * tolerance)
    is_node = first | last
    is_node[i[apart]] = is_node[j[apart]] = True

    near = is_node[i] & is_node[j]
    links = coo_array((np.ones(near.sum()), (i[near], j[near])), shape=(len(xy), len(xy)))
    label = connected_components(links, directed=False)[1]
    vertex = np.flatnonzero(is_node)
    _, leader, node = np.unique(label[vertex], return_index=True, return_inverse=True)
    node_xy = xy[vertex[leader]]

    end = np.flatnonzero((first | last)[vertex])
    ends = shapely.points(xy[vertex[end]])
    k, touched = shapely.STRtree(flat).query(ends, predicate="dwithin", distance=tolerance)
    own = {*zip(node.tolist(), line[vertex].tolist(), strict=True)}
    met = dict.fromkeys(
        (n, at) for n, at in zip(node[end[k]].tolist(), touched.tolist(), strict=True) if (n, at) not in own
    )
    met_node = np.array([n for n, _ in met], dtype=np.intp)
    met_line = np.array([at for _, at in met], dtype=np.intp)
    met_along = shapely.line_locate_point(flat[met_line], shapely.points(node_xy[met_node]))

    cut_line = np.concatenate([line[vertex], met_line])
    cut_along = np.concatenate([along[vertex], met_along])
    cut_node = np.concatenate([node, met_node])
    order = np.lexsort((cut_along, cut_line))
    return _Cuts(cut_line[order], cut_along[order], cut_node[order]), node_xy


def _between(cuts: _Cuts, tolerance: float) -> tuple[IntArray, FloatArray, FloatArray, IntArray, IntArray]:
    """Return the edges between cuts: line, where it begins and ends along it, tail and head."""
    begin, end = cuts.along[:-1], cuts.along[1:]
    tail, head = cuts.node[:-1], cuts.node[1:]
    # Vertices drawn closer than the tolerance are one node: what lies between them is not a road.
    is_edge = (cuts.line[:-1] == cuts.line[1:]) & ~((tail == head) & (end - begin <= 2 * tolerance))
    return cuts.line[:-1][is_edge], begin[is_edge], end[is_edge], tail[is_edge], head[is_edge]
