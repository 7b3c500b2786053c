"""Where things are, for the map and the picture: longitude and latitude, simplified to what can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.ops import linemerge

from clusterplan.distance import representative_points
from clusterplan.plan import Plan
from clusterplan.region import Region

LonLat = tuple[float, float]
FINE = 0.0004
"""Simplification of roads, degrees (some 40 m)."""
DIGITS = 4
"""Decimals of coordinates (some 10 m)."""
FAR = 0.6
"""How far beyond the parks roads are kept, as a share of their spread."""


def points(plan: Plan) -> dict[str, LonLat]:
    """Return the point each park stands for, by id."""
    places = representative_points(plan.parks.geometry)
    return {str(park): (round(p.x, 5), round(p.y, 5)) for park, p in places.items()}


def rings(geometry: Any) -> list[list[LonLat]]:
    """Return the outlines of polygons, holes left out; none for points."""
    shapes = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
    return [_rounded(shape.exterior.coords, 5) for shape in shapes if isinstance(shape, Polygon)]


def roads(region: Region, window: tuple[float, float, float, float]) -> list[list[LonLat]]:
    """Return the roads within a window (west, south, east, north) as lines; none where there are none."""
    if not region.edges.empty:
        nodes = region.nodes
        at = dict(zip(nodes.index, zip(nodes["lon"], nodes["lat"], strict=True), strict=True))
        ends = zip(region.edges["from_node"], region.edges["to_node"], strict=True)
        lines = [LineString([at[a], at[b]]) for a, b in ends if at[a] != at[b]]
    else:
        lines = list(region.roads.geometry)
    seen = shapely.box(*window)
    kept = [line for line in lines if line is not None and line.intersects(seen)]
    if not kept:
        return []
    merged = linemerge(MultiLineString([part for line in kept for part in _lines(line)]))
    return [_rounded(line.simplify(FINE).coords, DIGITS) for line in _lines(merged)]


def window(plan: Plan) -> tuple[float, float, float, float]:
    """Return the rectangle around the parks within which roads are drawn, degrees."""
    west, south, east, north = (float(edge) for edge in plan.parks.total_bounds)
    wide = max(east - west, north - south, 0.02) * FAR
    return west - wide, south - wide, east + wide, north + wide


def boundary(region: Region) -> list[list[LonLat]]:
    """Return the outline of the region; empty where none is given."""
    shapes = region.boundary
    return [_rounded(Polygon(r).simplify(FINE).exterior.coords, DIGITS) for r in _outlines(shapes)]


def _outlines(shapes: gpd.GeoDataFrame) -> Iterator[list[LonLat]]:
    for geometry in shapes.geometry:
        yield from rings(geometry)


def _lines(geometry: Any) -> list[LineString]:
    return list(geometry.geoms) if isinstance(geometry, MultiLineString) else [geometry]


def _rounded(coordinates: Any, digits: int) -> list[LonLat]:
    return [(round(x, digits), round(y, digits)) for x, y, *_ in coordinates]
