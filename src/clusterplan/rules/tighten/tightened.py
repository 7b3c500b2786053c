"""A program with the rows of `clusterplan.rules.tighten`, and what its further columns mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Decisions, Floats
from clusterplan.rules.tighten.once import Together
from clusterplan.rules.tighten.where import ByPark
from clusterplan.rules.written import Written


@dataclass(frozen=True)
class Tightened:
    """A program with tighter rows.

    Parameters
    ----------
    written
        The program, rows included.
    together, by_park
        Its further columns.
    """

    written: Written
    together: Together
    by_park: ByPark

    def values(self, decisions: Decisions) -> Floats:
        """Return column values that say the same as decisions."""
        values = self.written.values(decisions)
        together, by_park = self.together, self.by_park
        at = together.own_at
        values[together.own] = (decisions.park[together.firm_a[at]] == together.park_a[at]) & (
            decisions.park[together.firm_b[at]] == together.park_b[at]
        )
        awards = self.written.instance.awards
        there = decisions.park[awards.firm[by_park.award]] == by_park.park
        values[by_park.column] = np.where(there, decisions.award[by_park.award], 0.0)
        return values
