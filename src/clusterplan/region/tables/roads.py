"""How far apart places are: a road network, roads as lines, or a ready matrix."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table

NODES = Table(
    "nodes",
    ("roads_nodes.csv",),
    ("node",),
    (
        Column("node", "id", "Id of the road node.", required=True),
        Column("lon", "number", "Longitude, WGS 84.", "degrees", required=True, at_least=-180, at_most=180),
        Column("lat", "number", "Latitude, WGS 84.", "degrees", required=True, at_least=-90, at_most=90),
    ),
    "A node of the road network.",
)

EDGES = Table(
    "edges",
    ("roads_edges.csv",),
    ("from_node", "to_node"),
    (
        Column("from_node", "id", "Node it starts at.", required=True, refers_to="nodes"),
        Column("to_node", "id", "Node it ends at.", required=True, refers_to="nodes"),
        Column("km", "number", "Its length.", "km", required=True, at_least=0),
        Column("speed_kmh", "number", "Speed; empty: the manifest's.", "km/h", above=0),
        Column(
            "oneway", "flag", "True if it can be driven only from `from_node` to `to_node`.", default=False
        ),
    ),
    "A road between two nodes.",
)

ROADS = Table(
    "roads",
    ("roads.gpkg", "roads.geojson"),
    ("road",),
    (
        Column("road", "id", "Id of the road.", required=True),
        Column("km", "number", "Its length; empty: measured from the line.", "km", at_least=0),
        Column("speed_kmh", "number", "Speed; empty: the manifest's.", "km/h", above=0),
        Column("oneway", "flag", "True if it can be driven only along the line's direction.", default=False),
    ),
    "A road network as a layer of lines, instead of nodes and edges.",
    geometry=("LineString", "MultiLineString"),
)

DISTANCES = Table(
    "distances",
    ("distances.csv",),
    ("origin", "destination"),
    (
        Column("origin", "id", "Park the way starts at.", required=True),
        Column("destination", "id", "Park or gateway it ends at.", required=True),
        Column("km", "number", "Length of the way.", "km", at_least=0),
        Column("hours", "number", "Time it takes.", "h", at_least=0),
    ),
    "A ready matrix of distances between parks, and between parks and gateways. One direction is enough.",
)

DETOURS = Table(
    "detours",
    ("detours.csv",),
    ("origin", "destination"),
    (
        Column("origin", "id", "One end: a park.", required=True),
        Column("destination", "id", "Other end: a park or gateway.", required=True),
        Column("reason", "text", "Why the way is so much longer than the straight line.", required=True),
    ),
    "Long ways that were looked at and are right; they are not warned of any more.",
)
