"""Straight-line distance between the edges of geometries, for rules that keep homes and hazards apart."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import CRSError

from clusterplan.distance.arrays import FloatArray
from clusterplan.errors import UsageError

_WORST_SCALE = 0.01


def edge_km(a: gpd.GeoSeries, b: gpd.GeoSeries, crs: Any) -> FloatArray:
    """Return how far the edge of each geometry of `a` is from the edge of each of `b`.

    Parameters
    ----------
    a, b
        Geometries of any kind (parks, homes) in any coordinate reference system.
    crs
        The projected coordinate reference system of the region, in which the distance is measured.

    Returns
    -------
    ndarray
        Kilometres, `len(a)` × `len(b)`; 0 where the two touch or overlap. As true as the scale of `crs`,
        which is checked to be within 1 % amid the geometries.

    Raises
    ------
    UsageError
        If `crs` is not projected or does not measure true where the geometries are (Web Mercator does
        not), or if geometries have no coordinate reference system, are missing, or cannot be projected.
    """
    plane = _planar(crs)
    shapes_a, shapes_b = _in_plane(a.geometry, plane), _in_plane(b.geometry, plane)
    unit_m = plane.axis_info[0].unit_conversion_factor
    apart = shapely.distance(shapes_a[:, None], shapes_b[None, :])
    return np.asarray(apart, dtype=np.float64) * unit_m / 1000.0


def _planar(crs: Any) -> CRS:
    try:
        plane = CRS.from_user_input(crs)
    except CRSError as error:
        raise UsageError(f"The planning CRS {crs!r} is not known; give one such as EPSG:32648.") from error
    if not plane.is_projected:
        raise UsageError(
            f"The planning CRS {plane.name!r} is in degrees, in which nothing can be measured. "
            "Give a projected one, such as the UTM zone of the region."
        )
    return plane


def _require_true_scale(series: gpd.GeoSeries, plane: CRS) -> None:
    """Refuse a plane in which a kilometre amid the geometries is not a kilometre."""
    west, south, east, north = series.total_bounds
    middle = Transformer.from_crs(series.crs, plane.geodetic_crs, always_xy=True).transform(
        (west + east) / 2, (south + north) / 2
    )
    factors = Proj(plane).get_factors(*middle)
    scale = max(factors.meridional_scale, factors.parallel_scale, key=lambda k: abs(k - 1))
    if not np.isfinite(scale):
        raise UsageError(
            f"The geometries are nowhere on Earth, or outside the planning CRS {plane.name!r}. Check that "
            "longitude comes before latitude."
        )
    if abs(scale - 1) > _WORST_SCALE:
        raise UsageError(
            f"In the planning CRS {plane.name!r} a kilometre at longitude {middle[0]:.1f}, latitude "
            f"{middle[1]:.1f} measures {scale:.2f} km. Choose one made for the region, such as its UTM zone."
        )


def _in_plane(series: gpd.GeoSeries, plane: CRS) -> Any:
    if series.crs is None:
        raise UsageError(
            "The geometries have no coordinate reference system; say which it is with set_crs(...)."
        )
    if not series.empty and np.isfinite(series.total_bounds).all():
        _require_true_scale(series, plane)
    shapes = series.to_crs(plane).to_numpy()
    measurable = ~shapely.is_missing(shapes) & np.isfinite(shapely.bounds(shapes)).all(axis=-1)
    if not measurable.all():
        named = ", ".join(repr(str(label)) for label in series.index[~measurable][:5])
        raise UsageError(
            f"No distance to {named}: the geometry is missing or empty, or lies outside the planning CRS "
            f"{plane.name!r}. Draw it, or check its coordinates."
        )
    return shapes
