"""What can't be, known before anything is solved: each is certain, and there may be more."""

from __future__ import annotations

from clusterplan.errors import Fault
from clusterplan.instance import Instance, at_best
from clusterplan.plan.certain.counts import counts
from clusterplan.plan.certain.room import room
from clusterplan.plan.certain.unwilling import unwilling
from clusterplan.region import Region

__all__ = ["certain_faults"]


def certain_faults(region: Region, instance: Instance) -> tuple[Fault, ...]:
    """Return what is certain to stand in the way of any plan; empty where nothing is, which proves nothing.

    - firms that can only be in some parks need more than these have;
    - a firm that must be placed may be in no park;
    - a requirement asks for more firms than there are, or than there is room for, or for fewer than must be;
    - a candidate that is locked in could not earn what it earns elsewhere, whatever it is granted and
    whoever is
      beside it.

    Parks count at their largest size and with all works.

    Parameters
    ----------
    region, instance
        What is planned.
    """
    best = at_best(instance)
    return (*room(region, best), *counts(region, best), *unwilling(region, best))
