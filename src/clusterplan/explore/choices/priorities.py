"""`priorities`: first one aim, then the next among the plans that are best in it, and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.choices.aims import aim_weights, amount_of, bounded, no_less
from clusterplan.explore.choices.moved import moved
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.sweeps import Task
from clusterplan.plan import Plan
from clusterplan.region import Region


@dataclass(frozen=True, eq=False)
class Priorities:
    """A plan that serves one aim after another.

    Parameters
    ----------
    frame
        By aim, in order: the amount of each aim once that one was served (a column each), ``status`` of its
        solve, and ``elsewhere``, how many firms are elsewhere than before it was.
    plans
        The plan after each.
    """

    frame: pd.DataFrame
    plans: tuple[Plan, ...]

    @property
    def plan(self) -> Plan:
        """The plan that serves all."""
        return self.plans[-1]


def priorities(
    region: Region,
    aims: Sequence[str],
    *,
    slack: float = 0.0,
    at_least: Mapping[str, float] | None = None,
    time_limit: float | None = 30.0,
    runs: Runs | None = None,
) -> Priorities:
    """Return the plan that is best in a first aim, among such plans best in a second, and so on.

    After each solve what was reached is held, less the slack, while the next aim is best. With one aim and
    ``at_least`` it is the best plan within bounds on other terms. Where a solve ends before it is proven,
    what it reached is held, and its status says so.

    Parameters
    ----------
    region
        What to plan.
    aims
        ``"value"`` or terms, the most important first; terms count by their amount, so that more is better.
    slack
        How much of what was reached in an aim may be given up for those after it, as a share of its size.
    at_least
        What every plan must reach, by ``"value"`` or term, m currency/y: ``{"grants": -5}`` pays no more than
        5.
    time_limit
        Seconds for each solve; None: no limit.
    runs
        How they are solved (`clusterplan.explore.Runs`).

    Raises
    ------
    UsageError
        If there is no aim, they repeat, one is no term, or the slack is negative.
    NoPlanError, TimeLimitError
        If no plan keeps the bounds, or none was found in time.

    References
    ----------
    Lexicographic optimisation: Isermann 1982, Linear lexicographic optimization; each aim held as in the
    ε-constraint method.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.priorities(cp.load_region("tiny"), ["grants", "value"])
    >>> found.frame["value"].round(3).tolist()[-1], found.plan.firms["park"].notna().sum().item()
    (-6.12, 2)
    """
    if not aims or len(set(aims)) < len(aims) or not slack >= 0:
        raise UsageError(
            f"Give one aim or several different ones, and a slack of 0 or more; not {list(aims)}, {slack!r}."
        )
    weights = {aim: aim_weights(aim, region) for aim in aims}
    runs = (runs or Runs()).within(time_limit)
    held = [*bounded(region, at_least)]
    plans: list[Plan] = []
    for aim in aims:
        start = plans[-1] if plans else None
        task = Task(aim, region, runs.options, weights[aim], tuple(held), start=start)
        plans.append(runs.sweep([task]).plan(aim))
        reached = amount_of(weights[aim], plans[-1])
        held.append(no_less(weights[aim], reached - slack * abs(reached)))
    rows = [
        {
            **{aim: amount_of(own, plan) for aim, own in weights.items()},
            "status": plan.status,
            "elsewhere": moved(before, plan).firms,
        }
        for before, plan in zip((plans[0], *plans), plans, strict=False)
    ]
    return Priorities(pd.DataFrame(rows, index=pd.Index(list(aims), name="aim", dtype=object)), tuple(plans))
