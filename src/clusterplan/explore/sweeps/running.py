"""`Running`: how far a sweep is, with an estimate of what is left that rests on what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Running:
    """How far a sweep is.

    Parameters
    ----------
    seconds
        Since the call.
    done, total
        Tasks that are done, those read from the folder among them; all tasks.
    read
        Tasks read from the folder.
    without_plan
        Tasks done without a plan.
    left_s
        Estimated seconds to the end; None until a task of this sweep was measured.
    name
        Name of the task that was done last; None before the first, and when time alone has passed.
    """

    seconds: float
    done: int
    total: int
    read: int
    without_plan: int
    left_s: float | None
    name: str | None = None


def left_s(
    measured: Sequence[float], ages: Sequence[float], waiting: int, workers: int | None, elapsed: float
) -> float | None:
    """Return the estimated seconds that a sweep still takes; None while nothing is measured.

    Each task that waits takes the mean of those measured; one that has run for some time takes the mean of
    what those that took longer than that took more, and as long again where none did. All is shared among
    the workers, and the end comes no sooner than that of any task that runs.

    Parameters
    ----------
    measured
        Seconds of each task that was computed.
    ages
        Seconds for which each running task has run.
    waiting
        Tasks that have not begun.
    workers
        How many work; None where that is not known: then as many as the work done in the time since the
        sweep began needed.
    elapsed
        Seconds since the sweep began to compute.
    """
    if not measured:
        return None
    mean = sum(measured) / len(measured)
    if workers is None:
        workers = max(1, round(sum(measured) / max(elapsed, 1e-9)))
    rest = [_more(measured, age) for age in ages]
    shared = (mean * waiting + sum(rest)) / max(1, workers)
    return max([shared, *rest])


def _more(measured: Sequence[float], age: float) -> float:
    """Return how much longer a task takes that has run for some time."""
    longer = [seconds - age for seconds in measured if seconds > age]
    return sum(longer) / len(longer) if longer else age
