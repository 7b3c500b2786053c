"""Stability: how long the check takes, what stable plans take beside plain ones, and what they are worth.

    python -m benchmarks.stability [--sizes 70x12] [--plan S] [--seed N]       seconds of the check of a plan
    python -m benchmarks.stability --ratio [--sizes 20x5,40x9] [--time-limit S] [--gap G]
    python -m benchmarks.stability --regions [NAME ...] [--time-limit S]       market, plan, stable plan

The check is timed on one core, on the plan of a synthetic region that ``--plan`` seconds give: all of it, the
reading of the region as arrays (``reading``), moves alone and moves of pairs. With ``--ratio`` both plans are
sought to the same gap; the ratio of times says less where the limit ended one of them, as its gap tells.
With ``--regions`` the stored plan of tests/data/plans stands between the end of the market and a stable plan.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import clusterplan as cp
from benchmarks import asked, market
from benchmarks.regions import stored_plan
from benchmarks.table import table
from clusterplan.explore.together import together
from clusterplan.instance import instance_of, stable_of
from clusterplan.instance.elsewhere import elsewhere
from clusterplan.plan.start import decisions_of

TIMED = {
    "size": ("firms × parks", ""),
    "deciding": ("decide about their place", "d"),
    "moves": ("would move alone", "d"),
    "pairs": ("pairs", "d"),
    "seconds": ("check, s", ".2f"),
    "reading": ("reading, s", ".2f"),
    "alone": ("alone, s", ".3f"),
    "together": ("in pairs, s", ".2f"),
}
RATIO = {
    "size": ("firms × parks", ""),
    "value": ("plan", ",.2f"),
    "gap": ("gap", ".2%"),
    "seconds": ("s", ".1f"),
    "stable_value": ("stable plan", ",.2f"),
    "stable_gap": ("gap", ".2%"),
    "stable_seconds": ("s", ".1f"),
    "times": ("ratio of times", ".1f"),
    "values": ("ratio of values", ".4f"),
    "movers": ("would move in the plan", "d"),
}


def timed(firms: int, parks: int, seed: int, seconds: float) -> dict[str, Any]:
    """Return how long the check of a synthetic region's plan takes."""
    plan = cp.solve(cp.synthetic.region(firms, parks, seed), time_limit=seconds)
    begun = time.perf_counter()
    found = cp.stability(plan)
    whole = time.perf_counter() - begun
    begun = time.perf_counter()
    instance = instance_of(plan.region, plan.distances)
    stable, decisions = stable_of(plan.region, instance), decisions_of(plan, instance)
    reading = time.perf_counter() - begun
    begun = time.perf_counter()
    alone = elsewhere(instance, decisions, stable)
    single = time.perf_counter() - begun
    begun = time.perf_counter()
    together(instance, decisions, stable, alone)
    return {
        "size": f"{firms} × {parks}",
        "deciding": len(found.firms),
        "moves": int(found.moves["firm"].nunique()),
        "pairs": len(found.pairs),
        "seconds": whole,
        "reading": reading,
        "alone": single,
        "together": time.perf_counter() - begun,
    }


def beside(firms: int, parks: int, seed: int, *, time_limit: float, gap: float) -> dict[str, Any]:
    """Return a plan and a stable plan of a synthetic region, both sought to the same gap."""
    region = cp.synthetic.region(firms, parks, seed)
    row: dict[str, Any] = dict.fromkeys(RATIO) | {"size": f"{firms} × {parks}"}
    for prefix, stable in (("", False), ("stable_", True)):
        begun = time.perf_counter()
        try:
            plan = cp.solve(region, stable=stable, time_limit=time_limit, gap=gap)
        except (cp.NoPlanError, cp.TimeLimitError) as error:
            print(f"{firms} × {parks}: {error}", file=sys.stderr)
            return row | {f"{prefix}seconds": time.perf_counter() - begun}
        row |= {
            f"{prefix}value": plan.value,
            f"{prefix}gap": plan.gap,
            f"{prefix}seconds": time.perf_counter() - begun,
        }
        if not stable:
            row["movers"] = int(cp.stability(plan).moves["firm"].nunique())
    row["times"] = row["stable_seconds"] / row["seconds"]
    row["values"] = row["stable_value"] / row["value"]
    return row


def ends(name: str, time_limit: float) -> dict[str, cp.Plan]:
    """Return the end of the market, the stored plan and a stable plan of a bundled region."""
    plan = stored_plan(name)
    stable = cp.solve(plan.region, stable=True, start=plan, time_limit=time_limit)
    return market.ends(name) | {"stable plan": stable}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"with --regions; default: {', '.join(market.REGIONS)}"
    )
    parser.add_argument(
        "--regions", action="store_true", help="market, plan and stable plan of bundled regions"
    )
    parser.add_argument("--ratio", action="store_true", help="stable plans beside plain ones")
    parser.add_argument("--sizes", metavar="FxS,...")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--gap", type=float, default=0.01, metavar="G")
    parser.add_argument("--plan", type=float, default=10.0, metavar="S")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    limits = {"time_limit": chosen.time_limit, "gap": chosen.gap}
    if chosen.regions:
        rows = [
            market.row(name, end, plan)
            for name in chosen.names or market.REGIONS
            for end, plan in ends(name, chosen.time_limit).items()
        ]
        columns = market.BESIDE
    elif chosen.ratio:
        rows = [beside(*size, chosen.seed, **limits) for size in asked.sizes(chosen.sizes or "20x5,40x9")]
        columns = RATIO
    else:
        rows = [timed(*size, chosen.seed, chosen.plan) for size in asked.sizes(chosen.sizes or "70x12")]
        columns = TIMED
    print(json.dumps(rows, indent=1) if chosen.json else table(rows, columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
