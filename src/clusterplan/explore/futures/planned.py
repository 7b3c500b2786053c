"""`Robust`: one plan for several futures, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from clusterplan.plan import Plan
from clusterplan.region import Region
from clusterplan.region.percent import share_of
from clusterplan.solve.together import Aim, Willing


@dataclass(frozen=True, eq=False)
class Robust:
    """One plan for several futures: places, openings, works and awards are the same in all.

    Parameters
    ----------
    region
        What was planned.
    status
        ``optimal`` only with a closed gap; ``feasible`` where a limit stopped the proof.
    aim, rho, alpha, willing
        What was made best, and when firms come; see `clusterplan.robust`.
    value, bound
        What the plan is worth by the aim, and what no such plan exceeds (None if unknown), m currency/y.
    expected, worst, cvar
        Mean and worst of its values, and the mean of the worst 1 − α, m currency/y.
    futures
        By scenario: ``probability``, ``value``, ``known`` (value of the best plan found for that future
        alone) and ``known_bound`` (NaN unless compared), ``short`` (firms with a negative surplus there),
        ``idle``
        (firms that make nothing), ``gone`` (firms of the plan that are gone), ``local_rate``.
    firms
        By id: ``park`` (None: out), ``expected_surplus_m_y`` (NaN for those that have none),
        ``worst_surplus_m_y``, ``awarded_m_y``.
    parks
        By id: ``open``.
    grants
        What is awarded: ``firm``, ``instrument``, ``amount_m_y`` (annual equivalent, paid in full).
    plans
        By scenario: the plan as it is there, with what is paid, made and supplied.
    of_mean
        What the places chosen for the mean future are worth over all, with awards chosen anew (EEV); None if
        firms would not come whatever is awarded, or if it was not asked for.
    value_of_planning
        Least and most that planning for all futures is worth over planning for their mean: RP − EEV (the
        value of the stochastic solution), m currency/y; None as `of_mean`.
    value_of_knowing
        Least and most that knowing the future is worth: WS − RP (expected value of perfect information),
        where WS is what plans made for each future by itself are worth; None if it was not asked for.
    how
        ``whole``: as one program; ``layouts``: layouts held in all futures, the best improved.
    layouts, columns, seconds
        How many layouts were held, columns of the program, and seconds in all.
    """

    region: Region
    status: str
    aim: Aim
    rho: float
    alpha: float
    willing: Willing
    value: float
    bound: float | None
    expected: float
    worst: float
    cvar: float
    futures: pd.DataFrame
    firms: pd.DataFrame
    parks: pd.DataFrame
    grants: pd.DataFrame
    plans: Mapping[str, Plan]
    of_mean: float | None
    value_of_planning: tuple[float, float] | None
    value_of_knowing: tuple[float, float] | None
    how: str
    layouts: int
    columns: int
    seconds: float

    @property
    def gap(self) -> float | None:
        """(bound − value) over the size of value, at least 1e-9; None if no bound is known."""
        return None if self.bound is None else (self.bound - self.value) / max(1e-9, abs(self.value))

    def __repr__(self) -> str:
        gap = "unknown" if self.gap is None else share_of(self.gap, 2)
        return (
            f"<Robust plan of {self.region.name} for {len(self.futures)} futures: {self.status}, "
            f"value {self.value:.4g}, gap {gap}, {int(self.firms['park'].notna().sum())} firms placed>"
        )
