"""The market cascade: how long it takes, and what a plan is worth beside it.

    python -m benchmarks.market [--sizes 20x5,40x9,70x12] [--seed N]      seconds of the cascade
    python -m benchmarks.market --regions [NAME ...]                      market beside the stored plan

Times are of one cascade by id, on one core: ``cascade`` is all of it, ``trade`` the part in which trade is
settled again (once a round and once at the start), ``others`` the rest, in which firms value parks. Beside
the stored plan of tests/data/plans stands the end of the market in the same region.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import numpy as np

import clusterplan as cp
from benchmarks.regions import stored_plan
from benchmarks.table import table
from clusterplan.explore.market.cascade import cascade
from clusterplan.explore.market.ends import comers, committed, with_arrivals
from clusterplan.instance import instance_of
from clusterplan.solve import traded

REGIONS = ("yibin", "debrecen", "ningde")
TIMED = {
    "size": ("firms × parks", ""),
    "came": ("came", "d"),
    "rounds": ("rounds", "d"),
    "cascade": ("cascade, s", ".2f"),
    "trade": ("trade, s", ".2f"),
    "others": ("others, s", ".2f"),
}
BESIDE = {
    "region": ("region", ""),
    "end": ("", ""),
    "firms": ("firms", ".0f"),
    "localisation": ("localisation", ".1%"),
    "value": ("value, m a year", ",.1f"),
    "grants": ("grants, m a year", ",.2f"),
    "rents": ("rent, m a year", ",.2f"),
    "payback": ("public payback, years", ".2f"),
}


def timed(firms: int, parks: int, seed: int) -> dict[str, Any]:
    """Return how long the cascade of a synthetic region takes."""
    region = cp.synthetic.region(firms, parks, seed)
    instance = instance_of(region)
    sure = committed(region, instance)
    start = with_arrivals(region, instance, sure)
    assert start.end is not None
    may_come, may_move = comers(instance), sure & ~region.firms["is_platform"].to_numpy(bool)
    begun = time.perf_counter()
    went = cascade(instance, start.end.park, comers=may_come, movers=may_move)
    seconds = time.perf_counter() - begun
    assert went.end is not None
    begun = time.perf_counter()
    for _ in range(went.rounds + 1):
        traded(instance, went.end.park)
    trade = time.perf_counter() - begun
    return {
        "size": f"{firms} × {parks}",
        "came": int(np.sum((went.end.park >= 0) & may_come)),
        "rounds": went.rounds,
        "cascade": seconds,
        "trade": trade,
        "others": max(0.0, seconds - trade),
    }


def ends(name: str) -> dict[str, cp.Plan]:
    """Return the plans of a bundled region that are shown beside each other, by the name of their row.

    `benchmarks.stability` shows a stable plan beside them.
    """
    return {"market": cp.baseline(cp.load_region(name), orders=0).market, "plan": stored_plan(name)}


def shown(name: str) -> list[dict[str, Any]]:
    """Return a row for each plan of a region."""
    return [row(name, end, plan) for end, plan in ends(name).items()]


def row(name: str, end: str, plan: cp.Plan) -> dict[str, Any]:
    """Return what is shown of a plan of a region."""
    told = plan.indicators["value"]
    return {
        "region": name,
        "end": end,
        "firms": told["firms"],
        "localisation": told["localisation_rate"],
        "value": plan.value,
        "grants": told["grants"],
        "rents": told["rents"],
        "payback": told["years_to_pay_back"],
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"with --regions; default: {', '.join(REGIONS)}"
    )
    parser.add_argument("--regions", action="store_true", help="show the market beside the stored plan")
    parser.add_argument("--sizes", default="20x5,40x9,70x12", metavar="FxS,...")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.regions:
        rows = [found for name in chosen.names or REGIONS for found in shown(name)]
        print(json.dumps(rows, indent=1) if chosen.json else table(rows, BESIDE))
        return 0
    timed(12, 3, 0)  # loads what is compiled
    sizes = [tuple(map(int, size.split("x"))) for size in chosen.sizes.split(",")]
    rows = [timed(firms, parks, chosen.seed) for firms, parks in sizes]
    print(json.dumps(rows, indent=1) if chosen.json else table(rows, TIMED))
    return 0


if __name__ == "__main__":
    sys.exit(main())
