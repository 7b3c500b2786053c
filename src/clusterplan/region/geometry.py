"""Geometry of a layer, brought to WGS 84 longitude and latitude."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError
from pyproj.transformer import TransformerGroup

from clusterplan.errors import Fault
from clusterplan.region.columns import Table
from clusterplan.region.raw import Raw

WGS84 = "EPSG:4326"
WGS84_SEMI_MAJOR_M = 6378137.0
_SINGLE = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}


def to_wgs84(raw: Raw, table: Table) -> tuple[gpd.GeoSeries, tuple[Fault, ...]]:
    """Return the geometry of a layer in EPSG:4326, heights left out.

    Geometry that cannot be placed is None. Whether the result is valid, finite and where it should be
    is for `clusterplan.region.checks` to say.

    Parameters
    ----------
    raw
        The layer as found.
    table
        Its declaration; a collection of one part is taken for the part where only that is allowed.

    Returns
    -------
    tuple of GeoSeries and tuple of Fault
        One geometry a record, and a fault if the CRS is missing or leads nowhere.
    """
    shapes = np.array([None] * len(raw.rows), dtype=object)
    if raw.geometry is None:
        why = "The table has no geometry."
        mend = f"Give a GeoDataFrame with geometry of type {', '.join(table.geometry)}."
        return _series(shapes), (Fault(raw.file, why, mend, column="geometry", rule="no_geometry"),)
    if raw.crs is None:
        return _series(shapes), (_no_crs(raw.file),)
    shapes[:] = raw.geometry
    flat = _series(_unwrapped(shapely.force_2d(shapes), table.geometry))
    crs = CRS.from_user_input(raw.crs)
    if crs == CRS.from_user_input(WGS84):
        return flat, ()
    try:
        moved = flat.set_crs(crs, allow_override=True).to_crs(WGS84)
    except ProjError as error:
        why = f"Its CRS ({crs.name}) cannot be turned into longitude and latitude: {error}."
        mend = "Export the layer in WGS 84 (EPSG:4326)."
        fault = Fault(raw.file, why, mend, column="geometry", value=crs.name, rule="unknown_crs")
        return _series(np.array([None] * len(shapes), dtype=object)), (fault,)
    return moved, _ballpark(raw.file, crs)


def _series(shapes: np.ndarray) -> gpd.GeoSeries:
    return gpd.GeoSeries(shapes, crs=WGS84)


def _unwrapped(shapes: np.ndarray, allowed: tuple[str, ...]) -> np.ndarray:
    """Return shapes with collections of one part replaced by it, where the collection is not allowed.

    GeoPackages made by QGIS hold single points as MultiPoint.
    """
    single = [
        shape is not None
        and shape.geom_type not in allowed
        and _SINGLE.get(shape.geom_type) in allowed
        and len(shape.geoms) == 1
        for shape in shapes
    ]
    unwrapped = shapes.copy()
    unwrapped[single] = shapely.get_geometry(shapes[single], 0)
    return unwrapped


def _no_crs(file: str) -> Fault:
    why = "The layer does not say its coordinate reference system (CRS)."
    mend = "Find out which it is and set it (in QGIS: Layer > Set Layer CRS; in geopandas: set_crs)."
    return Fault(file, why, mend, column="geometry", rule="no_crs")


def _ballpark(file: str, crs: CRS) -> tuple[Fault, ...]:
    """Return a warning if PROJ knows no datum shift from the CRS and leaves it out.

    For a datum on the ellipsoid's size of WGS 84 (CGCS2000 among them) that is right: such datums are
    centred on the earth, and differ from WGS 84 by less than a metre.
    """
    if crs.ellipsoid is None or crs.ellipsoid.semi_major_metre == WGS84_SEMI_MAJOR_M:
        return ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a finer shift exists, which needs a grid to download
        found = TransformerGroup(crs, WGS84, always_xy=True).transformers
    if not found or "ballpark" not in found[0].description.lower():
        return ()
    why = f"No exact way from its CRS ({crs.name}) to WGS 84 is known; places may be off by 100 m or more."
    mend = "Have the survey office convert the layer to WGS 84 or CGCS2000."
    return (Fault(file, why, mend, column="geometry", value=crs.name, rule="rough_crs", level="warning"),)
