"""Places that are neither parks nor gateways: homes, and the region's edge."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.tables.common import NAME, ROW_PROVENANCE, SOURCE

RECEPTORS = Table(
    "receptors",
    ("receptors.geojson", "receptors.gpkg"),
    ("receptor",),
    (Column("receptor", "id", "Id of the place.", required=True), NAME, ROW_PROVENANCE, SOURCE),
    "Homes, schools and hospitals that hazardous stages must keep away from.",
    geometry=("Polygon", "MultiPolygon", "Point", "MultiPoint"),
)

BOUNDARY = Table(
    "boundary",
    ("boundary.geojson", "boundary.gpkg"),
    ("boundary",),
    (Column("boundary", "id", "Id of the area.", required=True), NAME, ROW_PROVENANCE, SOURCE),
    "Area of the region, for checks and maps; parks must lie in it.",
    geometry=("Polygon", "MultiPolygon"),
)
