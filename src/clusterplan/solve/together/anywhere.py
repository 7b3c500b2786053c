"""A bound for several futures at once, with places left out.

The relaxation of `clusterplan.solve.anywhere`, which has one park that is as good as the best for everything,
written for each future with the firms that come and their awards decided once: its size does not depend on
the number of parks, so that it can be solved where the whole can't. A firm that is gone makes nothing;
what is rationed in a future, and parks that are gone, are left out. Every plan for all futures is a
solution with at least its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clusterplan.instance import Bools, Instance, Later
from clusterplan.rules.tighten import Tightened
from clusterplan.rules.tighten.once import Together
from clusterplan.rules.tighten.where import NONE
from clusterplan.rules.written import Written
from clusterplan.solve.anywhere import GAP, written_anywhere
from clusterplan.solve.session import Settings, run
from clusterplan.solve.together.asked import Asked
from clusterplan.solve.together.shared import joined


def bound_anywhere_together(
    today: Instance, futures: Sequence[Later], asked: Asked, time_limit: float | None, seed: int = 0
) -> float | None:
    """Return a value that no plan for all the futures exceeds, m currency/y; None if none is known in time.

    Parameters
    ----------
    today
        What is planned.
    futures
        The futures.
    asked
        What is made best, and when firms come.
    time_limit
        Seconds; None: no limit.
    seed
        Seed of the solver.
    """
    if min(today.weights.values()) < 0:  # a cost that counts as a gain: the best place is another
        return None
    if len(today.trade.second_routes):  # what a second route earns counts by another weight here
        return None
    blocks = []
    for later in futures:
        anywhere = np.asarray(later.there.any(axis=1, keepdims=True))
        moves = (later.there != later.instance.sites.admissible).any(axis=1)
        results = later.instance.results
        idle = replace(results, min_load=np.where(moves, 0.0, results.min_load))
        written = written_anywhere(replace(later.instance, results=idle))
        blocks.append((_plain(written), _without_places(later, written.instance, anywhere)))
    nobody = replace(today.results, willing=np.zeros_like(today.results.willing))
    first = written_anywhere(replace(today, results=nobody, stable=None))
    willing = replace(first.instance.results, willing=today.results.willing)
    one = replace(first.instance, results=willing)
    whole = joined(one, asked, _plain(first), blocks).part()
    found = run(whole.matrix, Settings(time_limit=time_limit, gap=GAP, seed=seed))
    return found.bound if found.claim in {"optimal", "stopped"} else None


def _without_places(later: Later, one: Instance, anywhere: Bools) -> Later:
    """Return a future of one park in which nothing is rationed."""
    return replace(
        later,
        instance=one,
        there=anywhere,
        capacity=one.sites.capacity,
        group_capacity=one.sites.group_capacity,
        needs=one.sites.needs,
    )


def _plain(written: Written) -> Tightened:
    """Return a program with no rows or columns of `clusterplan.rules.tighten`."""
    none = np.zeros(0, dtype=np.int64)
    return Tightened(written, Together(none, none, none, none, none, none, none), NONE)
