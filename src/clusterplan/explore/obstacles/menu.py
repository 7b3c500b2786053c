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
from clusterplan.explore.obstacles.exists import exists
from clusterplan.explore.obstacles.loose import Clock, Loose, Point
from clusterplan.explore.obstacles.words import told
from clusterplan.instance import instance_of
from clusterplan.region import Region

DIGITS = 4
"""Significant digits to which amounts are rounded up."""
ROUNDING = 1e-7
"""What an amount may be above a round number by the solver's tolerance, relative."""
ENTRIES = 12
"""Most entries of a menu."""
SHARE = 0.25
"""Share of what is left of the time for one entry."""


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


def _size(entry: Entry) -> tuple[float, int, bool]:
    """Return what entries are sorted by; of equals, those that send no firm away come first."""
    return entry.departs, len(entry.changes), any(change.kind == "let_go" for change in entry.changes)


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
            entry = _entry(loose, easing, known, _Checking(region, distances, found, clock), spare=spare)
            if entry is not None:
                found[entry.key] = entry
    by_size = sorted(found.values(), key=_size)
    return tuple(by_size[:ENTRIES])


@dataclass(frozen=True)
class _Checking:
    """What changes are checked with: the region, the entries so far, and what is left of the time."""

    region: Region
    distances: RegionDistances
    found: Mapping[Key, Entry]
    clock: Clock


def _entry(
    loose: Loose, easing: Mapping[int, float], known: Collection[int], checking: _Checking, *, spare: bool
) -> Entry | None:
    """Return the smallest changes among what may give way, if they are found in time and let a plan exist.

    Parameters
    ----------
    loose
        The program of the region.
    easing
        Cost of a unit of what may give way, by cause.
    known
        Causes to begin with.
    checking
        What changes are checked with.
    spare
        Whether firms that need not come are left out, which is soon known and may cost more.
    """
    entries: list[Entry] = []

    def is_enough(point: Point) -> bool:
        entry = _checked(loose, point, checking)
        entries.extend([] if entry is None else [entry])
        return entry is not None

    _, point = settled(
        loose,
        set(known),
        Clock(checking.clock.left(SHARE)),
        lambda causes, limit: loose.find(causes, easing=easing, spare=spare, time_limit=limit),
        is_enough,
    )
    if not entries and point.values is not None:
        is_enough(point)
    return entries[0] if entries else None


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
    heaviest = sorted(own, key=lambda n: loose.causes[n].weight, reverse=True)
    yield from ({n: costs[n]} for n in sorted(heaviest, key=lambda n: loose.causes[n].rule == "placed"))
    yield costs
    for kind in dict.fromkeys(eases[n].kind for n in own):
        alike = {n: costs[n] for n, ease in eases.items() if ease.kind == kind}
        if len(alike) > 1:
            yield alike


def _checked(loose: Loose, point: Point, checking: _Checking) -> Entry | None:
    """Return the entry of a point if the region so changed has a plan."""
    same = _same(loose, point, checking.found)
    if same is not None:
        return replace(same, is_least=same.is_least or point.is_least)
    if point.values is None:
        return None
    park = loose.written.decisions(point.values).park
    for more in (0.0, 1.0):
        changes = _changes(loose, point.amounts or {}, more)
        if not changes:
            return None
        try:
            other = changed(checking.region, changes)
        except InputError:  # a change that the region's other numbers do not bear
            return None
        if exists(instance_of(other, checking.distances), park, checking.clock.left(SHARE)):
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
