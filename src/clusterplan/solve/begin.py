"""From a region to a first plan: a layout is searched for, and made a plan by the program of its places.

The search sees all but what only the whole program weighs (`clusterplan.solve.surrogate`). So its layout is
given to the program, in which each firm may be where the layout has it, or, if it has the choice, nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance import Bools, Decisions, Instance, Ints
from clusterplan.instance.moving import moving
from clusterplan.solve.improve import nobody, solve_part
from clusterplan.solve.seek.searching import search, warm
from clusterplan.solve.surrogate import layout_of

SHARED = (1.0, 0.5)
"""How far products are shared, by turns; see `layout_of`."""
MOVES = 3_000_000
"""Moves of one search where time is not limited."""
PART_SECONDS = 10.0
"""Most seconds for making a layout a plan."""


@dataclass(frozen=True)
class Begun:
    """A plan to improve, its value, m currency/y, and whether Ctrl-C was pressed while it was found."""

    decisions: Decisions
    value: float
    interrupted: bool = False


def begin(
    instance: Instance,
    *,
    time_limit: float | None,
    seed: int,
    start: Ints | None = None,
    on_better: Callable[[Begun], None] | None = None,
) -> Begun | None:
    """Return the best plan that layouts searched for make; None if none was found.

    Parameters
    ----------
    instance
        What is planned.
    time_limit
        Seconds for the search; None: `MOVES` moves, and the same call gives the same plan.
    seed
        Seed of the search.
    start
        (F,) layout to start from; None: from nothing.
    on_better
        Called with each better plan.
    """
    best: Begun | None = None
    warm()  # what is compiled, or read from the cache, is not the search's time
    for turn, shared in enumerate(SHARED):
        layout = layout_of(instance, shared)
        share = None if time_limit is None else time_limit / len(SHARED)
        found = search(
            layout,
            time_limit=share,
            work_limit=MOVES if time_limit is None else None,
            seed=seed + turn,
            start=start,
        )
        plan = plan_of(instance, found.park, None if time_limit is None else PART_SECONDS)
        if plan is not None and (best is None or plan.value > best.value):
            best = plan
            if on_better is not None:
                on_better(best)
        if plan is not None and plan.interrupted:
            raise KeyboardInterrupt
        if not _trades(instance):  # nothing to share: the layouts are the same
            break
    return best


def plan_of(instance: Instance, park: Ints, time_limit: float | None) -> Begun | None:
    """Return the best plan in which every firm is where a layout has it, or out; None if there is none.

    Parameters
    ----------
    instance
        What is planned.
    park
        (F,) the layout, −1 for a firm that is out.
    time_limit
        Seconds; None: no limit but on nodes.
    """
    part = solve_part(layout_part(instance, park), replace(nobody(instance), park=park), time_limit)
    if part.decisions is None and instance.stable is not None:
        return _settled(instance, park, time_limit)
    if part.decisions is None or not math.isfinite(part.value):
        return None
    return Begun(part.decisions, part.value, part.interrupted)


def _settled(instance: Instance, park: Ints, time_limit: float | None) -> Begun | None:
    """Return a stable plan of the places in which firms end that go where they would rather be."""
    if instance.stable is None:
        return None
    restless = plan_of(replace(instance, stable=None), park, time_limit)
    if restless is None:
        return None
    after = moving(instance, restless.decisions, instance.stable)
    if after.end != "settled" or not after.moves:
        return None
    layout = layout_part(instance, after.decisions.park)
    part = solve_part(layout, after.decisions, time_limit)
    return None if part.decisions is None else Begun(part.decisions, part.value, part.interrupted)


def layout_part(instance: Instance, park: Ints) -> Instance:
    """Return the instance in which firms may be in their park of a layout alone, or out if they may be."""
    sites = instance.sites
    placed = np.flatnonzero(park >= 0)
    admissible: Bools = np.zeros_like(sites.admissible)
    admissible[placed, park[placed]] = sites.admissible[placed, park[placed]]
    stuck = sites.must_place & ~admissible.any(axis=1)
    admissible[stuck] = sites.admissible[stuck]
    return replace(instance, sites=replace(sites, admissible=admissible))


def _trades(instance: Instance) -> bool:
    return len(instance.trade.seller) > 0
