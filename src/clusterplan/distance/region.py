"""Distances of a region: between its parks, to its gateways, between edges, and from homes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np

from clusterplan.distance.arrays import FloatArray
from clusterplan.distance.built import odd_works, with_ways
from clusterplan.distance.distances import Distances
from clusterplan.distance.edges import edge_km
from clusterplan.distance.geodesic import geodesic_distances, geodesic_km
from clusterplan.distance.matrix import FILE as MATRIX_FILE
from clusterplan.distance.matrix import matrix_distances
from clusterplan.distance.network import network_distances
from clusterplan.distance.places import representative_points
from clusterplan.distance.proximity import Proximity, proximity_from_spec
from clusterplan.distance.roads import EDGES_FILE, NODES_FILE, RoadNetwork
from clusterplan.errors import Fault, InputError
from clusterplan.region import ProximitySettings, Region, rows

DETOUR = 1.6
"""Ways longer than this times the straight line are told."""
TABLES: dict[str, tuple[str, int]] = {
    NODES_FILE: ("nodes", 2),
    EDGES_FILE: ("edges", 2),
    MATRIX_FILE: ("distances", 2),
    "roads": ("roads", 1),
}
"""Table that a source of distances is read from, and what it calls its first row."""
SUPPLY = "supply"
"""Name of the proximity of supply, in `RegionDistances.proximity`."""


@dataclass(frozen=True)
class RegionDistances:
    """How far apart the places of a region are.

    Parameters
    ----------
    region
        The region they are of.
    parks
        Between parks, S×S; a park is at distance 0 from itself.
    gateways
        From parks to gateways, S×G, with the way beyond the gateway (`extra_km`) added.
    edge_km
        S×S straight lines between the edges of parks, km.
    homes_km
        S straight lines from each park's edge to the nearest receptor's, km; NaN where there are none.
    pool_km
        S×P ways from parks to labour pools, km; NaN where there is none. By road where the region has a road
        network, else straight lines times `circuity`.
    warnings
        What should be looked at: parks that no labour pool reaches, places with no way between them, ways
        more than `DETOUR` times the straight line (without `extra_km`; those of `detours.csv` apart), and
        places that meet the road network oddly.
    """

    region: Region
    parks: Distances
    gateways: Distances
    edge_km: FloatArray
    homes_km: FloatArray
    warnings: tuple[Fault, ...] = ()
    pool_km: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

    def proximity(self, kind: str | None = None, measure: FloatArray | None = None) -> FloatArray:
        """Return proximity between parks, S×S in [0, 1]: exactly 0 beyond the reach.

        Parameters
        ----------
        kind
            Kind of link, ``supply`` for supply, None for links of no particular kind.
        measure
            Distances in the unit the region measures in, for their proximity; None: those between parks.
        """
        settings = self.region.manifest.proximity
        if kind == SUPPLY:
            chosen = settings.supply or settings.links
        else:
            chosen = settings.kinds.get(kind, settings.links) if kind else settings.links
        return _function(chosen)(self.parks.measure if measure is None else measure)


def distances_with(distances: RegionDistances, built: Collection[str]) -> RegionDistances:
    """Return the distances of a region once some of its works are built; see `with_ways`.

    Parameters
    ----------
    distances
        Distances as they are.
    built
        Ids of the works.
    """
    if not built:
        return distances
    parks, gateways = with_ways(distances.parks, distances.gateways, distances.region, built)
    return replace(distances, parks=parks, gateways=gateways)


def region_distances(region: Region) -> RegionDistances:
    """Measure a region as its manifest says.

    Parameters
    ----------
    region
        The region; parks stand for their representative points, which lie inside them.

    Returns
    -------
    RegionDistances
        With NaN where there is no way, never a big number.

    Raises
    ------
    InputError
        If roads or distances can't be used, with every fault where it stands in the region's files.
    """
    try:
        return _measured(region)
    except InputError as error:
        raise InputError(region.placed(map(_of_table, error.faults))) from None


def _of_table(fault: Fault) -> Fault:
    """Return a fault of a source of distances as one of its table, with its row counted from 0."""
    table, first = TABLES.get(fault.file, (fault.file, 2))
    row = None if fault.row is None or fault.row < first else fault.row - first
    return replace(fault, file=table, row=row)


def _measured(region: Region) -> RegionDistances:
    parks = representative_points(region.parks.geometry)
    gateways = representative_points(region.gateways.geometry)
    settings = region.manifest.distance
    if settings.method == "network":
        between, out = _network(region, parks, gateways)
    elif settings.method == "matrix":
        between, out = _matrix(region, parks, gateways)
    else:
        between, out = (
            geodesic_distances(parks, places, circuity=settings.circuity) for places in (parks, gateways)
        )
    extra = region.gateways["extra_km"].to_numpy(float)
    known = {
        frozenset(ends) for ends in zip(region.detours["origin"], region.detours["destination"], strict=True)
    }
    pools = _to_pools(region, parks)
    hours = None if out.hours is None else out.hours + extra / settings.default_speed_kmh
    return RegionDistances(
        region=region,
        parks=between,
        gateways=replace(out, km=out.km + extra, hours=hours),
        edge_km=edge_km(region.parks.geometry, region.parks.geometry, region.manifest.planning_crs),
        homes_km=_from_homes(region),
        warnings=region.placed(
            (
                *_warnings(region, between, known, once=True),
                *_warnings(region, out, known, once=False),
                *odd_works(region, between, replace(out, km=out.km + extra)),
                *_beyond_pools(region, pools),
            )
        ),
        pool_km=pools,
    )


def _source(region: Region) -> str:
    """Return the table to look at when a distance is odd."""
    method = region.manifest.distance.method
    return {"network": "edges" if region.roads.empty else "roads", "matrix": "distances"}.get(method, "parks")


def _warnings(
    region: Region, distances: Distances, known: set[frozenset[str]], *, once: bool
) -> Iterator[Fault]:
    """Yield what should be looked at and is not known yet; with ``once``, a pair in one direction only."""
    table = _source(region)
    pairs = zip(region.distances["origin"], region.distances["destination"], strict=True)
    at = {ends: n for n, ends in enumerate(pairs)} if table == "distances" else {}
    row = {name: i for i, name in enumerate(distances.origins)}
    column = {name: i for i, name in enumerate(distances.destinations)}

    def told(origin: str, destination: str) -> bool:
        return not (once and row[origin] > column[destination])

    for origin, destination in distances.unreachable():
        if told(origin, destination):
            why = f"There is no way from {origin!r} to {destination!r}: nothing is supplied between them."
            mend = "Add the road or the row that is missing, if there is one."
            yield Fault(table, why, mend, rule="unreachable", level="warning")
    for detour in rows(distances.detours(DETOUR)) if distances.straight_km is not None else ():
        if (
            told(detour.origin, detour.destination)
            and frozenset((detour.origin, detour.destination)) not in known
        ):
            why = (
                f"The way from {detour.origin!r} to {detour.destination!r} is {detour.km:.0f} km, "
                f"{detour.factor:.2f} times the straight line."
            )
            mend = (
                "Look whether a road is missing; if not, give the reason in detours.csv (a river, a ridge)."
            )
            ends = (detour.origin, detour.destination)
            place = at.get(ends, at.get(ends[::-1]))  # a pair may be given in one direction only
            yield Fault(table, why, mend, place, rule="detour", level="warning")


def _network(region: Region, parks: gpd.GeoSeries, gateways: gpd.GeoSeries) -> tuple[Distances, Distances]:
    settings = region.manifest.distance
    if region.roads.empty:
        network = RoadNetwork.from_frames(region.nodes.reset_index(), region.edges)
    else:
        network = RoadNetwork.from_lines(region.roads.reset_index(), file="roads")
    places = (
        parks
        if gateways.empty
        else gpd.GeoSeries([*parks, *gateways], [*parks.index, *gateways.index], parks.crs)
    )
    between = network_distances(
        network,
        places,
        access_circuity=settings.access_circuity,
        access_speed_kmh=settings.access_speed_kmh,
        default_speed_kmh=settings.default_speed_kmh,
        unit=settings.unit,
    )
    return between.select(parks.index, parks.index), between.select(parks.index, gateways.index)


def _matrix(region: Region, parks: gpd.GeoSeries, gateways: gpd.GeoSeries) -> tuple[Distances, Distances]:
    settings = region.manifest.distance
    ids = [*parks.index, *gateways.index]
    points = gpd.GeoSeries([*parks, *gateways], ids, parks.crs)
    straight = geodesic_km(points, points)
    every = matrix_distances(region.distances, ids, unit=settings.unit, straight_km=straight)
    if region.distances["km"].isna().all():  # a matrix of hours alone: freight still needs kilometres
        every = replace(every, km=np.where(every.reachable, straight * settings.circuity, np.nan))
    return every.select(parks.index, parks.index), every.select(parks.index, gateways.index)


def _to_pools(region: Region, parks: gpd.GeoSeries) -> FloatArray:
    """Return S×P kilometres from parks to labour pools."""
    pools, settings = region.pools, region.manifest.distance
    if pools.empty:
        return np.zeros((len(parks), 0))
    # ids of pools may be those of parks: here they are places of their own
    ids = [f"pool {pool}" for pool in pools.index]
    points = gpd.GeoSeries(gpd.points_from_xy(pools["lon"], pools["lat"]), ids, parks.crs)
    if settings.method != "network":
        return np.asarray(geodesic_km(parks, points) * settings.circuity)
    between, _ = _network(
        region, gpd.GeoSeries([*parks, *points], [*parks.index, *ids], parks.crs), points[:0]
    )
    return np.asarray(between.select(parks.index, ids).km)


def _beyond_pools(region: Region, km: FloatArray) -> Iterator[Fault]:
    """Yield parks that no labour pool reaches: no firm with workers can be put there."""
    pools, parks = region.pools, region.parks
    if pools.empty:
        return
    reached = (km <= pools["reach_km"].to_numpy(float)[None, :]).any(axis=1)
    used = (parks["status"] != "excluded").to_numpy() & (parks["lock"] != "out").to_numpy()
    for park in parks.index[~reached & used]:
        why = f"Park {park!r} is within reach of no labour pool: no firm with workers can be put there."
        mend = "Correct reach_km, or add the pools that its workers come from."
        yield Fault("pools", why, mend, rule="park_without_pool", level="warning")


def _from_homes(region: Region) -> FloatArray:
    if region.receptors.empty:
        return np.full(len(region.parks), np.nan)
    away = edge_km(region.parks.geometry, region.receptors.geometry, region.manifest.planning_crs)
    return np.asarray(away.min(axis=1))


def _function(settings: ProximitySettings) -> Proximity:
    return proximity_from_spec(
        kind=settings.shape,
        half_distance=settings.half_distance,
        reach=settings.reach,
        steps=[(step.reach, step.value) for step in settings.steps],
    )
