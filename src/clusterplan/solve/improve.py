"""`improve`: large-neighbourhood search. Parts of a plan are freed, and each part is solved exactly.

A part is an instance of its own: firms that are not freed may be in their park alone, or nowhere if they
are out, so that columns of other places are never written. All rules hold in it: budgets, willingness of
every firm, supply, shared capacities. Its optimum is a plan of the whole, no worse than the one before.

Source: Shaw 1998 (Using constraint programming and local search methods to solve vehicle routing
problems); adaptive choice: Ropke and Pisinger 2006 (An adaptive large neighbourhood search heuristic).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.errors import InternalError
from clusterplan.instance import Bools, Decisions, Floats, Instance
from clusterplan.rules import write
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.neighbours import Neighbourhoods

PART_SECONDS = 4.0
"""Most seconds for one part."""
PART_NODES = 300
"""Most nodes for one part where time is not limited."""
PART_GAP = 1e-4
"""Gap to which a part is solved."""
LEAST_FREE, FIRST_FREE = 4.0, 10.0
"""Firms freed: at least, and at first."""
WHOLE = 0.6
"""Share of the firms that may move that a part frees at most."""
BETTER = 1e-7
"""A plan is better if its value is higher by more than this (relative, or absolute below 1)."""


@dataclass(frozen=True)
class Improved:
    """What improving came to.

    Parameters
    ----------
    decisions
        The best plan.
    value
        Its value, m currency/y.
    rounds
        Parts solved.
    interrupted
        Whether Ctrl-C ended it.
    """

    decisions: Decisions
    value: float
    rounds: int
    interrupted: bool = False


def improve(
    instance: Instance,
    decisions: Decisions,
    *,
    time_limit: float | None = None,
    rounds: int | None = None,
    patience: int | None = None,
    seed: int = 0,
    on_better: Callable[[Decisions, float], object] | None = None,
) -> Improved:
    """Return a plan no worse than the one given.

    Without a time limit parts are limited by branch-and-bound nodes, and the same call gives the same plan.

    Parameters
    ----------
    instance
        What is planned.
    decisions
        A plan that holds.
    time_limit
        Seconds; None: no limit.
    rounds
        Parts to solve; None: no limit.
    patience
        Parts in a row without a better plan after which to stop; None: never.
    seed
        Seed of the choice of parts.
    on_better
        Called with each better plan and its value.

    Raises
    ------
    InternalError
        If the plan given does not hold.
    """
    begun = time.monotonic()
    kinds = Neighbourhoods(instance, np.random.default_rng(seed))
    first = solved(instance, decisions, np.zeros(instance.n_firms, dtype=bool), None)
    if first.decisions is None:
        raise InternalError("A plan that was to be improved breaks a rule.")
    best, worth = first.decisions, first.value
    most = float(kinds.movable.sum())
    size, done, stale = min(FIRST_FREE, most), 0, 0
    try:
        while most and (rounds is None or done < rounds) and (patience is None or stale < patience):
            left = math.inf if time_limit is None else time_limit - (time.monotonic() - begun)
            if left <= 0.05:
                break
            started = time.monotonic()
            limit = None if time_limit is None else min(PART_SECONDS, left)
            found = solved(instance, best, kinds.choose(best, round(size)), limit)
            spent = time.monotonic() - started
            done, stale = done + 1, stale + 1
            better = found.decisions is not None and found.value > worth + BETTER * max(1.0, abs(worth))
            if better and found.decisions is not None:
                best, worth, stale = found.decisions, found.value, 0
                if on_better is not None:
                    on_better(best, worth)
            kinds.told(better=better, seconds=spent if time_limit is not None else 1.0)
            if found.interrupted:
                return Improved(best, worth, done, interrupted=True)
            if not found.complete:
                size = max(LEAST_FREE, 0.85 * size)
            elif not better and (time_limit is None or spent < 0.4 * PART_SECONDS):
                size = min(max(FIRST_FREE, WHOLE * most), most, 1.08 * size + 0.05)
            if size >= most and not better and found.complete:  # the part was the whole
                break
    except KeyboardInterrupt:  # while a part was written, not solved
        return Improved(best, worth, done, interrupted=True)
    return Improved(best, worth, done)


@dataclass(frozen=True)
class Part:
    """A part that was solved: its plan of the whole (None: none), its value, and how it ended."""

    decisions: Decisions | None
    value: float
    complete: bool
    interrupted: bool


def solved(instance: Instance, decisions: Decisions, free: Bools, time_limit: float | None) -> Part:
    """Solve the part of a plan in which some firms are free.

    Parameters
    ----------
    instance, decisions
        What is planned, and the plan that the part belongs to.
    free
        (F,) the firms that may move, come or go.
    time_limit
        Seconds; None: at most `PART_NODES` nodes.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C came before any plan of the part was found.
    """
    return solve_part(part_of(instance, decisions, free), decisions, time_limit)


def solve_part(part: Instance, decisions: Decisions, time_limit: float | None) -> Part:
    """Solve an instance that is a part of another, from decisions that may be within it.

    Parameters
    ----------
    part
        The part.
    decisions
        Where to start from.
    time_limit
        Seconds; None: at most `PART_NODES` nodes.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C came before any plan of the part was found.
    """
    written = write(part)
    outcome = solve_highs(
        matrix_of(written),
        time_limit=time_limit,
        work_limit=PART_NODES if time_limit is None else None,
        gap=PART_GAP,
        start=written.values(decisions),
    )
    if outcome.interrupted and outcome.values is None:
        raise KeyboardInterrupt
    complete = outcome.status in {"optimal", "infeasible"} or outcome.limit == "gap"
    if outcome.values is None or outcome.value is None:
        return Part(None, -math.inf, complete, outcome.interrupted)
    return Part(written.decisions(outcome.values), outcome.value, complete, outcome.interrupted)


def completed(instance: Instance, decisions: Decisions, time_limit: float | None) -> Part:
    """Return a plan with the places of these decisions, the rest chosen anew."""
    return solved(instance, decisions, np.zeros(instance.n_firms, dtype=bool), time_limit)


def part_of(instance: Instance, decisions: Decisions, free: Bools) -> Instance:
    """Return the instance in which all firms but some stay where they are, or out."""
    sites, park = instance.sites, decisions.park
    held = ~free
    admissible = np.array(sites.admissible)
    admissible[held] = False
    there = np.flatnonzero(held & (park >= 0))
    admissible[there, park[there]] = True
    must = np.array(sites.must_place)
    must[there] = True
    return replace(instance, sites=replace(sites, admissible=admissible, must_place=must))


def first_plan(instance: Instance, time_limit: float | None) -> Part:
    """Return a plan of the firms that must be placed alone."""
    return solved(instance, nobody(instance), np.array(instance.sites.must_place), time_limit)


def nobody(instance: Instance) -> Decisions:
    """Return decisions in which every firm is out."""
    trade = instance.trade
    shape = (instance.n_firms, len(trade.products), len(trade.gateways))
    nothing: Floats = np.zeros(shape)
    return Decisions(
        opened=np.array(instance.sites.open_always),
        park=np.full(instance.n_firms, -1),
        load=np.zeros(instance.n_firms),
        supply=np.zeros(len(trade.seller)),
        sold=nothing,
        bought=nothing.copy(),
        award=np.zeros(len(instance.awards.firm)),
        level=np.zeros(len(instance.levels.names), dtype=bool),
        built=np.zeros(len(instance.works.names), dtype=bool),
    )
