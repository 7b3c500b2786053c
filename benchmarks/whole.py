"""Whole regions: `solve` beside solvers alone on the same model, one thread each.

    python -m benchmarks.whole [--sizes 20x5,40x9] [--seeds 0,1,2] [--ours 10,60] [--alone 60]
                               [--solvers HiGHS,SCIP,CBC] [--json]

Regions are synthetic (`clusterplan.synthetic`). Times are the limits given; a solver alone gets the model
written by `clusterplan.build` and nothing else. Values of ours are recomputed from the decisions.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.table import table
from clusterplan import synthetic
from clusterplan.errors import SolverError
from clusterplan.instance import instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.rules import Model, write_model
from clusterplan.solve import Limits, find
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.other import solve_other
from clusterplan.solve.outcome import relative_gap

COLUMNS = {
    "region": ("firms × parks, seed", ""),
    "how": ("how", ""),
    "limit": ("limit, s", ".0f"),
    "seconds": ("s", ".1f"),
    "status": ("status", ""),
    "value": ("value, m a year", ",.2f"),
    "bound": ("bound", ",.2f"),
    "gap": ("gap", ".1%"),
}


def ours(model: Model, seconds: float) -> dict[str, Any]:
    """Solve as `clusterplan.solve` does, without the checks that follow."""
    found = find(model, Limits(time_limit=seconds))
    value = None
    if found.decisions is not None:
        amounts = evaluate(model.instance, found.decisions).amounts
        value = sum(model.instance.weights[term] * amount for term, amount in amounts.items())
    return {"how": "clusterplan", "seconds": found.seconds, "status": found.status} | told(value, found.bound)


def alone(model: Model, solver: str, seconds: float) -> dict[str, Any]:
    """Give the model to a solver, and nothing else."""
    try:
        if solver == "HiGHS":
            outcome = solve_highs(model.problem, time_limit=seconds)
        else:
            outcome = solve_other(model.problem, solver, time_limit=seconds)
    except SolverError as error:
        return {"how": solver, "seconds": None, "status": str(error)[:40]} | told(None, None)
    return {"how": solver, "seconds": outcome.seconds, "status": outcome.status} | told(
        outcome.value, outcome.bound
    )


def told(value: float | None, bound: float | None) -> dict[str, float | None]:
    """Return value, bound and gap as columns."""
    return {"value": value, "bound": bound, "gap": relative_gap(value, bound, "max")}


def measured(
    sizes: Sequence[tuple[int, int]], seeds: Sequence[int], chosen: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    """Yield a row for each way on each region."""
    for firms, parks in sizes:
        for seed in seeds:
            model = write_model(instance_of(synthetic.region(firms, parks, seed)))
            name = {"region": f"{firms}×{parks}, {seed}"}
            for limit in chosen.ours:
                yield {**name, "limit": limit, **ours(model, limit)}
            for solver in chosen.solvers:
                yield {**name, "limit": chosen.alone, **alone(model, solver, chosen.alone)}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--sizes", default="20x5,40x9,70x12", type=_sizes)
    parser.add_argument("--seeds", default="0,1,2", type=_whole)
    parser.add_argument("--ours", default="10,60", type=_seconds)
    parser.add_argument("--alone", default=60.0, type=float, metavar="S")
    parser.add_argument("--solvers", default="HiGHS,SCIP,CBC", type=lambda text: text.split(","))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    rows = []
    for row in measured(chosen.sizes, chosen.seeds, chosen):
        rows.append(row)
        if not chosen.json:
            print(table([row], COLUMNS).splitlines()[-1], file=sys.stderr, flush=True)
    print(json.dumps(rows, indent=1) if chosen.json else table(rows, COLUMNS))
    return 0


def _whole(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _seconds(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def _sizes(text: str) -> list[tuple[int, int]]:
    return [(int(firms), int(parks)) for firms, _, parks in (part.partition("x") for part in text.split(","))]


if __name__ == "__main__":
    sys.exit(main())
