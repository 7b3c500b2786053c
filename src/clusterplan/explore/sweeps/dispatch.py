"""Sending tasks to workers, and sending them again when a worker is lost.

An executor of ours (processes) is made anew when it breaks. It does not say which of its tasks killed it, so
each that ran then is sent again alone: what kills its worker alone is to blame, and others are not. A given
executor mends itself (a Dask cluster does) or can't be mended; then what is not done is told.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field, replace
from typing import Any

from clusterplan.explore.sweeps.lost import is_lost, times
from clusterplan.explore.sweeps.result import Result
from clusterplan.explore.sweeps.task import Task
from clusterplan.explore.sweeps.work import work

TICK_S = 0.5
"""How often the caller hears how far things are, seconds."""
DIED = (
    "Its worker died {n} times while it worked on it: it may need more memory than there is, or crash the "
    "solver. Look at the system's log, give it fewer firms or parks, or run it by itself. A script that "
    'starts processes must do so under if __name__ == "__main__".'
)
BROKEN = (
    "The executor broke before it was done ({why}). Run the sweep again with another and the same folder."
)


@dataclass(frozen=True, eq=False)
class Job:
    """A task with its address."""

    task: Task
    address: str


@dataclass
class Dispatch:
    """Sends jobs and hands back results, in the order in which they come.

    Parameters
    ----------
    make
        Returns a new executor.
    is_ours
        Whether it is made and ended here; a given one is neither.
    workers
        How many jobs are sent at a time; None: all.
    tries
        How often a job is sent at most.
    end
        Ends an executor of ours, at once where it is told so.
    """

    make: Callable[[], Executor]
    is_ours: bool
    workers: int | None
    tries: int
    end: Callable[[Executor, bool], None]
    waiting: deque[Job] = field(default_factory=deque)
    suspects: deque[Job] = field(default_factory=deque)
    running: dict[Future[Result], tuple[Job, float]] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    executor: Executor | None = None
    why_broken: str | None = None

    def results(self, jobs: Sequence[Job]) -> Generator[Result | None]:
        """Yield the result of each job; None now and then, when time alone has passed."""
        self.waiting.extend(jobs)
        done = False
        try:
            while self.waiting or self.suspects or self.running:
                self.fill()
                if self.why_broken is not None:
                    yield from self.given_up()
                    break
                ready, _ = wait(self.running, timeout=TICK_S, return_when=FIRST_COMPLETED)
                if not ready:
                    yield None
                yield from self.taken(ready)
            done = True
        finally:
            for future in self.running:
                future.cancel()
            if self.executor is not None and self.is_ours:
                self.end(self.executor, not done)

    def fill(self) -> None:
        """Send as many jobs as there is room for; one that may have killed a worker alone."""
        while True:
            if self.suspects and self.is_ours:
                if self.running:
                    return
                job = self.suspects[0]
            elif self.suspects or self.waiting:
                if self.workers is not None and len(self.running) >= self.workers:
                    return
                job = (self.suspects or self.waiting)[0]
            else:
                return
            if not self.send(job):
                return
            (self.suspects or self.waiting).popleft()

    def send(self, job: Job) -> bool:
        """Send a job; return whether the executor took it."""
        is_new = self.executor is None
        if self.executor is None:
            self.executor = self.make()
        try:
            future = self.executor.submit(work, job.task, job.address)
        except (BrokenExecutor, RuntimeError) as error:  # shut down, or broke since the last look
            if is_new or not self.is_ours:
                self.why_broken = str(error)
            elif not self.running:
                self.renew()
            return False
        self.tried[job.address] += 1
        self.running[future] = (job, time.monotonic())
        return True

    def taken(self, ready: set[Future[Result]]) -> Iterator[Result]:
        """Yield the results that are there; put back what was lost."""
        broke = False
        for future in ready:
            job, _ = self.running.pop(future)
            error: BaseException | None
            try:
                error = future.exception()
            except BaseException as cancelled:  # noqa: BLE001  (a cancelled future raises here)
                error = cancelled
            if error is None:
                yield replace(future.result(), source="computed", tries=self.tried[job.address])
            elif is_lost(error):
                broke |= isinstance(error, BrokenExecutor)
                yield from self.lost(job, error)
            else:
                told = Result.of_error(job.address, _as_error(error), 0.0)
                yield replace(told, tries=self.tried[job.address])
        if broke and self.is_ours:
            for job, _ in self.running.values():  # all others broke with it
                yield from self.lost(job, None)
            self.running.clear()
            self.renew()

    def lost(self, job: Job, error: BaseException | None) -> Iterator[Result]:
        """Put a job back that was lost with its worker, or yield that it was lost for good."""
        if error is not None:
            self.tried[job.address] += times(error) - 1
        n = self.tried[job.address]
        if n >= self.tries:
            yield Result(job.address, "lost", tries=n, fault=DIED.format(n=n))
        else:
            self.suspects.append(job)

    def renew(self) -> None:
        """End the executor that broke; another is made when it is needed."""
        if self.executor is not None:
            self.end(self.executor, True)
        self.executor = None

    def given_up(self) -> Iterator[Result]:
        """Yield that jobs were lost with an executor that can't be made anew."""
        left = [*self.suspects, *self.waiting, *(job for job, _ in self.running.values())]
        for job in left:
            yield Result(
                job.address,
                "lost",
                tries=self.tried[job.address],
                fault=BROKEN.format(why=self.why_broken),
            )
        self.waiting.clear()
        self.suspects.clear()

    @property
    def ages(self) -> list[float]:
        """Seconds for which each running job has run; where all were sent at once that is not known."""
        if self.workers is None:
            return []
        return [time.monotonic() - begun for _, begun in self.running.values()]


def _as_error(error: BaseException) -> Exception:
    return error if isinstance(error, Exception) else RuntimeError(repr(error))


def serially(jobs: Sequence[Job]) -> Generator[Result | None]:
    """Yield the result of each job, computed in this process."""
    for job in jobs:
        yield replace(work(job.task, job.address), source="computed", tries=1)


def end_given(executor: Any, at_once: bool) -> None:
    """Leave an executor that is not ours as it is."""
