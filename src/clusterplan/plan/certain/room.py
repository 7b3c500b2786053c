"""Room: firms that must be somewhere, against what is there.

For firms that must be placed and can only be in the parks T:  Σ_f need[r,f] ≤ Σ_{s in T} capacity[r,s],
where at most `open_max` parks count, the largest; and likewise for parks that share a capacity. It is
looked at for each park, for all parks, and for the parks left to each firm. Source: the condition of Hall
1935, On representatives of subsets, with amounts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.errors import Fault
from clusterplan.instance import Bools, Floats, Instance
from clusterplan.region import Region

ROUNDING = 1e-9
SHOWN = 5
"""Names listed before the rest is counted."""


def room(region: Region, instance: Instance) -> Iterator[Fault]:
    """Yield a fault for each firm without a park, and each place that lacks what firms in it need."""
    sites = instance.sites
    must = sites.must_place
    for f in np.flatnonzero(must & ~sites.admissible.any(axis=1)):
        yield Fault(
            file="firms.csv",
            why=f"The firm {called(region, 'firms', sites.firms[f])} must be placed, but no park takes it.",
            mend="Run clusterplan diagnose for what keeps it out, or set its status to excluded.",
            column="firm",
            value=sites.firms[f],
            rule="no_admissible_park",
        )
    told: set[tuple[int, ...]] = set()
    for parks in _sets(sites.admissible, must):
        inside = must & sites.admissible.any(axis=1) & ~(sites.admissible & ~parks).any(axis=1)
        for r, resource in enumerate(sites.resources):
            have = _most(sites.capacity[r, parks], sites.open_max)
            need = float(sites.needs[r, inside].sum())
            users = tuple(np.flatnonzero(inside & (sites.needs[r] > 0)).tolist())
            if need > have * (1 + ROUNDING) and (r, *users) not in told:
                told.add((r, *users))
                where = listed([called(region, "parks", sites.parks[s]) for s in np.flatnonzero(parks)])
                yield _lacks("parks", resource, where, (need, have), _names(region, instance, users))
    n_groups = len(region.groups[["group", "resource"]].drop_duplicates())
    for g, group in enumerate(sites.groups):
        inside = must & ~(sites.admissible & ~sites.group_parks[g]).any(axis=1)
        r, have = int(sites.group_resource[g]), float(sites.group_capacity[g])
        need = float(sites.needs[r, inside].sum())
        if need > have * (1 + ROUNDING):
            users = tuple(np.flatnonzero(inside & (sites.needs[r] > 0)).tolist())
            names = _names(region, instance, users)
            # labour pools stand after the groups of parks
            table = "groups" if g < n_groups else "pools"
            yield _lacks(table, sites.resources[r], f"'{group}'", (need, have), names)


def _sets(admissible: Bools, must: Bools) -> Iterator[Bools]:
    """Yield sets of parks to look at, the smallest first."""
    n = admissible.shape[1]
    sets = {tuple(row) for row in np.vstack([np.eye(n, dtype=bool), admissible[must], np.ones((1, n), bool)])}
    for parks in sorted(sets, key=lambda row: (sum(row), row)):
        if any(parks):
            yield np.array(parks, dtype=bool)


def _most(capacity: Floats, count: int) -> float:
    """Return what so many of some parks have at most."""
    return float(np.sort(capacity)[::-1][:count].sum())


def _lacks(table: str, resource: str, where: str, amounts: tuple[float, float], names: list[str]) -> Fault:
    need, have = amounts
    return Fault(
        file=f"{table}.geojson" if table == "parks" else f"{table}.csv",
        why=f"Firms that can only be in {where} need {need:,.10g} of {resource}, and there are {have:,.10g}: "
        f"{listed(names)}.",
        mend=f"Give {need - have:,.4g} more, let one of the firms go or be elsewhere.",
        column={"parks": resource, "pools": "workers"}.get(table, "capacity"),
        rule="over_capacity",
    )


def _names(region: Region, instance: Instance, firms: tuple[int, ...]) -> list[str]:
    return [called(region, "firms", instance.sites.firms[f]) for f in firms]


def called(region: Region, table: str, row: str) -> str:
    """Return what people call a row of a table, its id if it has no name."""
    return str(region.table(table)["name"].get(row) or row)


def listed(names: list[str]) -> str:
    """Return names by commas, the last ones as a number where there are many."""
    more = len(names) - SHOWN
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:SHOWN])} and {more} more"
