"""`ranges`: how far a number may move before the plan changes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from clusterplan.errors import InputError, UsageError
from clusterplan.explore.choices.moved import FIELDS, Moved, columns_of, moved
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.money.outside import flips
from clusterplan.explore.sweeps import Sweep, Task
from clusterplan.instance import instance_of
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.region import Change, Region, change
from clusterplan.region.change import number_at
from clusterplan.solve import completed

EXACT = 2e-6
"""Values nearer than this, relative to 1 or to them, are the same: twice the gap at which solves stop."""
Answer = Literal["stays", "changes", "not known"]
COLUMNS = {
    "input": object,
    "side": object,
    "value": float,
    "stays_to": float,
    "changes_at": float,
    "status": object,
    **dict.fromkeys(FIELDS, object),
    "why": object,
}


def ranges(
    plan: Plan,
    inputs: Iterable[str] | Mapping[str, float] | None = None,
    *,
    share: float = 0.5,
    slack: float = 0.0,
    halvings: int = 5,
    n: int = 5,
    time_limit: float | None = 20.0,
    runs: Runs | None = None,
) -> pd.DataFrame:
    """Return how far numbers may move, each by itself, before another layout is better than the plan's.

    The region is changed and solved again from the plan at points between a number's value and the far end
    that is looked at; the interval between the last point at which the plan's places are still best and the
    first at which they are not is halved. At each point

    - the places *stay* if no plan is worth more than the best one with every firm of the plan where it is
      (supply, grants and openings chosen anew), beyond the slack: the bound of the solve says so;
    - they *change* if they can't hold, or a plan was found that is worth more;
    - else it is *not known*: the solve ended before it was proven either way, and the answer stays open.

    Between points that were tried a layout may change and change back; that is not seen.

    Parameters
    ----------
    plan
        The plan.
    inputs
        Paths as in `clusterplan.change`, such as ``firm.cells.outside_m_y`` or ``link.*.value_m_y``; or a
        mapping from path to how far to look each way, in the number's own unit (for numbers that are 0, and
        for single numbers alone). None: the assumed outside options of the n firms of the plan that they
        could turn away soonest, by `clusterplan.flips`.
    share
        How far to look each way, as a share of what is there, where nothing else is said.
    slack
        How much less the plan's places may be worth than the best plan, as a share of the size of its value,
        and still count as best.
    halvings
        How often the interval is halved: the end of a range is told to ``share`` ÷ 2^halvings of the number.
    n
        How many outside options, where no inputs are given.
    time_limit
        Seconds for each solve; None: no limit.
    runs
        How the solves are run (`clusterplan.explore.Runs`).

    Returns
    -------
    DataFrame
        Two rows an input, ``side`` ``down`` and ``up``: ``value`` as it is (1 where a path means several
        numbers: what follows are factors then), ``stays_to``, the farthest value at which the places were
        proven to stay, ``changes_at``, the nearest at which they were seen to change (NaN: none was), and
        ``status``: ``changes``; ``stays`` to the far end; ``not known`` where solves between the two were not
        proven; ``no region`` where the number can't be beyond ``stays_to``. As tuples of ids, who is
        elsewhere at ``changes_at``, and ``why``: ``worth more``, ``can't hold``, ``no plan``, or what the
        input's fault is.

    Raises
    ------
    UsageError
        If an input names nothing or no number, or another number cannot be meant.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> found = cp.ranges(plan, ["firm.batteries.outside_m_y"], halvings=8)
    >>> found[["side", "stays_to", "changes_at", "status"]].round(2).to_numpy().tolist()
    [['down', 2.0, nan, 'stays'], ['up', 4.03, 4.04, 'changes']]
    """
    _check(share, slack, halvings, n)
    runs = (runs or Runs()).within(time_limit)
    sides = [
        side for path, by in _asked(plan, inputs, n).items() for side in _sides(plan.region, path, by, share)
    ]
    if not sides:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    trial = _Trial(plan, slack, time_limit, runs)
    trial.answer(sides, [1.0] * len(sides))
    for _ in range(halvings):
        open_sides = [side for side in sides if side.is_open]
        trial.answer(open_sides, [side.middle for side in open_sides])
    rows = [side.row() for side in sides]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _check(share: float, slack: float, halvings: int, n: int) -> None:
    if not (0 < share < 1 and slack >= 0 and halvings >= 0 and n >= 1):
        raise UsageError(
            "share is between 0 and 1, slack and halvings are not negative, n is at least 1, not "
            f"{share!r}, {slack!r}, {halvings!r}, {n!r}."
        )


def _asked(plan: Plan, inputs: Iterable[str] | Mapping[str, float] | None, n: int) -> dict[str, float | None]:
    """Return how far to look for each path; None: by share."""
    if isinstance(inputs, Mapping):
        return dict(inputs)
    if isinstance(inputs, str):
        return {inputs: None}
    if inputs is not None:
        return dict.fromkeys(inputs)
    soonest = flips(plan)
    rest = soonest[(soonest["status"] == "comes") & soonest["is_assumed"]].index[:n]
    return {
        f"firm.{firm}.outside_m_y": max(float(abs(soonest.loc[firm, "outside_m_y"])) * 0.5, 1.0)
        for firm in rest
    }


@dataclass(frozen=True)
class Judged:
    """What was found at a point: whether the places stay, and if they change why, and who is elsewhere."""

    answer: Answer
    why: str = ""
    moved: Moved = field(default_factory=Moved)
    is_refused: bool = False


@dataclass
class _Side:
    """An input that is moved one way: at what part of the way to the far end the places stay, and change."""

    path: str
    name: str
    value: float
    by: float
    does: Literal["*=", "+="]
    stays: float = 0.0
    changes: float = math.nan
    unknown: float = math.nan
    told: Judged = field(default_factory=lambda: Judged("stays"))

    @property
    def end(self) -> float:
        """The nearest part of the way at which the places are not known to stay."""
        return float(np.nanmin([self.changes, self.unknown, math.inf]))

    @property
    def is_open(self) -> bool:
        """Whether anything is left to be halved."""
        return math.isfinite(self.end)

    @property
    def middle(self) -> float:
        """The part of the way to try next."""
        return (self.stays + self.end) / 2

    def change_at(self, part: float) -> Change:
        """Return the change that moves it so far."""
        amount = self.by * part
        return Change(self.path, self.does, 1 + amount if self.does == "*=" else amount)

    def at(self, part: float) -> float:
        """Return the value (or factor) there."""
        return self.value * (1 + self.by * part) if self.does == "*=" else self.value + self.by * part

    def take(self, part: float, told: Judged) -> None:
        """Take down what was found there."""
        if told.answer == "stays":
            self.stays = part
        elif told.answer == "not known":
            self.unknown = part
        else:
            self.changes, self.told = part, told
            self.unknown = math.nan if self.unknown >= part else self.unknown

    def row(self) -> dict[str, Any]:
        """Return what is told of it."""
        if not math.isnan(self.unknown):
            status = "not known"
        elif math.isnan(self.changes):
            status = "stays"
        else:
            status = "no region" if self.told.is_refused else "changes"
        beyond = not math.isnan(self.changes) and not self.told.is_refused
        return {
            "input": self.path,
            "side": self.name,
            "value": self.value,
            "stays_to": self.at(self.stays),
            "changes_at": self.at(self.changes) if beyond else math.nan,
            "status": status,
            "why": self.told.why,
            **columns_of(self.told.moved),
        }


def _sides(region: Region, path: str, by: float | None, share: float) -> list[_Side]:
    """Return the two ways in which an input is moved."""
    change(region, Change(path, "*=", 1.0))  # what names nothing, or no number, is told before any solve
    number = number_at(region, path)
    value = 1.0 if number is None else number
    if by is not None and number is None:
        raise UsageError(f"{path} means several numbers: they are moved by share alone.")
    if by is None:
        if value == 0:
            raise UsageError(f"{path} is 0: say how far to look in its own unit, {{{path!r}: 1.0}}.")
        turned = -1.0 if value < 0 else 1.0  # down is down for numbers below 0 too
        return [
            _Side(path, "down", value, -share * turned, "*="),
            _Side(path, "up", value, share * turned, "*="),
        ]
    if not (math.isfinite(by) and by > 0):
        raise UsageError(f"{path}: how far to look is above 0, not {by!r}.")
    return [_Side(path, "down", value, -by, "+="), _Side(path, "up", value, by, "+=")]


@dataclass
class _Trial:
    """Tries points, as many at a time as the sweep takes."""

    plan: Plan
    slack: float
    time_limit: float | None
    runs: Runs

    def answer(self, sides: Sequence[_Side], parts: Sequence[float]) -> None:
        """Try a point of each side, and let it take the answer down."""
        asked = []
        for side, part in zip(sides, parts, strict=True):
            try:
                region = change(self.plan.region, side.change_at(part))
            except InputError as error:
                why = str(error.faults[0]) if error.faults else str(error)
                side.take(part, Judged("changes", why, is_refused=True))
                continue
            name = f"{side.path} {side.name} {part:g}"
            task = Task(name, region, self.runs.options, family="ranges", start=self.plan)
            asked.append((side, part, task))
        swept = self.runs.sweep([task for _, _, task in asked])
        for side, part, task in asked:
            side.take(part, self.judged(task, swept))

    def judged(self, task: Task, swept: Sweep) -> Judged:
        """Return whether the plan's places are still best in a changed region."""
        result = swept.result(task.name)
        if result.status == "infeasible":
            return Judged("changes", "no plan")
        if result.value is None:
            return Judged("not known")
        other = swept.plan(task.name)
        found = moved(self.plan, other)
        kept = other.value if not found.firms else self.kept(task.region)
        near = EXACT * max(1.0, abs(other.value)) + self.slack * max(1e-9, abs(self.plan.value))
        if other.value > kept + near:
            return Judged("changes", "worth more" if math.isfinite(kept) else "can't hold", found)
        bound = math.inf if other.bound is None else max(other.bound, other.value)
        return Judged("stays" if bound <= kept + near else "not known")

    def kept(self, region: Region) -> float:
        """Return what the plan's places are worth in a changed region, −inf if they can't hold."""
        instance = instance_of(region)
        old = decisions_of(self.plan, instance)
        there = {instance.sites.firms[f] for f in np.flatnonzero(old.park >= 0)}
        if there != set(self.plan.firms.index[self.plan.firms["park"].notna()]):
            return -math.inf
        part = completed(instance, old, self.time_limit)
        return -math.inf if part.decisions is None else part.value
