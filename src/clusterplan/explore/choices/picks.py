"""`picks`: what each pick of a plan is worth: it is dropped, and the region solved again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clusterplan.errors import InputError, UsageError
from clusterplan.explore.choices.explain import because
from clusterplan.explore.choices.moved import FIELDS, NO_PLAN, beside, columns_of
from clusterplan.explore.choices.nearby import nearby
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.sweeps import Sweep, Task
from clusterplan.instance import instance_of
from clusterplan.plan import Plan
from clusterplan.region import change
from clusterplan.region.suggest import suggest
from clusterplan.rules import Condition

START = 5.0
"""Seconds at most for a plan to start from without a park; it mostly takes a tenth of one."""
COLUMNS = {
    "about": object,
    "id": object,
    "name": object,
    "chosen": object,
    "status": object,
    "value": float,
    "loss_m_y": float,
    "least_loss_m_y": float,
    "most_loss_m_y": float,
    **dict.fromkeys(FIELDS, object),
    "because": object,
}


@dataclass(frozen=True, eq=False)
class Picks:
    """What each pick of a plan is worth.

    Parameters
    ----------
    plan
        The plan.
    frame
        A row for each firm that was picked, each park that was opened and each public work that is built, the
        dearest first, those first without which there is no plan:

        - ``about`` (``firm``, ``park`` or ``work``), ``id``, ``name``, ``chosen`` (the firm's park, ``open``
          or ``built``)
        - ``status`` of the plan without it (``no plan``: the rules leave none; where an input asks for the
          pick, ``because`` says which), its ``value``, ``loss_m_y`` (the plan's value less it), and
          ``least_loss_m_y`` and ``most_loss_m_y``, between which the loss lies as far as is proven
        - as tuples of ids, what is different then, the pick itself left out: firms that come (``comes``), go
          (``goes``) and move (``moves``), parks that open and shut (``opens``, ``shuts``)
        - ``because``: the terms that change most
    swept
        The solves, with a plan for each pick: ``swept.plan("firm seats")``.
    """

    plan: Plan
    frame: pd.DataFrame
    swept: Sweep


class _Pick(NamedTuple):
    about: str
    id: str
    name: str
    chosen: str

    @property
    def task(self) -> str:
        return f"{self.about} {self.id}"


def picks(
    plan: Plan,
    *,
    about: Iterable[str] | None = None,
    time_limit: float | None = 20.0,
    runs: Runs | None = None,
) -> Picks:
    """Return what each pick of a plan is worth, and what comes in its place.

    Picks are the candidates that the plan places (platforms too), the parks it opens that were not open
    before, and the public works it builds. Each is left out in turn, and the region solved again from the
    plan with all else free. A firm or park that is locked in is a pick as well: its lock is lifted. Existing
    and committed firms, and parks that are open already, are no picks; ask `clusterplan.whatif` what happens
    without them.

    What picks are worth does not add up: two that replace each other are each worth little, and two that need
    each other are each worth both.

    Parameters
    ----------
    plan
        The plan.
    about
        Ids of the picks to ask about; None: all.
    time_limit
        Seconds for each solve; None: no limit.
    runs
        How the solves are run (`clusterplan.explore.Runs`).

    Raises
    ------
    UsageError
        If one that is named is no pick of the plan.

    References
    ----------
    Cabeza and Moilanen 2006, Replacement cost: a practical measure of site value for cost-effective reserve
    planning: the loss when a site is left out and all else is chosen anew.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> found = cp.picks(plan).frame
    >>> found.set_index("id")["loss_m_y"].round(3).to_dict()
    {'south': 7.045, 'batteries': 7.045, 'seats': 1.55}
    """
    chosen = _chosen(plan, about)
    runs = (runs or Runs()).within(time_limit)
    tasks, refused = [], {}
    for pick in chosen:
        try:
            tasks.append(_task(plan, pick, runs))
        except InputError as error:
            refused[pick.task] = str(error.faults[0]) if error.faults else str(error)
    swept = runs.sweep(tasks)
    rows = [_row(plan, pick, swept, refused) for pick in chosen]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    order = np.lexsort((np.arange(len(frame)), -frame["loss_m_y"].fillna(np.inf)))
    return Picks(plan, frame.iloc[order].reset_index(drop=True), swept)


def _chosen(plan: Plan, about: Iterable[str] | None) -> list[_Pick]:
    """Return the picks that are asked for."""
    known = [*_parks(plan), *_works(plan), *_firms(plan)]
    if about is None:
        return known
    asked, ids = list(about), {pick.id for pick in known}
    for one in asked:
        if one not in ids:
            raise UsageError(
                f"{one!r} is no pick of the plan. Picks are candidates that come, parks that it opens and "
                f"works that it builds.{suggest(one, ids)}"
            )
    return [pick for pick in known if pick.id in asked]


def _firms(plan: Plan) -> Iterator[_Pick]:
    table = plan.firms
    placed = table[table["park"].notna() & (table["status"] == "candidate")]
    for firm, name, park in zip(placed.index, placed["name"], placed["park"], strict=True):
        yield _Pick("firm", str(firm), str(name), str(park))


def _parks(plan: Plan) -> Iterator[_Pick]:
    table = plan.parks
    opened = table[table["open"].astype(bool) & (table["status"] == "candidate")]
    for park, name in zip(opened.index, opened["name"], strict=True):
        yield _Pick("park", str(park), str(name), "open")


def _works(plan: Plan) -> Iterator[_Pick]:
    built = plan.works[plan.works["built"].astype(bool)]
    for work, name in zip(built.index, built["name"], strict=True):
        yield _Pick("work", str(work), str(name), "built")


def _task(plan: Plan, pick: _Pick, runs: Runs) -> Task:
    """Return the solve without a pick.

    A firm is locked out. A park is shut by a condition: were it locked out, it would be no admissible park
    any more, and `fit` would measure firms against another. A work is left out of the table.
    """
    region, shut, start = plan.region, list[Condition](), plan
    if pick.about == "firm":
        region = change(region, f"firm.{pick.id}.lock = out")
    elif pick.about == "work":
        works = region.given()["works"]
        region = region.replace(works=works[works.index != pick.id])
    else:
        if region.parks.loc[pick.id, "lock"] == "in":
            region = change(region, {f"park.{pick.id}.lock": None})
        else:
            limit = runs.options.get("time_limit")
            most = START if limit is None else min(START, limit)
            start = nearby(plan, instance_of(region, plan.distances), pick.id, "shut", most) or plan
        shut.append(Condition({("open", pick.id): 1.0}, at_most=0))
    return Task(pick.task, region, runs.options, conditions=tuple(shut), family="picks", start=start)


def _row(plan: Plan, pick: _Pick, swept: Sweep, refused: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = pick._asdict()
    if pick.task in refused:
        return row | {"status": NO_PLAN, "because": refused[pick.task], **dict.fromkeys(FIELDS, ())}
    other = beside(plan, swept, pick.task)
    row |= {"status": other.status, "value": other.value, "because": ""}
    row |= {"loss_m_y": -other.change, "least_loss_m_y": -other.most, "most_loss_m_y": -other.least}
    row |= {name: tuple(i for i in ids if i != pick.id) for name, ids in columns_of(other.moved).items()}
    if other.plan is not None:
        row["because"] = because(other.plan.terms["value"] - plan.terms["value"])
    return row
