"""`flips`: how far each firm's outside option may move before the firm would decide otherwise."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.money.held import with_places
from clusterplan.instance import Bools, Floats, Ints, instance_of
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.rules import Model, write_model
from clusterplan.solve import Again

NEGLIGIBLE = 1e-6
"""A surplus this little below 0 is rounding, m currency/y."""


def flips(plan: Plan, *, time_limit: float | None = 20.0) -> pd.DataFrame:
    """Return for each candidate how far its outside option may move before the layout could not hold.

    The layout is held: every firm of the plan in its park, nobody else let in but the firm in question, for
    which a park may be opened. Beyond the limit another layout may still keep the firm, and below it another
    may be worth more: solve again to see. Within the layout, supply, utilisation and grants are chosen anew,
    under all rules and budgets, so that the firm's surplus is as large as it can be (``most_m_y``); the
    others stay willing.

    - A firm that comes does so in this layout as long as its outside option is higher by no more than
      ``most_m_y``. Beyond it the layout can't hold, whatever is paid.
    - A firm that does not come could be won, at its best park in this layout, only if its outside option
      were lower by −``most_m_y``. Where ``most_m_y`` is not negative it could be won as things are, and stays
      out because the plan is worth more without it.

    It is the largest value of a mixed-integer program with places fixed, one for each firm.

    Parameters
    ----------
    plan
        The plan.
    time_limit
        Seconds in all; firms not reached by then have NaN. None: no limit.

    Returns
    -------
    DataFrame
        By firm, candidates alone, platforms left out; first those that come and flip soonest, then those that
        stay away and are nearest to coming. Columns ``name``, ``park`` (None: not in the plan), ``status``,
        ``outside_m_y``, ``is_assumed`` (whether that number is one), ``surplus_m_y`` (of the plan) and
        ``most_m_y``. The status is ``comes``, ``could come`` or ``stays away``; ``other size`` where another
        of its variant group comes; ``locked out``; ``no room`` where no place is left for it; ``not known``
        where time ran out.

    Raises
    ------
    UsageError
        If the time limit is negative.

    Examples
    --------
    >>> import clusterplan as cp
    >>> cp.flips(cp.solve(cp.load_region("tiny")))["most_m_y"].round(3).to_dict()
    {'batteries': 0.035, 'seats': 0.335, 'glass': -0.202}
    """
    if time_limit is not None and not time_limit >= 0:
        raise UsageError(f"The time limit is in seconds, 0 or more, not {time_limit!r}.")
    begun = time.monotonic()
    instance = instance_of(plan.region)
    candidates = np.flatnonzero(instance.results.willing)
    park = decisions_of(plan, instance).park
    again = Again.of(write_model(with_places(instance, park, newcomers=True), name="flips"))
    doors = _Doors(again.model, park)
    most: Floats = np.full(instance.n_firms, np.nan)
    shut = np.zeros(instance.n_firms, dtype=bool)
    for f in candidates.tolist():
        left = None if time_limit is None else time_limit - (time.monotonic() - begun)
        if left is not None and left <= 0:
            break
        places = doors.places(f)
        if not len(places):
            shut[f] = True
            continue
        outcome = again.most(doors.surplus(f), upper=doors.shut_but_for(f), one_of=places, time_limit=left)
        if outcome.interrupted:
            break
        shut[f] = outcome.status == "infeasible"
        if outcome.status == "optimal" and outcome.value is not None:
            most[f] = outcome.value
    return _table(plan, [instance.sites.firms[f] for f in candidates], most[candidates], shut[candidates])


class _Doors:
    """Lets one firm in at a time, and reads its surplus."""

    def __init__(self, model: Model, park: Ints) -> None:
        self._n = model.program.n_columns
        self._y = model.sited.y
        self._out: Bools = (park < 0)[:, None] & (self._y >= 0)
        self._firm, self._column, self._amount = model.program.surplus.arrays()

    def places(self, f: int) -> Ints:
        """Return the columns of the places a firm may take."""
        own: Ints = self._y[f]
        return own[own >= 0]

    def surplus(self, f: int) -> Floats:
        """Return the surplus of a firm as coefficients by column."""
        cost = np.zeros(self._n)
        mine = self._firm == f
        np.add.at(cost, self._column[mine], self._amount[mine])
        return cost

    def shut_but_for(self, f: int) -> Floats:
        """Return upper bounds by column: firms that are out stay out, this one apart; NaN elsewhere."""
        others = self._out.copy()
        others[f] = False
        upper = np.full(self._n, np.nan)
        upper[self._y[others]] = 0.0
        return upper


def _table(plan: Plan, candidates: list[str], most: Floats, shut: Bools) -> pd.DataFrame:
    firms = plan.firms.loc[candidates]
    numbers = plan.region.provenance_of()
    outside = numbers[(numbers["column"] == "outside_m_y") & (numbers["kind"] == "assumed")]
    comes = firms["park"].notna().to_numpy()
    group = plan.region.firms["variant_group"]
    taken = set(group[plan.firms["park"].notna()].dropna())
    locked = (plan.region.firms.loc[candidates, "lock"] == "out").to_numpy()
    other_size = group.loc[candidates].isin(taken).to_numpy()
    status = np.select(
        [comes, locked, other_size, shut, np.isnan(most), most >= -NEGLIGIBLE],
        ["comes", "locked out", "other size", "no room", "not known", "could come"],
        "stays away",
    )
    frame = pd.DataFrame(
        {
            "name": firms["name"],
            "park": firms["park"],
            "status": status,
            "outside_m_y": plan.region.firms.loc[candidates, "outside_m_y"],
            "is_assumed": firms.index.isin(outside["id"]),
            "surplus_m_y": firms["surplus_m_y"],
            "most_m_y": most,
        },
        index=firms.index,
    )
    order = np.lexsort((np.arange(len(frame)), np.where(comes, most, -most), ~comes))
    return frame.iloc[order]
