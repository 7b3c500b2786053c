"""Time and memory of every step from tables to a plan, for synthetic regions that grow.

    python -m benchmarks.scaling [--sizes 20x5,40x9] [--seed N] [--solve-seconds S] [--json]

Each size runs in a process of its own, so that its memory is its own. Steps are timed once, by the
wall clock; memory is the most the process has held by the end of a step, what it had loaded before
the first one included (`start`).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

from benchmarks.table import table
from clusterplan import synthetic
from clusterplan.distance import region_distances
from clusterplan.instance import instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.region import Region, read_region, write_region
from clusterplan.rules import write_model
from clusterplan.rules.problem import write_problem
from clusterplan.solve import Limits, find
from clusterplan.solve.matrix import matrix
from clusterplan.solve.session import Settings, run


@dataclass
class Size:
    """What was measured at one size.

    Parameters
    ----------
    firms, parks, seed
        Which region.
    columns, rows, nonzeros
        Size of the program as HiGHS gets it.
    seconds
        Wall time by step.
    peak_mb
        Most memory held by the end of each step, MB (10⁶ bytes).
    status, value, bound, nodes
        What the solver had at the end of its time; value and bound in millions of currency a year.
    """

    firms: int
    parks: int
    seed: int
    columns: int = 0
    rows: int = 0
    nonzeros: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)
    status: str = ""
    value: float | None = None
    bound: float | None = None
    nodes: int | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step, and note how much memory has been held by its end."""
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun
        self.peak_mb[name] = peak_mb()

    @property
    def build_and_hand_over(self) -> float:
        """Seconds from the instance to HiGHS."""
        return self.seconds["build"] + self.seconds["hand_over"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    asked = _parser().parse_args(arguments)
    sizes = [size_of(word) for word in asked.sizes.split(",")]
    measured = []
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        for firms, parks in sizes:
            measured.append(pool.submit(measure, firms, parks, asked.seed, asked.solve_seconds).result())
            print(f"{firms}×{parks} done", file=sys.stderr, flush=True)
    if asked.json:
        print(json.dumps({"versions": versions(), "sizes": [asdict(size) for size in measured]}, indent=1))
    else:
        print(", ".join(f"{name} {number}" for name, number in versions().items()), end="\n\n")
        print(as_table(measured))
    return 0


def measure(firms: int, parks: int, seed: int, solve_seconds: float) -> Size:
    """Measure one size; run it in a new process."""
    size = Size(firms, parks, seed, peak_mb={"start": peak_mb()})
    made = synthetic.region(firms, parks, seed)
    tables = made.given()
    with size.step("read_frames"):
        region = Region.from_frames(**tables)
    with tempfile.TemporaryDirectory() as folder:
        write_region(made, folder)
        with size.step("read_folder"):
            read_region(folder)
    with size.step("distances"):
        distances = region_distances(region)
    with size.step("instance"):
        instance = instance_of(region, distances)
    with size.step("build"):
        model = write_model(instance)
    with size.step("hand_over"):
        arrays = matrix(model.problem)
        run(arrays, Settings(time_limit=0.0))  # HiGHS takes the problem, and stops
    size.columns, size.rows, size.nonzeros = arrays.n_columns, arrays.n_rows, arrays.n_nonzeros
    del arrays
    with size.step("solve"):
        found = find(model, Limits(time_limit=solve_seconds))
    size.status, size.bound, size.nodes = found.status, found.bound, found.nodes
    if found.decisions is not None:
        amounts = evaluate(instance, found.decisions).amounts
        size.value = sum(weight * amounts[term] for term, weight in instance.weights.items())
    with size.step("pulp"):  # last, for its memory is not that of a plan
        write_problem(model.program, instance.weights, "again")
    return size


def as_table(measured: Sequence[Size]) -> str:
    """Return a table with a row for each thing measured and a column for each size."""

    def took(step: str) -> Callable[[Size], str]:
        return lambda size: f"{size.seconds[step]:.2f} s"

    def held(step: str) -> Callable[[Size], str]:
        return lambda size: f"{size.peak_mb[step]:.0f} MB"

    lines: dict[str, Callable[[Size], str]] = {
        "region from data frames": took("read_frames"),
        "region from a folder": took("read_folder"),
        "distances": took("distances"),
        "instance": took("instance"),
        "build: the program as arrays, then PuLP's problem": took("build"),
        "of which PuLP's problem (written a second time)": took("pulp"),
        "hand-over: PuLP's problem to arrays, arrays to HiGHS": took("hand_over"),
        "**build and hand-over together**": lambda size: f"**{size.build_and_hand_over:.2f} s**",
        "columns": lambda size: f"{size.columns:,}",
        "rows": lambda size: f"{size.rows:,}",
        "nonzeros": lambda size: f"{size.nonzeros:,}",
        "solve, with a hand-over of its own": took("solve"),
        "status": lambda size: size.status,
        "value, m/y": lambda size: "" if size.value is None else f"{size.value:.2f}",
        "bound, m/y": lambda size: "" if size.bound is None else f"{size.bound:.2f}",
        "memory at the start": held("start"),
        "most memory by the end of reading": held("read_folder"),
        "most memory by the end of the build": held("build"),
        "most memory by the end of the hand-over": held("hand_over"),
        "most memory by the end of the solve": held("solve"),
    }
    heads = {str(number): (f"{size.firms}×{size.parks}", "s") for number, size in enumerate(measured)}
    rows = [
        {"what": what, **{str(number): said(size) for number, size in enumerate(measured)}}
        for what, said in lines.items()
    ]
    return table(rows, {"what": ("firms × parks", ""), **heads})


def versions() -> dict[str, str]:
    """Return the versions of what was measured."""
    return {"Python": platform.python_version(), "PuLP": version("pulp"), "HiGHS": version("highspy")}


def peak_mb() -> float:
    """Return the most memory this process has held so far, MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def size_of(word: str) -> tuple[int, int]:
    """Return the firms and parks of a word such as ``70x12``."""
    firms, _, parks = word.partition("x")
    return int(firms), int(parks)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", default="20x5,40x9,70x12,200x30", help="firms x parks, by commas")
    parser.add_argument("--seed", type=int, default=0, help="seed of the regions (default 0)")
    parser.add_argument("--solve-seconds", type=float, default=60.0, help="limit of the solve (default 60)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
