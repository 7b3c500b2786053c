"""Stability: how long the check takes, what stable plans take beside plain ones, and what they are worth.

    python -m benchmarks.stability [--sizes 70x12] [--plan S] [--seed N]       seconds of the check of a plan
    python -m benchmarks.stability --ratio [--sizes 20x5,40x9] [--time-limit S] [--gap G]
    python -m benchmarks.stability --regions [NAME ...] [--time-limit S]       market, plan, stable plan

The check is timed in seconds of one core: all of it for the plan of a synthetic region that ``--plan``
seconds give, of that the reading of the region as arrays, and moves alone and in pairs, also for a layout
drawn at random that has every firm. With ``--ratio`` both plans are sought to the same gap; the ratio of
times says less where the limit ended one of them, as its gap tells. With ``--regions`` the stored plan of
tests/data/plans stands between the end of the market and a stable plan.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import Any

import numpy as np

import clusterplan as cp
from benchmarks import asked, market
from benchmarks.regions import stored_plan
from benchmarks.table import table
from clusterplan.explore.market.together import together
from clusterplan.instance import Decisions, Instance, instance_of, stable_of
from clusterplan.instance.elsewhere import elsewhere
from clusterplan.plan.start import decisions_of
from clusterplan.solve.improve import nobody

TIMED = {
    "size": ("firms × parks", ""),
    "layout": ("layout", ""),
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


def timed(firms: int, parks: int, seed: int, seconds: float) -> list[dict[str, Any]]:
    """Return how long the check of a synthetic region's plan takes, and that of a layout with every firm."""
    plan = cp.solve(cp.synthetic.region(firms, parks, seed), time_limit=seconds)
    begun = time.process_time()
    cp.stability(plan)
    whole = time.process_time() - begun
    begun = time.process_time()
    instance = instance_of(plan.region, plan.distances)
    stable = stable_of(plan.region, instance)
    reading = time.process_time() - begun
    rows = []
    for layout, decisions in (("plan", decisions_of(plan, instance)), ("drawn", drawn(instance, seed))):
        begun = time.process_time()
        alone = elsewhere(instance, decisions, stable)
        single = time.process_time() - begun
        begun = time.process_time()
        pairs = together(instance, decisions, stable, alone)
        rows.append(
            {
                "size": f"{firms} × {parks}",
                "layout": layout,
                "deciding": int((stable.moves & (decisions.park >= 0)).sum()),
                "moves": int((alone.gain.max(axis=1) > 1e-6).sum()),
                "pairs": len(pairs),
                "seconds": whole if layout == "plan" else None,
                "reading": reading,
                "alone": single,
                "together": time.process_time() - begun,
            }
        )
    return rows


def drawn(instance: Instance, seed: int) -> Decisions:
    """Return every firm in some park, and a fifth of what each two could trade: no plan, but many moves."""
    rng, trade = np.random.default_rng(seed), instance.trade
    park = np.array(
        [rng.choice(np.flatnonzero(may)) if may.any() else -1 for may in instance.sites.admissible]
    )
    a, b, p = trade.seller, trade.buyer, trade.product
    near = (park[a] >= 0) & (park[b] >= 0) & (trade.km[park[a], park[b]] <= trade.max_km[p])
    return replace(
        nobody(instance),
        opened=np.ones(instance.n_parks, dtype=bool),
        park=park,
        load=(park >= 0).astype(float),
        supply=np.where(near, 0.2 * np.minimum(trade.output[a, p], trade.need[b, p]), 0.0),
    )


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
        rows = [
            found
            for size in asked.sizes(chosen.sizes or "70x12")
            for found in timed(*size, chosen.seed, chosen.plan)
        ]
        columns = TIMED
    print(json.dumps(rows, indent=1) if chosen.json else table(rows, columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
