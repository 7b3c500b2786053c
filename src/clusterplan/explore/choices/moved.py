"""What a plan that was solved again is worth beside the first, and who is elsewhere in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from clusterplan.errors import ClusterplanError
from clusterplan.explore.choices.yardstick import difference
from clusterplan.explore.sweeps import Sweep
from clusterplan.plan import Plan

NO_PLAN = "no plan"
"""Status where the rules leave no plan."""


@dataclass(frozen=True)
class Moved:
    """Who is elsewhere in a second plan, and which parks are open in one of the two alone, by id.

    Parameters
    ----------
    comes, goes, moves
        Firms that are in the second plan alone, in the first alone, and in both but in other parks.
    opens, shuts
        Parks that are open in the second alone, and in the first alone.
    """

    comes: tuple[str, ...] = ()
    goes: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    shuts: tuple[str, ...] = ()

    @property
    def firms(self) -> int:
        """How many firms are elsewhere; out counts as a place."""
        return len(self.comes) + len(self.goes) + len(self.moves)


FIELDS = ("comes", "goes", "moves", "opens", "shuts")
"""Fields of `Moved`, as columns of the frames that tell them."""


def moved(first: Plan, second: Plan) -> Moved:
    """Return who is elsewhere in a second plan; what only one region knows is out of the other.

    Parameters
    ----------
    first, second
        The plans.
    """
    index = first.firms.index.union(second.firms.index, sort=False)
    was, now = (plan.firms["park"].reindex(index).astype(object) for plan in (first, second))
    in_first, in_second = was.notna(), now.notna()
    parks = first.parks.index.union(second.parks.index, sort=False)
    before, after = (plan.parks["open"].reindex(parks).eq(True) for plan in (first, second))
    return Moved(
        comes=_ids(index, ~in_first & in_second),
        goes=_ids(index, in_first & ~in_second),
        moves=_ids(index, in_first & in_second & (was != now)),
        opens=_ids(parks, ~before & after),
        shuts=_ids(parks, before & ~after),
    )


def _ids(index: pd.Index, chosen: pd.Series) -> tuple[str, ...]:
    return tuple(str(one) for one in index[chosen.to_numpy(dtype=bool)])


@dataclass(frozen=True)
class Beside:
    """A plan that was solved again, beside the first.

    Parameters
    ----------
    status
        ``optimal``, ``feasible``, ``no plan`` where the rules leave none; else as the sweep tells it.
    value
        Its value, m currency/y; NaN without a plan.
    change, least, most
        Its value less the first plan's, by the yardstick of `fit` of the first plan's region; and between
        which numbers the difference of the two best plans lies, as far as the bounds of both are known: the
        same where both are proven and the yardstick is one. Infinite: no bound.
    moved
        Who is elsewhere.
    plan
        It; None where there is none.
    """

    status: str
    value: float
    change: float
    least: float
    most: float
    moved: Moved
    plan: Plan | None


def beside(plan: Plan, swept: Sweep, name: str) -> Beside:
    """Return the plan of a task beside another.

    See `clusterplan.explore.choices.yardstick` for how plans of two regions are compared.

    Parameters
    ----------
    plan
        The first plan.
    swept
        The sweep.
    name
        The task.
    """
    status = swept.result(name).status
    try:
        second = swept.plan(name)
    except ClusterplanError:
        told = NO_PLAN if status == "infeasible" else status.replace("_", " ")
        nan = float("nan")
        return Beside(told, nan, nan, nan, nan, Moved(), None)
    apart = difference(plan, second)
    return Beside(
        status=second.status,
        value=second.value,
        change=apart.change,
        least=apart.least,
        most=apart.most,
        moved=moved(plan, second),
        plan=second,
    )


def columns_of(found: Moved) -> dict[str, Any]:
    """Return who is elsewhere, as cells of a row."""
    return {name: getattr(found, name) for name in FIELDS}
