"""`Task`: one solve of a sweep, as content that can be sent, compared and found again."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from clusterplan.errors import UsageError
from clusterplan.plan import Plan, solve
from clusterplan.region import Region
from clusterplan.region.weights import Term
from clusterplan.rules import Condition

NOT_CONTENT = ("region", "start", "problem", "on_progress")
"""Parameters of `solve` that are no options of a task: no content, or given apart."""


@dataclass(frozen=True, eq=False)
class Task:
    """A region to plan, and how.

    Parameters
    ----------
    name
        What it is called in the results.
    region
        What to plan.
    options
        Options of `clusterplan.solve` (``time_limit``, ``seed``, ...); a solver by its name.
    weights
        Weights of terms that replace those of the region's manifest; None: as they are.
    conditions
        Further rows that the plan must keep.
    family
        Tasks of one family are alike but for numbers: each worker keeps its program in the solver from one
        to the next, and starts from the last plan. None: each by itself. It changes how a task is solved,
        not what it asks.

    Raises
    ------
    UsageError
        If `solve` has no such option, or it is none a task can have.
    """

    name: str
    region: Region
    options: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[Term, float] | None = None
    conditions: tuple[Condition, ...] = ()
    family: str | None = None
    start: Plan | None = None

    def __post_init__(self) -> None:
        known = default_options()
        for option, value in self.options.items():
            if option not in known:
                raise UsageError(f"A task has no option {option!r}. It may have: {', '.join(known)}.")
            if option == "solver" and not isinstance(value, str | None):
                raise UsageError("Give the solver of a task by its name, such as 'SCIP'.")
        if not all(isinstance(condition, Condition) for condition in self.conditions):
            raise UsageError("Give the conditions of a task as a tuple of Condition.")

    @property
    def all_options(self) -> dict[str, Any]:
        """Options of `solve`, those left open with their defaults."""
        return {**default_options(), **self.options}

    @cached_property
    def planned(self) -> Region:
        """The region with the task's weights.

        Raises
        ------
        InputError
            If a weight is none.
        """
        if self.weights is None:
            return self.region
        manifest = self.region.manifest.model_dump(exclude_unset=True)
        weights = {**manifest.get("weights", {}), **self.weights}
        return self.region.replace(manifest={**manifest, "weights": weights})

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is made of the rest, when it is sent; and the problem of the plan to start from."""
        start = None if self.start is None else replace(self.start, write_problem=None)
        return {name: value for name, value in self.__dict__.items() if name != "planned"} | {"start": start}


@cache
def default_options() -> dict[str, Any]:
    """Return the options of `solve` that a task may have, with their defaults."""
    parameters = inspect.signature(solve).parameters.values()
    return {p.name: p.default for p in parameters if p.name not in NOT_CONTENT}
