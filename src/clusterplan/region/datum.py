"""Datums of Chinese maps: shifts that cannot be seen in the numbers and are not undone here."""

from __future__ import annotations

from clusterplan.errors import Fault
from clusterplan.region.manifest import Manifest

CHINA = (73.0, 18.0, 135.0, 54.0)
"""West, south, east and north of the rectangle around China, degrees."""


def datum_faults(manifest: Manifest, file: str) -> tuple[Fault, ...]:
    """Return the fault of a datum that is shifted, or that must be asked for.

    A region that says it is in China, or counts in yuan, and has no datum is reported by
    `clusterplan.region.checks.crs`; here is the one that says neither.
    """
    if manifest.datum in ("GCJ-02", "BD-09"):
        why = (
            f"Coordinates in {manifest.datum} are shifted by 100 to 500 m against WGS 84, in which "
            "clusterplan works; it does not shift them back, because the way back is not published."
        )
        mend = (
            "Convert every layer to WGS 84 (in QGIS: plugin GeoHey, 'GCJ to WGS' or 'BD to WGS'), or export "
            "it again from a source in WGS 84 or CGCS2000; then write datum: WGS84."
        )
        return (Fault(file, why, mend, column="datum", value=manifest.datum, rule="shifted_datum"),)
    if (
        manifest.datum is None
        and not manifest.country
        and manifest.currency != "CNY"
        and _may_be_china(manifest)
    ):
        why = (
            "The region may lie in China, where maps are shifted by 100 to 500 m (GCJ-02, BD-09), and "
            "neither the country nor the datum is given."
        )
        mend = (
            "Write datum: WGS84 if that is what the coordinates are in, or the country if it is another one."
        )
        return (Fault(file, why, mend, column="datum", rule="missing_datum"),)
    return ()


def _may_be_china(manifest: Manifest) -> bool:
    bounds = manifest.bounds
    lon, lat = (bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north
