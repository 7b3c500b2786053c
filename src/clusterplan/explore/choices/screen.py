"""Which of many inputs are worth solving the region again for: what each can move with places held.

An input is moved down and up, and the region read again; no layout is sought. What it can move is

- the value of the plan's layout: places and grants as they are, supply chosen anew, nobody asked;
- what one firm earns: of those in the plan with that supply, of those that are out at the best park that may
  take them, without anything they would buy, sell or work with, with all they could be granted there;
- whether the layout holds at all: firms may be there, the rules can be kept, and candidates are willing.

Inputs that break the layout come first, then those that move the most of the first two. Source: one-at-a-time
screening before the costly model, as in Saltelli et al. 2008, Global Sensitivity Analysis: The Primer,
chapter 3; here it is an order and no bound: what an input does to a firm that is out by its dealings with
others is not seen.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import InputError
from clusterplan.explore.choices.inputs import Input
from clusterplan.explore.choices.stays import Stays, all_there, stays
from clusterplan.explore.choices.yardstick import yardstick
from clusterplan.instance import Floats, Instance, instance_of, same
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.region import Change, Region
from clusterplan.region.change import tried
from clusterplan.solve import completed

NOTHING = 1e-6
"""What moves less than this, m currency/y, moves nothing."""
CHOSEN = "chosen"
COLUMNS = {
    "numbers": int,
    "holds": object,
    "value_m_y": float,
    "firm_m_y": float,
    "firm": object,
    "status": object,
}


@dataclass(frozen=True)
class Moves:
    """What an input can move at one end.

    Parameters
    ----------
    value
        Change of the value with places held, m currency/y, without its sign; infinite where they can't be.
    firm, of
        Largest change of what a firm earns, m currency/y, and its id; None: no firm's changes.
    holds
        Whether the plan's layout holds.
    """

    value: float = 0.0
    firm: float = 0.0
    of: str | None = None
    holds: bool = True


def screened(
    plan: Plan, inputs: Sequence[Input], n: int, seconds: float | None
) -> tuple[list[Input], pd.DataFrame]:
    """Return the n inputs that can move most, the first first, and what each can move.

    Parameters
    ----------
    plan
        The plan.
    inputs
        What could be moved.
    n
        How many to choose.
    seconds
        Time for it; None: no limit. Inputs that are not looked at in time are not chosen, and told.

    Returns
    -------
    list of Input, DataFrame
        By ``input``, in the order in which they were chosen: ``numbers`` (how many it is), ``holds`` (whether
        the plan's layout holds at both ends), ``value_m_y`` (how much the value changes at most with places
        held; infinite where they can't be), ``firm_m_y`` and ``firm`` (how much what one firm earns changes
        at most, and whose), ``status``: ``chosen``, ``moves less``, ``moves nothing``, ``no region`` (it
        can't be moved so far either way) or ``not looked at`` (time ran out).
    """
    end = math.inf if seconds is None else time.monotonic() + seconds
    screen = _Screen(plan)
    rows, found = {}, dict[str, Input]()
    for one in inputs:
        found[one.name] = one
        if time.monotonic() > end:
            rows[one.name] = (one.numbers, None, math.nan, math.nan, None, "not looked at")
            continue
        ends = [side for side in (screen.moves(one.low), screen.moves(one.high)) if side is not None]
        rows[one.name] = _row(one, ends)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).astype(COLUMNS)
    size = frame[["value_m_y", "firm_m_y"]].replace(math.inf, math.nan).max(axis=1).fillna(0.0)
    able = frame["status"].eq(CHOSEN).to_numpy(dtype=bool)
    breaks = frame["holds"].eq(False).to_numpy(dtype=bool)
    frame = frame.iloc[np.lexsort((np.arange(len(frame)), -size.to_numpy(), ~breaks, ~able))]
    chosen = list(frame.index[frame["status"] == CHOSEN][:n])
    frame.loc[frame["status"].eq(CHOSEN) & ~frame.index.isin(chosen), "status"] = "moves less"
    return [found[name] for name in chosen], frame.rename_axis("input")


def _row(one: Input, ends: Sequence[Moves]) -> tuple[Any, ...]:
    if not ends:
        return (one.numbers, None, math.nan, math.nan, None, "no region")
    value = max(end.value for end in ends)
    largest = max(ends, key=lambda end: end.firm)
    holds = all(end.holds for end in ends)
    status = "moves nothing" if holds and max(value, largest.firm) <= NOTHING else CHOSEN
    return (one.numbers, holds, value, largest.firm, largest.of, status)


@dataclass
class _Screen:
    """A plan, and how its layout fares as the region is."""

    plan: Plan
    base: Region = field(init=False)
    today: Instance = field(init=False)
    before: Stays = field(init=False)
    standing: pd.Series = field(init=False)

    def __post_init__(self) -> None:
        given = self.plan.region
        self.base = given.replace(scenarios=None) if len(given.scenarios) else given
        self.today = instance = instance_of(self.base)
        now = stays(instance, decisions_of(self.plan, instance), None)
        value = self.plan.value
        self.before = Stays(value, np.full(instance.n_firms, np.nan)) if now is None else now
        self.standing = _standing(instance, self.before)

    def moves(self, changes: Sequence[Change]) -> Moves | None:
        """Return what changes can move; None where they make no region."""
        try:
            region = tried(self.base, changes)
        except InputError:
            return None
        instance = instance_of(region)
        if same(instance, self.today):
            return Moves()
        old = decisions_of(self.plan, instance)
        now = stays(instance, old, None) if all_there(self.plan, instance, old) else None
        apart = (_standing(instance, now) - self.standing).abs().fillna(0.0)
        firm = str(apart.idxmax()) if len(apart) and apart.max() > NOTHING else None
        if now is None:
            return Moves(math.inf, float(apart.max()), firm, holds=False)
        due = yardstick(self.base, region).of(self.plan)
        holds = completed(instance, old, None).decisions is not None
        return Moves(abs(now.value - due - self.before.value), float(apart.max()), firm, holds)


def _standing(instance: Instance, now: Stays | None) -> pd.Series:
    """Return what each firm earns: in the plan, or where it is out at the best park that may take it."""
    may, awards = instance.sites.admissible, instance.awards
    granted: Floats = np.zeros(may.shape)
    np.add.at(granted, awards.firm, awards.worth[:, None] * awards.cap)
    there = np.where(may, instance.results.place + granted, -np.inf).max(axis=1, initial=-np.inf)
    best = there + instance.results.load
    own = best if now is None else np.where(np.isnan(now.surplus), best, now.surplus)
    known = np.where(instance.results.has_surplus & np.isfinite(own), own, np.nan)
    return pd.Series(known, index=list(instance.sites.firms), dtype=float)
