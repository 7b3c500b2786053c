"""What property tests draw, and how they say the same region in other words.

Tables are what `Region.given` returns, with the manifest as a plain dict: what is changed here is
found by what the tables declare of their columns (what an id refers to, the unit of a number), so that
a column with a wrong declaration fails the tests that use it.

`EXAMPLES=100 pytest tests/test_properties.py` looks further than the few examples of every day.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import Phase, settings
from hypothesis import strategies as st
from small_regions import small_region

import clusterplan as cp
from clusterplan.region.columns import Column
from clusterplan.region.tables import BY_NAME

Tables = dict[str, Any]

EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
few = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],  # explaining solves hundreds of regions
)
shuffles = st.integers(0, 2**32 - 1)


@cache
def small(seed: int) -> cp.Region | None:
    """Return a small region, the same object for the same seed; None where a firm fits into no park."""
    try:
        return small_region(seed)
    except cp.InputError:
        return None


seeds = st.integers(0, 4 * EXAMPLES - 1).filter(lambda seed: small(seed) is not None)
EXACT: dict[str, Any] = {"gap": 1e-9, "time_limit": 60}
"""Options that leave the solver no room for another value."""

CURRENCY_RATES = ("jobs", "fixed", "output")
"""Bases of incentives whose rate is money; the rates of the others are shares."""


@cache
def planned(seed: int) -> cp.Plan | None:
    """Return the plan of a small region, None if there is none; the same object for the same seed."""
    region = small(seed)
    return None if region is None else solved(region)


def solved(region: cp.Region, **options: Any) -> cp.Plan | None:
    """Return the optimal plan of a region, None if there is none."""
    try:
        plan = cp.solve(region, **EXACT | options)
    except cp.NoPlanError:
        return None
    assert plan.status == "optimal"
    return plan


def tables_of(region: cp.Region) -> Tables:
    """Return a region as tables, the manifest as a dict."""
    tables = region.given()
    return {**tables, "manifest": tables["manifest"].model_dump(mode="json", exclude_unset=True)}


def region_of(tables: Tables) -> cp.Region:
    return cp.Region.from_frames(**tables)


def reordered(tables: Tables, shuffle: int) -> Tables:
    """Return the tables with their rows in another order."""
    return {
        name: table if name == "manifest" else table.sample(frac=1, random_state=shuffle)
        for name, table in tables.items()
    }


def renamed(tables: Tables, shuffle: int) -> Tables:
    """Return the tables with another id for everything that has one, in another alphabetical order."""
    rng = np.random.default_rng(shuffle)
    manifest = tables["manifest"]
    ids = {name: list(table.index) for name, table in tables.items() if len(_key(name)) == 1}
    ids |= {name: list(manifest.get(name, {})) for name in ("stages", "routes", "budgets")}
    names = {
        of: dict(zip(old, (f"{of[0]}厂{rank} b" for rank in rng.permutation(len(old))), strict=True))
        for of, old in ids.items()
    }
    elsewhere: dict[tuple[str, str], Mapping[str, str]] = {  # ids of one of two sets
        ("separations", "from_stage"): names["stages"],
        ("distances", "origin"): names["parks"] | names["gateways"],
        ("distances", "destination"): names["parks"] | names["gateways"],
    }

    def cell(value: Any, new: Mapping[str, str]) -> Any:
        if isinstance(value, tuple):
            return tuple(
                (cell(one[0], new), one[1]) if isinstance(one, tuple) else cell(one, new) for one in value
            )
        return new.get(value, value) if isinstance(value, str) else value

    changed: Tables = {"manifest": dict(manifest)}
    for of in ("stages", "routes", "budgets"):
        if of in manifest:
            changed["manifest"][of] = {names[of][old]: value for old, value in manifest[of].items()}
    for name, table in tables.items():
        if name == "manifest":
            continue
        changed[name] = table.rename(index=names[name]) if name in names else table.copy()
        for column in _columns(name, table):
            new = elsewhere.get((name, column.name)) or names.get(column.refers_to or "")
            if new:
                changed[name][column.name] = [cell(value, new) for value in table[column.name]]
    return changed


def in_currency(tables: Tables, factor: float) -> Tables:
    """Return the tables with all money in a currency of which there are ``factor`` to one of the old."""
    changed = _scaled(tables, lambda column: factor if "currency" in column.unit else 1.0)
    incentives = changed["incentives"]
    is_money = incentives["basis"].isin(CURRENCY_RATES)
    changed["incentives"] = incentives.assign(
        rate=incentives["rate"].where(~is_money, incentives["rate"] * factor)
    )
    manifest = dict(tables["manifest"])
    freight, budgets = manifest["freight"], manifest["budgets"]
    manifest["freight"] = freight | {"per_tkm": freight["per_tkm"] * factor}
    manifest["budgets"] = {name: with_money(budget, factor) for name, budget in budgets.items()}
    return changed | {"manifest": manifest}


def with_money(budget: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """Return a budget of the manifest with its money multiplied."""
    more = dict(budget)
    if budget.get("amount_m") is not None:
        more["amount_m"] = budget["amount_m"] * factor
    if budget.get("by_year_m"):
        more["by_year_m"] = [amount * factor for amount in budget["by_year_m"]]
    return more


def in_units(tables: Tables, factor: Mapping[str, float]) -> Tables:
    """Return the tables with products counted in units of which there are ``factor`` to one of the old."""

    def units(table: pd.DataFrame, column: str) -> np.ndarray:
        return table[column].map(factor).fillna(1.0).to_numpy(float)

    firms, products = tables["firms"], tables["products"]
    recipes, markets = tables["recipes"], tables["markets"]
    per_unit, traded = products.index.map(factor), units(markets, "product")
    co_products = [
        tuple((product, ratio * factor[product] / factor[own]) for product, ratio in pairs or ())
        for own, pairs in zip(firms["product"], firms["co_products"], strict=True)
    ]
    return {
        **tables,
        "firms": firms.assign(
            output_per_y=firms["output_per_y"] * units(firms, "product"), co_products=co_products
        ),
        "products": products.assign(
            value=products["value"] / per_unit, tonnes_per_unit=products["tonnes_per_unit"] / per_unit
        ),
        "recipes": recipes.assign(
            quantity=recipes["quantity"] * units(recipes, "input") / units(recipes, "product")
        ),
        "markets": markets.assign(
            buys_at=markets["buys_at"] / traded,
            sells_at=markets["sells_at"] / traded,
            buys_up_to_per_y=markets["buys_up_to_per_y"] * traded,
            sells_up_to_per_y=markets["sells_up_to_per_y"] * traded,
        ),
    }


def _scaled(tables: Tables, factor_of: Callable[[Column], float]) -> Tables:
    changed = dict(tables)
    for name, table in tables.items():
        if name != "manifest":
            numbers = [column for column in _columns(name, table) if column.kind == "number"]
            changed[name] = table.assign(**{c.name: table[c.name] * factor_of(c) for c in numbers})
    return changed


def _columns(name: str, table: pd.DataFrame) -> list[Column]:
    return [column for column in BY_NAME[name].columns if column.name in table.columns]


def _key(name: str) -> tuple[str, ...]:
    return BY_NAME[name].key if name in BY_NAME else ()
