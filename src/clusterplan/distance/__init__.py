"""How far apart things are: along the ellipsoid, by road, or as given; and how near that is.

`geodesic_distances`, `network_distances` and `matrix_distances` each return a `Distances`; a proximity
turns its `measure` into a number from 0 to 1.
"""

from __future__ import annotations

from clusterplan.distance.distances import Distances, Metric, Unit
from clusterplan.distance.edges import edge_km
from clusterplan.distance.geodesic import geodesic_distances, geodesic_km
from clusterplan.distance.matrix import matrix_distances
from clusterplan.distance.network import network_distances
from clusterplan.distance.places import representative_points
from clusterplan.distance.proximity import Exponential, Linear, Proximity, Steps, proximity_from_spec
from clusterplan.distance.region import SUPPLY, RegionDistances, distances_with, region_distances
from clusterplan.distance.roads import RoadNetwork

__all__ = [
    "SUPPLY",
    "Distances",
    "Exponential",
    "Linear",
    "Metric",
    "Proximity",
    "RegionDistances",
    "RoadNetwork",
    "Steps",
    "Unit",
    "distances_with",
    "edge_km",
    "geodesic_distances",
    "geodesic_km",
    "matrix_distances",
    "network_distances",
    "proximity_from_spec",
    "region_distances",
    "representative_points",
]
