"""`plan.gpkg`: parks, firms, supply and links as layers that a GIS opens."""

from __future__ import annotations

from pathlib import Path

import pyogrio

from clusterplan.plan.plan import Plan
from clusterplan.region import fixed_date


def write_layers(plan: Plan, file: Path) -> None:
    """Write the layers ``parks``, ``firms``, ``supply`` and ``links`` as one GeoPackage.

    Parameters
    ----------
    plan
        The plan.
    file
        A file that does not exist. Firms that are out have no geometry.
    """
    layers = {
        "parks": (plan.parks.reset_index(), "Unknown"),
        "firms": (plan.firms.reset_index(), "Point"),
        "supply": (plan.supply, "LineString"),
        "links": (plan.links, "LineString"),
    }
    with fixed_date():
        for name, (layer, geometry_type) in layers.items():
            pyogrio.write_dataframe(layer, file, layer=name, driver="GPKG", geometry_type=geometry_type)
