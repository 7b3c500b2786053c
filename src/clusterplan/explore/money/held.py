"""A plan's layout as an instance of its own: placed firms where they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.instance import Instance, Ints


def with_places(instance: Instance, park: Ints, *, newcomers: bool) -> Instance:
    """Return the instance with placed firms where they are, and their parks open.

    Parameters
    ----------
    instance
        What is planned.
    park
        (F,) park of each firm, −1 for one that is out.
    newcomers
        True to leave the other firms free to come, and not bound to be willing; False to keep them out.
    """
    sites, results = instance.sites, instance.results
    placed = park >= 0
    admissible = np.array(sites.admissible)
    admissible[placed if newcomers else slice(None)] = False
    admissible[placed, park[placed]] = True
    opened = np.zeros(instance.n_parks, dtype=bool)
    opened[park[placed]] = True
    return replace(
        instance,
        sites=replace(
            sites,
            admissible=admissible,
            must_place=placed,
            open_always=sites.open_always | opened,
        ),
        results=replace(results, willing=results.willing & placed),
    )
