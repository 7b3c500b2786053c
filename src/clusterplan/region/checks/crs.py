"""Planning CRS, planning rectangle and datum: what areas and straight lines rest on.

Rules: ``unknown_crs``, ``degrees_crs``, ``web_mercator``, ``crs_not_metres``, ``crs_elsewhere``,
``distorting_crs``, ``large_bounds``, ``missing_datum``.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproj import CRS, Proj
from pyproj.exceptions import CRSError

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, shown
from clusterplan.region.manifest import Bounds
from clusterplan.region.percent import share_of

LARGE_DEGREES = 20.0
"""Side of a planning rectangle from which on it is no region any more."""
MOST_DISTORTION = 0.05
"""Largest relative error of areas a planning CRS may have in the planning rectangle."""


def check_crs(known: Known) -> Iterator[Fault]:
    """Yield what is wrong with the planning CRS, the planning rectangle and the datum."""
    _, fault = _judged(known)
    if fault is not None:
        yield fault
    bounds = known.manifest.bounds
    width, height = bounds.east - bounds.west, bounds.north - bounds.south
    if max(width, height) > LARGE_DEGREES:
        yield known.manifest_fault(
            "bounds",
            f"The planning rectangle is {shown(width)} by {shown(height)} degrees, larger than a region.",
            "Check west, south, east and north; one planning CRS can't serve so much.",
            rule="large_bounds",
            level="warning",
        )
    yield from _datum(known)


def planning_crs(known: Known) -> CRS | None:
    """Return the planning CRS, or None where it is not fit for areas and straight lines."""
    crs, fault = _judged(known)
    return crs if fault is None else None


def _judged(known: Known) -> tuple[CRS | None, Fault | None]:
    text = known.manifest.planning_crs
    try:
        crs = CRS.from_user_input(text)
        found = next(_unfit(crs, known.manifest.bounds), None)
    except CRSError:
        crs, found = None, ("unknown_crs", "This CRS is not known.")
    if found is None:
        return crs, None
    rule, why = found
    mend = "Write the UTM zone of the region (such as EPSG:32648), or a national grid in metres."
    return crs, known.manifest_fault("planning_crs", why, mend, rule=rule, value=text)


def _unfit(crs: CRS, bounds: Bounds) -> Iterator[tuple[str, str]]:
    """Yield (rule, why) for what makes a CRS unfit, the plainest reason first."""
    if crs.is_geographic:
        yield "degrees_crs", "It is in degrees, in which areas and distances mean nothing."
    if not crs.is_projected:
        yield "degrees_crs", "It is not a projected CRS, so areas and distances mean nothing in it."
    operation = crs.coordinate_operation
    if operation is not None and operation.method_name.startswith("Popular Visualisation"):
        yield (
            "web_mercator",
            "It is Web Mercator: areas and distances grow with the distance from the equator.",
        )
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        yield "crs_not_metres", f"Its unit is {crs.axis_info[0].unit_name}, not metres."
    area = crs.area_of_use
    if area is not None and (
        max(area.west, bounds.west) > min(area.east, bounds.east)
        or max(area.south, bounds.south) > min(area.north, bounds.north)
    ):
        yield "crs_elsewhere", f"It is made for another place ({area.name}) than the planning rectangle."
    error = _area_error(crs, bounds)
    if error > MOST_DISTORTION:
        yield "distorting_crs", f"Areas in it are up to {share_of(error)} wrong in the planning rectangle."


def _area_error(crs: CRS, bounds: Bounds) -> float:
    """Return the largest relative error of areas at the corners and in the middle of a rectangle.

    The areal scale is that of Snyder, Map Projections: A Working Manual (1987), section 4, computed by PROJ.
    """
    project = Proj(crs)
    places = [(lon, lat) for lon in (bounds.west, bounds.east) for lat in (bounds.south, bounds.north)]
    places.append(((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2))
    return max(abs(float(project.get_factors(*place).areal_scale) - 1.0) for place in places)


def _datum(known: Known) -> Iterator[Fault]:
    manifest = known.manifest
    # A region without a country that counts in yuan is taken for one in China: the shift can't be seen later.
    in_china = manifest.country == "CN" or (not manifest.country and manifest.currency == "CNY")
    if manifest.datum is None and in_china:
        yield known.manifest_fault(
            "datum",
            "The datum is not given. Chinese maps shift coordinates by 100 to 500 m (GCJ-02 at Amap and "
            "Tencent, BD-09 at Baidu), and the shift can't be seen in the numbers.",
            "Find out where the coordinates come from and write datum: WGS84, GCJ-02 or BD-09.",
            rule="missing_datum",
        )
