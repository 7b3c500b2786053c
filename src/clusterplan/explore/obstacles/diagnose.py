"""`diagnose`: why no plan exists, and the smallest changes that would let one exist."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from clusterplan.distance import region_distances
from clusterplan.errors import Fault, UsageError
from clusterplan.explore.obstacles.cause import Cause
from clusterplan.explore.obstacles.causes import causes_of
from clusterplan.explore.obstacles.conflict import Shrunk, grown, smallest
from clusterplan.explore.obstacles.diagnosis import Diagnosis
from clusterplan.explore.obstacles.exists import exists
from clusterplan.explore.obstacles.loose import Clock, Loose, Point
from clusterplan.explore.obstacles.menu import Entry, cost_of, menu
from clusterplan.instance import Bar, Bools, Instance, bars, instance_of, lifted
from clusterplan.plan.certain import certain_faults
from clusterplan.region import Region
from clusterplan.rules import Written, write

GROW_SHARE = 0.6
SHRINK_SHARE = 0.7
"""Shares of the time that is left for finding a conflict, and for making it small; the rest is the menu's."""

ENOUGH_SHARE = 0.25
"""Share of the time that is left for the numbers with which a conflict could hold, and for one of them."""
EXISTS_SHARE = 0.15
"""Share of the time for a conflict that finding a plan instead may take."""


def diagnose(region: Region, *, time_limit: float | None = 30.0) -> Diagnosis:
    """Return why no plan exists for a region, and the smallest changes that would let one exist.

    What must hold in every plan is taken apart into rules as a planner names them: a firm that must be in
    the plan, what a park has of a resource, a budget, a requirement, what a park admits, a lock, a firm
    that comes only if it pays. The conflict is a set of them that can't hold together, though they could
    without any one of them; whole numbers count, so that three firms of 40 ha do not fit into two parks of
    60. There may be other such sets.

    Parameters
    ----------
    region
        The region.
    time_limit
        Seconds; None: no limit. When they run out, the best set found so far is returned, marked as such.

    Returns
    -------
    Diagnosis
        Whether a plan exists; if none does, the conflict and a menu of changes. Every entry of the menu was
        tried: the region so changed has a plan.

    Raises
    ------
    UsageError
        If the time limit is negative.

    Examples
    --------
    >>> import clusterplan as cp
    >>> region = cp.load_region("tiny")
    >>> firms = region.firms.assign(lock=[None, None, None, "in"])
    >>> found = cp.diagnose(cp.Region.from_frames(**{**region.given(), "firms": firms}))
    >>> found.feasible, found.is_minimal
    (False, True)
    >>> found.menu["change"].iloc[0]
    '0.187 m EUR/y more for Clear Glass, without which it would not come'
    """
    if time_limit is not None and not time_limit >= 0:
        raise UsageError(f"The time limit is in seconds, 0 or more, not {time_limit!r}.")
    clock = Clock(time_limit)
    distances = region_distances(region)
    instance = instance_of(region, distances)
    certain = certain_faults(region, instance)
    loose = _loose(
        region, instance, lifted(region, distances), bars(region, distances, instance.sites.admissible)
    )
    growing = Clock(clock.left(GROW_SHARE))
    known, point = grown(
        loose, growing, lambda point: not certain and _is_plan(loose, instance, point, growing)
    )
    if point.status == "unknown":  # without a conflict there is nothing to make small, and no menu
        known, point = grown(loose, Clock(clock.left()), lambda _: False, known)
    if point.status == "conflict":
        conflict = smallest(loose, known, Clock(clock.left(SHRINK_SHARE)))
        enough = _enough(loose, conflict.causes, Clock(clock.left(ENOUGH_SHARE)))
        entries = menu(loose, region, distances, conflict=conflict.causes, known=known, clock=clock)
        feasible: bool | None = False
    else:
        conflict, enough, entries = Shrunk((), is_minimal=False), {}, ()
        feasible = True if point.status == "holds" else False if certain else None
    return _diagnosis(
        region,
        loose,
        conflict,
        enough=enough,
        entries=entries,
        feasible=feasible,
        certain=certain,
        seconds=clock.spent,
    )


def _is_plan(loose: Loose, instance: Instance, point: Point, clock: Clock) -> bool:
    """Return whether there is a plan in which firms are where a point has them, or out."""
    if point.values is None:
        return False
    park = loose.written.decisions(point.values).park
    return exists(instance, park, clock.left(EXISTS_SHARE))


def _loose(region: Region, instance: Instance, free: Instance, barred: tuple[Bar, ...]) -> Loose:
    written = write(free)
    must = instance.sites.must_place
    _must_be_placed(written, must)
    return Loose(written, must, causes_of(region, free, written, barred))


def _must_be_placed(written: Written, must: Bools) -> None:
    """Add rows Σ_s y[f,s] ≥ 1 for firms that must be placed: in the lifted instance none must."""
    sited, sites = written.sited, written.instance.sites
    firms = np.flatnonzero(must)
    row_of = np.full(len(must), -1)
    row_of[firms] = np.arange(len(firms))
    row = row_of[sited.firm]
    used = row >= 0
    y = sited.y[sited.firm, sited.park]
    written.program.rows(
        "placed", len(firms), [(row[used], y[used], 1.0)], ">=", 1.0, lambda i: sites.firms[firms[i]]
    )


def _enough(loose: Loose, conflict: Collection[int], clock: Clock) -> dict[int, float]:
    """Return by how much each cause would have to give way for the rest of the conflict to hold."""
    enough = {}
    for number in conflict:
        cause = loose.causes[number]
        cost = cost_of(cause)
        if cost is None or cause.ease is None or not cause.ease.unit or clock.is_up:
            continue
        point = loose.find(conflict, easing={number: cost}, time_limit=clock.left(ENOUGH_SHARE))
        if point.amounts is not None and point.is_least:
            enough[number] = point.amounts[number]
    return enough


def _diagnosis(
    region: Region,
    loose: Loose,
    conflict: Shrunk,
    *,
    enough: Mapping[int, float],
    entries: tuple[Entry, ...],
    feasible: bool | None,
    certain: tuple[Fault, ...],
    seconds: float,
) -> Diagnosis:
    order = sorted(conflict.causes, key=lambda n: (loose.causes[n].weight, n), reverse=True)
    return Diagnosis(
        region=region,
        feasible=feasible,
        conflict=_conflict_frame([(loose.causes[n], enough.get(n, math.nan)) for n in order]),
        menu=_menu_frame(entries),
        is_minimal=conflict.is_minimal,
        certain=certain,
        entries=entries,
        seconds=seconds,
    )


def _conflict_frame(causes: list[tuple[Cause, float]]) -> pd.DataFrame:
    rows = [
        (cause.rule, cause.id, cause.what, _instead(cause, more), cause.limit, cause.unit)
        for cause, more in causes
    ]
    columns = ["rule", "id", "what", "amount", "limit", "unit"]
    return pd.DataFrame(rows, columns=columns).astype({"amount": float, "limit": float})


def _instead(cause: Cause, more: float) -> float:
    """Return the number instead of the limit with which the rest of a conflict could hold."""
    gives_more = (
        cause.ease is not None and cause.ease.per_unit < 0
    )  # a most that rises, or a least that falls
    return cause.limit + more if gives_more else cause.limit - more


def _menu_frame(entries: tuple[Entry, ...]) -> pd.DataFrame:
    rows = [
        (
            number,
            change.words,
            change.kind,
            change.id,
            change.amount,
            change.unit,
            entry.departs,
            entry.is_least,
        )
        for number, entry in enumerate(entries)
        for change in entry.changes
    ]
    columns = ["entry", "change", "kind", "id", "amount", "unit", "departs", "is_least"]
    frame = pd.DataFrame(rows, columns=columns).astype({"amount": float, "departs": float, "is_least": bool})
    return frame.set_index("entry")
