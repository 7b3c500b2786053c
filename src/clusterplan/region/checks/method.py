"""The method of distances: what it needs is there, and what is there is used.

Rules: ``hours_by_geodesic``, ``no_roads``, ``no_distances``, ``unused_distances``, ``half_a_network``,
``two_networks``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known

_NETWORK = ("nodes", "edges", "roads")


def check_method(known: Known) -> Iterator[Fault]:
    """Yield a fault for every file that the manifest's `distance` asks for or passes over."""
    yield from _method(known)
    yield from _network(known)


def _method(known: Known) -> Iterator[Fault]:
    settings = known.manifest.distance
    if settings.method == "geodesic" and settings.unit == "hours":
        yield known.manifest_fault(
            "distance.unit",
            "Straight lines tell no hours: method geodesic goes with unit km.",
            "Set unit to km, or give a road network or a matrix with hours.",
            rule="hours_by_geodesic",
            value="hours",
        )
    if settings.method == "network" and not any(known.given(name) or known.broken(name) for name in _NETWORK):
        yield known.manifest_fault(
            "distance.method",
            "Distances are to come from a road network, but the region has none.",
            f"Add {known.file('nodes')} and {known.file('edges')}, or {known.file('roads')}, or set "
            "method to geodesic.",
            rule="no_roads",
            value="network",
        )
    if settings.method == "matrix" and not (known.given("distances") or known.broken("distances")):
        yield known.manifest_fault(
            "distance.method",
            "Distances are to come from a matrix, but the region has none.",
            f"Add {known.file('distances')}, or set method to geodesic.",
            rule="no_distances",
            value="matrix",
        )
    for method, names in (("network", _NETWORK), ("matrix", ("distances",))):
        given = [name for name in names if known.given(name)]
        if settings.method != method and given:
            yield known.fault(
                given[0],
                f"The manifest's distance.method is {settings.method}, so this file is not used.",
                f"Set distance.method to {method}, or delete the file.",
                rule="unused_distances",
                level="warning",
            )


def _network(known: Known) -> Iterator[Fault]:
    for name, other in (("nodes", "edges"), ("edges", "nodes")):
        if known.given(name) and not known.given(other) and not known.broken(other):
            yield known.fault(
                name,
                f"Nodes and edges make a network together, and there is no {known.file(other)}.",
                f"Add {known.file(other)}, or delete {known.file(name)}.",
                rule="half_a_network",
            )
    if known.given("roads") and (known.given("nodes") or known.given("edges")):
        yield known.fault(
            "roads",
            f"There are two road networks: {known.file('roads')}, and {known.file('nodes')} with "
            f"{known.file('edges')}.",
            "Keep one of them.",
            rule="two_networks",
        )
