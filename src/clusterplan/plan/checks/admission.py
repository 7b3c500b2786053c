"""Admission: what parks ask of firms, and stages that must keep apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.plan.checks.breach import Breach, named
from clusterplan.plan.checks.case import Case
from clusterplan.region import HOMES


def admission(case: Case) -> Iterator[Breach]:
    """Yield firms that may not be where they are. Firms that were there before are not asked."""
    existing = (case.firms["status"] == "existing").to_numpy()
    firm = np.flatnonzero(case.decided.placed & ~existing)
    park = case.decided.park[firm]
    ids = named(case.firms.index[firm], case.parks.index[park])
    for condition in case.conditions:
        yield from case.gauge.at_least(
            condition.rule, ids, condition.amount[firm, park], condition.limit[firm, park]
        )
    yield from _separations(case, existing)


def _separations(case: Case, existing: np.ndarray) -> Iterator[Breach]:
    """Two stages keep ``min_km`` between the edges of their parks, and never share one."""
    stage = case.firms["stage"].to_numpy()
    placed, here = case.decided.placed, case.decided.park
    separations = case.region.separations
    for one, other, min_km in zip(
        separations["stage"], separations["from_stage"], separations["min_km"], strict=True
    ):
        if other == HOMES:
            continue
        a, b = np.meshgrid(
            np.flatnonzero(placed & (stage == one)),
            np.flatnonzero(placed & (stage == other)),
            indexing="ij",
        )
        asked = ~(existing[a] & existing[b]) & ((a < b) if one == other else (a != b))
        a, b = a[asked], b[asked]
        ids = named(case.firms.index[a], case.firms.index[b])
        together = here[a] == here[b]
        yield from case.gauge.holds("admission.same_park", ids, ~together)
        apart = np.asarray(case.distances.edge_km)[here[a], here[b]]
        yield from case.gauge.at_least(
            "admission.separation", ids, np.where(together, np.inf, apart), float(min_km)
        )
