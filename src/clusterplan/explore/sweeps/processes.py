"""Processes of our own: started anew (spawn), deaf to Ctrl-C, and gone when the caller is gone."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import Executor, ProcessPoolExecutor
from threading import Thread


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int) -> ProcessPoolExecutor:
    """Return an executor of so many processes.

    They are spawned, since a process with threads (those of the solver) can't be forked safely.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def end(executor: Executor, at_once: bool) -> None:
    """End an executor: when its workers are done, or at once; processes of ours whatever they do."""
    if not isinstance(executor, ProcessPoolExecutor):
        executor.shutdown(wait=not at_once)
        return
    running = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=not at_once, cancel_futures=True)
    if at_once:
        for process in running:
            process.kill()
        for process in running:
            process.join(5.0)


def _begin() -> None:
    """Leave Ctrl-C to the caller, and end when the caller has ended, however that was."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), name="end with the caller", daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
