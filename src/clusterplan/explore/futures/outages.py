"""`outages`: what each loss does to a plan, and what a second source would cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import ClusterplanError, UsageError
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.choices.yardstick import difference
from clusterplan.explore.futures.lost import Lost, losses_of
from clusterplan.explore.futures.settled import Settled, settled
from clusterplan.explore.sweeps import Sweep, Task
from clusterplan.instance import Instance, instance_of
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.rules import Condition
from clusterplan.rules.conditions import Amount

COLUMNS = {
    "about": object,
    "name": object,
    "local_rate": float,
    "local_lost": float,
    "value_lost_m_y": float,
    "others_lose_m_y": float,
    "hit_most": object,
    "hit_m_y": float,
    "stops": int,
}
SECOND = {
    "second": object,
    "second_status": object,
    "second_m_y": float,
    "second_least_m_y": float,
    "second_most_m_y": float,
    "second_local_rate": float,
}
"""Columns about a second source."""


def outages(
    plan: Plan,
    k: int = 1,
    *,
    of: str | Iterable[str] = "firms",
    second_source: bool = False,
    time_limit: float | None = 30.0,
    runs: Runs | None = None,
) -> pd.DataFrame:
    """Return what each loss (or each two) of firms, parks or gateways does to the rest of a plan.

    The rest stay where they are, with the grants they have; utilisation and supply are chosen anew, and a
    firm may stand still.

    Parameters
    ----------
    plan
        The plan.
    k
        How many are lost at once: 1 (N−1) or 2 (N−2).
    of
        What is lost: one or more of ``firms`` (that are neither anchors nor platforms), ``parks`` (with all
        firms in them) and ``gateways`` (through which nothing is bought or sold then). Two may be of two
        kinds.
    second_source
        Whether to plan again with one more firm that makes something of what the lost one makes, for firms
        and k of 1.
    time_limit
        Seconds for each such plan; None: no limit.
    runs
        How these are solved (`clusterplan.explore.Runs`).

    Returns
    -------
    DataFrame
        By what is lost (ids, ``a`` or ``a and b``), the greatest loss of localisation first, before it
        those without which no anchor makes anything:

        - ``about`` (``firm``, ``park``, ``gateway``, or two of them) and ``name``
        - ``local_rate`` (share by value of the anchors' inputs from within reach, afterwards; NaN where no
          anchor makes anything) and ``local_lost`` (how much less that is than in the plan)
        - ``value_lost_m_y`` (how much less the plan is worth), ``others_lose_m_y`` (what the other firms
          together earn less), ``hit_most`` (who of them loses most) and ``hit_m_y``, ``stops`` (how many
          others make nothing then)
        - if asked for: ``second`` (a tuple, who else makes the same in the plan with a second source),
          ``second_status`` of that plan (``no plan``: there is no such firm, or the rules leave no plan with
          it), ``second_m_y`` (how much less it is worth), ``second_least_m_y`` and ``second_most_m_y``
          (between which that lies as far as is proven), and ``second_local_rate`` (what ``local_rate`` would
          be in it after the same loss)

    Raises
    ------
    UsageError
        If k is neither 1 nor 2, something else is to be lost, or a second source is asked for where no firm
        is lost by itself.

    References
    ----------
    N−1 and N−2, as in the security of power systems: Wood, Wollenberg and Sheblé 2013, Power Generation,
    Operation, and Control, chapter 7. A second source: Tomlin 2006, On the value of mitigation and
    contingency strategies for managing supply chain disruption risks.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> cp.outages(plan)["hit_most"].to_dict()
    {'batteries': 'carmaker', 'seats': 'carmaker'}
    """
    instance = instance_of(plan.region)
    kinds = [of] if isinstance(of, str) else list(of)
    lost = losses_of(plan, k, kinds)
    if second_source and (k != 1 or "firms" not in kinds):
        raise UsageError(
            "A second source is asked for firms lost one at a time: k of 1, and firms among what is lost."
        )
    before = settled(instance, decisions_of(plan, instance))
    rows = [_row(plan, instance, one, before) for one in lost]
    index = pd.Index([" and ".join(one.ids) for one in lost], name="lost", dtype=object)
    frame = pd.DataFrame(rows, index=index, columns=list(COLUMNS)).astype(COLUMNS)
    if second_source:
        found = _second(plan, instance, lost, (runs or Runs()).within(time_limit))
        frame = frame.join(pd.DataFrame(found, index=index, columns=list(SECOND)).astype(SECOND))
    all_of_it = frame["local_lost"].fillna(np.inf)  # no anchor is left that makes anything
    order = np.lexsort((np.arange(len(frame)), -frame["others_lose_m_y"], -all_of_it))
    return frame.iloc[order]


def _after(plan: Plan, instance: Instance, lost: Lost) -> Settled | None:
    """Return how a plan fares after a loss."""
    there = lost.within(instance)
    return settled(there, lost.left(decisions_of(plan, instance), instance))


def _row(plan: Plan, instance: Instance, lost: Lost, before: Settled | None) -> dict[str, Any]:
    row: dict[str, Any] = {"about": " and ".join(lost.about), "name": " and ".join(lost.names), "stops": 0}
    after = _after(plan, instance, lost)
    if before is None or after is None:
        return row
    gone = lost.gone(instance)
    lose = np.where(gone, 0.0, np.nan_to_num(before.surplus - after.surplus))
    worst = int(np.argmax(lose))
    makes = (instance.trade.output > 0).any(axis=1) & ~gone
    stops = makes & (before.decisions.load > 1e-9) & (after.decisions.load <= 1e-9)
    return row | {
        "local_rate": after.local_rate,
        "local_lost": before.local_rate - after.local_rate,
        "value_lost_m_y": before.value - after.value,
        "others_lose_m_y": float(lose.sum()),
        "hit_most": instance.sites.firms[worst] if lose[worst] > 1e-6 else None,
        "hit_m_y": float(lose[worst]),
        "stops": int(stops.sum()),
    }


def _second(plan: Plan, instance: Instance, lost: list[Lost], runs: Runs) -> list[dict[str, Any]]:
    """Return what one more firm that makes the same costs, for each firm that is lost, and what it saves."""
    same = {one.ids[0]: _alike(instance, one.ids[0]) for one in lost if one.about == ("firm",)}
    placed = plan.firms["park"].notna()
    tasks = []
    for name, others in same.items():
        if len(others) > int(placed[others].sum()):
            weights: dict[Amount, float] = {("comes", other): 1.0 for other in others}
            more = Condition(weights, at_least=float(placed[others].sum() + 1))
            tasks.append(Task(name, plan.region, runs.options, conditions=(more,), family="second sources"))
    swept = runs.sweep(tasks) if tasks else None
    known = {task.name for task in tasks}
    return [
        _of_second(plan, instance, one, same[one.ids[0]], swept if one.ids[0] in known else None)
        if one.about == ("firm",)
        else _of_second(plan, instance, one, [], None)
        for one in lost
    ]


def _alike(instance: Instance, firm: str) -> list[str]:
    """Return the firms that could come and make something of what a firm makes, it among them."""
    sites, output = instance.sites, instance.trade.output
    mine = output[sites.firms.index(firm)] > 0
    found = (output[:, mine] > 0).any(axis=1) & sites.admissible.any(axis=1)
    return [sites.firms[f] for f in np.flatnonzero(found)]


def _of_second(
    plan: Plan, instance: Instance, lost: Lost, same: list[str], swept: Sweep | None
) -> dict[str, Any]:
    row: dict[str, Any] = {"second": (), "second_status": "no plan" if lost.about == ("firm",) else None}
    if swept is None:
        return row
    try:
        other = swept.plan(lost.ids[0])
    except ClusterplanError:
        told = swept.result(lost.ids[0]).status
        return row | {"second_status": "no plan" if told == "infeasible" else told.replace("_", " ")}
    apart = difference(plan, other)
    after = _after(other, instance, lost)
    there = other.firms["park"].notna()
    return {
        "second": tuple(firm for firm in same if there[firm] and firm != lost.ids[0]),
        "second_status": other.status,
        "second_m_y": -apart.change,
        "second_least_m_y": -apart.most,
        "second_most_m_y": -apart.least,
        "second_local_rate": np.nan if after is None else after.local_rate,
    }
