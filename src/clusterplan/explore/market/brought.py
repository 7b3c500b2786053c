"""Who brought a firm: the partners without whom it would not have come.

Of the partners present (those it has a link with or can trade with) first those who came in the same round,
then the least useful are left out one after another, as long as its best prospect in any park with room stays
at 0 or above. What is left suffices, and none of it can be spared. If it would have come with none of them,
nobody brought it. Such a set need not be the only one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from clusterplan.explore.market.prospects import Prospects
from clusterplan.explore.market.room import Room
from clusterplan.instance import Decisions


def brought_by(  # noqa: PLR0917  (what is planned, who asks, in which state)
    prospects: Prospects,
    room: Room,
    firm: int,
    state: Decisions,
    fresh: Collection[int],
    even: float,
) -> tuple[int, ...]:
    """Return the firms that brought a firm, by number; none if it would have come without any.

    Parameters
    ----------
    prospects, room
        What is planned.
    firm
        The firm, which is out in the state.
    state
        Where the others are.
    fresh
        Firms that came in the same round.
    even
        So much below 0 a surplus counts as 0, m currency/y.
    """
    has_room = room.of(firm, state.park)

    def best(left_out: set[int]) -> float:
        park = np.array(state.park)
        park[list(left_out)] = -1
        surplus = prospects.of(firm, replace(state, park=park)).surplus
        return float(np.where(has_room, surplus, -np.inf).max())

    partners = prospects.partners(firm, state.park).tolist()
    if best(set(partners)) >= -even:
        return ()
    without = {partner: best({partner}) for partner in partners}
    out: set[int] = set()
    for partner in sorted(partners, key=lambda p: (p not in fresh, -without[p], p)):
        if best({*out, partner}) >= -even:
            out.add(partner)
    return tuple(partner for partner in partners if partner not in out)
