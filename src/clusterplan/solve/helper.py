"""A helper's process: improves the plans it is told of, and sends back better ones. See `crew`."""

from __future__ import annotations

import os
import pickle
import sys
import time
from queue import Empty, Queue
from threading import Thread
from typing import Any

from clusterplan.instance import Decisions
from clusterplan.solve.improve import BETTER
from clusterplan.solve.refine import refine

TURN = 20.0
"""Seconds after which a helper looks for what it was told meanwhile."""


def main() -> None:
    """Read the instance, seed and time limit, then plans; write better plans."""
    begun = time.monotonic()
    told, answer = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a solver prints is no plan
    instance, seed, time_limit = pickle.load(told)  # noqa: S301  (our own process wrote it)
    news: Queue[tuple[Decisions, float] | None] = Queue()
    Thread(target=_listen, args=(told, news), daemon=True).start()
    best = news.get()

    def tell(decisions: Decisions, value: float) -> None:
        pickle.dump((decisions, value), answer)
        answer.flush()

    turn = 0
    while best is not None:
        left = None if time_limit is None else time_limit - (time.monotonic() - begun)
        if left is not None and left <= 0:
            break
        found = refine(
            instance,
            best[0],
            time_limit=TURN if left is None else min(left, TURN),
            seed=seed + 104_729 * turn,
            on_better=tell,
        )
        turn += 1
        best = (found.decisions, max(found.value, best[1]))
        best = _latest(news, best)


def _latest(
    news: Queue[tuple[Decisions, float] | None], best: tuple[Decisions, float]
) -> tuple[Decisions, float] | None:
    """Return the best plan there is now; None when the caller is gone."""
    try:
        while True:
            heard = news.get_nowait()
            if heard is None:
                return None
            if heard[1] > best[1] + BETTER * max(1.0, abs(best[1])):
                best = heard
    except Empty:
        return best


def _listen(pipe: Any, news: Queue[tuple[Decisions, float] | None]) -> None:
    try:
        while True:
            news.put(pickle.load(pipe))  # noqa: S301  (our own process wrote it)
    except Exception:  # noqa: BLE001  (whatever it is, nothing more will come)
        news.put(None)


if __name__ == "__main__":
    main()
