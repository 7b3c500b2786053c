"""Add state roads around Dresden to the clipped road network.

The package holds motorways, trunk and some primary roads only, so that Radeberg and Kamenz lie far from any
of them. `local_nodes.csv` holds places on state roads and two motorway junctions, `local_roads.csv` what
joins them, with its length over the straight line. Run it once after `tools/clip_roads.py`.

Usage: python tools/regions/dresden/local_roads.py
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
    """Add nodes and roads to the road files of the region."""
    added = read(HERE / "local_nodes.csv")
    known = read(REGION / "roads_nodes.csv")
    if {row["node"] for row in added} & {row["node"] for row in known}:
        raise SystemExit("the local roads are there already: clip the roads again first")
    place = {row["node"]: (float(row["lon"]), float(row["lat"])) for row in [*known, *added]}
    roads = []
    for row in read(HERE / "local_roads.csv"):
        metres = WGS84.inv(*place[row["from_node"]], *place[row["to_node"]])[2]
        km = metres / 1000 * float(row["circuity"])
        roads.append([row["from_node"], row["to_node"], f"{km:.3f}"])
    append(REGION / "roads_nodes.csv", [[row["node"], row["lon"], row["lat"]] for row in added])
    append(REGION / "roads_edges.csv", roads)


if __name__ == "__main__":
    main()
