"""Where places meet a road network."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
import shapely

from clusterplan.distance.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from clusterplan.distance.geodesic import straight_km
from clusterplan.distance.places import Places
from clusterplan.distance.plane import LocalPlane
from clusterplan.distance.roads import RoadNetwork

# The other carriageway of a divided road is no farther than this beyond the nearest one, and leads the
# other way: the cosine of the angle between the two is below this.
_CARRIAGEWAY_KM = 0.05
_AGAINST = -0.8
# A foot this near to the end of an edge is the node itself.
_AT_NODE_KM = 1e-6


@dataclass(frozen=True, eq=False)
class Feet:
    """Points of the network that places are joined to, one row a foot.

    Parameters
    ----------
    place
        Index of the place.
    edge
        Index of the edge it is joined to.
    fraction
        Where on the edge, from 0 at its tail to 1 at its head.
    lon, lat
        The point, degrees on WGS 84.
    straight_km
        Geodesic distance from the place.
    """

    place: IntArray
    edge: IntArray
    fraction: FloatArray
    lon: FloatArray
    lat: FloatArray
    straight_km: FloatArray

    def rows(self, keep: BoolArray) -> Feet:
        """Return some of the feet."""
        return Feet(*(getattr(self, field.name)[keep] for field in fields(self)))


def snap(
    network: RoadNetwork,
    places: Places,
    *,
    access_circuity: float,
    max_access_km: float,
    main_within_km: float,
) -> tuple[Feet, pd.DataFrame]:
    """Find where each place meets the network.

    A place is joined to the nearest point of the main piece of the network, or of another piece if that is
    nearer by more than `main_within_km`. Where the road is one-way, it is joined to a one-way road in the
    other direction as well, if there is one at most 50 m farther: both carriageways of a divided road can be
    used.

    Parameters
    ----------
    access_circuity, max_access_km, main_within_km
        As for `network_distances`.

    Returns
    -------
    feet
        The feet of the places that are within `max_access_km`; the first of each place is the nearest.
    table
        One row a place, see `network_distances`.
    """
    ground = _Ground.of(network, places)
    place = np.arange(len(places))
    is_main = network.pieces.is_main
    nearest = ground.foot(place, _nearest(ground.roads, ground.points))
    main = np.flatnonzero(is_main)
    on_main = nearest
    if main.size:  # there is no main piece if all roads are one-way and none leads back
        on_main = ground.foot(place, main[_nearest(ground.roads[main], ground.points)])
    prefer = on_main.straight_km <= nearest.straight_km + main_within_km
    chosen = ground.foot(place, np.where(prefer, on_main.edge, nearest.edge))

    access_km = access_circuity * chosen.straight_km
    on_network = access_km <= max_access_km
    notes = _notes(network, chosen, nearest, access_km, max_access_km)
    table = _table(network, places, chosen, nearest).assign(
        access_km=access_km, on_network=on_network, note=notes
    )
    return ground.with_carriageways(chosen.rows(on_network)), table


@dataclass(frozen=True, eq=False)
class _Ground:
    """Roads and places in one plane (km), with what they are in degrees."""

    network: RoadNetwork
    places: Places
    plane: LocalPlane
    roads: ObjectArray
    points: ObjectArray

    @classmethod
    def of(cls, network: RoadNetwork, places: Places) -> _Ground:
        plane = LocalPlane(network.lon, network.lat)
        points = plane.project(shapely.points(places.lon, places.lat))
        return cls(network, places, plane, plane.project(network.shapes), points)

    def foot(self, place: IntArray, edge: IntArray) -> Feet:
        """Return the point of an edge nearest to a place, row by row."""
        lines = self.roads[edge]
        along = shapely.line_locate_point(lines, self.points[place])
        length = shapely.length(lines)
        at_tail = (along <= _AT_NODE_KM) | (length <= _AT_NODE_KM)
        along = np.where(at_tail, 0.0, np.where(along >= length - _AT_NODE_KM, length, along))
        degrees = shapely.get_coordinates(self.plane.unproject(shapely.line_interpolate_point(lines, along)))
        lon, lat = degrees[:, 0], degrees[:, 1]
        return Feet(
            place=place,
            edge=edge,
            fraction=np.where(at_tail, 0.0, along / np.where(at_tail, 1.0, length)),
            lon=lon,
            lat=lat,
            straight_km=straight_km(self.places.lon[place], self.places.lat[place], lon, lat),
        )

    def with_carriageways(self, feet: Feet) -> Feet:
        """Return feet and, where one is on a one-way road, the foot on its other carriageway."""
        oneway = self.network.oneway
        one = feet.rows(oneway[feet.edge])
        points = self.points[one.place]
        reach = shapely.distance(points, self.roads[one.edge]) + _CARRIAGEWAY_KM
        k, other = shapely.STRtree(self.roads).query(points, predicate="dwithin", distance=reach)
        beside = self.foot(one.place[k], other)
        against = (self._heading(one)[k] * self._heading(beside)).sum(axis=1) < _AGAINST
        found = beside.rows(oneway[other] & against)
        pairs = [(getattr(feet, field.name), getattr(found, field.name)) for field in fields(Feet)]
        return Feet(*(np.concatenate(pair) for pair in pairs))

    def _heading(self, feet: Feet) -> FloatArray:
        """Return the direction of the road at each foot: rows (x, y) of length 1, 0 where it has none."""
        lines = self.roads[feet.edge]
        at = feet.fraction * shapely.length(lines)
        behind = shapely.get_coordinates(
            shapely.line_interpolate_point(lines, np.maximum(at - _CARRIAGEWAY_KM, 0))
        )
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines, at + _CARRIAGEWAY_KM))
        step = np.asarray(ahead - behind, dtype=np.float64)
        length = np.hypot(step[:, :1], step[:, 1:])
        return step / np.where(length > 0, length, 1.0)


def _nearest(shapes: ObjectArray, points: ObjectArray) -> IntArray:
    """Return the nearest shape to each point; of several as near, the first."""
    point, shape = shapely.STRtree(shapes).query_nearest(points, all_matches=True)
    found = np.full(len(points), len(shapes), dtype=np.intp)
    np.minimum.at(found, point, shape)
    return found


def _table(network: RoadNetwork, places: Places, chosen: Feet, nearest: Feet) -> pd.DataFrame:
    nodes = np.array(network.nodes, dtype=object)
    pieces = network.pieces
    return pd.DataFrame(
        {
            "id": np.array(places.ids, dtype=object),
            "from_node": nodes[network.tail[chosen.edge]],
            "to_node": nodes[network.head[chosen.edge]],
            "fraction": chosen.fraction,
            "lon": chosen.lon,
            "lat": chosen.lat,
            "straight_km": chosen.straight_km,
            "nearest_km": nearest.straight_km,
            "on_main": pieces.is_main[chosen.edge],
            "piece_nodes": pieces.nodes[chosen.edge],
            "piece_km": pieces.km[chosen.edge],
        }
    )


def _notes(
    network: RoadNetwork, chosen: Feet, nearest: Feet, access_km: FloatArray, max_access_km: float
) -> list[str]:
    """Return what a planner should look at, a sentence a place; empty where there is nothing."""
    notes = []
    for i, edge in enumerate(chosen.edge):
        away, nearer = chosen.straight_km[i], nearest.straight_km[i]
        if access_km[i] > max_access_km:
            note = (
                f"The road to take is {access_km[i]:.1f} km away by local roads, more than the "
                f"{max_access_km:g} km allowed. Add the roads that lead here."
            )
        elif away > nearer + _AT_NODE_KM:
            note = (
                f"The nearest road, {nearer:.1f} km away, is cut off from the main network; "
                f"the main network, {away:.1f} km away, was used instead."
            )
        elif not network.pieces.is_main[edge]:
            note = (
                f"On a piece of road cut off from the main network, with {network.pieces.nodes[edge]} nodes "
                f"and {network.pieces.km[edge]:.1f} km. Look for a gap in the roads."
            )
        else:
            note = ""
        notes.append(note)
    return notes
