"""Layers in GeoJSON (RFC 7946), read without GDAL: a small grammar needs no driver that could be misled."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn

import numpy as np
import pyproj
import shapely
from shapely.geometry import shape

from clusterplan.errors import Fault, InputError
from clusterplan.region.coordinates import EXAMPLES, coordinates_fault
from clusterplan.region.raw import Raw
from clusterplan.region.text import decode

MAX_FEATURES = 500_000
_EPSG = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:EPSG:[\d.]*:|EPSG:)(\d{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r"urn:ogc:def:crs:OGC:(?:1\.3|2)?:CRS84", re.IGNORECASE)


class _RefusedError(ValueError):
    """Something JSON libraries let pass and a region's file may not hold, and how to mend it."""

    def __init__(self, why: str, mend: str = "Draw the feature anew, or export the layer again.") -> None:
        super().__init__(why)
        self.mend = mend


def read_geojson(data: bytes, file: str) -> tuple[Raw, tuple[Fault, ...]]:
    """Read a feature collection.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Name for messages.

    Returns
    -------
    tuple of Raw and tuple of Fault
        Properties and geometry of each feature, and the features whose geometry cannot be read.

    Raises
    ------
    InputError
        If it is no GeoJSON feature collection, or its `crs` cannot be honoured.
    """
    text, faults = decode(data, file)
    document = _parse(text, file)
    if not isinstance(document, Mapping) or document.get("type") != "FeatureCollection":
        raise _refused(
            file, "It is no GeoJSON feature collection.", "Export the layer as GeoJSON (RFC 7946)."
        )
    features = document.get("features")
    if not isinstance(features, list) or len(features) > MAX_FEATURES:
        why = f"Its `features` are no list, or more than {MAX_FEATURES}."
        raise _refused(file, why, "Export the layer again, with fewer features.")
    crs = _crs(document.get("crs"), file)
    records: list[Mapping[str, object]] = []
    shapes: list[Any] = []
    found = list(faults)
    for row, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, Mapping) else None
        records.append(properties if isinstance(properties, Mapping) else {})
        try:
            shapes.append(_geometry(feature))
        except _RefusedError as error:
            shapes.append(None)
            found.append(Fault(file, str(error), error.mend, row, "geometry", rule="bad_geometry"))
    names = dict.fromkeys(name for record in records for name in record)
    cells = {name: [record.get(name) for record in records] for name in names}
    return Raw(file, cells, range(1, len(records) + 1), geometry=shapes, crs=crs, header_row=None), tuple(
        found
    )


def _parse(text: str, file: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except _RefusedError as error:
        raise _refused(file, str(error), "Mend the file, or export the layer again.") from None
    except (ValueError, RecursionError) as error:
        why = "It is nested too deeply" if isinstance(error, RecursionError) else f"It is no JSON: {error}"
        raise _refused(file, f"{why}.", "Export the layer again as GeoJSON.") from None


def _no_constant(word: str) -> NoReturn:
    raise _RefusedError(f"It holds {word}, which is no number.")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"A key stands twice in one object: {twice!r}.")
    return found


def _geometry(feature: object) -> Any:
    """Return the geometry of a feature, None where it has none."""
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        raise _RefusedError("It is no GeoJSON feature.")
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if not isinstance(kind, str) or kind not in EXAMPLES:
        what = f"Its geometry is a {kind}" if isinstance(kind, str) else "Its geometry has no type"
        raise _RefusedError(f"{what}, not one of {', '.join(EXAMPLES)}.")
    try:
        with np.errstate(all="ignore"):
            return shape(geometry)
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        OverflowError,
        RecursionError,
        shapely.errors.ShapelyError,
    ):
        # What Python and GEOS say of it is no planner's language.
        raise _RefusedError(*coordinates_fault(kind, geometry)) from None


def _crs(member: Any, file: str) -> pyproj.CRS:
    """Return the CRS; GeoJSON means WGS 84 unless an old `crs` member names another one."""
    if member is None:
        return pyproj.CRS.from_epsg(4326)
    properties = member.get("properties") if isinstance(member, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    if isinstance(name, str) and _CRS84.fullmatch(name):
        return pyproj.CRS.from_epsg(4326)
    code = _EPSG.fullmatch(name) if isinstance(name, str) else None
    with suppress(pyproj.exceptions.CRSError):
        if code is not None:
            return pyproj.CRS.from_epsg(int(code[1]))
    why = f"Its `crs` member is not understood: {json.dumps(member, ensure_ascii=False)[:80]}."
    raise _refused(file, why, "Export the layer in WGS 84 (EPSG:4326).", rule="unknown_crs")


def _refused(file: str, why: str, mend: str, rule: str = "broken_layer") -> InputError:
    return InputError([Fault(file, why, mend, rule=rule)])
