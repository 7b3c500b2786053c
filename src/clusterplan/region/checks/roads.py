"""Distances: what the method of the manifest needs is there, and no road is shorter than the straight line.

Rules: ``no_roads``, ``no_distances``, ``half_a_network``, ``two_networks``, ``hours_by_geodesic``,
``unused_distances``, ``road_loop``, ``shorter_than_straight``, ``far_from_straight``,
``swapped_coordinates``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, shown
from clusterplan.region.checks.places import GEOD
from clusterplan.region.draft import ROW

SHORTER = 0.95
"""Length over straight line below which rounding is no explanation."""
LONGER = 20.0
"""Length over straight line above which bends are no explanation."""
FEW_KM = 0.1
"""Straight lines below this are not judged: coordinates are rounded to metres."""


def check_roads(known: Known) -> Iterator[Fault]:
    """Yield a fault for files that are missing or not used, and for roads that can't be."""
    yield from _method(known)
    yield from _network(known)
    if not known.broken("nodes", "edges") and known.given("nodes") and known.given("edges"):
        yield from _nodes(known)
        yield from _edges(known)


def _method(known: Known) -> Iterator[Fault]:
    settings = known.manifest.distance
    if settings.method == "geodesic" and settings.unit == "hours":
        yield known.manifest_fault(
            "distance.unit",
            "Straight lines tell no hours: method geodesic goes with unit km.",
            "Set unit to km, or give a road network or a matrix with hours.",
            rule="hours_by_geodesic",
            value="hours",
        )
    if settings.method == "network" and not any(known.given(name) or known.broken(name) for name in _NETWORK):
        yield known.manifest_fault(
            "distance.method",
            "Distances are to come from a road network, but the region has none.",
            f"Add {known.file('nodes')} and {known.file('edges')}, or {known.file('roads')}, or set "
            "method to geodesic.",
            rule="no_roads",
            value="network",
        )
    if settings.method == "matrix" and not (known.given("distances") or known.broken("distances")):
        yield known.manifest_fault(
            "distance.method",
            "Distances are to come from a matrix, but the region has none.",
            f"Add {known.file('distances')}, or set method to geodesic.",
            rule="no_distances",
            value="matrix",
        )
    for method, names in (("network", _NETWORK), ("matrix", ("distances",))):
        given = [name for name in names if known.given(name)]
        if settings.method != method and given:
            yield known.fault(
                given[0],
                f"The manifest's distance.method is {settings.method}, so this file is not used.",
                f"Set distance.method to {method}, or delete the file.",
                rule="unused_distances",
                level="warning",
            )


_NETWORK = ("nodes", "edges", "roads")


def _network(known: Known) -> Iterator[Fault]:
    for name, other in (("nodes", "edges"), ("edges", "nodes")):
        if known.given(name) and not known.given(other) and not known.broken(other):
            yield known.fault(
                name,
                f"Nodes and edges make a network together, and there is no {known.file(other)}.",
                f"Add {known.file(other)}, or delete {known.file(name)}.",
                rule="half_a_network",
            )
    if known.given("roads") and (known.given("nodes") or known.given("edges")):
        yield known.fault(
            "roads",
            f"There are two road networks: {known.file('roads')}, and {known.file('nodes')} with "
            f"{known.file('edges')}.",
            "Keep one of them.",
            rule="two_networks",
        )


def _nodes(known: Known) -> Iterator[Fault]:
    """Yield nodes in which longitude and latitude are swapped, told once: a file is written one way."""
    bounds = known.manifest.bounds
    nodes = known.frame("nodes")
    lon, lat = nodes["lon"], nodes["lat"]
    inside = lon.between(bounds.west, bounds.east) & lat.between(bounds.south, bounds.north)
    turned = lat.between(bounds.west, bounds.east) & lon.between(bounds.south, bounds.north) & ~inside
    if turned.any():
        first = nodes[turned].iloc[0]
        yield known.fault(
            "nodes",
            f"Longitude and latitude are swapped in {int(turned.sum())} of {len(nodes)} nodes.",
            "Exchange the headers or the columns lon and lat.",
            rule="swapped_coordinates",
            row={ROW: first[ROW]},
            column="lon",
            value=float(first["lon"]),
        )


def _edges(known: Known) -> Iterator[Fault]:
    edges = known.frame("edges")
    loops = edges["from_node"].notna() & (edges["from_node"] == edges["to_node"])
    if loops.any():
        first = edges[loops].iloc[0]
        yield known.fault(
            "edges",
            f"{int(loops.sum())} of {len(edges)} edges end where they start; they lead nowhere.",
            "Nothing, if they are turning circles; otherwise correct to_node.",
            rule="road_loop",
            row={ROW: first[ROW], "to_node": first["to_node"]},
            column="to_node",
            level="warning",
        )
    straight = _straight_km(known, edges)
    judged = (straight > FEW_KM) & edges["km"].notna()
    short = judged & (edges["km"] < SHORTER * straight)
    for (_, edge), km in zip(edges[short].iterrows(), straight[short], strict=True):
        yield known.fault(
            "edges",
            f"The road is {shown(float(edge['km']))} km long, the straight line of its nodes {km:.3g} km.",
            "Check the unit (km) and the nodes.",
            rule="shorter_than_straight",
            row={ROW: edge[ROW], "km": float(edge["km"])},
            column="km",
        )
    far = judged & (straight > 1.0) & (edges["km"] > LONGER * straight)
    if far.any():
        first = edges[far].iloc[0]
        yield known.fault(
            "edges",
            f"{int(far.sum())} of {len(edges)} edges are over {LONGER:.0f} times the straight line.",
            "Check the unit: km, not metres.",
            rule="far_from_straight",
            row={ROW: first[ROW], "km": float(first["km"])},
            column="km",
            level="warning",
        )


def _straight_km(known: Known, edges: pd.DataFrame) -> pd.Series:
    """Return the geodesic between the ends of each edge in km; NaN where an end is not known."""
    nodes = known.frame("nodes").dropna(subset=["node"]).drop_duplicates("node").set_index("node")
    ends = [
        nodes[axis].reindex(edges[end]).to_numpy(dtype=float)
        for end in ("from_node", "to_node")
        for axis in ("lon", "lat")
    ]
    known_ends = np.isfinite(np.stack(ends)).all(axis=0)
    km = np.full(len(edges), np.nan)
    km[known_ends] = GEOD.inv(*(end[known_ends] for end in ends))[2] / 1000
    return pd.Series(km, index=edges.index)
