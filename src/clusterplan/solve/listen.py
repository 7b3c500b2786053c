"""Running HiGHS in a thread of its own, and listening to it.

Its scheduler belongs to the thread that runs it, so each run may have its own number of threads;
and Ctrl-C is caught in the calling thread, where Python can see it, and passed on.
"""

from __future__ import annotations

import atexit
import math
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import highspy
import numpy as np

from clusterplan.instance import Floats

POLL_S = 0.1
"""How often a run is looked at while it works, seconds."""

GRACE_S = 3.0
"""How long HiGHS is waited for after Ctrl-C, seconds: in a large relaxation it does not listen."""

Watch = Callable[[float | None, float | None, int], None]
"""Told the best value, the bound (both in the problem's own sense) and the nodes while HiGHS works."""

_left: list[Event] = []  # set when a run that was left has ended

_Event = highspy.cb.HighsCallbackType


class Told:
    """What HiGHS last said, written in its thread, read in the caller's."""

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self.stop = False
        self.best: float | None = None
        self.bound: float | None = None
        self.nodes = 0
        self.values: Floats | None = None

    def listen(self, event: Any) -> None:
        """Take down how far HiGHS is, and tell it to stop if it is to."""
        kind, said = event.callback_type, event.data_out
        if kind == _Event.kCallbackMipImprovingSolution:
            self.values = np.array(said.mip_solution, dtype=float)
            return
        if kind == _Event.kCallbackMipInterrupt:
            self.best = finite(said.mip_primal_bound * self.factor)
            self.bound = finite(said.mip_dual_bound * self.factor)
            self.nodes = max(int(said.mip_node_count), 0)
        if self.stop:
            event.interrupt()


def go(highs: Any, told: Told, watch: Watch | None) -> tuple[Any, bool]:
    """Run HiGHS; return its answer, and whether Ctrl-C was pressed.

    After Ctrl-C it is waited for for `GRACE_S`, after another not at all; then it is left to end by itself,
    and the answer is None.
    """
    answer = [highspy.HighsStatus.kError]
    done = Event()  # not Thread.join: Ctrl-C inside it makes Python 3.11 take a running thread for ended

    def work() -> None:
        try:
            answer[0] = highs.run()
            highspy.Highs.resetGlobalScheduler(False)  # this thread's own: its helpers end with it
        finally:
            done.set()

    Thread(target=work, name="HiGHS", daemon=True).start()
    patience = math.inf
    while not done.is_set():
        try:
            if patience < 0.0:
                _left.append(done)
                return None, True
            patience -= POLL_S
            done.wait(POLL_S)
            if watch is not None:
                watch(told.best, told.bound, told.nodes)
        except KeyboardInterrupt:
            patience = -1.0 if told.stop else GRACE_S
            told.stop = True
        except BaseException:
            told.stop = True
            if not done.wait(GRACE_S):
                _left.append(done)
            raise
    return answer[0], told.stop


def left_running() -> bool:
    """Return whether a run that Ctrl-C did not reach in time still goes on in its thread.

    Python waits up to half a minute for it at exit. To leave at once, flush and call ``os._exit``.
    """
    return not all(done.is_set() for done in _left)


@atexit.register
def _wait_for_those_left() -> None:
    """Keep Python from taking itself down under a run, which would abort the process."""
    for done in _left:
        done.wait(30.0)


def finite(number: float) -> float | None:
    """Return the number, None if it is infinite."""
    return number if math.isfinite(number) else None
