"""What a sweep saves: solving again against building again, and workers against one process.

    python -m benchmarks.sweep [--region tiny] [--tasks 8] [--seconds 60]
    python -m benchmarks.sweep --workers serial,1,2,dask [--size 40x9] [--count 64] [--seconds 5]

Without ``--workers``, variants of a region are solved twice each: by themselves, everything built again, and
as a family, in which the program stays in HiGHS and each solve starts from the last plan. Regions, data
frames and their checks are in neither: a task has its region. Three kinds are measured: all budgets scaled
(right sides), weights of two terms scaled (costs), and, for HiGHS alone, the relaxation with other costs,
which is what is solved again in a scenario whose places are held. Ratio: seconds built again ÷ seconds solved
again; medians by task, the first of a family left out, since it is built.

With ``--workers``, the same solves of a synthetic region, with another seed each and a time limit, run in
this process (``serial``), in so many processes of a sweep, or on a Dask cluster on this machine with as many
workers as the greatest number asked for (two if none). Starting processes counts. The values tell whether the
workers were in each other's way: a solve that gets less of a core finds less in its time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

import clusterplan as cp
from benchmarks import asked
from benchmarks.table import table
from clusterplan.explore.sweeps import budgets, seeds
from clusterplan.explore.sweeps.family import Family
from clusterplan.explore.sweeps.work import solved
from clusterplan.instance import instance_of
from clusterplan.rules import write
from clusterplan.solve import Kept, matrix_of, solve_highs

Row = dict[str, Any]
AGAIN = {
    "what": ("what is different", ""),
    "tasks": ("tasks", "d"),
    "built_s": ("built again, s", ".3f"),
    "again_s": ("solved again, s", ".3f"),
    "ratio": ("ratio", ".2f"),
    "least_ratio": ("least", ".2f"),
    "most_ratio": ("most", ".2f"),
    "apart": ("values apart by at most", ".1e"),
}
WORKERS = {
    "workers": ("workers", ""),
    "tasks": ("tasks", "d"),
    "seconds": ("seconds", ".1f"),
    "speed_up": ("serial ÷ this", ".2f"),
    "in_solves_s": ("seconds in solves", ".1f"),
    "mean_value": ("mean value", ",.2f"),
}


def region_of(name: str) -> cp.Region:
    """Return a bundled region, or a synthetic one for a name such as ``14x4``."""
    if "x" in name and name.replace("x", "").isdigit():
        return cp.synthetic.region(*asked.sizes(name)[0])
    return cp.load_region(name)


def again(region: cp.Region, count: int, seconds: float) -> list[Row]:
    """Measure solving again against building again."""
    options = {"time_limit": seconds}
    steps = np.linspace(0.9, 1.1, count)
    scaled = budgets(region, steps.tolist(), **options) if region.manifest.budgets else []
    weights = [
        cp.Task(
            f"weights × {step:g}", region, options, {"freight": step, "links": 2 - step}, family="weights"
        )
        for step in steps
    ]
    kinds = {"budgets (right sides)": scaled, "weights (costs)": weights}
    rows = [_compared(what, tasks) for what, tasks in kinds.items() if tasks]
    return [*rows, _relaxations(region, count)]


def _compared(what: str, tasks: Sequence[cp.Task]) -> Row:
    family = Family()
    built, again_s, apart = [], [], 0.0
    for n, task in enumerate(tasks):
        _ = task.planned
        begun = time.perf_counter()
        first = solved(replace(task, family=None))
        between = time.perf_counter()
        second = family.solved(task)
        if n:
            built.append(between - begun)
            again_s.append(time.perf_counter() - between)
        apart = max(apart, abs(first.value - second.value))
    return _row(what, built, again_s, apart)


def _relaxations(region: cp.Region, count: int) -> Row:
    written = matrix_of(write(instance_of(region)))
    problem = replace(written, integer=np.zeros_like(written.integer))
    random, kept = np.random.default_rng(0), Kept()
    built, again_s, apart = [], [], 0.0
    for n in range(count):
        factors = 1.0 + 0.05 * random.standard_normal(problem.n_columns)
        one = replace(problem, cost=problem.cost * factors)
        begun = time.perf_counter()
        first = solve_highs(one)
        between = time.perf_counter()
        second = solve_highs(one, kept=kept)
        if n:
            built.append(between - begun)
            again_s.append(time.perf_counter() - between)
        if first.value is not None and second.value is not None:
            apart = max(apart, abs(first.value - second.value))
    return _row("relaxation, all costs (HiGHS alone)", built, again_s, apart)


def _row(what: str, built: Sequence[float], again_s: Sequence[float], apart: float) -> Row:
    ratios = [one / other for one, other in zip(built, again_s, strict=True)]
    return {
        "what": what,
        "tasks": len(built),
        "built_s": statistics.median(built),
        "again_s": statistics.median(again_s),
        "ratio": statistics.median(ratios),
        "least_ratio": min(ratios),
        "most_ratio": max(ratios),
        "apart": apart,
    }


def by_workers(ways: Sequence[str], size: tuple[int, int], count: int, seconds: float) -> list[Row]:
    """Measure the same solves with each kind and number of workers."""
    tasks = seeds(cp.synthetic.region(*size), range(count), time_limit=seconds)
    cp.sweep(seeds(tasks[0].region, [count], time_limit=1.0), executor="serial")  # loads the compiled code
    rows: list[Row] = []
    for way in ways:
        with _executor(way, ways) as where:
            swept = cp.sweep(tasks, **where)
        frame = swept.frame
        serial = rows[0]["seconds"] if rows and rows[0]["workers"] == "serial" else None
        rows.append(
            {
                "workers": way,
                "tasks": int(frame["value"].notna().sum()),
                "seconds": swept.seconds,
                "speed_up": serial / swept.seconds if serial else None,
                "in_solves_s": float(frame["seconds"].sum()),
                "mean_value": float(frame["value"].mean()),
            }
        )
        print(f"{way}: {swept.seconds:.1f} s, {swept}", file=sys.stderr, flush=True)
    return rows


@contextmanager
def _executor(way: str, ways: Sequence[str]) -> Iterator[dict[str, Any]]:
    if way == "serial":
        yield {"executor": "serial"}
    elif way == "dask":
        from distributed import Client, LocalCluster  # noqa: PLC0415  (the extra dask)

        workers = max((int(other) for other in ways if other.isdigit()), default=2)
        local = {"threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
        with LocalCluster(n_workers=workers, **local) as cluster, Client(cluster) as client:
            yield {"executor": client.get_executor()}
    else:
        yield {"workers": int(way)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--region", default="tiny", help="a bundled region, or a size such as 14x4")
    parser.add_argument("--tasks", type=int, default=8, help="variants of it (default 8)")
    parser.add_argument("--workers", type=asked.names, help="serial, numbers of processes, dask, by commas")
    parser.add_argument("--size", type=asked.sizes, default=[(40, 9)], help="firms x parks (default 40x9)")
    parser.add_argument("--count", type=int, default=64, help="solves (default 64)")
    parser.add_argument("--seconds", type=float, help="for each solve (default 60, with --workers 5)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    machine = asked.machine(("HiGHS", "numba", "NumPy"))
    if chosen.workers:
        rows = by_workers(chosen.workers, chosen.size[0], chosen.count, chosen.seconds or 5.0)
        text = table(rows, WORKERS)
    else:
        rows = again(region_of(chosen.region), chosen.tasks, chosen.seconds or 60.0)
        text = table(rows, AGAIN)
    if chosen.json:
        print(json.dumps({"machine": machine, "rows": rows}, indent=1, ensure_ascii=False))
    else:
        print(asked.in_words(machine), text, sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
