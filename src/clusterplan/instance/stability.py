"""Who may move where in a region, and asking for a plan that no firm would rather leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance.instance import Instance
from clusterplan.instance.roadworks import shortening
from clusterplan.instance.stable import Stable
from clusterplan.region import Region

MOST_WORKS = 6
"""Works that may shorten ways of one firm from one park: a stable plan has a row for each choice of them."""


def stable_of(region: Region, instance: Instance, relocation_m_y: float = 0.0) -> Stable:
    """Return who may move where in a region.

    Parameters
    ----------
    region, instance
        The region and its whole instance.
    relocation_m_y
        What a move costs a firm, m currency/y.

    Raises
    ------
    UsageError
        If the cost is negative or no number.
    """
    if not 0 <= relocation_m_y < np.inf:
        raise UsageError(f"What a move costs is 0 or more, m currency a year, not {relocation_m_y!r}.")
    enterprise = ~region.firms["is_platform"].to_numpy(bool)
    return Stable(
        admissible=instance.sites.admissible,
        moves=enterprise & ~instance.sites.pinned,
        relocation=float(relocation_m_y),
    )


def with_stability(region: Region, instance: Instance, relocation_m_y: float = 0.0) -> Instance:
    """Return the instance of which a plan must be stable; see `stable_of`.

    Raises
    ------
    UsageError
        As `stable_of`; or if so many works shorten ways from a park that their cases would be too many.
    """
    stable = stable_of(region, instance, relocation_m_y)
    works = shortening(instance) & (stable.moves[:, None] & stable.admissible)[:, :, None]
    count = works.sum(axis=2)
    if count.size and count.max() > MOST_WORKS:
        f, s = (int(at) for at in np.unravel_index(np.argmax(count), count.shape))
        names = ", ".join(instance.works.names[w] for w in np.flatnonzero(works[f, s]))
        raise UsageError(
            f"{count[f, s]} works shorten ways that {instance.sites.firms[f]!r} may use from park "
            f"{instance.sites.parks[s]!r} ({names}). A stable plan looks at every choice of them, so it can "
            f"be asked for with up to {MOST_WORKS}. In works.csv join works that go together, or write those "
            "that are decided into the roads; or plan without `stable`, and look at stability(plan)."
        )
    return replace(instance, stable=stable)
