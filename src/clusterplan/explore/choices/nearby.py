"""A plan with a choice forced that is soon found: the old layout with that one change, the rest chosen anew.

It is where the solve under that choice starts from, so that a solve that ends at its limit is no worse.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.instance import Bools, Instance, Ints
from clusterplan.plan import Plan, Proof
from clusterplan.plan.make import make_plan
from clusterplan.plan.start import decisions_of
from clusterplan.solve import completed, plan_of


def nearby(plan: Plan, instance: Instance, about: str, choice: str, time_limit: float | None) -> Plan | None:
    """Return the plan whose firms are where they were but for a choice; None if none was found.

    Where that can't be, since a firm would not stay, firms may also be out.

    Parameters
    ----------
    plan
        The plan that chose otherwise.
    instance
        That of its region.
    about
        The firm or park.
    choice
        A park or ``out`` for a firm, ``open`` or ``shut`` for a park.
    time_limit
        Seconds; None: no limit.
    """
    old = decisions_of(plan, instance)
    held, park = with_forced(instance, about, choice), _moved(instance, old.park, about, choice)
    everyone = completed(held, replace(old, park=park, opened=_opened(held, park)), time_limit).decisions
    some = plan_of(held, park, time_limit) if everyone is None else None
    decided = some.decisions if some is not None else everyone
    if decided is None:
        return None
    return make_plan(
        plan.region,
        plan.distances,
        instance,
        decided,
        status="feasible",
        bound=None,
        proof=Proof(solver="held", seconds=0.0),
    )


def _opened(instance: Instance, park: Ints) -> Bools:
    opened = np.array(instance.sites.open_always)
    opened[park[park >= 0]] = True
    return opened


def _moved(instance: Instance, park: Ints, about: str, choice: str) -> Ints:
    """Return a layout with a choice made."""
    sites, park = instance.sites, np.array(park)
    if choice == "shut":
        park[park == sites.parks.index(about)] = -1
    elif choice != "open":
        park[sites.firms.index(about)] = -1 if choice == "out" else sites.parks.index(choice)
    return park


def with_forced(instance: Instance, about: str, choice: str) -> Instance:
    """Return an instance in which a choice is forced.

    Parameters
    ----------
    instance
        What is planned.
    about, choice
        As of `nearby`.
    """
    sites = instance.sites
    always, never = np.array(sites.open_always), np.array(sites.open_never)
    may, must = np.array(sites.admissible), np.array(sites.must_place)
    if choice in {"open", "shut"}:
        at = sites.parks.index(about)
        (always if choice == "open" else never)[at] = True
        may[:, at] &= choice == "open"
    else:
        firm = sites.firms.index(about)
        must[firm] = choice != "out"
        may[firm] &= np.array([park == choice for park in sites.parks])
    return replace(
        instance,
        sites=replace(sites, admissible=may, must_place=must, open_always=always, open_never=never),
    )
