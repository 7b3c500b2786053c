"""`willingness`: why each firm of a plan comes, and what it would have taken at least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.explore.money.least import least_grants
from clusterplan.explore.money.parts import PARTS, SUMS, grants_worth, surplus_parts, swept
from clusterplan.instance import Floats
from clusterplan.plan import Plan


@dataclass(frozen=True, eq=False)
class Willingness:
    """Why firms come.

    Parameters
    ----------
    firms
        By firm placed (platforms left out): ``name``, ``park``, ``status``; a column ``<part>_m_y`` for each
        part of the surplus (`clusterplan.explore.money.parts.PARTS`), which sum to ``surplus_m_y``; then
        ``needed_m_y``, the least worth of grants that keeps it with all else held, ``rent_m_y``, what its
        grants are worth beyond that, and ``slack_m_y``, its surplus beyond the rent. With ``exact``,
        ``needed_anew_m_y`` too, for candidates. Where the outside option is not known, the surplus and what
        hangs on it are NaN, the rent is 0. Existing and committed firms stay whatever they earn: for them
        ``needed_m_y`` is what would make them willing.
    parts
        The same parts in rows: ``firm``, ``part``, ``instrument`` (of grants, else None), ``amount_m_y``.
        Parts that are 0 are left out.
    grants
        Each grant: ``firm``, ``instrument``, ``budget``, ``amount_m_y``, ``worth_m_y``, ``needed_m_y`` (the
        amount that would do, all grants of a firm cut alike) and ``rent_m_y`` (of its worth).
    least_total_m_y
        With ``exact``: grants that keep all firms together where they are, m currency/y; else None.
    """

    firms: pd.DataFrame
    parts: pd.DataFrame
    grants: pd.DataFrame
    least_total_m_y: float | None = None

    @property
    def short(self) -> pd.DataFrame:
        """The parts in a few columns (`clusterplan.explore.money.parts.SUMS`) and the surplus, by firm."""
        sums = {
            name: self.firms[[f"{part}_m_y" for part in parts]].sum(axis=1, skipna=False)
            for name, parts in SUMS.items()
        }
        return pd.DataFrame(sums).assign(surplus=self.firms["surplus_m_y"])


def willingness(plan: Plan, *, exact: bool = False, time_limit: float | None = 60.0) -> Willingness:
    """Return each firm's surplus by its parts, and the least grant that keeps it.

    With g the worth of a firm's grants and u its surplus, all else held:

        needed = max(0, g − u),   rent = max(0, min(g, u)),   slack = max(0, u − g)

    so that g = needed + rent and u = rent + slack for every firm that is willing. Source: the participation
    constraint of mechanism design; the rent is the firm's surplus that the grant pays for.

    Parameters
    ----------
    plan
        The plan.
    exact
        True to look also for the least grant that would do if supply, utilisation and the other grants
        were chosen anew with places as they are: a program for each firm that gets a grant
        (`clusterplan.explore.money.least.least_grants`).
    time_limit
        Seconds for that; what is not reached is NaN. None: no limit.

    Raises
    ------
    UsageError
        If the time limit is negative.

    Examples
    --------
    >>> import clusterplan as cp
    >>> why = cp.willingness(cp.solve(cp.load_region("tiny")))
    >>> why.firms.loc["batteries", ["margin_m_y", "freight_m_y", "outside_m_y"]].round(3).to_dict()
    {'margin_m_y': 3.0, 'freight_m_y': -0.04, 'outside_m_y': -4.0}
    """
    amounts = surplus_parts(plan)
    firms = plan.firms.loc[amounts.index, ["name", "park", "status"]].join(amounts.add_suffix("_m_y"))
    surplus, granted = swept(amounts.sum(axis=1, skipna=False)), amounts["grants"]
    rent = swept(pd.concat([granted, surplus], axis=1).min(axis=1).clip(lower=0.0))
    firms = pd.DataFrame(firms).assign(
        surplus_m_y=surplus,
        needed_m_y=swept((granted - surplus).clip(lower=0.0)),
        rent_m_y=rent.where(surplus.notna(), 0.0),
        slack_m_y=swept((surplus - granted).clip(lower=0.0)),
    )
    given = grants_worth(plan)
    total: float | None = None
    if exact:
        anew, total = least_grants(plan, time_limit=time_limit)
        firms["needed_anew_m_y"] = anew.reindex(firms.index)
    return Willingness(firms, _tidy(amounts, given), _grants(given, firms), total)


def _tidy(amounts: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    columns = ["firm", "part", "instrument", "amount_m_y"]
    rows: list[tuple[str, str, str | None, float]] = [
        (str(firm), part, None, float(amount))
        for part in PARTS
        if part != "grants"
        for firm, amount in amounts[part].items()
    ]
    paid = zip(given["firm"], given["instrument"], given["worth_m_y"], strict=True)
    rows += [(firm, "grants", instrument, worth) for firm, instrument, worth in paid]
    firm_at = {firm: n for n, firm in enumerate(amounts.index)}
    part_at = {part: n for n, part in enumerate(PARTS)}
    rows.sort(key=lambda row: (firm_at[row[0]], part_at[row[1]]))
    told = [row for row in rows if row[-1] != 0]
    frame = pd.DataFrame(told, columns=columns)
    return frame.assign(instrument=pd.Series([row[2] for row in told], dtype=object))


def _grants(given: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """Return grants with the part of each that would do, and the part that is rent: all of a firm alike."""
    worth = given["worth_m_y"].to_numpy(dtype=float)
    total = given["firm"].map(firms["grants_m_y"]).to_numpy(dtype=float)

    def part(column: str) -> Floats:
        of_firm = given["firm"].map(firms[column]).to_numpy(dtype=float)
        return np.asarray(np.divide(of_firm, total, out=np.zeros(len(given)), where=total > 0))

    named = given[["firm", "instrument", "budget", "amount_m_y", "worth_m_y"]]
    needed = given["amount_m_y"] * part("needed_m_y")
    return named.assign(needed_m_y=needed, rent_m_y=worth * part("rent_m_y"))
