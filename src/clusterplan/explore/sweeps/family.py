"""`Family`: what a worker keeps from one task to the next that is alike but for numbers.

Kept are the distances, where no place moved; HiGHS with the program in it, where only costs, bounds, right
sides and a few coefficients are others (`clusterplan.solve.Kept`); and the last plan, to start from. Each
thread of a worker has its own. A program that `solve` would not give to HiGHS whole is solved as ever, from
the last plan; with a limit on work nothing is kept, so that results repeat exactly.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import asdict, fields, replace
from functools import partial
from typing import Any

import numpy as np

from clusterplan.distance import RegionDistances, region_distances
from clusterplan.errors import InternalError
from clusterplan.explore.sweeps.address import checksum
from clusterplan.explore.sweeps.task import Task
from clusterplan.instance import Instance, instance_of
from clusterplan.plan import Plan, Proof, build, solve, verify
from clusterplan.plan.make import make_plan
from clusterplan.plan.solving import no_plan
from clusterplan.plan.start import decisions_of
from clusterplan.region import Region
from clusterplan.rules import add_conditions, write
from clusterplan.rules.tighten import tighten
from clusterplan.solve import Kept, Limits, columns_of
from clusterplan.solve.columns import Columns
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.find import found_by_solver
from clusterplan.solve.prove import AT_ONCE

MOST = 4
"""Families that a thread keeps; the one not used for longest goes first."""
NOT_PLACES = (
    "firms",
    "products",
    "recipes",
    "links",
    "markets",
    "incentives",
    "groups",
    "requirements",
    "separations",
    "provenance",
)
"""Tables that say nothing of where places are."""

_mine = threading.local()


class Family:
    """What is kept for one family.

    Attributes
    ----------
    kept
        HiGHS with the program of the last task.
    last
        The last plan.
    """

    def __init__(self) -> None:
        self.kept = Kept()
        self.last: Plan | None = None
        self._distances: RegionDistances | None = None
        self._places = ""

    def solved(self, task: Task) -> Plan:
        """Return the plan of a task, checked; conditions are left to the caller to check.

        Raises
        ------
        NoPlanError, TimeLimitError, InternalError
            As `clusterplan.solve`.
        """
        begun = time.monotonic()
        distances = self.distances(task.planned)
        instance = instance_of(task.planned, distances)
        if task.conditions or columns_of(instance) <= AT_ONCE:
            self.last = self._whole(task, distances, instance, begun)
        else:
            self.last = solve(task.planned, start=task.start or self.last, **task.all_options)
        return self.last

    def _whole(self, task: Task, distances: RegionDistances, instance: Instance, begun: float) -> Plan:
        """Give the whole program to the HiGHS that is kept."""
        region = task.planned
        limits = Limits(**{item.name: task.all_options[item.name] for item in fields(Limits)})
        written = write(instance)
        size = {"rows": written.program.n_rows, "nonzeros": written.program.n_nonzeros}
        size["columns"] = written.program.n_columns
        left_out = written.left_out
        add_conditions(written, task.conditions)
        if columns_of(instance) <= AT_ONCE:
            tighten(written, fully=False)
        problem = matrix_of(written)
        first = task.start or self.last
        start = None if first is None else decisions_of(first, instance)
        columns = Columns(written, problem, np.arange(problem.n_columns))
        found = found_by_solver(columns, limits, solver=None, start=start, on_progress=None, kept=self.kept)
        if found.decisions is None:
            raise no_plan(region, instance, found)
        proof = Proof(
            solver=found.solver,
            seconds=time.monotonic() - begun,
            nodes=found.nodes,
            limit=found.limit,
            options=asdict(limits),
            left_out=left_out,
            **size,
        )
        plan = make_plan(
            region,
            distances,
            instance,
            found.decisions,
            status="optimal" if found.status == "optimal" else "feasible",
            bound=found.bound,
            proof=proof,
            write_problem=partial(build, region),
        )
        wrong = verify(plan)
        if len(wrong):
            raise InternalError("The plan fails its own check; please report this:\n" + wrong.to_string())
        return plan

    def distances(self, region: Region) -> RegionDistances:
        """Return the distances of a region: those of the last one if no place is another."""
        places = _places(region)
        if self._distances is None or places != self._places:
            self._distances, self._places = region_distances(region), places
        return replace(self._distances, region=region)


def family_of(name: str) -> Family:
    """Return what this thread keeps for a family."""
    families: OrderedDict[str, Family] = getattr(_mine, "families", None) or OrderedDict()
    _mine.families = families
    family = families.pop(name, None) or Family()
    families[name] = family
    while len(families) > MOST:
        families.popitem(last=False)
    return family


def keeps(task: Task) -> bool:
    """Return whether anything may be kept from task to task: not with options that `solve` alone knows."""
    usual = {item.name for item in fields(Limits)}
    others = {name: value for name, value in task.options.items() if name not in usual}
    return task.family is not None and task.all_options["work_limit"] is None and not any(others.values())


def _places(region: Region) -> str:
    tables: dict[str, Any] = {
        name: frame for name, frame in region.settled.tables.items() if name not in NOT_PLACES
    }
    parks = tables["parks"]
    tables["parks"] = parks[[parks.geometry.name]]
    manifest = region.manifest
    return checksum({**tables, "distance": manifest.distance.model_dump(), "crs": manifest.planning_crs})
