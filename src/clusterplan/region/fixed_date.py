"""A date for files that must have one, so that the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pyogrio

FIXED_DATE = datetime(2000, 1, 1)
"""Date written into workbooks and GeoPackages; when a plan was written stands in its `manifest.json`."""


@contextmanager
def fixed_date() -> Iterator[None]:
    """Hold GDAL's idea of now, which it writes into GeoPackages."""
    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: f"{FIXED_DATE.isoformat()}Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})
