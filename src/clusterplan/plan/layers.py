"""`plan.gpkg`: parks, firms, supply and links as layers that a GIS opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyogrio

from clusterplan.plan.plan import Plan

FIXED_DATE = datetime(2000, 1, 1)
"""Date written into files that must have one, so that the same plan gives the same bytes; when a plan was
written stands in `manifest.json`."""


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
    with _fixed_date():
        for name, (layer, geometry_type) in layers.items():
            pyogrio.write_dataframe(layer, file, layer=name, driver="GPKG", geometry_type=geometry_type)


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Hold GDAL's idea of now, which it writes into GeoPackages."""
    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: f"{FIXED_DATE.isoformat()}Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})
