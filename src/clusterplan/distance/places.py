"""Places as this room sees them: ids with longitude and latitude on WGS 84."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from clusterplan.distance.arrays import BoolArray, FloatArray, IntArray, frozen
from clusterplan.errors import UsageError

WGS84 = "EPSG:4326"
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Places:
    """Points with an id each.

    Parameters
    ----------
    ids
        Ids, none twice.
    lon, lat
        Longitude and latitude on WGS 84, degrees, one a place.
    """

    ids: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "lon", frozen(self.lon))
        object.__setattr__(self, "lat", frozen(self.lat))

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def from_points(cls, points: gpd.GeoSeries) -> Places:
        """Read places from points in any coordinate reference system.

        Parameters
        ----------
        points
            Points (a GeoSeries, or a GeoDataFrame with a point geometry), indexed by id.

        Raises
        ------
        UsageError
            If there is no coordinate reference system, an id comes twice, a geometry is missing or
            not a point, or a point is nowhere on Earth.
        """
        series = points.geometry
        ids = ids_of(series)
        _require_crs(series)
        _refuse(ids, _is_missing(series), "no geometry", "Give each a point.")
        _refuse(
            ids,
            series.geom_type.to_numpy() != "Point",
            "a geometry that is not a point",
            "Use representative_points(...) first: it gives a point inside each.",
        )
        degrees = series.to_crs(WGS84)
        lon, lat = degrees.x.to_numpy(dtype=float), degrees.y.to_numpy(dtype=float)
        # Swapped axes come out of a projection as infinity, without an error of its own.
        on_earth = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
        _refuse(
            ids,
            ~on_earth,
            "coordinates that are nowhere on Earth",
            "Check that longitude comes before latitude and that the coordinate system is the right one.",
        )
        return cls(ids, lon, lat)

    def position(self, ids: Sequence[str]) -> IntArray:
        """Return where each of the ids stands among the places."""
        at = {place: i for i, place in enumerate(self.ids)}
        return np.array([at[place] for place in ids], dtype=np.intp)


def representative_points(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return one point inside each geometry, to measure distances from.

    A park is spoken for by the centroid of its area; where that lies outside (a park bent around a
    hill, or in pieces), by a point on its surface. Points stay as they are. The centroid is taken in
    the coordinates given: over the size of a park, degrees and metres give the same point to metres.

    Parameters
    ----------
    geometry
        Polygons, lines or points, in any coordinate reference system.

    Returns
    -------
    GeoSeries
        Points with the index and the coordinate reference system of `geometry`.

    Raises
    ------
    UsageError
        If there is no coordinate reference system, or a geometry is missing or empty.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoSeries({"a": box(104.6, 28.7, 104.7, 28.8)}, crs="EPSG:4326")
    >>> print(representative_points(parks)["a"])
    POINT (104.65 28.75)
    """
    series = geometry.geometry
    _require_crs(series)
    _refuse(ids_of(series), _is_missing(series), "no geometry", "Draw each, or leave it out.")
    shapes = series.to_numpy()
    centres = shapely.centroid(shapes)
    inside = shapely.intersects(shapes, centres)
    points = np.where(inside, centres, shapely.point_on_surface(shapes))
    return gpd.GeoSeries(points, index=series.index, crs=series.crs)


def union(origins: Places, destinations: Places) -> Places:
    """Return all places of both, each id once.

    Raises
    ------
    UsageError
        If an id stands for two different points.
    """
    at = {place: i for i, place in enumerate(origins.ids)}
    new = np.array([place not in at for place in destinations.ids], dtype=np.bool_)
    for j in np.flatnonzero(~new):
        i = at[destinations.ids[j]]
        apart = abs(origins.lon[i] - destinations.lon[j]), abs(origins.lat[i] - destinations.lat[j])
        if max(apart) > 1e-9:
            raise UsageError(
                f"{destinations.ids[j]!r} is at one point among the origins and at another among the "
                "destinations. Give it one point, or two ids."
            )
    return Places(
        origins.ids + tuple(place for place, is_new in zip(destinations.ids, new, strict=True) if is_new),
        np.concatenate([origins.lon, destinations.lon[new]]),
        np.concatenate([origins.lat, destinations.lat[new]]),
    )


def same_id(origins: Sequence[str], destinations: Sequence[str]) -> BoolArray:
    """Return an origins × destinations array, true where both are the same place."""
    rows, columns = np.array(origins, dtype=object), np.array(destinations, dtype=object)
    return np.asarray(rows[:, None] == columns[None, :], dtype=np.bool_)


def ids_of(series: gpd.GeoSeries) -> tuple[str, ...]:
    """Return the index of a series as ids, each once."""
    ids = tuple(str(label) for label in series.index)
    if len(set(ids)) != len(ids):
        twice = sorted({place for place in ids if ids.count(place) > 1})
        raise UsageError(f"Ids must be given once each; these come twice: {_some(twice)}.")
    return ids


def _require_crs(series: gpd.GeoSeries) -> None:
    if series.crs is None:
        raise UsageError(
            "The places have no coordinate reference system, so their distance is not known. "
            'Say which it is, for example with set_crs("EPSG:4326") for longitude and latitude.'
        )


def _is_missing(series: gpd.GeoSeries) -> BoolArray:
    return np.asarray(series.isna().to_numpy() | series.is_empty.to_numpy(), dtype=np.bool_)


def _refuse(ids: tuple[str, ...], bad: BoolArray, what: str, mend: str) -> None:
    if bad.any():
        named = [place for place, is_bad in zip(ids, bad, strict=True) if is_bad]
        raise UsageError(f"Places with {what}: {_some(named)}. {mend}")


def _some(ids: Sequence[str]) -> str:
    shown = ", ".join(repr(place) for place in ids[:_SHOWN])
    return shown if len(ids) <= _SHOWN else f"{shown} and {len(ids) - _SHOWN} more"
