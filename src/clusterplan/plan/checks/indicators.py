"""Indicators: those that follow from decisions in one step are counted again, the others must be numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.capacity import used_of
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import numbers
from clusterplan.plan.checks.instruments import Grants
from clusterplan.plan.checks.labour import drawn
from clusterplan.plan.checks.ledger import Ledger
from clusterplan.plan.checks.trade import Trade


def indicators(
    case: Case, found: Trade, closed: pd.DataFrame, given: Grants, money: Ledger
) -> Iterator[Breach]:
    """Yield indicators that are missing, repeated, infinite, without unit or definition, or wrong."""
    gauge, table = case.gauge, case.plan.indicators
    wanted = ["value", "unit", "definition"]
    there = [name in table.columns for name in wanted]
    yield from gauge.holds("tables.column", [f"indicators.{name}" for name in wanted], there)
    if not all(there):
        return
    ids = [str(name) for name in table.index]
    yield from gauge.holds("indicators.repeated", ids, ~table.index.duplicated())
    read = numbers(table["value"])
    yield from gauge.holds("indicators.number", ids, np.isfinite(read) | table["value"].isna().to_numpy())
    for column in ("unit", "definition"):
        said = [isinstance(cell, str) and bool(cell) for cell in table[column]]
        yield from gauge.holds(f"indicators.{column}", ids, said)
    true = {
        **_of_firms(case),
        **_of_trade(case, found),
        **_of_loops(case, closed),
        **_of_money(case, given, money),
        **_of_resources(case),
        **_of_pools(case),
    }
    yield from gauge.holds("indicators.missing", list(true), [name in ids for name in true])
    told = pd.Series(read, index=ids)
    told = told[~told.index.duplicated()].reindex([name for name in true if name in ids])
    yield from gauge.equal(
        "indicators.value", list(told.index), told.to_numpy(), [true[str(name)] for name in told.index]
    )


def _of_firms(case: Case) -> dict[str, float]:
    firms, placed = case.firms, case.decided.placed
    earning = placed & ~case.is_platform
    coming = (firms["status"] != "existing").to_numpy()
    stages = len(set(firms["stage"][placed]))
    workers, investment = numbers(firms["workers"]), numbers(firms["investment_m"])
    counts = {f"firms.{status}": earning & (firms["status"] == status) for status in _STATUSES}
    return {
        "parks_open": float(case.decided.opened.sum()),
        "firms": float(earning.sum()),
        **{name: float(which.sum()) for name, which in counts.items()},
        "platforms": float((placed & case.is_platform).sum()),
        "utilisation": float(case.decided.load[earning].mean()) if earning.any() else np.nan,
        "jobs": float(workers[placed].sum()),
        "jobs_new": float(workers[placed & coming].sum()),
        "investment": float(investment[earning & coming].sum()),
        "stages_present": float(stages),
        "stages_missing": float(len(case.region.manifest.stages) - stages),
    }


_STATUSES = ("existing", "committed", "candidate")


def _of_trade(case: Case, found: Trade) -> dict[str, float]:
    rows, freight = case.decided.trades, case.region.manifest.freight
    tonnes = case.products["tonnes_per_unit"].to_numpy(dtype=float)[rows.product] * rows.quantity
    tonne_km = float(np.nansum(tonnes * found.km))
    bought = rows.buyer >= 0
    anchors = np.flatnonzero(case.firms["is_anchor"] & (case.firms["status"] != "excluded"))
    by_anchors = bought & np.isin(rows.buyer, anchors)
    named_anchors = zip(anchors, case.firms.index[anchors], strict=True)

    def local(which: np.ndarray) -> float:
        return _share(found.value[which & found.local].sum(), found.value[which].sum())

    return {
        "freight_cost": float(np.nansum(found.freight)),
        "freight_tonne_km": tonne_km,
        "freight_co2": tonne_km * freight.co2_kg_per_tkm / 1000.0,
        "localisation_rate": local(by_anchors),
        **{f"localisation_rate.{name}": local(rows.buyer == f) for f, name in named_anchors},
        "local_supply": float(found.value[bought & found.local].sum()),
        "local_supply_share": local(bought),
    }


def _of_loops(case: Case, closed: pd.DataFrame) -> dict[str, float]:
    """Count closed loops; a region without loops has no such indicators."""
    if case.region.loops.empty:
        return {}
    whole = closed[closed["closed"]]
    return {
        "collaboration_value.loops": float(whole["value_m_y"].sum()),
        "loops_open": float(len(closed) - len(whole)),
        "loops_closed": float(len(whole)),
        "producers_in_loops": _share(whole["f"].nunique(), closed["f"].nunique()),
    }


def _of_money(case: Case, given: Grants, money: Ledger) -> dict[str, float]:
    budgets, amounts = case.region.manifest.budgets, money.amounts
    tier = given.terms["budget"].map({name: budget.tier for name, budget in budgets.items()}).to_numpy()
    tiers = {budget.tier for budget in budgets.values()}
    return {
        "collaboration_value": amounts["links"] + amounts["loops"] + amounts["supply_collaboration"],
        "collaboration_value.links": amounts["links"],
        "collaboration_value.supply": amounts["supply_collaboration"],
        "public_cost": -sum(amounts[term] for term in ("parks", "works", "platforms", "grants")),
        "grants": float(given.amount.sum()),
        "grants_pv": float(given.present.sum()),
        **{f"grants.{name}": float(given.amount[tier == name].sum()) for name in tiers},
        "tax": amounts["tax"],
    }


def _of_resources(case: Case) -> dict[str, float]:
    opened = case.decided.opened
    found: dict[str, float] = {}
    for resource in case.region.resources:
        used = used_of(case, resource)
        room = case.public.capacity[resource]
        limited = opened & ~np.isnan(room)
        found[f"used.{resource}"] = float(used[opened].sum())
        found[f"used_share.{resource}"] = _share(used[limited].sum(), room[limited].sum())
    return found


def _of_pools(case: Case) -> dict[str, float]:
    """Shares of labour pools in use; of one pool what the others can't send of what is needed."""
    table = case.region.pools
    if table.empty:
        return {}
    need, have = used_of(case, "workers"), table["workers"].to_numpy(dtype=float)
    reached = (case.distances.pool_km <= table["reach_km"].to_numpy(dtype=float)[None, :]).any(axis=0)
    found = {"used_share.pools": _share(need.sum(), have[reached].sum())}
    for p, name in enumerate(table.index):
        rest = have.copy()
        rest[p] = 0.0
        found[f"used_share.pool.{name}"] = _share(
            max(0.0, float(need.sum()) - drawn(case, need, rest)), have[p]
        )
    return found


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else np.nan
