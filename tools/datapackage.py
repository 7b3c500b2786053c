"""Write datapackage.json of a region: each file with its size, checksum and licence.

Usage: python tools/datapackage.py data/regions/yibin
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import yaml

ADDRESSES = {
    "BSD-3-Clause": "https://opensource.org/license/bsd-3-clause",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "other-pd": "https://opendefinition.org/licenses/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".md": "text/markdown",
    ".yaml": "application/yaml",
}
OWN = "BSD-3-Clause"
"""Licence of what is not listed in licences.csv."""
NAME = "datapackage.json"


def licences(region: str) -> dict[str, str]:
    """Return the licences of a region's files that are not the program's own."""
    with (Path(__file__).parent / "licences.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row["licence"] for row in csv.DictReader(file) if row["region"] == region}


def licence(name: str) -> list[dict[str, str]]:
    """Return a licence as a data package names it."""
    return [{"name": name, "path": ADDRESSES[name]}]


def package(folder: Path) -> dict[str, Any]:
    """Return the data package of a region's folder."""
    manifest = yaml.safe_load((folder / "region.yaml").read_text(encoding="utf-8"))
    others = licences(manifest["name"])
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != NAME)
    if missing := set(others) - {path.name for path in files}:
        raise SystemExit(f"licences.csv names files that {folder} lacks: {sorted(missing)}")
    return {
        "name": manifest["name"],
        "title": manifest["title"],
        "licenses": licence(OWN),
        "resources": [
            {
                "name": path.name.lower().replace(".", "-").replace("_", "-"),
                "path": path.name,
                "mediatype": MEDIA_TYPES[path.suffix],
                "encoding": "utf-8",
                "bytes": path.stat().st_size,
                "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
                "licenses": licence(others.get(path.name, OWN)),
            }
            for path in files
        ],
    }


def main() -> None:
    """Write the data package of the folder named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    text = json.dumps(package(folder), indent=1, ensure_ascii=False) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
