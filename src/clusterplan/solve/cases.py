"""Cases of the question that a proof divides: parks open or shut for sure, firms kept to some parks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance import Bools, Decisions, Floats, Instance
from clusterplan.rules.siting import Sited


@dataclass(frozen=True)
class Case:
    """A case of the question: where firms may be, who must come, which parks are open or shut for sure."""

    admissible: Bools
    must_place: Bools
    opened: Bools
    shut: Bools

    def of(self, instance: Instance) -> Instance:
        """Return the case as an instance."""
        sites = replace(
            instance.sites,
            admissible=self.admissible,
            must_place=self.must_place,
            open_always=instance.sites.open_always | self.opened,
            open_never=self.shut,
        )
        return replace(instance, sites=sites)

    def holds(self, decisions: Decisions) -> bool:
        """Return whether decisions are within the case."""
        placed = np.flatnonzero(decisions.park >= 0)
        inside = self.admissible[placed, decisions.park[placed]].all()
        came = (decisions.park[self.must_place] >= 0).all()
        return bool(inside and came and (decisions.opened >= self.opened).all())


def by_park(case: Case, s: int) -> list[Case]:
    """Return the cases in which a park is open, and in which it is shut."""
    opened, shut = case.opened.copy(), case.shut.copy()
    opened[s] = shut[s] = True
    admissible = case.admissible.copy()
    admissible[:, s] = False
    return [replace(case, opened=opened), replace(case, admissible=admissible, shut=shut)]


def by_firm(case: Case, f: int, y: Floats) -> list[Case]:
    """Return the cases in which a firm is in the park where most of it is, and in which it is not there."""
    s = int(np.argmax(np.where(case.admissible[f], y, -1.0)))
    only, other, must = case.admissible.copy(), case.admissible.copy(), case.must_place.copy()
    only[f] = False
    only[f, s] = True
    other[f, s] = False
    must[f] = True
    children = [replace(case, admissible=only, must_place=must)]
    if other[f].any() or not case.must_place[f]:
        children.append(replace(case, admissible=other))
    return children


def divided(case: Case, sited: Sited, values: Floats, weight: Floats) -> list[Case]:
    """Return cases that cover a case, as its relaxation suggests; none if every place is decided.

    Parameters
    ----------
    case
        The case.
    sited, values
        Columns of its program, and their values in its relaxation.
    weight
        F, how much depends on where a firm is.
    """
    opened = values[sited.x]
    half = np.where(case.opened | case.shut, 0.0, np.minimum(opened, 1 - opened))
    if half.max(initial=0.0) > 1e-3:
        return by_park(case, int(np.argmax(half)))
    y = np.zeros(case.admissible.shape)
    y[sited.firm, sited.park] = values[sited.y[sited.firm, sited.park]]
    spread = 1.0 - np.maximum(y.max(axis=1), 1.0 - y.sum(axis=1))
    asks = np.where(spread > 1e-6, spread * weight, 0.0)
    f = int(np.argmax(asks))
    if asks[f] <= 0.0:  # the integers left are of grants: any firm with a choice will do
        several = case.admissible.sum(axis=1) + ~case.must_place
        f = int(np.argmax(several))
        if several[f] <= 1:
            return []
    return by_firm(case, f, y[f])
