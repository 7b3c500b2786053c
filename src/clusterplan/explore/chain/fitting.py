"""Whether one firm more fits into a layout, whatever it costs to open a park for it."""

from __future__ import annotations

from clusterplan.explore.market.room import Room
from clusterplan.instance import Instance, Ints


def fits(instance: Instance, park: Ints, firm: int, there: int) -> bool:
    """Return whether a firm that is out could be put in a park, all others held.

    Looked at are what the park and its groups have left, other variants of the same enterprise, and stages
    that must keep apart.

    Parameters
    ----------
    instance
        What is planned.
    park
        F, the park of each firm, −1 for a firm that is out.
    firm, there
        The firm and the park.
    """
    sites = instance.sites
    same = (sites.variant == sites.variant[firm]) & (sites.variant >= 0) & (park >= 0)
    if same.any() or not (sites.admissible[firm, there] and Room(instance).fits(firm, park)[there]):
        return False
    for separation in sites.separations:
        for own, others, near in (
            (separation.firms_a, separation.firms_b, separation.near[there]),
            (separation.firms_b, separation.firms_a, separation.near[:, there]),
        ):
            placed = others[(park[others] >= 0) & (others != firm)]
            if firm in own and near[park[placed]].any():
                return False
    return True
