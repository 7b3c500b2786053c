"""What could be planned for a future if it were known: plans for it alone, with bounds.

A plan for one future is what `clusterplan.robust` compares with too: its firms are willing to come knowing
that future, they keep their least load, and its rules of places, budgets and requirements hold. Where parks
have other capacities in the future than today, or firms need more or less of them, places are judged by
today's and what firms make is rationed by the future's, since a drought limits what firms make, not where
they are. A layout held in a future counts as a plan for it only where it is one; its firms may have come for
other futures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clusterplan.distance import RegionDistances, region_distances
from clusterplan.errors import ClusterplanError, UsageError
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.futures.future import Scenario
from clusterplan.explore.futures.laters import futures_ready
from clusterplan.explore.sweeps import Task
from clusterplan.instance import Decisions, Instance, instance_of
from clusterplan.plan import Plan, Proof
from clusterplan.plan.make import make_plan
from clusterplan.plan.start import decisions_of
from clusterplan.plan.verify import verify
from clusterplan.region import Region
from clusterplan.solve.session import highs_version
from clusterplan.solve.together import Asked, finished, search_together


@dataclass(frozen=True, eq=False)
class Known:
    """A future as it could be planned for if it were known.

    Parameters
    ----------
    plan
        The best plan found for it alone; None where none was found.
    bound
        No plan for it alone is worth more, m currency/y; NaN where unknown.
    region, distances, instance
        Where places are judged: the future, with the capacities of today where they are rationed in it.
    """

    plan: Plan | None
    bound: float
    region: Region
    distances: RegionDistances
    instance: Instance

    def is_plan(self, decided: Decisions) -> bool:
        """Return whether decisions are a plan for this future alone."""
        proof = Proof(solver="held", seconds=0.0)
        held = make_plan(
            self.region, self.distances, self.instance, decided, status="feasible", bound=None, proof=proof
        )
        return not len(verify(held))


def known_futures(
    plan: Plan,
    today: Region,
    futures: Sequence[Scenario],
    regions: Mapping[str, Region],
    instances: Mapping[str, Instance],
    *,
    runs: Runs,
) -> dict[str, Known]:
    """Return what could be planned for each future by itself.

    Parameters
    ----------
    plan
        The plan of today; its layout is tried in futures that ration.
    today
        Its region, without scenarios.
    futures, regions, instances
        The futures, and each by name as it is read for itself.
    runs
        How they are solved.

    Notes
    -----
    A future that rations and also changes what is decided once (a budget, a requirement) is planned by its
    own capacities.
    """
    found: dict[str, Known] = {}
    for future in futures:
        if rations(instance_of(today), instances[future.name]):
            known = _rationed(plan, today, future, runs)
            if known is not None:
                found[future.name] = known
    others = {name: region for name, region in regions.items() if name not in found}
    swept = runs.sweep([Task(name, one, runs.options, family="futures") for name, one in others.items()])
    for name, region in others.items():
        best: Plan | None
        try:
            best = swept.plan(name)
        except ClusterplanError:
            best = None
        bound = np.nan if best is None or best.bound is None else best.bound
        found[name] = Known(best, bound, region, region_distances(region), instances[name])
    return {name: found[name] for name in regions}


def rations(today: Instance, future: Instance) -> bool:
    """Return whether parks and groups have other capacities in a future, or firms other needs."""
    mine, its = today.sites, future.sites
    if (mine.firms, mine.parks) != (its.firms, its.parks):
        return True
    pairs = (
        (mine.capacity, its.capacity),
        (mine.group_capacity, its.group_capacity),
        (mine.needs, its.needs),
    )
    return not all(np.array_equal(one, other) for one, other in pairs)


def _rationed(plan: Plan, today: Region, future: Scenario, runs: Runs) -> Known | None:
    """Return what could be planned for a future that rations; None where its own capacities are to hold."""
    try:
        ready = futures_ready(today, [Scenario(future.name, future.changes)])
    except UsageError:
        return None
    region, reach, itself = ready.regions[future.name], ready.reach[future.name], ready.laters[0].itself
    found = search_together(
        ready.today,
        ready.laters,
        Asked("mean"),
        time_limit=runs.options.get("time_limit"),
        gap=runs.options.get("gap", 1e-6),
        seed=runs.options.get("seed", 0),
        layouts=[decisions_of(plan, ready.today).park],
    )
    if found.columns is None:
        return Known(None, np.nan, region, reach, itself)
    best = make_plan(
        region,
        reach,
        itself,
        found.shared.in_future(finished(found, runs.options.get("time_limit")), 0),
        status="optimal" if found.status == "optimal" else "feasible",
        bound=found.bound,
        proof=Proof(solver=f"HiGHS {highs_version()}", seconds=found.seconds),
    )
    return Known(best, np.nan if best.bound is None else best.bound, region, reach, itself)
