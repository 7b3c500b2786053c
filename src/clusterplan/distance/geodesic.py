"""Geodesic distance: along the WGS 84 ellipsoid, exact.

By C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87, 43-55 (2013), as in pyproj.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from clusterplan.distance.arrays import FloatArray, ObjectArray
from clusterplan.distance.distances import Distances, Unit
from clusterplan.distance.places import Places, same_id, union
from clusterplan.errors import UsageError

# Not the sphere: haversine is up to 0.3 % off within a region.
_WGS84 = Geod(ellps="WGS84")


def geodesic_km(points_a: gpd.GeoSeries, points_b: gpd.GeoSeries) -> FloatArray:
    """Return the distance from every point of one series to every point of another.

    Parameters
    ----------
    points_a, points_b
        Points in any coordinate reference system, indexed by id. For polygons see
        `representative_points`.

    Returns
    -------
    ndarray
        Kilometres along the ellipsoid, `len(points_a)` × `len(points_b)`.

    Raises
    ------
    UsageError
        If the points have no coordinate reference system or are not points on Earth.
    """
    return straight_matrix_km(Places.from_points(points_a), Places.from_points(points_b))


def geodesic_distances(
    origins: gpd.GeoSeries,
    destinations: gpd.GeoSeries | None = None,
    *,
    circuity: float = 1.3,
    speed_kmh: float | None = None,
    unit: Unit = "km",
) -> Distances:
    """Return distances as the straight line times a factor.

    Parameters
    ----------
    origins, destinations
        Points indexed by id; without destinations, the origins among themselves. For polygons see
        `representative_points`.
    circuity
        Road length over straight line, at least 1.
    speed_kmh
        Speed, km/h; without it there are no hours.
    unit
        What reach and half-distance are measured in.

    Raises
    ------
    UsageError
        If the points cannot be placed, an id is at two points, circuity is below 1, the speed is not
        positive, or hours are asked for without a speed.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoSeries.from_xy([104.6, 104.7], [28.7, 28.7], index=["a", "b"], crs="EPSG:4326")
    >>> geodesic_distances(parks).km.round(2).tolist()
    [[0.0, 12.7], [12.7, 0.0]]
    """
    if not circuity >= 1:
        raise UsageError(
            f"Circuity is {circuity}; a road is never shorter than the straight line: give 1 or more."
        )
    if speed_kmh is not None and not speed_kmh > 0:
        raise UsageError(f"The speed is {speed_kmh} km/h; give a positive one.")
    if unit == "hours" and speed_kmh is None:
        raise UsageError("Hours from straight lines need a speed; give speed_kmh.")
    start = Places.from_points(origins)
    end = start if destinations is None else Places.from_points(destinations)
    union(start, end)  # an id stands for one point
    straight = straight_matrix_km(start, end)
    km = circuity * straight
    return Distances(
        origins=start.ids,
        destinations=end.ids,
        km=km,
        hours=None if speed_kmh is None else km / speed_kmh,
        metric="geodesic",
        unit=unit,
        straight_km=straight,
    )


def straight_matrix_km(origins: Places, destinations: Places) -> FloatArray:
    """Return geodesic kilometres between places, origins × destinations; exactly 0 from a place to itself."""
    n, m = len(origins), len(destinations)
    km = straight_km(
        np.repeat(origins.lon, m),
        np.repeat(origins.lat, m),
        np.tile(destinations.lon, n),
        np.tile(destinations.lat, n),
    ).reshape(n, m)
    return np.where(same_id(origins.ids, destinations.ids), 0.0, km)


def straight_km(lon_a: FloatArray, lat_a: FloatArray, lon_b: FloatArray, lat_b: FloatArray) -> FloatArray:
    """Return geodesic kilometres between points a and b, element by element; degrees on WGS 84."""
    metres = _WGS84.inv(lon_a, lat_a, lon_b, lat_b)[2]
    return np.asarray(metres, dtype=np.float64) / 1000.0


def line_km(lines: ObjectArray) -> FloatArray:
    """Return the geodesic length of each line string, kilometres; coordinates in degrees on WGS 84."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    follows = line[1:] == line[:-1]
    a, b = xy[:-1][follows], xy[1:][follows]
    step = straight_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    return np.bincount(line[1:][follows], weights=step, minlength=len(lines)).astype(np.float64)
