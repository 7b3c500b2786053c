"""Capacity: what firms need, by park and by group of parks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.distance.arrays import FloatArray
from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import at, numbers


def capacity(case: Case) -> Iterator[Breach]:
    """Yield what is used beyond what there is, and what is said wrongly to be used."""
    parks, groups = case.parks, case.region.groups
    shown = case.plan.parks
    rows = at(parks.index, shown.index)
    known = np.flatnonzero(rows >= 0)
    for resource in case.region.resources:
        used = used_of(case, resource)
        room = case.public.capacity[resource]
        limit = np.where(np.isnan(room), np.inf, room)
        yield from case.gauge.at_most(f"capacity.{resource}", parks.index, used, limit)
        column = f"used_{resource}"
        told = numbers(shown[column])[known]
        yield from case.gauge.equal(f"capacity.{column}", parks.index[rows[known]], told, used[rows[known]])
        for group, members in groups[groups["resource"] == resource].groupby("group", sort=False):
            together = float(used[at(parks.index, members["park"])].sum())
            shared = float(members["capacity"].iloc[0]) + case.public.added_to(
                str(group)
            )  # the same in each row
            yield from case.gauge.at_most("capacity.group", [f"{group}/{resource}"], together, shared)


def used_of(case: Case, resource: str) -> FloatArray:
    """Return what placed firms need of a resource, by park."""
    placed = case.decided.placed
    need = case.firms[resource].to_numpy(dtype=float)[placed]
    used = np.bincount(case.decided.park[placed], weights=need, minlength=len(case.parks))
    return np.asarray(used, dtype=np.float64)
