"""`verify` when the region says otherwise: one limit changed, the plan computed by hand left as it is.

Where a change touches a limit alone, exactly the rule of that limit must be told, and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hand_plan import MANIFEST, HandPlan, hand_plan, region_of, region_tables
from shapely.geometry import Point

from clusterplan.plan.verify import verify
from clusterplan.region import Manifest, Region

Edit = tuple[str, Any, str, Any]
"""Table, row (by id, or by position where ids repeat), column, new value."""


class Otherwise:
    """A region with some tables and its manifest replaced, without reading it anew."""

    def __init__(self, region: Region, manifest: Manifest, tables: dict[str, pd.DataFrame]) -> None:
        self.region, self.manifest, self.tables = region, manifest, tables

    def __getattr__(self, name: str) -> Any:
        return self.tables[name] if name in self.tables else getattr(self.region, name)


PLAN = hand_plan()
REGION = PLAN.region


def plan_for(*edits: Edit, **manifest: Any) -> HandPlan:
    """Return the hand-made plan for its region with some cells, and some keys of the manifest, changed."""
    tables: dict[str, pd.DataFrame] = {}
    for table, row, column, value in edits:
        frame = tables.get(table, REGION.table(table))
        tables[table] = changed(frame, row, column, value)
    region: Any = Otherwise(REGION, Manifest.model_validate({**MANIFEST, **manifest}), tables)
    return replace(PLAN, region=region)


def changed(frame: pd.DataFrame, row: Any, column: str, value: Any) -> pd.DataFrame:
    cells = list(frame[column]) if column in frame.columns else [None] * len(frame)
    cells[row if isinstance(row, int) else frame.index.get_loc(row)] = value
    return frame.assign(**{column: cells})


def with_row(table: str, **cells: Any) -> dict[str, pd.DataFrame]:
    """Return the region's tables with one more row."""
    tables = region_tables()
    row = pd.DataFrame([{**cells, "provenance": "assumed"}])
    return {**tables, table: pd.concat([tables[table], row])}


def rules(plan: HandPlan) -> set[str]:
    return set(verify(plan)["rule"])


def budgets(**changes: dict[str, Any]) -> dict[str, Any]:
    return {name: {**budget, **changes.get(name, {})} for name, budget in MANIFEST["budgets"].items()}


def stacked(limit_m: float) -> tuple[Edit, ...]:
    """Put the grant capex alone under a limit."""
    return (
        ("incentives", "capex", "stack_group", "all"),
        ("incentives", "capex", "stack_limit_m", limit_m),
    )


def kept(basis: str, rate: float, **cells: Any) -> tuple[Edit, ...]:
    """Give the instrument keep, 2 m CNY to pack over the ten years of the region, another basis."""
    chosen = {"basis": basis, "rate": rate, **cells}
    return tuple(("incentives", "keep", name, value) for name, value in chosen.items())


LIMITS: list[tuple[str, tuple[Edit, ...], dict[str, Any]]] = [
    ("siting.locked_in_firm", (("firms", "cell_small", "lock", "in"),), {}),
    ("siting.most_open", (), {"open_parks": {"at_most": 2}}),
    ("siting.min_load", (("firms", "cell", "min_load", 0.9),), {}),
    ("capacity.group", (("groups", 0, "capacity", 15.0), ("groups", 1, "capacity", 15.0)), {}),
    ("admission.investment", (("parks", "p2", "min_investment_m_ha", 5.1),), {}),
    ("admission.output", (("parks", "p2", "min_output_m_ha_y", 1.54),), {}),
    ("admission.tax", (("parks", "p2", "min_tax_m_ha_y", 0.16),), {}),
    ("admission.energy", (("parks", "p2", "max_energy_mwh_m", 653.0),), {}),
    ("admission.stage", (("parks", "p2", "admits", ("testing",)),), {}),
    ("admission.only_parks", (("firms", "cell", "only_parks", ("p3",)),), {}),
    ("admission.not_parks", (("firms", "cell", "not_parks", ("p2",)),), {}),
    ("admission.separation", (("separations", 2, "min_km", 30.0),), {}),
    ("requirements.at_least", (("requirements", "cells", "parks", ("p1", "p3")),), {}),
    ("requirements.at_most", (("requirements", "labs", "at_most", 0.0),), {}),
    ("supply.max_supply_km", (("products", "cell", "max_supply_km", 9.0),), {}),
    ("incentives.stage", (("incentives", "capex", "stages", ("pack",)),), {}),
    ("incentives.route", (("incentives", "capex", "routes", ("nmc",)),), {}),
    ("incentives.size", (("incentives", "capex", "sizes", ("small",)),), {}),
    ("incentives.park", (("incentives", "capex", "parks", ("p1",)),), {}),
    ("incentives.firm", (("incentives", "capex", "firms", ("pack",)),), {}),
    ("incentives.new_entrant", (("firms", "cell", "is_new_entrant", False),), {}),
    ("incentives.investment", (("incentives", "capex", "min_investment_m", 100.1),), {}),
    ("incentives.workers", (("incentives", "capex", "min_workers", 201.0),), {}),
    ("incentives.area", (("incentives", "capex", "areas", ("assisted",)),), {}),
    ("incentives.investment_ha", (("incentives", "capex", "min_investment_m_ha", 5.1),), {}),
    ("incentives.tax_ha", (("incentives", "capex", "min_tax_m_ha_y", 0.16),), {}),
    ("incentives.stack", stacked(4.9), {}),
    ("incentives.order", kept("order", 2000.0, order_units_per_y=99.0), {}),
    ("incentives.access", kept("access", 0.2, platform_stage="recycling"), {}),
    ("incentives.cap", kept("access", 0.19, platform_stage="testing"), {}),
    (
        "incentives.cap",
        (("incentives", "land_cut", "basis", "tax"), ("incentives", "land_cut", "rate", 0.1)),
        {},
    ),
    ("incentives.cap", kept("interest", 0.0049, loan_share=0.5, loan_years=7.0), {}),
    ("incentives.cap", kept("loan", 0.019, loan_share=0.5, loan_years=4.0), {}),
    ("incentives.cap", kept("loan", 0.001, loan_share=0.5, loan_years=4.0, loan_rate=0.01), {}),
    ("incentives.budget_total", (), {"budgets": budgets(city={"amount_m": 3.83, "discount_rate": 0.2})}),
    ("incentives.retention", (("incentives", "keep", "is_retention", False),), {}),
    ("incentives.validity", (("incentives", "capex", "valid_until", 2026.0),), {"plan_year": 2027}),
    ("incentives.validity", (), {"plan_year": 2024}),
    ("incentives.exclusive", (("incentives", "capex", "exclusive_group", "place"),), {}),
    ("incentives.cap", (("incentives", "capex", "rate", 0.049),), {}),
    ("incentives.cap", (("incentives", "capex", "max_m", 4.9),), {}),
    ("incentives.cap", (("incentives", "land_cut", "rate", 0.4),), {}),
    ("incentives.cap", (("incentives", "keep", "rate", 0.01),), {}),
    ("incentives.cap", (("incentives", "keep", "years", 1.0),), {}),
    ("incentives.least", (("incentives", "capex", "min_m", 5.1),), {}),
    ("incentives.aid_ceiling", (("parks", "p2", "aid_ceiling", 0.079),), {}),
    ("incentives.aid_ceiling", (("parks", "p2", "aid_ceiling", None),), {"aid_ceiling": {"large": 0.079}}),
    ("incentives.aid_ceiling", (), {"aid_scale": [{"up_to_m": 26.5, "share": 1}]}),
    ("incentives.aid_ceiling", (), {"aid_scale": [{"up_to_m": 10, "share": 1}, {"share": 0.18}]}),
    ("incentives.budget_total", (), {"budgets": budgets(city={"amount_m": 4.9})}),
    ("incentives.budget_year", (), {"budgets": budgets(province={"by_year_m": [1.9, 9.0]})}),
    ("incentives.budget_year", (), {"budgets": budgets(province={"by_year_m": [2.0, 1.9, 9.0]})}),
    ("incentives.budget_year", (("incentives", "capex", "start_y", 2.0),), {}),
    ("incentives.budget_year", (("incentives", "capex", "years", 1.0),), {}),
    ("indicators.value", (), {"freight": {"per_tkm": 0.4, "co2_kg_per_tkm": 0.2}}),
]


@pytest.mark.parametrize(
    ("rule", "edits", "manifest"), LIMITS, ids=[f"{i}-{case[0]}" for i, case in enumerate(LIMITS)]
)
def test_a_limit_that_is_passed_is_told_and_nothing_else(
    rule: str, edits: tuple[Edit, ...], manifest: dict[str, Any]
) -> None:
    assert rules(plan_for(*edits, **manifest)) == {rule}


AT_THE_LIMIT: list[tuple[tuple[Edit, ...], dict[str, Any]]] = [
    ((("groups", 0, "capacity", 15.5), ("groups", 1, "capacity", 15.5)), {}),
    ((("parks", "p2", "min_investment_m_ha", 5.0),), {}),
    ((("parks", "p2", "min_output_m_ha_y", 1.53),), {}),
    ((("parks", "p2", "min_tax_m_ha_y", 0.15),), {}),
    ((("parks", "p2", "max_energy_mwh_m", 654.0),), {}),
    ((("parks", "p2", "aid_ceiling", 0.08),), {}),
    ((("parks", "p2", "aid_ceiling_small", 0.01),), {}),
    ((), {"aid_scale": [{"up_to_m": 10, "share": 1}, {"up_to_m": 40, "share": 0.56}, {"share": 0}]}),
    ((("incentives", "capex", "max_m", 5.0),), {}),
    ((("products", "cell", "max_supply_km", 10.0),), {}),
    (
        (
            ("incentives", "capex", "min_investment_m_ha", 5.0),
            ("incentives", "capex", "min_tax_m_ha_y", 0.15),
        ),
        {},
    ),
    ((("incentives", "capex", "areas", ("assisted",)), ("parks", "p2", "area", "assisted")), {}),
    (stacked(5.0), {}),
    (kept("order", 2000.0, order_units_per_y=100.0), {}),
    (kept("access", 0.2, platform_stage="testing"), {}),
    # 100 lent, over 7 years 100 + 600/7 + ... + 100/7 = 400 outstanding, of which half a percent is 2
    (kept("interest", 0.005, loan_share=0.5, loan_years=7.0), {}),
    # of 100 lent, 2 % forgiven; or interest of 1 % of 100 + 75 + 50 + 25 asked for, and 4.4 % forgiven
    (kept("loan", 0.02, loan_share=0.5, loan_years=4.0), {}),
    (kept("loan", 0.045 / 1.025, loan_share=0.5, loan_years=4.0, loan_rate=0.01), {}),
    # 3 at once, and 0.2 a year of which each counts less than the one before: 0.2 · 4.1925
    ((), {"budgets": budgets(city={"amount_m": 3.8385, "discount_rate": 0.2})}),
    ((), {"budgets": budgets(city={"amount_m": 5.0}, province={"by_year_m": [2.0]})}),
]


@pytest.mark.parametrize(("edits", "manifest"), AT_THE_LIMIT)
def test_what_just_fits_is_no_breach(edits: tuple[Edit, ...], manifest: dict[str, Any]) -> None:
    assert rules(plan_for(*edits, **manifest)) == set()


_NOT_SOLD = (
    ("markets", 2, "sells_at", None),
    ("markets", 2, "sells_up_to_per_y", None),
    ("markets", 2, "buys_at", 90000.0),
)
AMONG: list[tuple[set[str], tuple[Edit, ...], dict[str, Any]]] = [
    ({"siting.locked_out_park", "siting.stays_closed"}, (("parks", "p2", "lock", "out"),), {}),
    ({"siting.excluded_park", "siting.stays_closed"}, (("parks", "p2", "status", "excluded"),), {}),
    ({"siting.locked_out_firm"}, (("firms", "cell", "lock", "out"),), {}),
    ({"capacity.land_ha", "tables.copied"}, (("parks", "p1", "land_ha", 10.5),), {}),
    ({"capacity.land_ha", "admission.land_ha"}, (("parks", "p2", "land_ha", 19.0),), {}),
    ({"capacity.workers", "admission.workers"}, (("parks", "p2", "workers", 199.0),), {}),
    ({"supply.gateway_buys_up_to"}, (("markets", 1, "buys_up_to_per_y", 399.0),), {}),
    ({"supply.gateway_sells_up_to"}, (("markets", 2, "sells_up_to_per_y", 3.9),), {}),
    ({"supply.gateway_buys"}, (("markets", 3, "buys_at", None), ("markets", 3, "sells_at", 2500.0)), {}),
    ({"supply.gateway_sells"}, _NOT_SOLD, {}),
    ({"supply.met"}, (("recipes", 0, "quantity", 2.1),), {}),
    ({"supply.sold"}, (("firms", "cell", "co_products", (("scrap", 0.2),)),), {}),
    ({"willingness.surplus", "willingness.surplus_m_y"}, (("firms", "cell", "outside_m_y", 14.4),), {}),
    ({"terms.amount", "terms.value", "terms.sum"}, (("parks", "p3", "open_cost_m", 6.0),), {}),
    ({"links.missing"}, (("links", "tests", "stage_a", "pack"),), {}),
]


@pytest.mark.parametrize(("among", "edits", "manifest"), AMONG)
def test_a_change_that_touches_amounts_too_is_told(
    among: set[str], edits: tuple[Edit, ...], manifest: dict[str, Any]
) -> None:
    assert among <= rules(plan_for(*edits, **manifest))


def test_supply_needs_a_known_way() -> None:
    tables = region_tables()
    tables["distances"] = tables["distances"].iloc[[0, 2, 3, 4, 5]]
    found = verify(replace(PLAN, region=region_of(tables)))
    ways = found.loc[found["rule"] == "supply.way", "id"]
    assert set(ways) == {"cell/recycler/scrap", "recycler/cell/lithium"}


def test_homes_are_kept_off_by_the_edge_of_the_park() -> None:
    """The school is 0.01 degrees, 0.98 km, east of the edge of p2, where cells are."""
    for km, told in ((1.0, {"admission.homes"}), (0.95, set())):
        tables = region_tables()
        tables["receptors"] = tables["receptors"].set_geometry([Point(104.72, 28.80)], crs="EPSG:4326")
        tables["separations"] = tables["separations"].iloc[[0]].assign(stage="cell", min_km=km)
        assert rules(replace(PLAN, region=region_of(tables))) == told


def test_what_a_route_has_no_recipe_for_follows_the_recipe_without_a_route() -> None:
    other_route = plan_for(("firms", "cell", "route", "nmc"))
    met = verify(other_route).query("rule == 'supply.met'")
    assert list(met["id"]) == ["cell/lithium"]
    assert list(met["limit"]) == pytest.approx([0.02 * 2400])


PEERS = {"link": "peers", "kind": "people", "stage_a": "cell", "stage_b": "cell", "value_m_y": 1.0}


@pytest.mark.parametrize(
    ("group", "expected"),
    [(None, {"peers:cell:cell_small", "tests:cell_small:lab"}), ("cellco", {"tests:cell_small:lab"})],
)
def test_a_rule_within_a_stage_links_each_pair_once_and_no_variants(
    group: str | None, expected: set[str]
) -> None:
    tables = with_row("links", **PEERS)
    tables["firms"]["variant_group"] = [None, group, group, None, None, None]
    plan = replace(PLAN, region=region_of(tables))
    firms = plan.firms.assign(park=["p1", "p2", "p1", "p3", "p1", None])
    found = verify(replace(plan, firms=firms))
    assert set(found.loc[found["rule"] == "links.missing", "id"]) == expected


def test_a_link_worth_nothing_may_be_shown_or_left_out() -> None:
    idle = {"link": "idle", "kind": "people", "firm_a": "pack", "firm_b": "cell", "value_m_y": 0.0}
    plan = replace(PLAN, region=region_of(with_row("links", **idle)))
    assert rules(plan) == set()
    row = plan.links.iloc[[2]].assign(link="idle", value_m_y=0.0)
    assert rules(replace(plan, links=pd.concat([plan.links, row], ignore_index=True))) == set()


@pytest.mark.parametrize(("status", "told"), [("committed", {"admission.separation"}), ("existing", set())])
def test_two_firms_that_were_there_before_may_be_too_near_each_other(status: str, told: set[str]) -> None:
    """pack and recycler, some 37 km from edge to edge, are asked to keep 50 km."""
    tables = with_row("separations", stage="pack", from_stage="recycling", min_km=50.0)
    home, only = (None, ("p3",)) if status == "committed" else ("p3", ())
    for column, value in (("status", status), ("park", home), ("only_parks", only)):
        tables["firms"] = changed(tables["firms"], "recycler", column, value)
    found = rules(replace(PLAN, region=region_of(tables)))
    assert {rule for rule in found if rule.startswith("admission")} == told


def test_distances_in_hours_measure_proximity_and_leave_kilometres_to_freight() -> None:
    tables = region_tables()
    tables["distances"]["hours"] = tables["distances"]["km"] / 10
    manifest = {
        **MANIFEST,
        "distance": {"method": "matrix", "unit": "hours"},
        "proximity": {
            "links": {"shape": "linear", "reach": 2.0},
            "supply": {"shape": "linear", "reach": 4.0},
        },
    }
    assert rules(replace(PLAN, region=region_of(tables, manifest))) == set()


def test_a_declared_resource_must_be_shown() -> None:
    tables = region_tables()
    tables["parks"]["steam_t_h"] = [10.0, 10.0, 10.0]
    tables["firms"]["steam_t_h"] = 1.0
    found = verify(replace(PLAN, region=region_of(tables, {**MANIFEST, "resources": {"steam_t_h": "t/h"}})))
    assert set(found["rule"]) == {"tables.column"}
    assert set(found["id"]) == {"parks.used_steam_t_h", "parks.capacity_steam_t_h"}


@pytest.mark.parametrize(
    ("by_year", "keep_m", "told"),
    [
        ([2.23, 2.23], 2.0, set()),
        ([2.23, 2.22], 2.0, {"incentives.budget_year"}),
        ([2.23, 2.23], 2.17, {"incentives.cap"}),
    ],
)
def test_payments_are_discounted(by_year: list[float], keep_m: float, told: set[str]) -> None:
    """At 25 % over 2 years 1 a year is worth 0.8 + 0.64 = 1.44.

    capex: 5 in two payments p from year 0, p·1.8 = 5, at a public cost of 0.8: 2.2222 a year.
    keep: at most 1.5 a year in years 1 and 2: 2.16.
    """
    tables = region_tables()
    manifest = {
        **MANIFEST,
        "discount_rate": 0.25,
        "life_y": 2.0,
        "budgets": budgets(province={"by_year_m": by_year}),
    }
    plan = replace(PLAN, region=region_of(tables, manifest))
    present = pd.Series([5.0, 3.0, keep_m])
    grants = plan.grants.assign(amount_m_y=present / 1.44, amount_pv_m=present)
    found = rules(replace(plan, grants=grants))
    assert {rule for rule in found if rule.startswith("incentives")} == told


def test_flows_are_compared_at_the_scale_of_the_firm() -> None:
    """Cells counted in hundred thousandths: 2e8 of them are right to 2e2, not to one."""
    tables, k = region_tables(), 1e5
    products, firms, markets = tables["products"], tables["firms"], tables["markets"]
    products.loc["cell", ["value", "tonnes_per_unit"]] /= k
    firms.loc[["cell", "cell_small"], "output_per_y"] *= k
    for name in ("cell", "cell_small"):
        firms.at[name, "co_products"] = (("scrap", 0.1 / k),)
    recipes = tables["recipes"].reset_index(drop=True)
    recipes["quantity"] *= [k, 1 / k, 1 / k, 1.0]
    tables["recipes"] = recipes
    markets.loc[markets["product"] == "cell", ["buys_at", "sells_at"]] /= k
    markets.loc[markets["product"] == "cell", "buys_up_to_per_y"] *= k
    plan = replace(PLAN, region=region_of(tables))
    supply = plan.supply.copy()
    supply.loc[[0, 3], "quantity_per_y"] *= k
    assert rules(replace(plan, supply=supply)) == set()
    supply.loc[0, "quantity_per_y"] += 100.0
    assert rules(replace(plan, supply=supply)) == set()
    supply.loc[0, "quantity_per_y"] += 1000.0
    assert {"supply.sold", "supply.met"} <= rules(replace(plan, supply=supply))
