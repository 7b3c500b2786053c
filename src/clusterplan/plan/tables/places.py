"""Tables of a plan with places: points of parks and gateways, and frames in WGS 84."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point

from clusterplan.distance import representative_points
from clusterplan.region import Region

WGS84 = "EPSG:4326"


class Places:
    """Points of parks and gateways, and lines between them."""

    def __init__(self, region: Region) -> None:
        self.park: list[Point] = list(representative_points(region.parks.geometry))
        self.gateway: list[Point] = list(representative_points(region.gateways.geometry))

    def line(self, start: Point, end: Point) -> LineString:
        """Return the line from one place to another."""
        return LineString([start, end])


def geo(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return rows as a frame with places, in WGS 84: numbers as floats, all else as it is or None."""
    frame = pd.DataFrame(rows, columns=list(columns))
    for column in columns:
        if column.endswith(("_km", "_m_y", "_per_y")) or column == "proximity":
            frame[column] = frame[column].astype(float)
        elif column == "local":
            frame[column] = frame[column].astype(bool)
        elif column != "geometry":
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=WGS84)
