"""What a layout is worth and whether it keeps its limits: shares nothing with the compiled search."""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Floats, Ints
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
    value = layout.linear[placed, park[placed]].sum() + links.sum() - opening.sum()
    return float(value - _aid(layout, park))


def kept(layout: Layout, park: Ints) -> Floats:
    """Return (F,) what each firm keeps for itself; 0 for one that is out.

    Parameters
    ----------
    layout
        The problem; its ``willing`` is not None.
    park
        (F,) park of each firm, −1 where it stays out.
    """
    willing = layout.willing
    assert willing is not None
    out = np.zeros(layout.n_firms)
    placed = np.flatnonzero(park >= 0)
    out[placed] = willing.linear[placed, park[placed]]
    a, b = park[layout.link_a], park[layout.link_b]
    both = np.flatnonzero((a >= 0) & (b >= 0))
    at = (layout.link_kind[both], a[both], b[both])
    np.add.at(out, layout.link_a[both], willing.weight_a[both] * willing.values_a[at])
    np.add.at(out, layout.link_b[both], willing.weight_b[both] * willing.values_b[at])
    return out


def _aid(layout: Layout, park: Ints) -> float:
    """Return what it costs to win the firms that would lose by coming."""
    willing = layout.willing
    if willing is None:
        return 0.0
    asks = np.flatnonzero(willing.is_willing & (park >= 0))
    short = np.maximum(0.0, -kept(layout, park)[asks])
    most = willing.aid_most[asks, park[asks]]
    cost = willing.aid_cost[asks] * np.minimum(short, most)
    return float((cost + willing.beyond * np.maximum(0.0, short - most)).sum())


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
