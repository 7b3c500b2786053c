"""Rules on regions made for one question each: what is odd, but allowed, gives a plan that holds.

`cp.solve` checks each plan with `verify`, which shares no code with the rules.
"""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from small_regions import small_region, small_tables

import clusterplan as cp
from clusterplan.errors import UsageError
from clusterplan.instance import from_arrays, instance_of, same
from clusterplan.rules import write_model

PARKS = ["town", "hill"]


def parks(**columns: Any) -> gpd.GeoDataFrame:
    table: dict[str, Any] = {
        "park": PARKS,
        "status": ["open", "candidate"],
        "land_ha": 50.0,
        "land_price_m_ha": 0.0,
        "open_cost_m_y": [0.0, 1.0],
    }
    points = gpd.points_from_xy([10.0, 10.1], [50.0, 50.0])
    return gpd.GeoDataFrame(table | columns, geometry=points, crs="EPSG:4326")


def firm(name: str, stage: str = "parts", **numbers: Any) -> dict[str, Any]:
    """A candidate that would come for its margin."""
    usual: dict[str, Any] = {
        "firm": name,
        "stage": stage,
        "status": "candidate",
        "land_ha": 5.0,
        "investment_m": 20.0,
        "margin_m_y": 2.0,
        "outside_m_y": 1.0,
    }
    return usual | numbers


ANCHOR = firm("maker", "assembly", status="existing", park="town", is_anchor=True, is_new_entrant=False)


def region(firms: list[dict[str, Any]], manifest: dict[str, Any] | None = None, **tables: Any) -> cp.Region:
    """A region of two parks about 7 km apart, and these firms."""
    usual: dict[str, Any] = {
        "name": "odd",
        "title": "Odd region",
        "currency": "EUR",
        "price_year": 2025,
        "planning_crs": "EPSG:32632",
        "bounds": {"west": 9.0, "south": 49.0, "east": 11.0, "north": 51.0},
        "discount_rate": 0.0,
        "life_y": 10,
        "stages": {"assembly": "Assembly", "parts": "Parts", "lab": "Laboratory"},
        "proximity": {"links": {"shape": "linear", "reach": 20}},
    }
    products = pd.DataFrame({"product": ["car", "part"], "unit": "t", "value": [100.0, 10.0]})
    given = {"parks": parks(), "firms": pd.DataFrame(firms), "products": products} | tables
    frames = {
        name: table if name in ("nodes", "edges") else table.assign(provenance="assumed")
        for name, table in given.items()
    }
    return cp.Region.from_frames(manifest=usual | (manifest or {}), **frames)


def trading(output: float) -> cp.Region:
    """An anchor that needs a million parts, a maker of as many, and one that makes ``output``."""
    anchor = ANCHOR | {"product": "car", "output_per_y": 1e6}
    firms = [
        firm(name, product="part", output_per_y=n, min_load=0.1)
        for name, n in (("big", 1e6), ("small", output))
    ]
    return region(
        [anchor, *firms],
        recipes=pd.DataFrame({"stage": ["assembly"], "product": "car", "input": "part", "quantity": 1.0}),
        gateways=gpd.GeoDataFrame(
            {"gateway": ["port"]}, geometry=gpd.points_from_xy([10.3], [50.0]), crs="EPSG:4326"
        ),
        markets=pd.DataFrame({"gateway": "port", "product": ["car", "part"], "buys_at": [100.0, None],
                              "sells_at": [None, 11.0]}),
    )  # fmt: skip


def links(*rows: tuple[str, str, str, float, float, float]) -> pd.DataFrame:
    columns = ["link", "firm_a", "firm_b", "value_m_y", "share_a", "share_b"]
    return pd.DataFrame(rows, columns=columns).assign(kind="talent")


def grants(**numbers: Any) -> dict[str, Any]:
    """A grant of up to 3 m once, from a budget of 100 m, as tables."""
    usual = {"instrument": "help", "budget": "city", "basis": "fixed", "rate": 3.0, "legal_basis": "assumed"}
    return {"incentives": pd.DataFrame([usual | numbers])}


CITY = {"budgets": {"city": {"tier": "city", "amount_m": 100.0}}}


def three(**columns: Any) -> gpd.GeoDataFrame:
    """A town, a valley that is costly to open, and a hill that is cheap."""
    names = ["town", "valley", "hill"]
    points = gpd.points_from_xy([10.0, 10.05, 10.1], [50.0] * 3)
    table = {"park": names, "status": ["open", "candidate", "candidate"], "land_ha": 50.0,
             "land_price_m_ha": 0.0, "open_cost_m_y": [0.0, 5.0, 0.0]}  # fmt: skip
    return gpd.GeoDataFrame(table | columns, geometry=points, crs="EPSG:4326")


@pytest.mark.parametrize(
    "out", [{"status": ["open", "candidate", "excluded"]}, {"lock": [None, None, "out"]}]
)
def test_a_park_that_is_out_is_not_opened_to_reach_the_least_number_of_open_parks(out):
    made = region([ANCHOR, firm("a")], {"open_parks": {"at_least": 2}}, parks=three(**out))
    assert cp.solve(made).parks["open"].tolist() == [True, True, False]


def test_a_start_with_a_park_open_that_is_now_excluded_still_starts():
    old = cp.solve(region([ANCHOR, firm("a", lock="in", only_parks="town")], {"open_parks": {"at_least": 2}}))
    now = region([ANCHOR, firm("a", lock="in", only_parks="town")], parks=parks(status=["open", "excluded"]))
    assert old.parks["open"].all()
    plan = cp.solve(now, start=old, work_limit=0)  # nothing is searched: the start is what is returned
    assert plan.firms.loc["a", "park"] == old.firms.loc["a", "park"] == "town"


def test_links_that_cancel_out_still_pay_each_firm_its_share():
    # Worth nothing together, but all of the one goes to a, and all of the loss to the anchor.
    both = links(("gain", "maker", "a", 2.0, 0.0, 1.0), ("loss", "maker", "a", -2.0, 1.0, 0.0))
    plan = cp.solve(region([ANCHOR, firm("a", lock="in", margin_m_y=0.0)], links=both))
    assert plan.firms.loc["a", "surplus_m_y"] == pytest.approx(1.0)


def test_a_loss_between_firms_that_must_both_be_there_is_counted():
    firms = [ANCHOR, firm("a", status="existing", park="hill")]
    plan = cp.solve(region(firms, links=links(("rivals", "a", "maker", -3.0, 0.5, 0.5))))
    assert plan.terms.loc["links", "amount"] == pytest.approx(plan.links["value_m_y"].sum())
    assert plan.terms.loc["links", "amount"] < -1.0


@pytest.mark.parametrize("output", [1e-6, 1e-2, 10.0])
def test_a_firm_that_makes_next_to_nothing_beside_a_giant_sells_exactly_that(output):
    plan = cp.solve(trading(output))
    sold = plan.supply.query("`from` == 'small'")["quantity_per_y"].sum()
    assert sold == pytest.approx(output * plan.firms.loc["small", "utilisation"], rel=1e-6)


def test_supply_that_is_nothing_to_the_other_firm_is_left_out_and_counted():
    told = cp.solve(trading(1e-6)).proof.left_out
    assert told["supply that is nothing to one of the two firms"] > 0


def test_crumbs_of_firms_that_are_not_there_decide_nothing():
    model = write_model(instance_of(trading(10.0)))
    crumbs = np.full(model.program.n_columns, 1e-7)
    decided = model.decisions(crumbs)
    assert (decided.park == -1).all()
    assert not decided.supply.any() and not decided.sold.any() and not decided.bought.any()


@pytest.mark.parametrize("gap", [1e-6, 0.9])
def test_no_more_is_granted_than_brings_the_firm_whatever_gap_the_search_may_leave(gap):
    free = {"budgets": {"city": {"tier": "city", "amount_m": 100.0, "cost_of_funds": 0.0}}}
    made = region([ANCHOR, firm("a", lock="in", margin_m_y=0.8)], free, **grants())
    plan = cp.solve(made, gap=gap)
    assert plan.grants["amount_m_y"].sum() == pytest.approx(0.2, abs=1e-6)


def test_a_grant_whose_least_is_its_most_can_be_paid_in_ten_parts():
    made = region([ANCHOR, firm("a", lock="in", margin_m_y=0.8)], CITY, **grants(min_m=3.0, years=10))
    assert cp.solve(made).grants["amount_pv_m"].tolist() == pytest.approx([3.0])


def test_a_firm_that_no_park_takes_stays_out_and_has_no_row():
    made = region([ANCHOR, firm("a", investment_m=0.1)], parks=parks(min_investment_m_ha=1.0))
    plan = cp.solve(made)
    assert plan.firms.loc["a", "park"] is None
    names = [plan.problem.model.label(row.name) for row in plan.problem.constraints()]
    assert not [name for name in names if name.endswith(": a")]


def test_where_nothing_is_left_to_decide_the_plan_is_empty_and_optimal():
    nobody = firm("maker", "assembly", is_anchor=True, investment_m=0.1)
    empty = parks(status="candidate", open_cost_m_y=0.0, min_investment_m_ha=1.0)
    plan = cp.solve(region([nobody], parks=empty))
    assert (plan.status, plan.value) == ("optimal", 0.0)
    assert not plan.parks["open"].any()


def test_near_in_hours_by_road_makes_a_plan_whose_freight_is_in_kilometres():
    nodes = pd.DataFrame({"node": ["w", "e", "p"], "lon": [10.0, 10.1, 10.3], "lat": 50.0})
    edges = pd.DataFrame({"from_node": ["w", "e"], "to_node": ["e", "p"], "km": [9.0, 17.0]})
    made = trading(10.0).given()
    manifest = made["manifest"].model_dump(mode="json", exclude_unset=True) | {
        "distance": {"method": "network", "unit": "hours", "default_speed_kmh": 60.0},
        "proximity": {"links": {"shape": "steps", "steps": [{"reach": 0.1, "value": 1.0}]}},
        "freight": {"per_tkm": 1.0},
    }
    products = made["products"].assign(tonnes_per_unit=0.01)
    plan = cp.solve(
        cp.Region.from_frames(**made | {"manifest": manifest, "products": products}, nodes=nodes, edges=edges)
    )
    assert plan.supply.query("gateway == 'port'")["distance_km"].min() == pytest.approx(26.0, abs=0.1)
    assert not plan.supply.query("from_park == 'town' and to_park == 'hill'")["local"].any()


def odd_weights(seed: int) -> cp.Region:
    """A small region with weights of its own, some of them negative."""
    tables, rng = small_tables(seed), np.random.default_rng(seed)
    terms = ("links", "supply_collaboration", "fit", "results", "freight", "platforms", "tax", "wages")
    tables["manifest"]["weights"] = {term: round(float(rng.uniform(-1, 2)), 2) for term in terms}
    return cp.Region.from_frames(**tables)


@pytest.mark.parametrize("seed", [0, 2, 10, 12, 17])
def test_with_weights_of_any_sign_the_model_finds_what_trying_every_layout_finds(seed):
    made = odd_weights(seed)
    assert cp.solve(made).value == pytest.approx(Small(made).best(), rel=1e-6, abs=1e-6)


def test_a_problem_of_a_region_that_has_changed_since_is_refused():
    problem = cp.build(region([ANCHOR, firm("a")]))
    assert cp.solve(region([ANCHOR, firm("a")]), problem=problem).status == "optimal"
    with pytest.raises(UsageError, match="has changed since"):
        cp.solve(region([ANCHOR, firm("a", margin_m_y=3.0)]), problem=problem)


def test_instances_are_the_same_only_if_every_number_is():
    one = instance_of(small_region(1))
    assert same(one, instance_of(small_region(1)))
    margin = one.results.load.copy()
    margin[0] += 1e-9
    assert not same(one, replace(one, results=replace(one.results, load=margin)))


def test_every_row_of_a_problem_has_a_name_of_its_own_in_the_planners_words():
    problem = cp.build(small_region(8))
    names = [problem.model.label(row.name) for row in problem.constraints()]
    assert len(set(names)) == len(names)
    assert all(": " in name for name in names)


@pytest.mark.parametrize("row", ["mine", "mine_5", "capacity_999999", "capacity_²", "_3"])
def test_rows_of_the_user_keep_their_name(row):
    assert cp.build(small_region(8)).model.label(row) == row


def test_garbage_is_collected_as_before_once_the_problem_is_written():
    cp.build(small_region(1))
    assert gc.isenabled()
    gc.disable()
    try:
        cp.build(small_region(1))
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("key", ["linear", "needs", "capacity"])
def test_bare_arrays_with_a_number_that_is_none_are_refused(key):
    data = {"linear": np.zeros((2, 2)), "needs": np.ones((1, 2)), "capacity": np.ones((1, 2))}
    data[key][0, 0] = np.nan
    with pytest.raises(UsageError, match=key):
        from_arrays(data)


def test_a_region_without_products_can_be_planned():
    tables = small_tables(0)
    firms = tables["firms"].drop(columns=["product", "output_per_y", "co_products"])
    kept = {name: tables[name] for name in ("manifest", "parks", "gateways", "distances")}
    made = cp.Region.from_frames(firms=firms, **kept)
    assert not [fault for fault in made.warnings if fault.rule == "missing_table"]
