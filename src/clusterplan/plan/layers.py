"""`plan.gpkg`: parks, firms, supply and links as layers that a GIS opens, with their styles."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio

from clusterplan.plan.plan import Plan
from clusterplan.plan.styles import styles_of
from clusterplan.region import fixed_date

STYLES = "layer_styles"
"""Table of styles, as QGIS names it."""


def write_layers(plan: Plan, file: Path) -> None:
    """Write the layers ``parks``, ``firms``, ``supply`` and ``links`` as one GeoPackage.

    Parameters
    ----------
    plan
        The plan.
    file
        A file that does not exist. Firms that are out have no geometry.
    """
    with fixed_date():
        for name, layer in layers_of(plan).items():
            kinds = set(layer.geom_type.dropna())
            kind = {"firms": "Point", "supply": "LineString", "links": "LineString"}.get(name)
            kind = kind or (str(kinds.pop()) if len(kinds) == 1 else "Unknown")
            pyogrio.write_dataframe(layer, file, layer=name, driver="GPKG", geometry_type=kind)
        pyogrio.write_dataframe(styles_of(plan), file, layer=STYLES, driver="GPKG", FID="id")


def layers_of(plan: Plan) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a plan by name, ids as columns; parks with the share of their land in use."""
    parks = plan.parks.reset_index()
    has_land = parks["capacity_land_ha"] > 0
    share = (parks["used_land_ha"] / parks["capacity_land_ha"]).where(has_land, 0.0)
    parks.insert(int(parks.columns.get_loc("capacity_land_ha")) + 1, "used_share", share)
    return {"parks": parks, "firms": plan.firms.reset_index(), "supply": plan.supply, "links": plan.links}
