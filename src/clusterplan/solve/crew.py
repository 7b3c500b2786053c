"""Helpers: processes that improve a plan while the caller proves.

Each helper is a Python of its own (`clusterplan.solve.helper`), told over pipes what is planned and the best
plan so far; it sends back each better one. A helper that dies takes nothing with it but the part it was at:
what it had sent is known here, and another is started in its place.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import subprocess
import sys
from dataclasses import dataclass
from threading import Thread
from types import TracebackType
from typing import Any

from clusterplan.instance import Decisions, Instance

RESTARTS = 3
"""How often a helper that died is replaced."""
JOIN_S = 2.0
"""Seconds to wait for what a process that ended had still sent."""

Plan = tuple[Decisions, float]


@dataclass
class _Helper:
    """One process, what is to be written to it, the threads that write and listen, and its seed."""

    process: subprocess.Popen[bytes]
    letters: queue.Queue[Any]
    threads: tuple[Thread, Thread]
    seed: int

    def end(self) -> None:
        """End the process, and close what led to it."""
        self.letters.put(None)
        self.process.kill()
        self.process.wait()
        for thread in self.threads:
            thread.join(JOIN_S)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class Crew:
    """Helpers that work until the crew is left; a context manager.

    Parameters
    ----------
    instance
        What is planned.
    size
        How many helpers; 0: none, and nothing is heard.
    seed
        Seed of the first; each has its own.
    time_limit
        Seconds a helper may work; None: no limit.
    """

    def __init__(self, instance: Instance, size: int, seed: int, time_limit: float | None) -> None:
        self._instance, self._size, self._seed, self._time_limit = instance, size, seed, time_limit
        self._helpers: list[_Helper] = []
        self._news: queue.Queue[Plan] = queue.Queue()
        self._best: Plan | None = None
        self._restarts = 0

    def __enter__(self) -> Crew:
        for number in range(self._size):
            self._hire(self._seed + number)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for helper in self._helpers:
            helper.end()

    def send(self, decisions: Decisions | None, value: float) -> None:
        """Tell all helpers of a plan."""
        if decisions is None:
            return
        self._best = (decisions, value)
        for helper in self._helpers:
            helper.letters.put(self._best)

    def heard(self, wait: float = 0.0) -> Plan | None:
        """Return the best plan that helpers sent since the last call; None if none did.

        Parameters
        ----------
        wait
            Seconds to wait for one.
        """
        self._replace_the_dead()
        best: Plan | None = None
        try:
            best = self._news.get(timeout=wait) if wait else self._news.get_nowait()
            while True:
                best = max(best, self._news.get_nowait(), key=lambda plan: plan[1])
        except queue.Empty:
            pass
        if best is not None and (self._best is None or best[1] > self._best[1]):
            self.send(*best)
        return best

    def busy(self) -> bool:
        """Return whether a helper is still at work."""
        return any(helper.process.poll() is None for helper in self._helpers)

    @property
    def processes(self) -> tuple[int, ...]:
        """Numbers of the processes."""
        return tuple(helper.process.pid for helper in self._helpers)

    def _hire(self, seed: int) -> None:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "clusterplan.solve.helper"],  # nothing of the folder it is called in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the caller, who ends its helpers
        )
        letters: queue.Queue[Any] = queue.Queue()
        letters.put((self._instance, seed, self._time_limit))
        if self._best is not None:
            letters.put(self._best)
        threads = (
            Thread(target=self._listen, args=(process.stdout,), name="crew", daemon=True),
            # it reads once it has started, which the caller does not wait for
            Thread(target=_post, args=(process.stdin, letters), name="crew", daemon=True),
        )
        self._helpers.append(_Helper(process, letters, threads, seed))
        for thread in threads:
            thread.start()

    def _replace_the_dead(self) -> None:
        for helper in list(self._helpers):
            code = helper.process.poll()
            if code is None or code == 0:
                continue
            self._helpers.remove(helper)
            helper.end()
            if self._restarts < RESTARTS:
                self._restarts += 1
                self._hire(helper.seed + 1000 * self._restarts)

    def _listen(self, pipe: Any) -> None:
        # what was cut off by the end of a process is no plan, and is left
        with contextlib.suppress(EOFError, pickle.UnpicklingError, OSError, ValueError):
            while True:
                self._news.put(pickle.load(pipe))  # noqa: S301  (our own process wrote it)


def _post(pipe: Any, letters: queue.Queue[Any]) -> None:
    """Write letters to a helper until one is None, or it died: then it will be replaced."""
    with contextlib.suppress(OSError, ValueError):
        while (letter := letters.get()) is not None:
            pickle.dump(letter, pipe)
            pipe.flush()
