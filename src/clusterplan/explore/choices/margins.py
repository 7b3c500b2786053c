"""`margins`: what a little more or less of what is limited is worth to a plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clusterplan.errors import InputError, UsageError
from clusterplan.explore.choices.explain import because
from clusterplan.explore.choices.limited import Limited, limited
from clusterplan.explore.choices.moved import FIELDS, NO_PLAN, beside, columns_of
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.sweeps import Sweep, Task
from clusterplan.plan import Plan
from clusterplan.region.percent import share_of
from clusterplan.region.suggest import suggest

COLUMNS = {
    "limit": object,
    "unit": object,
    "amount": float,
    "used": float,
    "used_share": float,
    "direction": object,
    "step": float,
    "status": object,
    "value": float,
    "change_m_y": float,
    "per_unit_m_y": float,
    "least_per_unit_m_y": float,
    "most_per_unit_m_y": float,
    **dict.fromkeys(FIELDS, object),
    "because": object,
}


@dataclass(frozen=True, eq=False)
class Margins:
    """What a little more or less of what is limited is worth.

    Parameters
    ----------
    plan
        The plan.
    frame
        Two rows a limit, ``direction`` ``more`` and ``less``, in the order of what a step of it is worth:

        - ``limit``, its name, ``unit``, ``amount``, ``used`` and ``used_share`` (of the plan)
        - ``step``, by how much it was changed, below 0 for less
        - ``status`` and ``value`` of the plan then (``no plan``: the rules leave none); ``change_m_y``, by
          how much more it is worth than the plan, by the same yardstick of `fit`
        - ``per_unit_m_y`` = change ÷ step: what a unit more brings, or a unit less costs, on average over the
          step; ``least_per_unit_m_y`` and ``most_per_unit_m_y``, between which it lies as far as is proven
        - as tuples of ids, who comes, goes and moves then, and which parks open and shut; ``because``: the
          terms that change most
    left_out
        Limits that were not asked about, and why.
    swept
        The solves: ``swept.plan("budget.city more")``.
    """

    plan: Plan
    frame: pd.DataFrame
    left_out: pd.Series
    swept: Sweep


def margins(
    plan: Plan,
    of: Iterable[str] | Mapping[str, float | None] | None = None,
    *,
    share: float = 0.1,
    used_from: float = 0.5,
    time_limit: float | None = 20.0,
    runs: Runs | None = None,
) -> Margins:
    """Return what a unit more and a unit less of budgets, land, power and so on is worth, by solving again.

    A program with whole decisions has no shadow prices: a hectare more may be worth nothing, and thirty a
    firm. So each limit is raised and lowered by a step, the region solved again from the plan with all else
    free, and the change of value divided by the step, each way by itself. With a smaller step the numbers may
    be others, and 0.

    A park that may take a firm at last can become the best of that firm, against which its `fit` is measured:
    then every plan is worth less, and nobody worse off. Changes are told by the yardstick of the plan as it
    is (`clusterplan.explore.choices.yardstick`).

    Parameters
    ----------
    plan
        The plan.
    of
        Names of limits: ``budget.city`` (present value, or each of its years alike), ``park.south.land_ha``
        (of every size the park may have), ``group.grid.power_mw``, ``pool.town``, ``gateway.port.cells.buys``
        (or ``sells``); or a mapping from name to step, in the limit's unit (None: its share). None: all of
        which the plan uses at least ``used_from``, and all labour pools.
    share
        Steps as a share of what there is, where they are not given.
    used_from
        Share that must be used for a limit to be asked about, where none are named. A limit that is hardly
        used can be worth something too: more of it may let something large in.
    time_limit
        Seconds for each solve; None: no limit.
    runs
        How the solves are run (`clusterplan.explore.Runs`).

    Raises
    ------
    UsageError
        If there is no such limit, or a step or share cannot be meant.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> found = cp.margins(plan, {"park.north.land_ha": 3}).frame
    >>> found[["direction", "step", "per_unit_m_y"]].round(4).to_numpy().tolist()
    [['more', 3.0, 0.0], ['less', -3.0, 0.0183]]
    """
    known = limited(plan)
    steps, left_out = _steps(known, of, share, used_from)
    runs = (runs or Runs()).within(time_limit)
    tasks, refused = [], {}
    for name, step in steps.items():
        for direction, by in (("more", step), ("less", -step)):
            task = f"{name} {direction}"
            try:
                region = known[name].given(plan.region, by)
            except InputError as error:
                refused[task] = str(error.faults[0]) if error.faults else str(error)
                continue
            tasks.append(Task(task, region, runs.options, family="margins", start=plan))
    swept = runs.sweep(tasks)
    rows = [
        _row(plan, known[name], direction, by, swept, refused)
        for name, step in steps.items()
        for direction, by in (("more", step), ("less", -min(step, known[name].amount)))
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    return Margins(plan, _sorted(frame), pd.Series(left_out, dtype=object, name="why"), swept)


def _steps(
    known: Mapping[str, Limited],
    of: Iterable[str] | Mapping[str, float | None] | None,
    share: float,
    used: float,
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the step of each limit that is asked about, and why others are not."""
    if not (math.isfinite(share) and share > 0):
        raise UsageError(f"A step is a share above 0 of what there is, not {share!r}.")
    if of is None:
        left_out = {
            name: "there is none of it" if one.amount <= 0 else f"{share_of(one.share)} of it is used"
            for name, one in known.items()
            if one.amount <= 0 or one.share < used
        }
        return {name: share * one.amount for name, one in known.items() if name not in left_out}, left_out
    given = dict(of) if isinstance(of, Mapping) else dict.fromkeys([of] if isinstance(of, str) else of)
    steps = {}
    for name, step in given.items():
        if name not in known:
            raise UsageError(
                f"There is no limit {name!r}.{suggest(name, known)} They are named as in budget.city, "
                "park.south.land_ha, group.grid.power_mw, pool.town or gateway.port.cells.buys."
            )
        steps[name] = share * known[name].amount if step is None else float(step)
        if not (math.isfinite(steps[name]) and steps[name] > 0):
            raise UsageError(
                f"The step of {name} is above 0, not {steps[name]:g}; give it as in {{{name!r}: 1.0}}."
            )
    return steps, {}


def _row(  # noqa: PLR0917
    plan: Plan,
    one: Limited,
    direction: str,
    step: float,
    swept: Sweep,
    refused: Mapping[str, str],
) -> dict[str, Any]:
    row = {
        "limit": one.name,
        "unit": one.unit,
        "amount": one.amount,
        "used": one.used,
        "used_share": one.share,
        "direction": direction,
        "step": step,
    }
    task = f"{one.name} {direction}"
    if task in refused:
        return row | {"status": NO_PLAN, "because": refused[task], **dict.fromkeys(FIELDS, ())}
    other = beside(plan, swept, task)
    ends = sorted((other.least / step, other.most / step)) if step else [math.nan, math.nan]
    row |= {
        "status": other.status,
        "value": other.value,
        "change_m_y": other.change,
        "per_unit_m_y": other.change / step + 0.0 if step else math.nan,
        "least_per_unit_m_y": ends[0],
        "most_per_unit_m_y": ends[1],
        "because": "",
        **columns_of(other.moved),
    }
    if other.plan is not None:
        row["because"] = because(other.plan.terms["value"] - plan.terms["value"])
    return row


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the limits of which a step is worth most first; those without a plan before all others."""
    size = frame["change_m_y"].abs().fillna(math.inf)
    largest = size.groupby(frame["limit"]).transform("max")
    order = largest.sort_values(ascending=False, kind="stable").index
    told: pd.DataFrame = frame.loc[order].reset_index(drop=True)
    return told
