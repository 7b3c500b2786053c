"""The menu: the smallest changes that mend a conflict, each justified by a plan of the region so changed.

For one cause at a time that could give way, then for all of one kind, then for all kinds together:

    min Σ amount ÷ what is there     such that every cause of the region holds, those given way apart

A change that is made or not counts 1. A single change can only mend what conflicts if it is of the
conflict, so those of the conflict are all that are tried. Source: elastic filtering, Chinneck 2008,
Feasibility and Infeasibility in Optimization, chapter 6.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from clusterplan.distance import RegionDistances
from clusterplan.errors import InputError
from clusterplan.explore.obstacles.cause import Cause, Ease
from clusterplan.explore.obstacles.change import Change, changed
from clusterplan.explore.obstacles.conflict import settled
from clusterplan.explore.obstacles.loose import Clock, Loose, Point
from clusterplan.explore.obstacles.words import told
from clusterplan.instance import instance_of
from clusterplan.region import Region
from clusterplan.solve import plan_of

DIGITS = 4
"""Significant digits to which amounts are rounded up."""
ROUNDING = 1e-7
"""What an amount may be above a round number by the solver's tolerance, relative."""
ENTRIES = 12
"""Most entries of a menu."""
SHARE = 0.25
"""Share of what is left of the time for one entry."""
CHECK_SECONDS = 10.0
"""Most seconds for showing that a plan exists."""


Key = frozenset[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Entry:
    """Changes that together let a plan exist.

    Parameters
    ----------
    changes
        What is changed.
    departs
        How far they depart from what is there, added up.
    is_least
        Whether it is proven that no smaller change of the same kind (or, of all kinds together) is enough.
    """

    changes: tuple[Change, ...]
    departs: float
    is_least: bool

    @property
    def key(self) -> Key:
        """What is changed, by whatever amounts."""
        return _key(self.changes)


def _key(changes: tuple[Change, ...]) -> Key:
    return frozenset((change.kind, change.about) for change in changes)


def menu(
    loose: Loose,
    region: Region,
    distances: RegionDistances,
    *,
    conflict: Collection[int],
    known: Collection[int],
    clock: Clock,
) -> tuple[Entry, ...]:
    """Return changes that let a plan exist, least departure first, as many as time allows.

    Parameters
    ----------
    loose
        The program of the region.
    region, distances
        The region.
    conflict
        Causes that can't hold together.
    known
        Causes to begin with: those found to matter.
    clock
        When to stop.
    """
    found: dict[Key, Entry] = {}
    ways = list(_ways(loose, conflict))
    asked = any(loose.causes[n].about[1:] == ("at_least",) for n in known)  # firms that need not come must
    for spare in (False,) if asked else (True, False):
        for easing in ways:
            if clock.is_up:
                break
            point = least(loose, easing, known, Clock(clock.left(SHARE)), spare=spare)
            if point.values is None:
                continue
            same = _same(loose, point, found)
            if same is not None:
                found[same.key] = replace(same, is_least=same.is_least or point.is_least)
                continue
            entry = _checked(loose, region, distances, point, clock)
            if entry is not None:
                found[entry.key] = entry
    by_size = sorted(found.values(), key=lambda entry: (entry.departs, len(entry.changes)))
    return tuple(by_size[:ENTRIES])


def least(
    loose: Loose, easing: Mapping[int, float], known: Collection[int], clock: Clock, *, spare: bool
) -> Point:
    """Return values for which every cause of the region holds, with the least cost of what gives way.

    Parameters
    ----------
    loose
        The program of the region.
    easing
        Cost of a unit of what may give way, by cause.
    known
        Causes to begin with.
    clock
        When to stop.
    spare
        Whether firms that need not come are left out, which is soon known and may cost more.
    """
    _, point = settled(
        loose,
        set(known),
        clock,
        lambda causes, limit: loose.find(causes, easing=easing, spare=spare, time_limit=limit),
    )
    return point


def _same(loose: Loose, point: Point, found: Mapping[Key, Entry]) -> Entry | None:
    """Return the entry of the menu that changes what a point changes, by no more."""
    changes = _changes(loose, point.amounts or {}, 0.0)
    known = found.get(_key(changes))
    is_no_more = known is not None and known.departs <= sum(c.departs for c in changes) * (1 + 1e-9)
    return known if is_no_more else None


def cost_of(cause: Cause) -> float | None:
    """Return the cost of a unit of what gives way, None if it can't."""
    return None if cause.ease is None else cause.ease.departs(1.0)


def _ways(loose: Loose, conflict: Collection[int]) -> Iterator[dict[int, float]]:
    """Yield what may give way: each cause of the conflict, all causes, all of each kind in the conflict."""
    costs = {n: cost for n, cause in enumerate(loose.causes) if (cost := cost_of(cause)) is not None}
    eases = {n: ease for n in costs if (ease := loose.causes[n].ease) is not None}
    own = [n for n in conflict if n in costs]
    if not own:
        return
    yield from ({n: costs[n]} for n in sorted(own, key=lambda n: loose.causes[n].weight, reverse=True))
    yield costs
    for kind in dict.fromkeys(eases[n].kind for n in own):
        alike = {n: costs[n] for n, ease in eases.items() if ease.kind == kind}
        if len(alike) > 1:
            yield alike


def _checked(
    loose: Loose, region: Region, distances: RegionDistances, point: Point, clock: Clock
) -> Entry | None:
    """Return the entry of a point if the region so changed has a plan."""
    assert point.values is not None
    park = loose.written.decisions(point.values).park
    for more in (0.0, 1.0):
        changes = _changes(loose, point.amounts or {}, more)
        if not changes:
            return None
        try:
            other = changed(region, changes)
        except InputError:  # a change that the region's other numbers do not bear
            return None
        left = clock.left()
        limit = CHECK_SECONDS if left is None else min(CHECK_SECONDS, max(left, 1.0))
        if plan_of(instance_of(other, distances), park, limit) is not None:
            return Entry(changes, sum(change.departs for change in changes), point.is_least)
    return None


def _changes(loose: Loose, amounts: Mapping[int, float], more: float) -> tuple[Change, ...]:
    """Return the changes of a point, amounts rounded up, and by so much more in the last digit."""
    made = []
    for number, amount in amounts.items():
        ease = loose.causes[number].ease
        if ease is not None and amount > ROUNDING * max(1.0, ease.there):
            made.append(_change(ease, amount, more))
    return tuple(sorted(made, key=lambda change: (-change.departs, change.id)))


def _change(ease: Ease, amount: float, more: float) -> Change:
    given = float(round(amount)) if ease.whole or not ease.unit else rounded_up(amount, more)
    given = min(given, ease.most)
    return Change(
        ease.kind, ease.about, given, ease.unit, ease.words.format(told(given)), ease.departs(given)
    )


def rounded_up(amount: float, more: float = 0.0) -> float:
    """Return an amount rounded up to four digits, and by so much more in the last of them.

    Examples
    --------
    >>> rounded_up(12.34567), rounded_up(12.3), rounded_up(12.3, 1.0)
    (12.35, 12.3, 12.31)
    """
    places = DIGITS - 1 - math.floor(math.log10(amount))
    step = 10.0**-places
    steps = math.ceil(amount * (1 - ROUNDING) / step - ROUNDING) + more
    return round(steps * step, max(places, 0)) if places > 0 else float(steps * step)
