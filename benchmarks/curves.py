"""Value and bound over time: `solve` beside HiGHS alone, on one synthetic region of each size.

    python -m benchmarks.curves [--sizes 20x5,40x9,70x12,200x30] [--seed N] [--seconds S] [--threads N]
                                [-o FILE.json] [--csv FILE.csv] [--picture FILE.svg]
    python -m benchmarks.curves --read FILE.json --picture FILE.svg

Each runs in a process of its own. Time of ours runs from the call of `clusterplan.solve`, so that making the
model counts; HiGHS gets the model ready made. A point is kept wherever the value or the bound changes.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import clusterplan as cp
from benchmarks import asked
from benchmarks.apart import apart
from benchmarks.drawn import draw
from clusterplan.solve import Progress
from clusterplan.solve.highs import solve_highs

Row = dict[str, Any]
SIZES = "20x5,40x9,70x12,200x30"
COLUMNS = ("region", "seed", "how", "seconds", "best", "bound")


class Heard:
    """What was told on the way, on one clock: a point a change.

    Parameters
    ----------
    clock
        Returns the seconds since the begin; by default of a clock that starts now.
    """

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        begun = time.perf_counter()
        self._clock = clock or (lambda: time.perf_counter() - begun)
        self.points: list[tuple[float, float | None, float | None]] = []

    def __call__(self, progress: Progress) -> None:
        """Note what a solver says, if it is news."""
        self.add(progress.best, progress.bound)

    def add(self, best: float | None, bound: float | None) -> None:
        """Note a value and a bound, if one of them is news."""
        if not self.points or self.points[-1][1:] != (best, bound):
            self.points.append((self._clock(), best, bound))

    def end(self, best: float | None, bound: float | None) -> list[tuple[float, float | None, float | None]]:
        """Return the points, with one for the end."""
        self.points.append((self._clock(), best, bound))
        return self.points


def ours(size: tuple[int, int], seed: int, seconds: float, threads: int) -> list[Any]:
    """Return the points of `clusterplan.solve`."""
    region = cp.synthetic.region(*size, seed)
    heard = Heard()
    try:
        plan = cp.solve(region, time_limit=seconds, seed=seed, threads=threads, on_progress=heard)
    except cp.TimeLimitError:
        return heard.end(*(heard.points[-1][1:] if heard.points else (None, None)))
    return heard.end(plan.value, plan.bound)


def highs(size: tuple[int, int], seed: int, seconds: float, threads: int) -> list[Any]:
    """Return the points of HiGHS alone."""
    problem = cp.build(cp.synthetic.region(*size, seed))
    heard = Heard()
    outcome = solve_highs(problem, time_limit=seconds, seed=seed, threads=threads, on_progress=heard)
    return heard.end(outcome.value, outcome.bound)


WAYS: dict[str, Callable[..., list[Any]]] = {"clusterplan": ours, "HiGHS alone": highs}


def measured(chosen: argparse.Namespace) -> list[Row]:
    """Return a row for each point of each way on each region; what fails is told and left out."""
    rows: list[Row] = []
    for size in chosen.sizes:
        region = f"{size[0]}x{size[1]}"
        for how, way in WAYS.items():
            ran = apart(way, size, chosen.seed, chosen.seconds, chosen.threads)
            print(f"{region}, {how}: {ran.fault or 'done'}", file=sys.stderr, flush=True)
            where = (region, chosen.seed, how)
            rows += [dict(zip(COLUMNS, (*where, *point), strict=True)) for point in ran.result or []]
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    chosen = _parser().parse_args(arguments)
    if chosen.read:
        told = json.loads(chosen.read.read_text(encoding="utf-8"))
    else:
        told = {"machine": asked.machine(("PuLP", "HiGHS")), "rows": measured(chosen)}
    text = json.dumps(told, indent=1, ensure_ascii=False)
    if chosen.output:
        chosen.output.write_text(text + "\n", encoding="utf-8")
    if chosen.csv:
        with chosen.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(told["rows"])
    if chosen.picture:
        draw(told["rows"], chosen.picture)
    if not (chosen.output or chosen.csv or chosen.picture):
        print(text)
    return 0 if told["rows"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.curves", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", default=SIZES, type=asked.sizes, help=f"firms x parks (default {SIZES})")
    parser.add_argument("--seed", type=int, default=0, help="seed of regions and ways (default 0)")
    parser.add_argument("--seconds", type=float, default=60.0, help="limit of each way (default 60)")
    parser.add_argument("--threads", type=int, default=1, help="of each way (default 1)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write JSON to a file")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the points as CSV")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw them: .svg, .png or .pdf")
    parser.add_argument("--read", type=Path, metavar="FILE", help="take the points of an earlier -o")
    return parser


if __name__ == "__main__":
    sys.exit(main())
