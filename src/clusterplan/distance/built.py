"""Distances once public works are built, and works that shorten nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from clusterplan.distance.arrays import FloatArray
from clusterplan.distance.distances import Distances
from clusterplan.errors import Fault
from clusterplan.region import Region


def with_ways(
    parks: Distances, gateways: Distances, region: Region, built: Collection[str]
) -> tuple[Distances, Distances]:
    """Return distances between parks, and from parks to gateways, with the ways of works that are built.

    A way by a work is as long as the work says, in both directions, and takes as long as at the manifest's
    default speed; the way as it was is taken where it is shorter, or faster.

    Parameters
    ----------
    parks, gateways
        Distances as they are.
    region
        The region.
    built
        Ids of the works that are built.
    """
    speed = region.manifest.distance.default_speed_kmh
    extra = region.gateways["extra_km"]
    km, hours = np.array(parks.km), None if parks.hours is None else np.array(parks.hours)
    out, took = np.array(gateways.km), None if gateways.hours is None else np.array(gateways.hours)
    for work in shortened_ways(region):
        if work["work"] not in built:
            continue
        s = parks.origins.index(work["from"])
        if work["to"] in parks.destinations:
            t = parks.destinations.index(work["to"])
            for a, b in ((s, t), (t, s)):
                _shorten(km, hours, (a, b), work["km"], speed)
        else:
            g = gateways.destinations.index(work["to"])
            _shorten(out, took, (s, g), work["km"] + extra[work["to"]], speed)
    return replace(parks, km=km, hours=hours), replace(gateways, km=out, hours=took)


def _shorten(
    km: FloatArray, hours: FloatArray | None, ends: tuple[int, int], length: float, speed: float
) -> None:
    km[ends] = np.fmin(km[ends], length)
    if hours is not None:
        hours[ends] = np.fmin(hours[ends], length / speed)


def shortened_ways(region: Region) -> list[dict[Any, Any]]:
    """Return ways that works shorten: ``table``, ``row`` (from 0), ``work``, ``from``, ``to`` and ``km``."""
    works, columns = region.works.reset_index(), ["work", "from", "to", "km"]
    given = [
        frame[columns].assign(table=table, row=range(len(frame)))
        for table, frame in (("works", works), ("ways", region.ways))
    ]
    own, further = given
    return [*own[own["to"].notna()].to_dict("records"), *further.to_dict("records")]


def odd_works(region: Region, parks: Distances, gateways: Distances) -> Iterator[Fault]:
    """Yield works that shorten nothing, or a way between parks to less than the straight line.

    Faults name the table, and the row by its position from 0 (see `Region.placed`).
    """
    extra = region.gateways["extra_km"]
    for work in shortened_ways(region):
        at: dict[str, Any] = {"row": int(work["row"]), "column": "km", "level": "warning"}
        between = work["to"] in parks.destinations
        places = parks if between else gateways
        s, t = places.origins.index(work["from"]), places.destinations.index(work["to"])
        beyond = 0.0 if between else float(extra[work["to"]])
        before = [places.km[s, t] - beyond, *([places.km[t, s]] if between else [])]
        name, ends = work["work"], f"from {work['from']!r} to {work['to']!r}"
        if not any(np.isnan(km) or work["km"] < km for km in before):
            why = f"By work {name!r} the way {ends} is {work['km']:g} km; it is {min(before):.1f} km already."
            mend = "Write how long the way will be, or leave it out."
            yield Fault(work["table"], why, mend, rule="not_shorter", **at)
        # the way to a gateway may be counted shorter where a train takes over
        lines = places.straight_km if between else None
        straight = None if lines is None else float(lines[s, t])
        if straight is not None and work["km"] < 0.95 * straight:
            why = (
                f"By work {name!r} the way {ends} is {work['km']:g} km, the straight line {straight:.1f} km."
            )
            mend = (
                "Check the length; only the ends of large parks can be that much nearer than their middles."
            )
            yield Fault(work["table"], why, mend, rule="below_straight_line", **at)
