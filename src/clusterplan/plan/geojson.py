"""The layers of a plan as GeoJSON (RFC 7946), for web maps and for programs that read no GeoPackage."""

from __future__ import annotations

import json
from pathlib import Path

from clusterplan.plan.layers import layers_of
from clusterplan.plan.plan import Plan


def write_geojson(plan: Plan, folder: Path) -> None:
    """Write ``parks.geojson``, ``firms.geojson``, ``supply.geojson`` and ``links.geojson`` into a folder.

    Parameters
    ----------
    plan
        The plan.
    folder
        Folder that is there. Unknown numbers are null, and so is the geometry of firms that are out.
    """
    for name, layer in layers_of(plan).items():
        features = json.loads(layer.to_json(na="null", drop_id=True))["features"]
        lines = [json.dumps(feature, ensure_ascii=False, allow_nan=False) for feature in features]
        text = ",\n".join(lines)
        document = f'{{"type": "FeatureCollection", "features": [\n{text}\n]}}\n'
        (folder / f"{name}.geojson").write_text(document, encoding="utf-8", newline="\n")
