"""`exists`: whether a plan exists, by finding one: first with given places, then with any."""

from __future__ import annotations

from clusterplan.instance import Instance, Ints
from clusterplan.solve import Limits, find, plan_of

ANY = 1e9
"""Gap at which any plan is good enough."""
MOST_SECONDS = 10.0
"""Most seconds for each of the two."""


def exists(instance: Instance, park: Ints, time_limit: float | None) -> bool:
    """Return whether a plan was found; where none was, there may still be one.

    Parameters
    ----------
    instance
        What is planned.
    park
        (F,) where firms may be, −1 for out: with these places alone it is soon known.
    time_limit
        Seconds for each of the two ways.
    """
    limit = MOST_SECONDS if time_limit is None else min(MOST_SECONDS, time_limit)
    if plan_of(instance, park, limit) is not None:
        return True
    return find(instance, Limits(time_limit=limit, gap=ANY)).decisions is not None
