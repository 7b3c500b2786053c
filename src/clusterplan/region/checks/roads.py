"""Road networks: where the region is, and no road shorter than the straight line.

Rules: ``swapped_coordinates``, ``roads_elsewhere``, ``road_loop``, ``shorter_than_straight``,
``far_from_straight``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.errors import Fault
from clusterplan.region.checks.geometry import SWAP_MEND, sound
from clusterplan.region.checks.known import Known, shown
from clusterplan.region.checks.places import GEOD, rectangle
from clusterplan.region.draft import ROW

SHORTER = 0.95
"""Length over straight line below which rounding is no explanation."""
LONGER = 20.0
"""Length over straight line above which bends are no explanation."""
FEW_KM = 0.1
"""Straight lines below this are not judged: coordinates are rounded to metres."""


def check_roads(known: Known) -> Iterator[Fault]:
    """Yield a fault for a network that is elsewhere and for roads that can't be."""
    if known.given("nodes"):
        misplaced = list(_nodes(known))
        yield from misplaced
        if not misplaced and known.given("edges"):
            yield from _edges(known)
    yield from _layer(known)


def _layer(known: Known) -> Iterator[Fault]:
    """Yield a layer of lines of which none is in the planning rectangle; a clipped layer may reach beyond."""
    layer = sound(known, "roads")
    frame = rectangle(known)
    if not len(layer) or layer.intersects(frame).any():
        return
    if layer.geometry.transform(lambda points: points[:, ::-1]).intersects(frame).any():
        yield known.fault(
            "roads",
            "Longitude and latitude are swapped: exchanged, the roads lie in the planning rectangle.",
            SWAP_MEND,
            rule="swapped_coordinates",
            column="geometry",
        )
    else:
        yield known.fault(
            "roads",
            "No road of the layer touches the planning rectangle.",
            "Clip the roads to the region again, or correct bounds in region.yaml.",
            rule="roads_elsewhere",
            column="geometry",
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
    # Where a coordinate could not be read, that has been reported.
    elif len(nodes) and not inside.any() and lon.notna().all() and lat.notna().all():
        yield known.fault(
            "nodes",
            "No node lies in the planning rectangle.",
            "Clip the roads to the region again, or correct bounds in region.yaml.",
            rule="roads_elsewhere",
            column="lon",
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
    for row, long, km in zip(edges.loc[short, ROW], edges.loc[short, "km"], straight[short], strict=True):
        yield known.fault(
            "edges",
            f"The road is {shown(long)} km long, the straight line of its nodes {km:.3g} km.",
            "Check the unit (km) and the nodes.",
            rule="shorter_than_straight",
            row={ROW: row, "km": long},
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
