"""What a layout is worth and whether it keeps its limits: shares nothing with the compiled search."""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Ints
from clusterplan.solve.seek.layout import Layout

TOLERANCE = 1e-9
"""By how much of a limit's size an amount may be outside it."""


def worth(layout: Layout, park: Ints) -> float:
    """Return the value of a layout; −inf where a firm is where it may not be.

    Parameters
    ----------
    layout
        The problem.
    park
        (F,) park of each firm, −1 where it stays out.
    """
    placed = np.flatnonzero(park >= 0)
    a, b = park[layout.link_a], park[layout.link_b]
    both = (a >= 0) & (b >= 0)
    links = layout.link_weight[both] * layout.values[layout.link_kind[both], a[both], b[both]]
    in_use = np.zeros(layout.n_parks, dtype=bool)
    in_use[park[placed]] = True
    opening = layout.opening_cost[in_use & ~layout.open_always]
    return float(layout.linear[placed, park[placed]].sum() + links.sum() - opening.sum())


def keeps_limits(layout: Layout, park: Ints) -> bool:
    """Return whether a layout places whom it must where it may, and keeps every limit.

    Parameters
    ----------
    layout
        The problem.
    park
        (F,) park of each firm, −1 where it stays out.
    """
    placed = park >= 0
    if (layout.must_place & ~placed).any():
        return False
    if np.isneginf(layout.linear[placed, park[placed]]).any():
        return False
    number = len(np.union1d(park[placed], np.flatnonzero(layout.open_always)))
    if not layout.open_min <= number <= layout.open_max:
        return False
    for limit in layout.limits:
        inside = placed & limit.parks[park]
        amount, size = limit.need[inside].sum(), np.abs(limit.need[inside]).sum()
        slack = TOLERANCE * max(1.0, size)
        if not limit.least - slack <= amount <= limit.most + slack:
            return False
    return True
