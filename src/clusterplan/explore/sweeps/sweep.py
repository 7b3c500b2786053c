"""`sweep`: many solves as one."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

from clusterplan.errors import UsageError
from clusterplan.explore.sweeps.address import address, made_with
from clusterplan.explore.sweeps.dispatch import Dispatch, Job, end_given, serially
from clusterplan.explore.sweeps.processes import cores, end, processes
from clusterplan.explore.sweeps.result import Result
from clusterplan.explore.sweeps.running import Running, left_s
from clusterplan.explore.sweeps.store import Store
from clusterplan.explore.sweeps.swept import Sweep
from clusterplan.explore.sweeps.task import Task

Where = Executor | Callable[[], Executor] | Literal["processes", "serial"] | None


def sweep(
    tasks: Iterable[Task],
    *,
    folder: str | Path | None = None,
    executor: Where = "processes",
    workers: int | None = None,
    tries: int = 3,
    on_progress: Callable[[Running], None] | None = None,
) -> Sweep:
    """Solve many tasks; what one comes to does not depend on the others.

    With a folder, results are kept as they come, each under the checksum of everything it depends on, and
    read instead of computed the next time: a sweep that was ended, in whatever way, goes on where it was.
    Tasks that ask the same are solved once. Ctrl-C returns what is done.

    Parameters
    ----------
    tasks
        What to solve; names must differ.
    folder
        Where results are kept; it is made. None: nothing is kept.
    executor
        ``"processes"``: processes of its own, which a script must start under
        ``if __name__ == "__main__"``; ``"serial"`` or None: this process; or any
        `concurrent.futures.Executor`, such as ``client.get_executor()`` of a Dask cluster, which is left
        open; or a function that makes one, which is called again when it breaks.
    workers
        How many tasks are at work at a time. None: as many as cores for processes, and as a given executor
        sees fit.
    tries
        How often a task is sent to a worker at most, when workers die.
    on_progress
        Called after each task and about twice a second with a `Running`.

    Returns
    -------
    Sweep
        A frame of what came of each, and their plans on demand.

    Raises
    ------
    UsageError
        If names repeat, a number cannot be meant, or the folder can't be written.

    Examples
    --------
    >>> import clusterplan as cp
    >>> region = cp.load_region("tiny")
    >>> tasks = [cp.Task(f"seed {seed}", region, {"seed": seed}) for seed in (0, 1)]
    >>> swept = cp.sweep(tasks, executor="serial")
    >>> swept.frame["value"].round(3).to_dict()
    {'seed 0': 0.925, 'seed 1': 0.925}
    >>> swept.plan("seed 1").status
    'optimal'
    """
    given = tuple(tasks)
    _check(given, workers, tries)
    sweeping = _Sweeping(given, None if folder is None else Store(Path(folder)), on_progress)
    return sweeping.go(executor, workers, tries)


@dataclass
class _Sweeping:
    """One call."""

    tasks: tuple[Task, ...]
    store: Store | None
    on_progress: Callable[[Running], None] | None
    begun: float = field(default_factory=time.monotonic)
    addresses: list[str] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    measured: list[float] = field(default_factory=list)
    computing_since: float = 0.0
    interrupted: bool = False

    def go(self, executor: Where, workers: int | None, tries: int) -> Sweep:
        """Read what is there, compute the rest."""
        try:
            jobs = self.read()
            self.computing_since = time.monotonic()
            if jobs:
                self.compute(jobs, executor, workers, tries)
        except KeyboardInterrupt:
            self.interrupted = True
        self.addresses += [address(task) for task in self.tasks[len(self.addresses) :]]
        return Sweep(
            tasks=self.tasks,
            results=tuple(self.results.get(where) or Result(where, "not_run") for where in self.addresses),
            seconds=time.monotonic() - self.begun,
            told=() if self.store is None else tuple(self.store.told),
            interrupted=self.interrupted,
        )

    def read(self) -> list[Job]:
        """Read results that are kept; return the jobs that are left, each content once."""
        jobs: dict[str, Job] = {}
        for task in self.tasks:
            where = address(task)
            self.addresses.append(where)
            self.names.setdefault(where, task.name)
            if where in self.results or where in jobs:
                continue
            kept = None if self.store is None else self.store.read(where)
            if kept is None:
                jobs[where] = Job(task, where)
            else:
                self.results[where] = kept
        if self.results:
            self.tell(None, [], len(jobs), None)
        return list(jobs.values())

    def compute(self, jobs: list[Job], executor: Where, workers: int | None, tries: int) -> None:
        """Compute jobs, keeping each result as it comes."""
        if executor in (None, "serial"):
            with closing(serially(jobs)) as results:
                self.take(results, len(jobs), 1, list)
            return
        dispatch, known = _dispatch(executor, workers, tries, len(jobs))
        with closing(dispatch.results(jobs)) as results:
            self.take(results, len(jobs), known, lambda: dispatch.ages)

    def take(
        self, results: Generator[Result | None], n: int, workers: int | None, ages: Callable[[], list[float]]
    ) -> None:
        """Take results as they come."""
        left = n
        for result in results:
            if result is not None and result.interrupted:
                self.interrupted = True
                return
            if result is not None:
                left -= 1
                self.keep(result)
            self.tell(None if result is None else self.names[result.address], ages(), left, workers)

    def keep(self, result: Result) -> None:
        """Take a result down, and write it if it is an answer of the versions that are here."""
        other = _other_versions(result)
        if other is not None:
            result = replace(result, status="failed", fault=other, decisions=None, value=None, bound=None)
        self.results[result.address] = result
        if result.source == "computed" and result.seconds is not None:
            self.measured.append(result.seconds)
        if self.store is not None and result.is_answer:
            self.store.write(result)

    def tell(self, name: str | None, ages: list[float], left: int, workers: int | None) -> None:
        """Tell how far it is."""
        if self.on_progress is None:
            return
        now = time.monotonic()
        found = [self.results[where] for where in self.addresses if where in self.results]
        estimate = left_s(
            self.measured, ages, max(0, left - len(ages)), workers, max(now - self.computing_since, 1e-9)
        )
        self.on_progress(
            Running(
                seconds=now - self.begun,
                done=len(found),
                total=len(self.tasks),
                read=sum(result.source == "read" for result in found),
                without_plan=sum(result.value is None for result in found),
                left_s=0.0 if left == 0 else estimate,
                name=name,
            )
        )


def _check(tasks: tuple[Task, ...], workers: int | None, tries: int) -> None:
    names = [task.name for task in tasks]
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise UsageError(f"Each task needs a name of its own; given more than once: {', '.join(again)}.")
    if workers is not None and workers < 1:
        raise UsageError(f"At least one worker is needed, not {workers!r}.")
    if tries < 1:
        raise UsageError(f"A task is tried at least once, not {tries!r} times.")


def _dispatch(executor: Where, workers: int | None, tries: int, n: int) -> tuple[Dispatch, int | None]:
    """Return what sends jobs, and how many are at work at a time if that is known."""
    if executor == "processes":
        count = min(workers or cores(), n)
        return Dispatch(partial(processes, count), True, count, tries, end), count
    if isinstance(executor, Executor):
        return Dispatch(lambda: executor, False, workers, tries, end_given), workers
    if callable(executor):
        return Dispatch(executor, True, workers, tries, end), workers
    raise UsageError(
        f"The executor is 'processes', 'serial' or a concurrent.futures.Executor, not {executor!r}."
    )


def _other_versions(result: Result) -> str | None:
    """Return what to say of a result that other versions computed than those its address names."""
    if not result.made_with:
        return None
    here = made_with("any")
    other = [name for name, version in result.made_with.items() if here.get(name) != version]
    if not other:
        return None
    told = ", ".join(f"{name} {result.made_with[name]} there, {here.get(name)} here" for name in other)
    return f"Its worker has other versions than the caller ({told}). Install the same on both."
