"""Time and memory of every step from tables to a plan, for one synthetic region."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

import clusterplan as cp
from benchmarks import links
from benchmarks.apart import peak_mb
from clusterplan.distance import region_distances
from clusterplan.instance import instance_of
from clusterplan.region import Region, read_region, write_region
from clusterplan.rules import write
from clusterplan.rules.problem import write_problem
from clusterplan.solve import Progress
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import matrix
from clusterplan.solve.session import Settings, run

MOVES = 2_000_000
"""Moves of the search that are timed."""
STEPS = {
    "read_frames": "region from data frames",
    "read_folder": "region from a folder",
    "distances": "distances",
    "instance": "instance",
    "search": f"search, {MOVES // 1_000_000} million moves, links only",
    "write": "rules: the program as arrays",
    "arrays": "the arrays as a solver takes them",
    "hand_over": "hand-over of the arrays to HiGHS",
    "relaxation": "root bound: HiGHS on the relaxation",
    "pulp": "PuLP's problem from the arrays",
    "pulp_arrays": "PuLP's problem to arrays again",
    "first_plan": "solve: first plan",
    "first_bound": "solve: first bound",
}
"""What each step is, in their order."""


@dataclass
class Size:
    """What was measured at one size.

    Parameters
    ----------
    firms, parks, seed, links_per_firm
        Which region.
    columns, rows, nonzeros
        Size of the program as HiGHS gets it; 0 where it was not written.
    seconds
        Wall time by step (`STEPS`); a step that did not end in its time is not in it.
    peak_mb
        Most memory held by the end of each step, MB (10⁶ bytes), and at the ``start``.
    status, value, bound, solve_s
        What `clusterplan.solve` had at the end of its time, m currency a year, and the time it took in all.
    with_children_mb
        Most memory held at once, that of further processes included, MB.
    """

    firms: int
    parks: int
    seed: int = 0
    links_per_firm: float = 5
    columns: int = 0
    rows: int = 0
    nonzeros: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)
    status: str = ""
    value: float | None = None
    bound: float | None = None
    solve_s: float | None = None
    with_children_mb: float | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step, and note how much memory has been held by its end."""
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun
        self.peak_mb[name] = peak_mb()


def measure(size: Size, seconds: float, columns: int) -> Size:
    """Measure one size; run it in a new process.

    Parameters
    ----------
    size
        Which region; what is measured is added to it.
    seconds
        Limit of the relaxation and of the solve.
    columns
        Most columns of a program that is written for PuLP and given to HiGHS whole.
    """
    cp.search({"linear": np.zeros((2, 2))}, work_limit=1)  # loads the compiled code
    size.peak_mb["start"] = peak_mb()
    made = cp.synthetic.region(size.firms, size.parks, size.seed, links_per_firm=size.links_per_firm)
    with size.step("read_frames"):
        region = Region.from_frames(**made.given())
    with tempfile.TemporaryDirectory() as folder:
        write_region(made, folder)
        with size.step("read_folder"):
            read_region(folder)
    with size.step("distances"):
        distances = region_distances(region)
    with size.step("instance"):
        instance = instance_of(region, distances)
    layout = links.layout_of(region)
    with size.step("search"):
        cp.search(layout, work_limit=MOVES, seed=size.seed)
    with size.step("write"):
        written = write(instance)
    if written.program.n_columns <= columns:
        with size.step("arrays"):
            arrays = matrix_of(written)
        size.columns, size.rows, size.nonzeros = arrays.n_columns, arrays.n_rows, arrays.n_nonzeros
        with size.step("hand_over"):
            run(arrays, Settings(time_limit=0.0))  # HiGHS takes the program, and stops
        relaxed = replace(arrays, integer=np.zeros_like(arrays.integer))
        begun = time.perf_counter()
        outcome = solve_highs(relaxed, time_limit=seconds)
        if outcome.status == "optimal":
            size.seconds["relaxation"] = time.perf_counter() - begun
        size.peak_mb["relaxation"] = peak_mb()
        del arrays, relaxed, outcome
        with size.step("pulp"):
            problem, _ = write_problem(written.program, instance.weights, "again")
        with size.step("pulp_arrays"):
            matrix(problem)
        del problem
    del written
    _solve(size, region, seconds)
    return size


def _solve(size: Size, region: Region, seconds: float) -> None:
    """Solve the region, and note when its first plan and its first bound were told."""
    begun = time.perf_counter()

    def told(progress: Progress) -> None:
        now = time.perf_counter() - begun
        for step, what in (("first_plan", progress.best), ("first_bound", progress.bound)):
            if what is not None and step not in size.seconds:
                size.seconds[step] = now
                size.peak_mb[step] = peak_mb()

    try:
        plan = cp.solve(region, time_limit=seconds, on_progress=told, seed=size.seed)
    except cp.TimeLimitError:
        size.status = "no_plan"
    else:
        size.status, size.value, size.bound = plan.status, plan.value, plan.bound
    size.solve_s = time.perf_counter() - begun
    size.peak_mb["solve"] = peak_mb()
