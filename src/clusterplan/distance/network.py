"""Distance by road: shortest and fastest ways over a `RoadNetwork`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from clusterplan.distance.arrays import FloatArray
from clusterplan.distance.distances import Distances, Unit
from clusterplan.distance.geodesic import straight_matrix_km
from clusterplan.distance.paths import join, shortest
from clusterplan.distance.places import Places, union
from clusterplan.distance.roads import RoadNetwork
from clusterplan.distance.snap import snap
from clusterplan.errors import UsageError

# A way is a sum in some order: to the micrometre, 0.1 + 0.2 is a reach of 0.3 and not beyond it.
_DIGITS = 9


def network_distances(
    network: RoadNetwork,
    origins: gpd.GeoSeries,
    destinations: gpd.GeoSeries | None = None,
    *,
    access_circuity: float = 1.3,
    access_speed_kmh: float = 30.0,
    default_speed_kmh: float = 70.0,
    max_access_km: float = 50.0,
    main_within_km: float = 10.0,
    local_km: float = 2.0,
    unit: Unit = "km",
) -> Distances:
    """Return distances by road.

    A way is an access leg from the place to the network, the shortest path over it, and an access leg to the
    other place. An access leg is the geodesic to the nearest point of a road, wherever on the road that is,
    times `access_circuity`. (Joining to the nearest node instead would make distance depend on how finely a
    road happens to be drawn; this way a further node on a road changes nothing.) At a divided road, drawn as
    two one-way roads at most 50 m apart, both carriageways can be used.

    Two places can be joined by local roads alone, at `access_circuity` times the straight line, if this is
    shorter and either they are at most `local_km` apart, or it is no longer than both access legs together:
    the local roads that lead from each place to the network are then assumed to lead as far as the other
    place. Otherwise the network is taken even where it is a long way round, since a river or a ridge may lie
    between: a way too long is flagged by `Distances.detours`, a way too short would not be.

    Kilometres are those of the shortest way, hours those of the fastest, each on its own path. Hours are
    worked out if `unit` is `hours` or any speed is known.

    Parameters
    ----------
    network
        The roads.
    origins, destinations
        Points indexed by id; without destinations, the origins among themselves. For polygons see
        `representative_points`.
    access_circuity
        Length over straight line of local roads, at least 1.
    access_speed_kmh
        Speed on local roads, km/h.
    default_speed_kmh
        Speed on edges that have none, km/h.
    max_access_km
        Longest access leg (with circuity); a place farther off has a way to places within
        `local_km` only.
    main_within_km
        A place is joined to the main piece of the network (the one with the most road) unless another piece
        is nearer by more than this. Small pieces are mostly remains of clipping and gaps in the data.
    local_km
        Straight line up to which places are always joined by local roads too.
    unit
        What reach and half-distance are measured in.

    Returns
    -------
    Distances
        Its `snap` has a row a place: id; from_node, to_node and fraction (where on which edge); lon and lat
        of that point; straight_km to it and nearest_km to the nearest road of any piece; on_main, piece_nodes
        and piece_km (size of the piece of the network it is on); access_km; on_network (false if access_km
        exceeds `max_access_km`); and a note where something should be looked at.

    Raises
    ------
    UsageError
        If the points cannot be placed, an id is at two points, or a parameter is out of range.
    """
    _require("access_circuity", access_circuity, 1.0, "")
    _require("max_access_km", max_access_km, 0.0, " km")
    _require("main_within_km", main_within_km, 0.0, " km")
    _require("local_km", local_km, 0.0, " km")
    _require_speed("access_speed_kmh", access_speed_kmh)
    _require_speed("default_speed_kmh", default_speed_kmh)
    start = Places.from_points(origins)
    end = start if destinations is None else Places.from_points(destinations)
    places = union(start, end)
    rows, columns = places.position(start.ids), places.position(end.ids)
    feet, table = snap(
        network,
        places,
        access_circuity=access_circuity,
        max_access_km=max_access_km,
        main_within_km=main_within_km,
    )
    roads = join(network, feet)
    straight = straight_matrix_km(start, end)
    is_same_back = start.ids == end.ids and not network.oneway.any()
    local_way = np.round(access_circuity * straight, _DIGITS)
    access = np.where(table["on_network"], table["access_km"], np.nan)
    both_legs = access[rows][:, None] + access[columns][None, :]
    is_local = (straight <= local_km) | (local_way <= both_legs)

    def ways(road: FloatArray, leg: FloatArray, local: FloatArray) -> FloatArray:
        over_network = shortest(roads, road, leg, rows, columns)
        way = np.where(is_local, np.fmin(over_network, local), over_network).round(_DIGITS)
        # The sum there and the sum back may still be rounded to either side.
        return np.minimum(way, way.T) if is_same_back else way

    leg_km = access_circuity * feet.straight_km
    km = ways(network.km, leg_km, local_way)
    hours = None
    if unit == "hours" or network.has_speeds:
        speed = np.where(np.isnan(network.speed_kmh), default_speed_kmh, network.speed_kmh)
        hours = ways(network.km / speed, leg_km / access_speed_kmh, local_way / access_speed_kmh)
    on_local_roads = np.where(is_local & (local_way <= km), km, np.fmin(both_legs, km))
    return Distances(
        origins=start.ids,
        destinations=end.ids,
        km=km,
        hours=hours,
        metric="network",
        unit=unit,
        straight_km=straight,
        access_km=np.where(np.isnan(km), np.nan, on_local_roads),
        snap=table,
    )


def _require(name: str, value: float, least: float, unit: str) -> None:
    if not value >= least:
        raise UsageError(f"{name} is {value:g}{unit}; give {least:g} or more.")


def _require_speed(name: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise UsageError(f"{name} is {value:g} km/h; give a positive speed.")
