"""Labour pools: enough workers for who must be placed, and each where it can be.

Rules: ``too_few_workers``, ``pool_far_away``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, listed, shown
from clusterplan.region.checks.siting import must_be_placed

FAR_DEG = 3.0
"""A pool farther than this outside the planning rectangle, degrees, is taken for misplaced."""


def check_pools(known: Known) -> Iterator[Fault]:
    """Yield a fault where firms that must be placed need more workers than all pools have."""
    rows = known.rows("pools")
    if not rows:
        return
    bounds = known.manifest.bounds
    for row in rows:
        lon, lat = row["lon"], row["lat"]
        if lon is None or lat is None:
            continue
        if not (
            bounds.west - FAR_DEG <= lon <= bounds.east + FAR_DEG
            and bounds.south - FAR_DEG <= lat <= bounds.north + FAR_DEG
        ):
            yield known.fault(
                "pools",
                f"The pool lies at {shown(lon)}, {shown(lat)}, far from the planning rectangle.",
                "Write longitude in lon and latitude in lat, in degrees.",
                rule="pool_far_away",
                row=row,
                column="lon",
            )
    workers = [row["workers"] for row in rows]
    need = {name: firm["workers"] or 0.0 for name, firm in known.firms.items() if must_be_placed(firm)}
    if None not in workers and sum(need.values()) > sum(workers) * (1 + 1e-9):
        asking = [name for name, amount in need.items() if amount > 0]
        yield known.fault(
            "pools",
            f"Firms that must be placed need {shown(sum(need.values()))} workers, all pools together have "
            f"{shown(sum(workers))}: {listed(asking)}.",
            "Correct the numbers, add a pool, or make some of these firms candidates. Where there are pools, "
            "all workers come from them.",
            rule="too_few_workers",
            column="workers",
        )
