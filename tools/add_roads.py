"""Add places and roads that the package lacks to a clipped road network.

The package holds motorways, trunk and some primary roads only: state roads and the streets of a park are
missing. In `tools/regions/NAME`, `local_nodes.csv` holds the places that are added, `local_roads.csv` what
joins two places or a place and a node of the package, with its length over the straight line (`circuity`).
A link between two nodes of the package goes into `road_links.csv` instead. Run it once after
`tools/clip_roads.py`.

Usage: python tools/add_roads.py NAME
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pyproj import Geod

ROOT = Path(__file__).resolve().parents[1]
WGS84 = Geod(ellps="WGS84")
Rows = list[list[str]]


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def append(path: Path, rows: Rows) -> None:
    """Add rows to a CSV file."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def additions(name: str) -> tuple[Rows, Rows]:
    """Return the rows of roads_nodes.csv and of roads_edges.csv that a region adds."""
    tools, region = ROOT / "tools" / "regions" / name, ROOT / "data" / "regions" / name
    nodes = read(tools / "local_nodes.csv")
    everywhere = [*read(region / "roads_nodes.csv"), *nodes]
    place = {row["node"]: (float(row["lon"]), float(row["lat"])) for row in everywhere}
    roads = []
    for row in read(tools / "local_roads.csv"):
        metres = WGS84.inv(*place[row["from_node"]], *place[row["to_node"]])[2]
        km = metres / 1000 * float(row["circuity"])
        roads.append([row["from_node"], row["to_node"], f"{km:.3f}"])
    return [[row["node"], row["lon"], row["lat"]] for row in nodes], roads


def main() -> None:
    """Add the roads of the region named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    region = ROOT / "data" / "regions" / sys.argv[1]
    nodes, roads = additions(sys.argv[1])
    if {node for node, _, _ in nodes} & {row["node"] for row in read(region / "roads_nodes.csv")}:
        raise SystemExit("the roads are there already: clip the roads again first")
    append(region / "roads_nodes.csv", nodes)
    append(region / "roads_edges.csv", roads)


if __name__ == "__main__":
    main()
