"""Choices that are forced, each solved for under one limit for all of them.

What is certain to leave no plan is told without a solve (`clusterplan.plan.certain`). The others first get an
equal part of the limit, from the old layout with that one change (`nearby`); what is left of it goes, again
in equal parts, to those that were not proven, from the plans that were found.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from clusterplan.errors import ClusterplanError
from clusterplan.explore.choices.nearby import nearby, with_forced
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.sweeps import Sweep, Task
from clusterplan.instance import Instance, instance_of
from clusterplan.plan import Plan, verify
from clusterplan.plan.certain import certain_faults
from clusterplan.rules import Condition

BEGIN = 0.2
"""Share of what is left of the limit that a plan to start from may take; mostly it takes far less."""
SOLVES = 0.8
"""Share of the limit for solves; the rest is for saying which rules leave no plan with a choice."""
LEAST = 1.0
"""Seconds below which no solve is begun again."""


@dataclass
class Limit:
    """One limit for several things.

    Parameters
    ----------
    seconds
        How long they may take together; None: no limit.
    """

    seconds: float | None
    begun: float = field(default_factory=time.monotonic)

    def left(self, share: float = 1.0) -> float | None:
        """Return how many seconds are left of a share of it; None: no limit."""
        if self.seconds is None:
            return None
        return max(0.0, share * self.seconds - (time.monotonic() - self.begun))


@dataclass(frozen=True, eq=False)
class Forced:
    """What came of choices.

    Parameters
    ----------
    swept
        The solves, by choice.
    plans
        The best plan found by choice, with the bound of its solve: that of the solve, or the one it started
        from where that is better.
    certain
        By choice that is certain to leave no plan: why.
    """

    swept: Sweep
    plans: Mapping[str, Plan]
    certain: Mapping[str, str]


def forced(
    plan: Plan, about: str, conditions: Mapping[str, Condition], runs: Runs, time_limit: Limit
) -> Forced:
    """Return plans with each choice forced.

    Parameters
    ----------
    plan
        The plan that chose otherwise.
    about
        The firm or park.
    conditions
        By choice: the row that forces it.
    runs
        How they are solved.
    time_limit
        The limit for all of them together.
    """
    instance = instance_of(plan.region, plan.distances)
    certain = {choice: why for choice in conditions if (why := _certain(plan, instance, about, choice))}
    rest = {choice: row for choice, row in conditions.items() if choice not in certain}
    begun = _starts(plan, instance, about, rest, time_limit)
    first = _sweep(plan, about, rest, runs, time_limit, begun)
    left = time_limit.left(SOLVES)
    open_ = {
        name: row for name, row in rest.items() if first.result(name).status not in {"optimal", "infeasible"}
    }
    if not open_ or left is None or left < LEAST * len(open_):
        return Forced(first, _best(first, rest, begun), certain)
    again = _sweep(plan, about, open_, runs, time_limit, _best(first, open_, begun))
    swept = _better(first, again)
    return Forced(swept, _best(swept, rest, begun), certain)


def _best(swept: Sweep, choices: Iterable[str], begun: Mapping[str, Plan]) -> dict[str, Plan]:
    """Return the better of what was solved for and what it started from, by choice."""
    found = {}
    for choice in choices:
        solved, start = _plan(swept, choice), begun.get(choice)
        if start is not None and (solved is None or start.value > solved.value):
            bound = swept.result(choice).bound
            found[choice] = replace(start, bound=None if bound is None else max(bound, start.value))
        elif solved is not None:
            found[choice] = solved
    return found


def _starts(
    plan: Plan, instance: Instance, about: str, choices: Iterable[str], time_limit: Limit
) -> dict[str, Plan]:
    """Return plans to start from: each is soon found, and worth more than a solve that is cut short."""
    found = {}
    for choice in choices:
        left = time_limit.left()
        if left is not None and left <= 0:
            break
        start = nearby(plan, instance, about, choice, None if left is None else BEGIN * left)
        if start is not None and not len(verify(start)):
            found[choice] = start
    return found


def _sweep(  # noqa: PLR0917
    plan: Plan,
    about: str,
    conditions: Mapping[str, Condition],
    runs: Runs,
    time_limit: Limit,
    starts: Mapping[str, Plan],
) -> Sweep:
    left = time_limit.left(SOLVES)
    at_once = 1 if runs.executor == "serial" or runs.workers is None else max(1, runs.workers)
    each = None if left is None else left * min(at_once, max(1, len(conditions))) / max(1, len(conditions))
    limited = runs.within(each)
    return runs.sweep(
        Task(
            choice,
            plan.region,
            limited.options,
            conditions=(condition,),
            family=f"explain {about}",
            start=starts.get(choice),
        )
        for choice, condition in conditions.items()
    )


def _plan(swept: Sweep, name: str) -> Plan | None:
    try:
        return swept.plan(name)
    except ClusterplanError:
        return None


def _better(first: Sweep, again: Sweep) -> Sweep:
    """Return the first with the better of both results of those solved again, and the nearer bound."""
    names, results = {task.name for task in again.tasks}, []
    for task, result in zip(first.tasks, first.results, strict=True):
        new = again.result(task.name) if task.name in names else result
        if new.value is not None and result.value is not None:
            is_worse = new.value < result.value - 1e-9 * abs(result.value)
            known = [bound for bound in (new.bound, result.bound) if bound is not None]
            best = replace(result if is_worse else new, bound=min(known) if known else None)
        else:
            best = result if new.value is None and result.value is not None else new
        results.append(best)
    return replace(first, results=tuple(results), seconds=first.seconds + again.seconds)


def _certain(plan: Plan, instance: Instance, about: str, choice: str) -> str:
    """Return why a choice is certain to leave no plan; empty where that is not certain."""
    faults = certain_faults(plan.region, with_forced(instance, about, choice))
    return " ".join(fault.why for fault in faults)
