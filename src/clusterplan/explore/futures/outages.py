"""`outages`: what each supplier's loss does to a plan, and what a second source would cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import ClusterplanError
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.futures.generators import lost_together
from clusterplan.explore.futures.settled import Settled, settled
from clusterplan.explore.sweeps import Task
from clusterplan.instance import Bools, Decisions, Instance, instance_of
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.rules import Condition
from clusterplan.rules.conditions import Amount


def outages(
    plan: Plan,
    k: int = 1,
    *,
    second_source: bool = False,
    time_limit: float | None = 30.0,
    runs: Runs | None = None,
) -> pd.DataFrame:
    """Return what the loss of each firm (or each two) does to the others of a plan.

    The rest stay where they are, with the grants they have; utilisation and supply are chosen anew.

    Parameters
    ----------
    plan
        The plan.
    k
        How many firms are lost at once: 1 (N−1) or 2 (N−2).
    second_source
        Whether to plan again with one more firm that makes what the lost one makes, for k of 1:
        ``second_m_y``.
    time_limit
        Seconds for each such plan.
    runs
        How these are solved (`clusterplan.explore.Runs`).

    Returns
    -------
    DataFrame
        By firms lost (``a`` or ``a and b``), the greatest loss of localisation first: ``local_rate`` (share
        by value of the anchors' inputs from within reach, afterwards), ``local_lost`` (how much less that is
        than in the plan), ``others_lose_m_y`` (what the other firms together earn less), ``hit_most`` (who of
        them loses most), ``hit_m_y``, ``stops`` (how many others make nothing then) and, if asked for,
        ``second_m_y`` (how much less a plan with a second source is worth; NaN where there is none).

    Raises
    ------
    UsageError
        If k is neither 1 nor 2.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> cp.outages(plan)["hit_most"].to_dict()
    {'batteries': 'carmaker', 'seats': 'carmaker'}
    """
    instance = instance_of(plan.region)
    held = decisions_of(plan, instance)
    before = settled(instance, held)
    firms = np.array(instance.sites.firms, dtype=object)
    rows = {}
    for names in lost_together(plan, k):
        gone = np.isin(firms, list(names))
        after = settled(instance, _without(held, gone, instance))
        rows[" and ".join(names)] = _row(instance, gone, before, after)
    columns = ["local_rate", "local_lost", "others_lose_m_y", "hit_most", "hit_m_y", "stops"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("lost")
    if second_source and k == 1:
        frame["second_m_y"] = _second(plan, instance, list(frame.index), (runs or Runs()).within(time_limit))
    order = np.lexsort((np.arange(len(frame)), -frame["others_lose_m_y"], -frame["local_lost"].fillna(0.0)))
    return frame.iloc[order]


def _without(held: Decisions, gone: Bools, instance: Instance) -> Decisions:
    """Return a layout without some firms."""
    award = np.where(gone[instance.awards.firm], 0.0, held.award)
    return replace(held, park=np.where(gone, -1, held.park), award=award)


def _row(instance: Instance, gone: Bools, before: Settled | None, after: Settled | None) -> tuple[Any, ...]:
    if before is None or after is None:
        return (np.nan, np.nan, np.nan, None, np.nan, 0)
    lose = np.where(gone, 0.0, np.nan_to_num(before.surplus - after.surplus))
    worst = int(np.argmax(lose))
    makes = (instance.trade.output > 0).any(axis=1) & ~gone
    stops = makes & (before.decisions.load > 1e-9) & (after.decisions.load <= 1e-9)
    hit = instance.sites.firms[worst] if lose[worst] > 1e-6 else None
    lost = before.local_rate - after.local_rate
    return (after.local_rate, lost, float(lose.sum()), hit, float(lose[worst]), int(stops.sum()))


def _second(plan: Plan, instance: Instance, names: list[str], runs: Runs) -> list[float]:
    """Return what one more firm that makes the same costs, for each firm."""
    sites, output = instance.sites, instance.trade.output
    placed = plan.firms["park"].notna().to_numpy()
    tasks = []
    for name in names:
        mine = output[sites.firms.index(name)] > 0
        same = (output[:, mine] > 0).any(axis=1) & sites.admissible.any(axis=1)
        if not same.any():
            continue
        weights: dict[Amount, float] = {("comes", sites.firms[f]): 1.0 for f in np.flatnonzero(same)}
        more = Condition(weights, at_least=float((same & placed).sum() + 1))
        tasks.append(Task(name, plan.region, runs.options, conditions=(more,), family="second sources"))
    swept = runs.sweep(tasks) if tasks else None
    known = {task.name for task in tasks}
    costs = []
    for name in names:
        try:
            costs.append(plan.value - swept.plan(name).value if swept and name in known else np.nan)
        except ClusterplanError:
            costs.append(np.nan)
    return costs
