"""`limits`: how near a plan comes to everything that limits it, as its check sees it.

The check compares every amount with its limit and tells those that are beyond. Here the same comparisons
are read with another eye: all of them are told, with the room that is left. So what binds is told by the code
that checks plans, not by the model that made them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from clusterplan.plan.checks.breach import Breach, Gauge, Names
from clusterplan.plan.checks.case import PlanLike, case_of
from clusterplan.plan.verify import checks

FAMILIES = ("capacity.", "incentives.", "requirements.", "willingness.", "stability.", "supply.gateway_")
SINGLE = (
    "admission.homes",
    "admission.separation",
    "siting.least_open",
    "siting.most_open",
    "siting.min_load",
    "supply.max_supply_km",
)
"""Rules that limit; others can only hold or not, or hold whatever is planned."""
ONE_OF = ("incentives.exclusive",)
"""Rules of the families that count to one, and are met by whoever gets anything."""


def limits(plan: PlanLike, tolerance: float = 1e-6) -> pd.DataFrame:
    """Return every limit of a plan with what is used of it.

    Parameters
    ----------
    plan
        The plan.
    tolerance
        A limit binds if what is left of it is no more than this times ``max(1, |limit|)``.

    Returns
    -------
    DataFrame
        One row a limit: ``rule`` and ``id`` as `clusterplan.verify` names them, ``amount`` and ``limit`` in
        the unit of the rule, ``room`` (what is left; below 0 where the plan breaks it), ``binds``. Limits
        that are not given are left out. A capacity is there for each park and resource, a budget in all or by
        year, a firm's surplus (``willingness.surplus``) as what it earns against what it would elsewhere.
    """
    told = checks(replace(case_of(plan, tolerance), gauge=_Reader(tolerance)))
    rows = [breach for breach in told if _limits(breach.rule) and np.isfinite(breach.limit)]
    frame = pd.DataFrame(rows, columns=list(Breach._fields))
    frame["room"] = -frame.pop("excess").astype(float)
    frame["binds"] = frame["room"] <= tolerance * frame["limit"].abs().clip(lower=1.0)
    kinds = {"rule": object, "id": object, "amount": float, "limit": float, "binds": bool}
    return frame.drop_duplicates(["rule", "id"], ignore_index=True).astype(kinds)


def _limits(rule: str) -> bool:
    return rule in SINGLE or (rule.startswith(FAMILIES) and rule not in ONE_OF)


@dataclass(frozen=True)
class _Reader(Gauge):
    """Tells every comparison with a limit, kept or not; what is equal or holds has no room to tell."""

    def at_most(
        self, rule: str, ids: Names, amount: ArrayLike, limit: ArrayLike, scale: ArrayLike | None = None
    ) -> Iterator[Breach]:
        """Yield every amount with its limit."""
        return _told(rule, ids, amount, limit, above=True)

    def at_least(
        self, rule: str, ids: Names, amount: ArrayLike, limit: ArrayLike, scale: ArrayLike | None = None
    ) -> Iterator[Breach]:
        """Yield every amount with its limit."""
        return _told(rule, ids, amount, limit, above=False)

    def equal(
        self, rule: str, ids: Names, amount: ArrayLike, expected: ArrayLike, scale: ArrayLike | None = None
    ) -> Iterator[Breach]:
        """Yield nothing."""
        return iter(())

    def holds(self, rule: str, ids: Names, holds: ArrayLike) -> Iterator[Breach]:
        """Yield nothing."""
        return iter(())


def _told(
    rule: str, ids: Sequence[object] | pd.Index, amount: ArrayLike, limit: ArrayLike, *, above: bool
) -> Iterator[Breach]:
    shape = (len(ids),)
    there = np.broadcast_to(np.asarray(amount, dtype=np.float64), shape)
    bound = np.broadcast_to(np.asarray(limit, dtype=np.float64), shape)
    for i in range(len(ids)):
        excess = there[i] - bound[i] if above else bound[i] - there[i]
        yield Breach(rule, str(ids[i]), float(there[i]), float(bound[i]), float(excess))
