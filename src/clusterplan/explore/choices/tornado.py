"""`tornado`: which inputs move a plan most when each is lower or higher than it is thought to be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import InputError
from clusterplan.explore.choices.explain import because
from clusterplan.explore.choices.inputs import Inputs, inputs_of
from clusterplan.explore.choices.moved import FIELDS, Moved, beside, columns_of
from clusterplan.explore.choices.options import Runs
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
    """

    plan: Plan
    frame: pd.DataFrame
    sides: pd.DataFrame
    swept: Sweep


def tornado(
    plan: Plan,
    inputs: Inputs | None = None,
    *,
    share: float = 0.2,
    time_limit: float | None = 20.0,
    runs: Runs | None = None,
) -> Tornado:
    """Return what each input, moved down and up by itself, does to a plan: its value and its decisions.

    The region is solved again from the plan at each end, with all else as it is. So a number that moves the
    value but no firm is told apart from one that changes the plan; and the swing of one that the plan can
    give way to is smaller than if it were held.

    Parameters
    ----------
    plan
        The plan.
    inputs
        Paths as in `clusterplan.change`, such as ``firm.cells.output_per_y`` or ``market.*.buys_at``; or a
        mapping from path to the share by which it is moved, or from any name to a pair of changes, down and
        up. None: all assumed numbers of each column that weighs most, a column at a time
        (`clusterplan.explore.choices.inputs.WEIGHTY`).
    share
        How far numbers are moved where nothing else is said, as a share of what is there.
    time_limit
        Seconds for each solve; None: no limit.
    runs
        How the solves are run (`clusterplan.explore.Runs`).

    Raises
    ------
    UsageError
        If an input names nothing, or a share cannot be meant.

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
    return Tornado(plan, frame, sides.reset_index(drop=True), swept)


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
