"""Add the assumed streets of the Jingmen park to the clipped road network.

The package of roads holds motorways, trunk and primary roads only; a plan of parcels needs the streets
between them. `street_nodes.csv` holds their corners, `streets.csv` what joins two corners or a corner and a
node of the package. A street's length is the straight line. Run it once after `tools/clip_roads.py`.

Usage: python tools/regions/jingmen/streets.py
"""

from __future__ import annotations

import csv
from pathlib import Path

from pyproj import Geod

HERE = Path(__file__).parent
REGION = HERE.parents[2] / "data" / "regions" / HERE.name
WGS84 = Geod(ellps="WGS84")


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def append(path: Path, rows: list[list[str]]) -> None:
    """Add rows to a CSV file."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main() -> None:
    """Add nodes and streets to the road files of the region."""
    corners = read(HERE / "street_nodes.csv")
    known = read(REGION / "roads_nodes.csv")
    if {row["node"] for row in corners} & {row["node"] for row in known}:
        raise SystemExit("the streets are there already: clip the roads again first")
    place = {row["node"]: (float(row["lon"]), float(row["lat"])) for row in [*known, *corners]}
    streets = []
    for row in read(HERE / "streets.csv"):
        ends = place[row["from_node"]], place[row["to_node"]]
        metres = WGS84.inv(*ends[0], *ends[1])[2]
        streets.append([row["from_node"], row["to_node"], f"{metres / 1000:.3f}"])
    append(REGION / "roads_nodes.csv", [[row["node"], row["lon"], row["lat"]] for row in corners])
    append(REGION / "roads_edges.csv", streets)


if __name__ == "__main__":
    main()
