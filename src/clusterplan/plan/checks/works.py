"""Public works: sizes of parks and what is built, what they change, and what they cost whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import BoolArray, FloatArray
from clusterplan.plan.checks.breach import Breach, Gauge
from clusterplan.plan.checks.cells import numbers, texts
from clusterplan.plan.checks.costs import MILLION
from clusterplan.region import Region


@dataclass(frozen=True)
class Public:
    """What parks offer once the levels and works of a plan are built, and what these cost.

    Parameters
    ----------
    levels, works
        Rows of the region's tables that the plan has.
    capacity
        By resource, what each park has; NaN for no limit.
    change
        What works change of the cost of each firm (rows) in each park (columns), m currency/y.
    paid
        What is paid for levels, works and platforms: columns budget, once (m currency, in year 0) and yearly
        (m currency/y, from year 1 on), kind.
    """

    levels: pd.DataFrame
    works: pd.DataFrame
    capacity: dict[str, FloatArray]
    change: FloatArray
    paid: pd.DataFrame

    def added_to(self, group: str) -> float:
        """Return what works add to a group of parks."""
        return float(sum(dict(adds).get(group, 0.0) for adds in self.works["adds"]))


def public(region: Region, *, level: Any, built: BoolArray, platform: BoolArray) -> Public:
    """Return what follows from the levels and works of a plan.

    Parameters
    ----------
    region
        The region.
    level
        Level that the plan gives each park, "" for none.
    built
        True for each work that is built.
    platform
        True for each firm that is a placed platform.
    """
    parks, firms = region.parks, region.firms
    has = dict(zip(parks.index, level, strict=True))
    sizes = region.levels
    keep = [has[park] == name for park, name in zip(sizes["park"], sizes["level"], strict=True)]
    chosen = sizes[np.array(keep, dtype=bool)]
    works = region.works[built]
    capacity = {}
    for resource in region.resources:
        own = parks[resource].astype(float)
        larger = chosen.set_index("park")[resource].dropna()
        own.loc[larger.index] = larger
        for park, adds in zip(works["park"], works["adds"], strict=True):
            if park is not None:
                own.loc[park] += dict(adds).get(resource, 0.0)
        capacity[resource] = own.to_numpy(dtype=float)
    change = np.zeros((len(firms), len(parks)))
    for work in works[works["park"].notna()].to_dict(orient="records"):
        change[:, parks.index.get_loc(work["park"])] += (
            work["fixed_cost_change_m_y"]
            + MILLION * work["power_price_change_per_mwh"] * firms["energy_mwh_y"].to_numpy(dtype=float)
            + MILLION
            * region.manifest.water_days_y
            * work["water_price_change_per_m3"]
            * firms["water_m3_d"].to_numpy(dtype=float)
        )
    paid = [
        *_paid(chosen, "open_cost_m", "open_cost_m_y", "level"),
        *_paid(works, "cost_m", "cost_m_y", "work"),
        *_paid(firms[platform], None, "public_cost_m_y", "platform"),
    ]
    frame = pd.DataFrame(paid, columns=["budget", "once", "yearly", "kind"])
    return Public(chosen, works, capacity, change, frame)


def _paid(rows: pd.DataFrame, once: str | None, yearly: str, kind: str) -> list[tuple[Any, ...]]:
    first = rows[once] if once else np.zeros(len(rows))
    return list(zip(rows["budget"], first, rows[yearly], [kind] * len(rows), strict=True))


def public_cost(region: Region, paid: pd.DataFrame) -> FloatArray:
    """Return the yearly cost of payments at the cost of funds of their budgets, m currency/y."""
    funds = [1.0 if pd.isna(name) else region.manifest.budgets[name].cost_of_funds for name in paid["budget"]]
    yearly = paid["once"].astype(float) * region.manifest.capital_recovery + paid["yearly"].astype(float)
    return np.asarray(yearly.to_numpy(dtype=float) * np.array(funds))


def works(region: Region, plan: Any, gauge: Gauge, given: Public) -> Iterator[Breach]:
    """Yield levels that are none, and works that are told wrongly."""
    parks = plan.parks
    level = texts(parks["level"])
    known = set(zip(region.levels["park"], region.levels["level"], strict=True))
    there = [not name or (park, name) in known for park, name in zip(parks.index, level, strict=True)]
    yield from gauge.holds("works.level", list(parks.index), there)
    is_open = parks["open"].eq(True).to_numpy(dtype=bool)
    yield from gauge.holds("works.level_of_open_park", list(parks.index), is_open | (level == ""))
    table, own = plan.works, region.works
    for rule, names, holds in (
        ("tables.missing_row", own.index, own.index.isin(table.index)),
        ("tables.unknown_row", table.index, table.index.isin(own.index)),
        ("tables.repeated_row", table.index, ~table.index.duplicated()),
    ):
        yield from gauge.holds(rule, [f"works/{name}" for name in names], holds)
    shown = table[table.index.isin(own.index)]
    for column in ("name", "park", "budget"):
        same = texts(shown[column]) == texts(own[column].reindex(shown.index))
        yield from gauge.holds("tables.copied", [f"works.{column}/{name}" for name in shown.index], same)
    cost = pd.Series(0.0, index=own.index)
    built = given.paid["kind"] == "work"
    cost[given.works.index] = public_cost(region, given.paid[built])
    told = numbers(shown["public_cost_m_y"])
    yield from gauge.equal("works.public_cost_m_y", list(shown.index), told, cost.reindex(shown.index))
