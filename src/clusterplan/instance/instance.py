"""`Instance`: a region as index arrays, all that rules and search see.

Firms, parks, products and so on are rows and columns counted from 0; ids are kept only to name
things. Money is millions of currency a year throughout: what is paid once has been annualised.
`Instance` can be made from a region (`instance_of`) or from bare arrays (`from_arrays`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from clusterplan.instance.awards import Awards
from clusterplan.instance.frozen import Floats, Frozen
from clusterplan.instance.links import Links
from clusterplan.instance.loops import NO_LOOPS, Loops
from clusterplan.instance.results import Results
from clusterplan.instance.sites import Sites
from clusterplan.instance.stable import Stable
from clusterplan.instance.trade import Trade
from clusterplan.instance.works import Levels, Spending, Works, most_capacity
from clusterplan.region.weights import Term, preset_weights


@dataclass(frozen=True)
class Instance(Frozen):
    """A planning problem as arrays.

    Parameters
    ----------
    sites, results, trade, links, awards
        Its parts.
    weights
        Weight of each term of the objective.
    second
        Weights that decide among plans equal in the first, or None.
    loops
        Innovation loops.
    stable
        What is asked of a plan that no firm would rather leave; None: nothing.
    levels, works, spending
        What the public may build, and what it and platforms take from budgets.
    """

    sites: Sites
    results: Results
    trade: Trade
    links: Links
    awards: Awards
    weights: Mapping[Term, float] = field(default_factory=lambda: preset_weights("collaboration"))
    second: Mapping[Term, float] | None = None
    loops: Loops = NO_LOOPS
    stable: Stable | None = None
    levels: Levels = field(default_factory=Levels)
    works: Works = field(default_factory=Works)
    spending: Spending = field(default_factory=Spending)

    @property
    def n_firms(self) -> int:
        """Number of firms."""
        return len(self.sites.firms)

    @property
    def n_parks(self) -> int:
        """Number of parks."""
        return len(self.sites.parks)

    @property
    def most_capacity(self) -> Floats:
        """R×S, capacity of parks at their largest level and with all works."""
        return most_capacity(self.sites.capacity, self.levels, self.works)

    @property
    def most_group_capacity(self) -> Floats:
        """G, capacity of groups with all works."""
        if not self.works.names:
            return self.sites.group_capacity
        return np.asarray(self.sites.group_capacity + self.works.group_capacity.sum(axis=0))
