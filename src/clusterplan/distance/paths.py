"""Shortest paths over a road network, from and to places joined to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from clusterplan.distance.arrays import FloatArray, IntArray
from clusterplan.distance.roads import RoadNetwork
from clusterplan.distance.snap import Feet

# Origins searched from at a time: a number for every node each, so 64 in 50 000 nodes are 26 MB.
_CHUNK = 64


@dataclass(frozen=True, eq=False)
class JoinedRoads:
    """A road network with its edges cut at the feet of places.

    Parameters
    ----------
    tail, head
        Node every part of an edge leads from and to, each direction that can be driven by itself. Feet on
        edges are nodes after those of the network.
    edge, share
        Edge of the network it is part of, and its share of it.
    foot, place
        Node and place of each foot.
    size
        Number of nodes.
    """

    tail: IntArray
    head: IntArray
    edge: IntArray
    share: FloatArray
    foot: IntArray
    place: IntArray
    size: int


def join(network: RoadNetwork, feet: Feet) -> JoinedRoads:
    """Cut the edges of a network where places are joined to them."""
    n, m = len(network.nodes), len(network.tail)
    inside = (feet.fraction > 0) & (feet.fraction < 1)
    spots, which = np.unique(np.column_stack([feet.edge, feet.fraction])[inside], axis=0, return_inverse=True)
    foot = np.where(feet.fraction > 0, network.head[feet.edge], network.tail[feet.edge])
    foot[inside] = n + which.reshape(-1)

    # The stops along each edge in order: its tail, the feet on it, its head.
    stop_edge = np.concatenate([np.arange(m), spots[:, 0].astype(np.intp), np.arange(m)])
    stop_at = np.concatenate([np.zeros(m), spots[:, 1], np.ones(m)])
    stop_node = np.concatenate([network.tail, n + np.arange(len(spots)), network.head])
    order = np.lexsort((stop_at, stop_edge))
    edge, at, node = stop_edge[order], stop_at[order], stop_node[order]
    part = edge[1:] == edge[:-1]
    tail, head, share, edge = node[:-1][part], node[1:][part], np.diff(at)[part], edge[1:][part]

    back = ~network.oneway[edge]
    return JoinedRoads(
        tail=np.concatenate([tail, head[back]]),
        head=np.concatenate([head, tail[back]]),
        edge=np.concatenate([edge, edge[back]]),
        share=np.concatenate([share, share[back]]),
        foot=foot,
        place=feet.place,
        size=n + len(spots),
    )


def shortest(
    roads: JoinedRoads, road: FloatArray, leg: FloatArray, origins: IntArray, destinations: IntArray
) -> FloatArray:
    """Return the least sum of leg, path and leg between places; NaN where there is no path.

    Parameters
    ----------
    road
        Length or time of each edge of the network.
    leg
        Length or time from a place to each foot.
    origins, destinations
        Indices of places.

    Returns
    -------
    ndarray
        Origins × destinations.
    """
    # A place is a node to leave from and another to arrive at, so that no way leads through a place.
    places = int(max(origins.max(initial=-1), destinations.max(initial=-1))) + 1
    leave, arrive = roads.size, roads.size + places
    tail = np.concatenate([roads.tail, leave + roads.place, roads.foot])
    head = np.concatenate([roads.head, roads.foot, arrive + roads.place])
    weight = np.concatenate([road[roads.edge] * roads.share, leg, leg])

    # A sparse array adds up parallel edges; the least of them is meant.
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    least = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    size = arrive + places
    graph = csr_array((weight[least], (tail[least], head[least])), shape=(size, size))

    found = np.empty((len(origins), len(destinations)))
    for begin in range(0, len(origins), _CHUNK):
        chunk = slice(begin, begin + _CHUNK)
        found[chunk] = dijkstra(graph, indices=leave + origins[chunk])[:, arrive + destinations]
    return np.where(np.isinf(found), np.nan, found)
