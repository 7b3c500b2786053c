"""`Sweep`: what came of a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from clusterplan.errors import Fault, UsageError
from clusterplan.explore.sweeps.result import Result
from clusterplan.explore.sweeps.task import Task
from clusterplan.plan import Plan
from clusterplan.region.suggest import suggest

COLUMNS = {
    "status": object,
    "value": float,
    "bound": float,
    "gap": float,
    "seconds": float,
    "source": object,
    "tries": int,
    "fault": object,
    "address": object,
}


@dataclass(frozen=True, eq=False)
class Sweep:
    """What came of a sweep, task by task.

    Parameters
    ----------
    tasks, results
        The tasks, and the result of each, in the order in which they were given.
    seconds
        Time of the call.
    told
        Files of the folder that were broken or foreign, and were not used.
    interrupted
        Whether Ctrl-C ended it: then some tasks were not run.
    """

    tasks: tuple[Task, ...]
    results: tuple[Result, ...]
    seconds: float
    told: tuple[Fault, ...] = ()
    interrupted: bool = False

    @property
    def frame(self) -> pd.DataFrame:
        """A row a task, by name.

        Columns ``status``; ``value`` and ``bound``, m currency/y, and ``gap``; ``seconds`` that the solve
        took when it was computed, here or in an earlier sweep; ``source``: ``computed`` here, ``read`` from
        the folder or ``none``; ``tries``: how often it was sent to a worker; ``fault``: what went wrong, or
        None; ``address``. See `clusterplan.explore.sweeps.Result`.
        """
        index = pd.Index([task.name for task in self.tasks], name="task", dtype=object)
        columns = {
            column: pd.Series([getattr(result, column) for result in self.results], index=index, dtype=kind)
            for column, kind in COLUMNS.items()
        }
        return pd.DataFrame(columns, index=index)

    def result(self, name: str) -> Result:
        """Return the result of a task.

        Raises
        ------
        UsageError
            If there is no such task.
        """
        return self.results[self._at(name)]

    def plan(self, name: str) -> Plan:
        """Return the plan of a task, made again from its region without solving, and checked.

        Parameters
        ----------
        name
            Name of the task.

        Raises
        ------
        UsageError
            If there is no such task.
        NoPlanError, TimeLimitError
            If it has no plan, as `clusterplan.solve` says it.
        SolverError
            If it failed, was lost, or was not run.
        """
        at = self._at(name)
        return self.results[at].plan(self.tasks[at])

    def plans(self) -> dict[str, Plan]:
        """Return the plan of every task that has one, by name."""
        with_plan = [r.status in ("optimal", "feasible") for r in self.results]
        return {
            task.name: self.plan(task.name) for task, has in zip(self.tasks, with_plan, strict=True) if has
        }

    def _at(self, name: str) -> int:
        names: Sequence[str] = [task.name for task in self.tasks]
        if name not in names:
            raise UsageError(f"There is no task {name!r} in this sweep.{suggest(name, names)}")
        return names.index(name)

    def __repr__(self) -> str:
        counts = pd.Series([result.status for result in self.results], dtype=object).value_counts()
        told = ", ".join(f"{count} {status}" for status, count in counts.items()) or "no tasks"
        return f"<Sweep: {told}>"
