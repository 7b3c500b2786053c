"""The yardstick of `fit`, and how plans of two regions are compared by one: that of the first.

`fit` measures what a place costs a firm against its best admissible park. Where a park may take a firm at
last, or no more, the best may be another, and the value of every plan with that firm changes though nobody
is better or worse off. For the least cost C_f of firm f at a park that may take it,

    value = ... + (w_fit − w_results) · Σ_f C_f · y_f

So of the value of a plan of a second region, what is due to another yardstick is

    Σ_f m_f · y_f,   m_f = (w_fit − w_results) · (C_f − C′_f)

where C′_f is the least cost, at the prices of the second, among the parks that may take the firm in the
first. Dearer land or wages are therefore no other yardstick. Where both weights are the same there is none.

For plans V of the first region and W of the second with bounds V⁺ and W⁺, the best plans differ by the same
yardstick by no less than W − m(W) − V⁺, and no more than W⁺ − min m − V, where min m is the least that any
plan of the second can owe to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.instance import instance_of
from clusterplan.instance.costs import costs
from clusterplan.plan import Plan
from clusterplan.region import Region

NOTHING = 1e-9
"""Amounts below this, m currency/y, are rounding."""


@dataclass(frozen=True, eq=False)
class Yardstick:
    """What another yardstick than that of a first region adds to plans of a second.

    Parameters
    ----------
    by_firm
        By firm of the second region: what it adds to the value of a plan in which the firm is, m currency/y.
    must
        By firm: whether it is in every plan of the second region.
    """

    by_firm: pd.Series
    must: pd.Series

    @property
    def is_same(self) -> bool:
        """Whether the two regions measure alike."""
        return not (self.by_firm.abs() > NOTHING).any()

    def of(self, plan: Plan) -> float:
        """Return what of the value of a plan of the second region is due to its yardstick, m currency/y."""
        placed = plan.firms.index[plan.firms["park"].notna()]
        return float(self.by_firm.reindex(placed).fillna(0.0).sum())

    @property
    def least(self) -> float:
        """The least that is due to it in any plan of the second region, m currency/y."""
        return float(self.by_firm.where(self.must, self.by_firm.clip(upper=0.0)).sum())


@dataclass(frozen=True)
class Difference:
    """By how much a second plan is worth more than a first, by the yardstick of the first.

    Parameters
    ----------
    change
        The second's value less the first's, m currency/y.
    least, most
        Between which the difference of the best plans of the two regions lies; infinite where no bound is
        known.
    yardstick
        What of the second's value is due to its own yardstick, and left out of the change.
    """

    change: float
    least: float
    most: float
    yardstick: float


def yardstick(first: Region, second: Region) -> Yardstick:
    """Return what another yardstick than that of a first region adds to plans of a second.

    Parameters
    ----------
    first, second
        The regions; firms and parks are told apart by id. A firm that no park of the first may take is
        measured by the second, and a park that the second does not know is none that may take it.
    """
    new = instance_of(second)
    firms, parks = list(new.sites.firms), list(new.sites.parks)
    same = pd.Series(0.0, index=firms, dtype=float)
    must = pd.Series(new.sites.must_place, index=firms, dtype=bool)
    weight = float(new.weights.get("fit", 0.0)) - float(new.weights.get("results", 0.0))
    if weight == 0 or first is second:
        return Yardstick(same, must)
    old = instance_of(first).sites
    might = pd.DataFrame(old.admissible, index=list(old.firms), columns=list(old.parks))
    before = might.reindex(index=firms, columns=parks).eq(True).to_numpy(dtype=bool)
    total = costs(second).total
    now, then = (
        np.where(may, total, np.inf).min(axis=1, initial=np.inf) for may in (new.sites.admissible, before)
    )
    enterprise = ~second.firms["is_platform"].to_numpy(dtype=bool)
    known = enterprise & np.isfinite(now) & np.isfinite(then)
    same[known] = weight * (now[known] - then[known])
    return Yardstick(same, must)


def difference(first: Plan, second: Plan) -> Difference:
    """Return by how much a second plan is worth more than a first, by the yardstick of the first.

    Parameters
    ----------
    first, second
        The plans, of the same region or of two.
    """
    moved = yardstick(first.region, second.region)
    due = moved.of(second)
    change = second.value - due - first.value
    least, most = -np.inf, np.inf
    if first.bound is not None:
        least = second.value - due - max(first.bound, first.value)
    if second.bound is not None:
        most = max(max(second.bound, second.value) - moved.least - first.value, change)
    return Difference(change, least, most, due)
