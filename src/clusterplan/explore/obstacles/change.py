"""`Change`: one change of a region that lets a cause give way; and the region with changes made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.explore.obstacles.barred import STANDARDS
from clusterplan.region import HOMES, Region

DIGITS = 9
"""Decimals to which changed numbers are rounded, so that 100 + 12.4 is 112.4."""


@dataclass(frozen=True)
class Change:
    """One change of a region.

    Parameters
    ----------
    kind
        What is changed: a key of `KINDS`.
    about
        Ids of it.
    amount
        By how much, in ``unit``; 1 for a change that is made or not.
    unit
        Unit of the amount, empty for a change that is made or not.
    words
        The change as a planner would say it.
    departs
        How far it departs from what is there, as a share of it; 1 for a change that is made or not.
    """

    kind: str
    about: tuple[str, ...]
    amount: float
    unit: str
    words: str
    departs: float

    @property
    def id(self) -> str:
        """Ids of what is changed, joined by ``/``."""
        return "/".join(self.about)


def changed(region: Region, changes: Iterable[Change]) -> Region:
    """Return the region with changes made, checked as any region is.

    Raises
    ------
    InputError
        If the changed region has faults.
    """
    given = region.given()
    for change in changes:
        given = KINDS[change.kind](given, change)
    return Region.from_frames(**given)


Given = dict[str, Any]


def _cell(table: str, column: str, value: Callable[[Any, Change], Any]) -> Callable[[Given, Change], Given]:
    """Return what changes the cell of a table's row whose id comes first."""

    def change_cell(given: Given, change: Change) -> Given:
        return _set(given, table, change.about[0], column, lambda old: value(old, change))

    return change_cell


def _set(given: Given, table: str, row: str, column: str, value: Callable[[Any], Any]) -> Given:
    frame = given[table].copy()
    cells = list(frame[column])
    at = frame.index.get_loc(row)
    cells[at] = value(cells[at])
    dtype = float if frame[column].dtype == float else object
    frame[column] = pd.Series(cells, index=frame.index, dtype=dtype)
    return {**given, table: frame}


def _more(old: Any, change: Change) -> float:
    return round(float(old) + change.amount, DIGITS)


def _less(old: Any, change: Change) -> float:
    return round(float(old) - change.amount, DIGITS)


def _capacity(given: Given, change: Change) -> Given:
    """Give a park more of a resource, at every size it may have."""
    park, resource = change.about
    given = _set(given, "parks", park, resource, lambda old: _more(old, change))
    if "levels" not in given or resource not in given["levels"]:
        return given
    levels = given["levels"].copy()
    own = (levels["park"] == park) & levels[resource].notna()
    levels[resource] = [
        _more(old, change) if is_own else old for old, is_own in zip(levels[resource], own, strict=True)
    ]
    return {**given, "levels": levels}


def _group(given: Given, change: Change) -> Given:
    group, resource = change.about
    frame = given["groups"].copy()
    own = (frame["group"] == group) & (frame["resource"] == resource)
    frame["capacity"] = [
        _more(old, change) if is_own else old for old, is_own in zip(frame["capacity"], own, strict=True)
    ]
    return {**given, "groups": frame}


def _budget(given: Given, change: Change) -> Given:
    manifest, name = given["manifest"], change.about[0]
    budget = manifest.budgets[name]
    more = (
        {"amount_m": _more(budget.amount_m, change)}
        if budget.basis == "total_pv"
        else {"by_year_m": tuple(_more(old, change) for old in budget.by_year_m)}
    )
    budgets = {**manifest.budgets, name: budget.model_copy(update=more)}
    return {**given, "manifest": manifest.model_copy(update={"budgets": budgets})}


def _open_parks(given: Given, change: Change) -> Given:
    manifest, side = given["manifest"], change.about[0]
    old = getattr(manifest.open_parks, side)
    new = round(old - change.amount if side == "at_least" else old + change.amount)
    bounds = manifest.open_parks.model_copy(update={side: new})
    return {**given, "manifest": manifest.model_copy(update={"open_parks": bounds})}


def _requirement(given: Given, change: Change) -> Given:
    name, side = change.about
    more = _less if side == "at_least" else _more
    return _set(given, "requirements", name, side, lambda old: more(old, change))


def _let_go(given: Given, change: Change) -> Given:
    firm = change.about[0]
    for column, value in (("status", "excluded"), ("lock", None), ("park", None)):
        if column in given["firms"]:
            given = _set(given, "firms", firm, column, lambda _, value=value: value)  # type: ignore[misc]
    return given


def _open_park(given: Given, change: Change) -> Given:
    """Leave it open whether a park is open."""
    given = _set(given, "parks", change.about[0], "status", lambda _: "candidate")
    return (
        _set(given, "parks", change.about[0], "lock", lambda _: None) if "lock" in given["parks"] else given
    )


def _admits(given: Given, change: Change) -> Given:
    park, stage = change.about
    return _set(given, "parks", park, "admits", lambda old: (*old, stage))


def _standard(given: Given, change: Change) -> Given:
    nothing = np.nan if change.kind.startswith("max_") else 0.0
    return _set(given, "parks", change.about[0], change.kind, lambda _: nothing)


def _separation(given: Given, change: Change) -> Given:
    stage, other = (*change.about, HOMES)[:2]
    frame = given["separations"]
    return {**given, "separations": frame[(frame["stage"] != stage) | (frame["from_stage"] != other)]}


def _market(given: Given, change: Change) -> Given:
    gateway, product = change.about
    frame = given["markets"].copy()
    own = (frame["gateway"] == gateway) & (frame["product"] == product)
    column = f"{change.kind}_per_y"
    frame[column] = [
        _more(old, change) if is_own else old for old, is_own in zip(frame[column], own, strict=True)
    ]
    return {**given, "markets": frame}


KINDS: dict[str, Callable[[Given, Change], Given]] = {
    "capacity": _capacity,
    "group_capacity": _group,
    "pool": _cell("pools", "workers", _more),
    "budget": _budget,
    "open_parks": _open_parks,
    "requirement": _requirement,
    "let_go": _let_go,
    "lock_in": _cell("firms", "lock", lambda *_: None),
    "lock_out": _cell("firms", "lock", lambda *_: None),
    "only_parks": _cell("firms", "only_parks", lambda *_: ()),
    "not_parks": _cell("firms", "not_parks", lambda *_: ()),
    "willingness": _cell("firms", "outside_m_y", _less),
    "min_load": _cell("firms", "min_load", _less),
    "open_park": _open_park,
    "excluded_park": _open_park,
    "admits": _admits,
    "separation": _separation,
    HOMES: _separation,
    "buys_up_to": _market,
    "sells_up_to": _market,
    **dict.fromkeys(STANDARDS, _standard),
}
"""What each kind of change does."""
