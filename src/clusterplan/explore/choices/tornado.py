"""`tornado`: which inputs move a plan most when each is lower or higher than it is thought to be."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from clusterplan.errors import InputError, UsageError
from clusterplan.explore.choices.explain import because
from clusterplan.explore.choices.inputs import Input, Inputs, inputs_of, numbers
from clusterplan.explore.choices.moved import FIELDS, Moved, beside, columns_of
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.choices.screen import screened
from clusterplan.explore.sweeps import Sweep, Task
from clusterplan.plan import Plan
from clusterplan.region import change

REFUSED = "no region"
"""Status where the moved number can be none, such as a share above 1."""
SIDES = {
    "input": object,
    "side": object,
    "status": object,
    "value": float,
    "change_m_y": float,
    "least_m_y": float,
    "most_m_y": float,
    "elsewhere": int,
    **dict.fromkeys(FIELDS, object),
    "because": object,
}


@dataclass(frozen=True, eq=False)
class Tornado:
    """Which inputs move a plan most.

    Parameters
    ----------
    plan
        The plan.
    frame
        By ``input``, the widest swing first, those before all at one end of which there is no plan:
        ``low_m_y`` and ``high_m_y`` (what the best plan is worth with the input low and high, by the
        yardstick of `fit` of the plan as it is; see `clusterplan.explore.choices.yardstick`), ``swing_m_y``
        (from the least to the most of these and the plan's value), ``low_elsewhere`` and ``high_elsewhere``
        (how many firms are elsewhere then), ``low_status`` and ``high_status``.
    sides
        The two ends in rows: ``input``, ``side`` (``low``, ``high``), ``status`` (``no plan``: the rules
        leave none; ``no region``: the input cannot be so, and ``because`` says why), ``value`` as that plan
        shows it, ``change_m_y`` against the plan by the same yardstick, and ``least_m_y`` and ``most_m_y``,
        between which that change lies as far as is proven; ``elsewhere`` and, as tuples of ids, who comes,
        goes and moves, and which parks open and shut; ``because``: the terms that change most.
    swept
        The solves: ``swept.plan("firm.*.outside_m_y low")``.
    screened
        What was looked at to choose the inputs, as `clusterplan.explore.choices.screen` tells it; empty where
        they were named.
    """

    plan: Plan
    frame: pd.DataFrame
    sides: pd.DataFrame
    swept: Sweep
    screened: pd.DataFrame = field(default_factory=pd.DataFrame)


def tornado(
    plan: Plan,
    inputs: Inputs | None = None,
    *,
    share: float = 0.2,
    n: int = 10,
    by: Literal["column", "number"] = "column",
    assumed: bool = True,
    time_limit: float | None = 20.0,
    runs: Runs | None = None,
) -> Tornado:
    """Return what each input, moved down and up by itself, does to a plan: its value and its decisions.

    The region is solved again from the plan at each end, with all else as it is. So a number that moves the
    value but no firm is told apart from one that changes the plan; and the swing of one that the plan can
    give way to is smaller than if it were held.

    Without inputs, those are chosen that can move most in this region: every amount in its tables and its
    manifest is moved down and up with the plan's places held, and the n that break its layout, or move its
    value or what a firm earns most, are solved for (`clusterplan.explore.choices.screen`).

    Parameters
    ----------
    plan
        The plan.
    inputs
        Paths as in `clusterplan.change`, such as ``firm.cells.output_per_y`` or ``market.*.buys_at``; or a
        mapping from path to the share by which it is moved, or from any name to a pair of changes, down and
        up. None: those that can move most.
    share
        How far numbers are moved where nothing else is said, as a share of what is there.
    n
        How many inputs, where none are named.
    by
        What one input is, where none are named: a ``column`` with all its numbers, or each ``number`` of the
        n columns that can move most by itself.
    assumed
        Whether only numbers are moved that are assumed, where none are named.
    time_limit
        Seconds for each solve; None: no limit. Choosing inputs takes as long as all solves at most.
    runs
        How the solves are run (`clusterplan.explore.Runs`).

    Raises
    ------
    UsageError
        If an input names nothing, or a share, n or ``by`` cannot be meant.

    References
    ----------
    Eschenbach 1992, Spiderplots versus tornado diagrams for sensitivity analysis: one input at a time, sorted
    by swing.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> found = cp.tornado(plan, ["freight.per_tkm", "link.*.value_m_y"]).frame
    >>> found[["low_m_y", "high_m_y", "low_elsewhere"]].round(3).to_numpy().tolist()
    [[-6.2, 1.37, 1.0], [1.145, 0.705, 0.0]]
    """
    looked_at = pd.DataFrame()
    if inputs is None:
        asked, looked_at = _chosen(plan, share, n, by, assumed=assumed, time_limit=time_limit)
    else:
        asked = inputs_of(plan.region, inputs, share)
    runs = (runs or Runs()).within(time_limit)
    tasks, refused = [], {}
    for one in asked:
        for side, changes in (("low", one.low), ("high", one.high)):
            task = f"{one.name} {side}"
            try:
                region = change(plan.region, changes)
            except InputError as error:
                refused[task] = str(error.faults[0]) if error.faults else str(error)
                continue
            tasks.append(Task(task, region, runs.options, family="tornado", start=plan))
    swept = runs.sweep(tasks)
    names = [one.name for one in asked]
    rows = [_row(plan, name, side, swept, refused) for name in names for side in ("low", "high")]
    sides = pd.DataFrame(rows, columns=list(SIDES)).astype(SIDES)
    frame = _frame(plan, sides, names)
    place = {name: at for at, name in enumerate(frame.index)}
    sides = sides.sort_values("input", key=lambda column: column.map(place), kind="stable")
    return Tornado(plan, frame, sides.reset_index(drop=True), swept, looked_at)


def _chosen(
    plan: Plan, share: float, n: int, by: str, *, assumed: bool, time_limit: float | None
) -> tuple[list[Input], pd.DataFrame]:
    """Return the inputs that can move most, and what was looked at."""
    if n < 1 or by not in {"column", "number"}:
        raise UsageError(f"n is 1 or more, and by is 'column' or 'number', not {n!r} and {by!r}.")
    begun, seconds = time.monotonic(), None if time_limit is None else 2 * n * time_limit
    found, frame = screened(plan, inputs_of(plan.region, None, share, assumed=assumed), n, seconds)
    if by == "column":
        return found, frame
    each = numbers(plan.region, share, [one.name for one in found], assumed=assumed)
    left = None if seconds is None else max(0.0, seconds - (time.monotonic() - begun))
    return screened(plan, each, n, left)


def _row(plan: Plan, name: str, side: str, swept: Sweep, refused: dict[str, str]) -> dict[str, Any]:
    task = f"{name} {side}"
    row: dict[str, Any] = {"input": name, "side": side, "elsewhere": 0}
    if task in refused:
        return row | {"status": REFUSED, "because": refused[task], **columns_of(Moved())}
    other = beside(plan, swept, task)
    row |= {"status": other.status, "value": other.value, "elsewhere": other.moved.firms, "because": ""}
    row |= {"change_m_y": other.change, "least_m_y": other.least, "most_m_y": other.most}
    if other.plan is not None:
        row["because"] = because(other.plan.terms["value"] - plan.terms["value"])
    return row | columns_of(other.moved)


def _frame(plan: Plan, sides: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return a row an input, the widest swing first."""
    by_side = {side: sides[sides["side"] == side].set_index("input") for side in ("low", "high")}
    frame = pd.DataFrame(index=pd.Index(names, name="input", dtype=object))
    for side, rows in by_side.items():
        frame[f"{side}_m_y"] = plan.value + rows["change_m_y"]
    for column in ("elsewhere", "status"):
        for side, rows in by_side.items():
            frame[f"{side}_{column}"] = rows[column]
    values = frame[["low_m_y", "high_m_y"]].assign(plan=plan.value)
    frame.insert(2, "swing_m_y", values.max(axis=1) - values.min(axis=1))
    broken = (frame[["low_status", "high_status"]] == "no plan").any(axis=1)
    frame.loc[broken, "swing_m_y"] = math.nan
    order = np.lexsort((np.arange(len(frame)), -frame["swing_m_y"].fillna(np.inf)))
    return frame.iloc[order]
