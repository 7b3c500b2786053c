"""Willingness: a candidate comes only if it earns what it would elsewhere; what the tables show of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.distance.arrays import FloatArray
from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import at, numbers
from clusterplan.plan.checks.instruments import Grants
from clusterplan.plan.checks.ledger import Ledger


def willingness(case: Case, money: Ledger, given: Grants) -> Iterator[Breach]:
    """Yield candidates that would not come, and surpluses, grants and rents told wrongly."""
    firms, gauge = case.firms, case.gauge
    chosen = np.flatnonzero(
        case.decided.placed & (firms["status"] == "candidate").to_numpy() & ~case.is_platform
    )
    outside = firms["outside_m_y"].to_numpy(dtype=float)
    yield from gauge.at_least(
        "willingness.surplus", firms.index[chosen], money.earned[chosen], outside[chosen]
    )
    shown = case.plan.firms
    position = at(firms.index, shown.index)
    known = position >= 0
    rows, told = position[known], shown[known]
    # A surplus is a small difference of large sums: it is as exact as they are.
    size = np.fmax(1.0, np.fmax(np.abs(money.earned), np.fmax(np.abs(outside), case.at_place)))
    yield from gauge.equal(
        "willingness.surplus_m_y", told.index, numbers(told["surplus_m_y"]), money.surplus[rows], size[rows]
    )
    amounts = np.bincount(given.firm, weights=given.amount, minlength=len(firms))
    yield from gauge.equal("willingness.grants_m_y", told.index, numbers(told["grants_m_y"]), amounts[rows])
    rent = _rents(money, given)
    paid = numbers(case.plan.grants.iloc[case.decided.awards.row]["rent_m_y"])
    yield from gauge.equal("willingness.rent_m_y", given.ids, paid, rent, size[given.firm])


def _rents(money: Ledger, given: Grants) -> FloatArray:
    """Part of each grant the firm would have come without, others held: 0 where its surplus is unknown."""
    rent = np.maximum(0.0, np.fmin(money.granted, np.nan_to_num(money.surplus)))
    worth = given.worth * given.amount
    total = money.granted[given.firm]
    part = np.divide(worth, total, out=np.zeros(len(worth)), where=total > 0)
    return np.asarray(rent[given.firm] * part)
