"""Places and distances that can't be."""

from __future__ import annotations

from .edits import (
    Case,
    assumed,
    drop,
    every,
    geometry,
    layer,
    like,
    manifest,
    properties,
    put,
    turned,
    without,
)

BOW_TIE = [[[104.59, 28.74], [104.61, 28.76], [104.61, 28.74], [104.59, 28.76], [104.59, 28.74]]]
METRES = [[[265000.0, 3182000.0], [267000.0, 3182000.0], [267000.0, 3184000.0], [265000.0, 3182000.0]]]
OVERLAPPING = [[[104.9, 28.79], [104.92, 28.79], [104.92, 28.81], [104.9, 28.81], [104.9, 28.79]]]
WIDE = [[[104.59, 28.74], [106.0, 28.74], [106.0, 28.76], [104.59, 28.76], [104.59, 28.74]]]
AREA = [[[104.8, 28.5], [105.4, 28.5], [105.4, 29.2], [104.8, 29.2], [104.8, 28.5]]]
KEYS = {"provenance": "assumed"}
EAST_ONLY = layer(({"boundary": "city", **KEYS}, "Polygon", AREA))
FAR_AREA = layer(
    ({"boundary": "city", **KEYS}, "Polygon", [[[10.0, 50.0], [11.0, 50.0], [11.0, 51.0], [10.0, 50.0]]])
)

NODES = "node,lon,lat\nn1,104.9,28.8\nn2,104.6,28.75\nn3,104.75,28.9\n"
EDGES = "from_node,to_node,km,speed_kmh,oneway\nn1,n2,35,,\nn2,n3,30,,\n"
MATRIX = "origin,destination,km,hours\neast,west,40,0.7\neast,port,25,0.5\nwest,port,30,0.6\n"


def roads(nodes: str = NODES, edges: str = EDGES):
    """Give the region a road network."""
    return every(
        manifest("distance.method", "network"),
        put("roads_nodes.csv", nodes),
        put("roads_edges.csv", edges),
        assumed("roads_nodes.csv"),
        assumed("roads_edges.csv"),
    )


def road_layer(line: list[list[float]]):
    """Give the region a road network of one line."""
    return every(
        manifest("distance.method", "network"),
        put("roads.geojson", layer(({"road": "a"}, "LineString", line))),
        assumed("roads.geojson"),
    )


def matrix(text: str = MATRIX, unit: str = "km"):
    """Give the region a matrix of distances."""
    return every(
        manifest("distance.method", "matrix"),
        manifest("distance.unit", unit),
        put("distances.csv", text),
        assumed("distances.csv"),
    )


def in_germany():
    """Move the region to where longitude and latitude can be taken for each other."""
    return every(
        manifest("bounds", {"west": 9, "south": 47, "east": 11, "north": 49}),
        manifest("planning_crs", "EPSG:32632"),
        manifest("country", "DE"),
        manifest("currency", "EUR"),
        geometry("parks.geojson", 1, "Point", [10.0, 48.0]),
        geometry("parks.geojson", 2, "Point", [10.2, 48.2]),
        geometry("gateways.geojson", 1, "Point", [10.5, 48.5]),
    )


CASES = (
    Case("planning CRS in degrees", manifest("planning_crs", "EPSG:4326"),
         "degrees_crs", "region.yaml", None, "planning_crs", "UTM"),
    Case("planning CRS of web maps", manifest("planning_crs", "EPSG:3857"),
         "web_mercator", "region.yaml", None, "planning_crs", "Web Mercator"),
    Case("planning CRS that is none", manifest("planning_crs", "EPSG:99999"),
         "unknown_crs", "region.yaml", None, "planning_crs"),
    Case("planning CRS in feet", manifest("planning_crs", "EPSG:2263"),
         "crs_not_metres", "region.yaml", None, "planning_crs", "foot"),
    Case("planning CRS of another place", manifest("planning_crs", "EPSG:32632"),
         "crs_elsewhere", "region.yaml", None, "planning_crs"),
    Case("planning CRS that distorts areas", manifest("planning_crs", "EPSG:3395"),
         "distorting_crs", "region.yaml", None, "planning_crs", "% wrong"),
    Case("datum that must be asked for", manifest("datum"),
         "missing_datum", "region.yaml", None, "datum", "GCJ-02"),
    Case("datum that must be asked for by the currency", every(manifest("datum"), manifest("country")),
         "missing_datum", "region.yaml", None, "datum"),
    Case("bounds of a continent", every(
            manifest("bounds", {"west": 90, "south": 28, "east": 110.5, "north": 29.5}),
            manifest("planning_crs", "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105")),
         "large_bounds", "region.yaml", None, "bounds", level="warning"),
    Case("park without geometry", geometry("parks.geojson", 2, None),
         "no_geometry", "parks.geojson", 2, "geometry"),
    Case("park with empty geometry", geometry("parks.geojson", 2, "Polygon", []),
         "empty_geometry", "parks.geojson", 2, "geometry"),
    Case("park as a line", geometry("parks.geojson", 2, "LineString", [[104.6, 28.7], [104.7, 28.8]]),
         "wrong_geometry", "parks.geojson", 2, "geometry", "Polygon"),
    Case("park as a bow-tie", geometry("parks.geojson", 2, "Polygon", BOW_TIE),
         "invalid_geometry", "parks.geojson", 2, "geometry", "Self-intersection"),
    Case("park in metres", geometry("parks.geojson", 2, "Polygon", METRES),
         "not_degrees", "parks.geojson", 2, "geometry", "metres"),
    Case("one park with longitude and latitude swapped", turned("parks.geojson", 2),
         "swapped_coordinates", "parks.geojson", 2, "geometry"),
    Case("all parks with longitude and latitude swapped", turned("parks.geojson"),
         "swapped_coordinates", "parks.geojson", None, "geometry", "In all 2 features"),
    Case("park swapped where both could be degrees", every(
            in_germany(), geometry("parks.geojson", 2, "Point", [48.2, 10.2])),
         "swapped_coordinates", "parks.geojson", 2, "geometry", "exchanged"),
    Case("gateway with longitude and latitude swapped", turned("gateways.geojson"),
         "swapped_coordinates", "gateways.geojson", 1, "geometry"),
    Case("receptor with longitude and latitude swapped", turned("receptors.geojson"),
         "swapped_coordinates", "receptors.geojson", 1, "geometry"),
    Case("park outside the region", geometry("parks.geojson", 2, "Point", [116.4, 39.9]),
         "outside_bounds", "parks.geojson", 2, "geometry", "widen bounds"),
    Case("park partly outside the region", geometry("parks.geojson", 2, "Polygon", WIDE),
         "outside_bounds", "parks.geojson", 2, "geometry", "partly"),
    Case("park outside the boundary", put("boundary.geojson", EAST_ONLY),
         "outside_boundary", "parks.geojson", 2, "geometry"),
    Case("boundary of another place", put("boundary.geojson", FAR_AREA),
         "outside_bounds", "boundary.geojson", 1, "geometry"),
    Case("parks that overlap", like("parks.geojson", 1, 0.01, park="north", status="candidate"),
         "overlapping_parks", "parks.geojson", 3, "geometry", "'east'", level="warning"),
    Case("parks in one place", like("parks.geojson", 2, park="north"),
         "same_place", "parks.geojson", 3, "geometry", level="warning"),
    Case("more land than area", properties("parks.geojson", 2, land_ha=4000),
         "land_above_area", "parks.geojson", 2, "land_ha", "ha", level="warning"),
    Case("network without roads", manifest("distance.method", "network"),
         "no_roads", "region.yaml", None, "distance.method"),
    Case("matrix without distances", manifest("distance.method", "matrix"),
         "no_distances", "region.yaml", None, "distance.method"),
    Case("nodes without edges", every(roads(), drop("roads_edges.csv"), without("provenance.csv", 7)),
         "half_a_network", "roads_nodes.csv"),
    Case("two networks", every(roads(), put("roads.geojson", layer(
            ({"road": "a"}, "LineString", [[104.6, 28.75], [104.9, 28.8]])))),
         "two_networks", "roads.geojson"),
    Case("hours without roads", manifest("distance.unit", "hours"),
         "hours_by_geodesic", "region.yaml", None, "distance.unit"),
    Case("roads for nothing", every(roads(), manifest("distance.method", "geodesic")),
         "unused_distances", "roads_nodes.csv", level="warning"),
    Case("road shorter than the straight line", roads(edges=EDGES.replace("35", "3.5")),
         "shorter_than_straight", "roads_edges.csv", 2, "km"),
    Case("roads in metres", roads(edges=EDGES.replace("35", "35000").replace("30", "30000")),
         "far_from_straight", "roads_edges.csv", 2, "km", "metres", level="warning"),
    Case("road that ends where it starts", roads(edges=EDGES + "n3,n3,1,,\n"),
         "road_loop", "roads_edges.csv", 4, "to_node", level="warning"),
    Case("nodes with longitude and latitude swapped", every(
            in_germany(),
            roads(nodes="node,lon,lat\nn1,48,10\nn2,48.2,10.2\nn3,48.5,10.5\n")),
         "swapped_coordinates", "roads_nodes.csv", 2, "lon", "3 of 3"),
    Case("nodes of another place", roads(nodes=NODES.replace("104.", "114.")),
         "roads_elsewhere", "roads_nodes.csv", None, "lon"),
    Case("roads of another place", road_layer([[114.6, 28.75], [114.9, 28.8]]),
         "roads_elsewhere", "roads.geojson", None, "geometry"),
    Case("roads with longitude and latitude swapped", every(
            in_germany(), road_layer([[48.0, 10.0], [48.2, 10.2]])),
         "swapped_coordinates", "roads.geojson", None, "geometry"),
    Case("distance shorter than the straight line", matrix(MATRIX.replace("west,40", "west,4")),
         "shorter_than_straight", "distances.csv", 2, "km"),
    Case("distance without numbers", matrix(MATRIX.replace("40,0.7", ",")),
         "empty_distance", "distances.csv", 2, "km"),
    Case("distance without hours", matrix(MATRIX.replace("0.7", ""), unit="hours"),
         "empty_distance", "distances.csv", 2, "hours"),
    Case("distance of a park from itself", matrix(MATRIX + "east,east,1,0.1\n"),
         "distance_to_itself", "distances.csv", 5, "destination", level="warning"),
    Case("park that no distance names", matrix("origin,destination,km,hours\nwest,port,30,0.6\n"),
         "not_in_matrix", "distances.csv", None, "destination", "'east'", level="warning"),
)  # fmt: skip
