"""What the questions of this room share: how their solves are run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clusterplan.explore.sweeps import Running, Sweep, Task, sweep
from clusterplan.explore.sweeps.sweep import Where


@dataclass(frozen=True)
class Runs:
    """How the solves of a question are run; see `clusterplan.sweep`.

    Parameters
    ----------
    executor, workers, folder, on_progress
        As of `clusterplan.sweep`.
    options
        Options of `clusterplan.solve` for each.
    """

    executor: Where = "serial"
    workers: int | None = None
    folder: str | Path | None = None
    on_progress: Callable[[Running], None] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def within(self, time_limit: float | None) -> Runs:
        """Return the same with a time limit for each solve, s."""
        return replace(self, options={**self.options, "time_limit": time_limit})

    def sweep(self, tasks: Iterable[Task]) -> Sweep:
        """Run tasks."""
        return sweep(
            tasks,
            executor=self.executor,
            workers=self.workers,
            folder=self.folder,
            on_progress=self.on_progress,
        )
