"""The smallest set of causes that can't hold together, whatever decides whether some can.

`grown` goes from nothing to a set that can't: what the last values broke is added, until no values are
left. `shrunk` goes from such a set to one from which nothing can be left out: parts are left out, twice as
many after each success, one at a time after a failure (deletion filter of Chinneck and Dravnieks 1991,
Locating minimal infeasible constraint sets in linear programs; growing steps as in Junker 2004,
QUICKXPLAIN: preferred explanations and relaxations for over-constrained problems).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from clusterplan.explore.obstacles.cause import Cause
from clusterplan.explore.obstacles.loose import Clock, Loose, Point

TEST_SHARE = 0.34
"""Share of what is left of the time that one test of a set may take."""
CORE_SHARE = 0.6
"""Share of it that the relaxation may take, which mostly makes a set small at once."""

CHAIN = frozenset({"sold", "bought", "load_least", "buys_up_to", "sells_up_to"})
MONEY = frozenset({"willingness", "award_cap", "award_least", "exclusive", "aid_ceiling", "budget"})
"""Rules of supply, and of money; all others are about places."""


@dataclass(frozen=True)
class Shrunk:
    """A set of causes that can't hold together.

    Parameters
    ----------
    causes
        Their numbers.
    is_minimal
        Whether it is proven that each can't be left out.
    """

    causes: tuple[int, ...]
    is_minimal: bool


def grown(
    loose: Loose, clock: Clock, is_enough: Callable[[Point], bool], begun: Collection[int] = ()
) -> tuple[set[int], Point]:
    """Return causes that can't hold together, or, if all can, what shows that.

    Parameters
    ----------
    loose
        The program.
    clock
        When to stop.
    is_enough
        Whether a plan exists in which firms are where a point has them, or out.
    begun
        Causes to begin with: those that an earlier call came to.

    Returns
    -------
    set of int, Point
        The causes that were needed, and the last point: ``conflict`` if they can't hold together; ``holds``
        if every cause of the region can; ``unknown`` if time ran out.
    """
    return settled(
        loose, set(begun), clock, lambda causes, limit: loose.find(causes, time_limit=limit), is_enough
    )


def settled(
    loose: Loose,
    chosen: set[int],
    clock: Clock,
    find: Callable[[Collection[int], float | None], Point],
    is_enough: Callable[[Point], bool],
) -> tuple[set[int], Point]:
    """Add what the values found break to what is asked for, until they break nothing or there are none.

    Rules about places come first, then those of supply, then those of money: what can't be placed need not
    be paid for, and the programs stay small. Once all places are as they may be it is seen whether that is
    enough, for what was asked for so far is a relaxation.

    Parameters
    ----------
    loose
        The program.
    chosen
        Causes to begin with.
    clock
        When to stop.
    find
        Returns values for which some causes hold, within seconds.
    is_enough
        Asked once: whether a plan exists with the places of a point.
    """
    causes, was_asked = set(chosen), False
    while not clock.is_up:
        point = find(causes, clock.left())
        if point.values is None:
            return causes, point
        more = loose.broken(point.values, point.amounts or {}) - causes
        first = min((layer(loose.causes[number]) for number in more), default=None)
        if first != 0 and not was_asked:
            was_asked = True
            if is_enough(point):
                return causes, point
        if not more:
            return causes, point
        causes |= {number for number in more if layer(loose.causes[number]) == first}
    return causes, Point("unknown")


def layer(cause: Cause) -> int:
    """Return 0 for a rule about places, 1 for one of supply, 2 for one of money."""
    return 2 if cause.rule in MONEY else int(cause.rule in CHAIN)


def shrunk(causes: Sequence[int], holds: Callable[[Sequence[int]], bool | None]) -> Shrunk:
    """Return a part of the causes that can't hold together, from which none can be left out.

    Parameters
    ----------
    causes
        Causes that can't hold together; those that come first are left out first.
    holds
        Whether some of them can hold together; None if that is not known in time.
    """
    needed: list[int] = []
    rest, is_minimal, size = list(causes), True, 1
    while rest:
        size = min(size, len(rest))
        answer = holds([*needed, *rest[size:]])
        if answer is False:
            rest, size = rest[size:], 2 * size
        elif size > 1:
            size = 1
        else:
            is_minimal &= answer is True
            needed.append(rest.pop(0))
    return Shrunk(tuple(needed), is_minimal)


def smallest(loose: Loose, causes: Collection[int], clock: Clock) -> Shrunk:
    """Return the smallest part of causes that can't hold together: as far as time allows.

    What tells a planner least is left out first: what firms buy and sell before what parks have, and that
    before requirements and budgets; small firms before large ones.
    """
    order = sorted(
        _cored(loose, set(causes), clock), key=lambda number: (loose.causes[number].weight, number)
    )

    def holds(part: Sequence[int]) -> bool | None:
        if clock.is_up:
            return None
        point = loose.find(part, time_limit=clock.left(TEST_SHARE))
        return {"holds": True, "conflict": False}.get(point.status)

    return shrunk(order, holds)


def _cored(loose: Loose, causes: set[int], clock: Clock) -> set[int]:
    """Return a part of the causes that can't hold together, as far as the relaxation tells."""
    while not clock.is_up:
        core = loose.core(causes, clock.left(CORE_SHARE))
        if core is None or not core < causes:
            break
        if loose.find(core, time_limit=clock.left(TEST_SHARE)).status != "conflict":
            break
        causes = core
    return causes
