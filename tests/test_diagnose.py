"""`diagnose`: what it says can't hold together, can't; and what it says would mend it, does."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import clusterplan as cp
from clusterplan.cli import main

MANIFEST = {
    "name": "plain",
    "title": "A plain region",
    "currency": "EUR",
    "price_year": 2025,
    "planning_crs": "EPSG:32632",
    "datum": "WGS84",
    "bounds": {"west": 9.5, "south": 49.5, "east": 11.5, "north": 50.5},
    "discount_rate": 0.0,
    "life_y": 10,
    "stages": {"works": "Works", "mill": "Mill", "lab": "Laboratory"},
    "proximity": {"links": {"shape": "linear", "reach": 40}},
}
BUDGETS = {"budgets": {"town": {"tier": "town", "title": "Town council", "amount_m": 1.0}}}


def parks(**columns):
    import geopandas as gpd

    n = len(columns["land_ha"])
    table = {"park": [f"p{s}" for s in range(n)], "status": "candidate", "provenance": "assumed", **columns}
    return gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy([10.0 + 0.1 * s for s in range(n)], [50.0] * n), crs="EPSG:4326"
    )


def firms(**columns):
    n = len(columns["land_ha"])
    table = {
        "firm": [f"f{f}" for f in range(n)],
        "stage": "works",
        "status": "committed",
        "is_anchor": True,
        "investment_m": 10.0,
        "outside_m_y": 0.0,
        "provenance": "assumed",
    }
    return pd.DataFrame(table | columns)


def region(parks_, firms_, manifest=None, **tables):
    return cp.Region.from_frames(
        manifest={**MANIFEST, **(manifest or {})}, parks=parks_, firms=firms_, **tables
    )


def rules(found):
    return {(row.rule, row.id) for row in found.conflict.itertuples()}


def exists(region_):
    try:
        cp.solve(region_, time_limit=60)
    except cp.NoPlanError:
        return False
    return True


def check(region_, expected):
    """Diagnose, compare the rules that conflict, and solve every entry of the menu again."""
    found = cp.diagnose(region_, time_limit=60)
    assert found.feasible is False
    assert found.is_minimal
    assert rules(found) == expected
    assert not exists(region_)
    assert found.entries
    for number in range(len(found.entries)):
        assert exists(found.mended(number)), found.entries[number]
    departs = [entry.departs for entry in found.entries]
    assert departs == sorted(departs)
    return found


def changes(found):
    return {
        tuple((change.kind, change.id, change.amount) for change in entry.changes) for entry in found.entries
    }


def test_a_region_with_a_plan_has_nothing_in_the_way():
    found = cp.diagnose(cp.load_region("tiny"))
    assert found.feasible
    assert found.conflict.empty
    assert found.menu.empty
    assert "exists" in found.headline


def test_whole_firms_that_do_not_fit_are_told_though_their_sum_does():
    found = check(
        region(parks(land_ha=[60.0, 60.0]), firms(land_ha=[40.0, 40.0, 40.0])),
        {
            ("placed", "f0"),
            ("placed", "f1"),
            ("placed", "f2"),
            ("capacity", "p0/land_ha"),
            ("capacity", "p1/land_ha"),
        },
    )
    assert changes(found) == {
        (("capacity", "p0/land_ha", 20.0),),
        (("capacity", "p1/land_ha", 20.0),),
        (("let_go", "f0", 1.0),),
        (("let_go", "f1", 1.0),),
        (("let_go", "f2", 1.0),),
    }
    assert found.menu["departs"].iloc[0] == pytest.approx(1 / 3)
    assert "20 ha of land more in p0" in set(found.menu["change"])
    limits = found.conflict.set_index("id")
    assert tuple(limits.loc["p0/land_ha", ["limit", "amount", "unit"]]) == (60.0, 80.0, "ha")


def test_a_shared_capacity_is_told_by_its_group():
    groups = pd.DataFrame(
        {
            "group": "pool",
            "park": ["p0", "p1"],
            "resource": "workers",
            "capacity": 150.0,
            "provenance": "assumed",
        }
    )
    needs = firms(land_ha=[1.0, 1.0, 1.0], workers=[100.0, 80.0, 0.0], only_parks=[None, None, "p2"])
    found = check(
        region(parks(land_ha=[60.0, 60.0, 60.0], workers=[120.0, 120.0, 20.0]), needs, groups=groups),
        {
            ("placed", "f0"),
            ("placed", "f1"),
            ("group_capacity", "pool/workers"),
            ("capacity", "p2/workers"),
        },
    )
    assert (("group_capacity", "pool/workers", 30.0),) in changes(found)


def test_a_labour_pool_that_has_too_few_workers_is_told():
    pools = pd.DataFrame(
        {
            "pool": ["town", "village"],
            "lon": [10.0, 10.1],
            "lat": 50.0,
            "workers": [150.0, 100.0],
            "reach_km": 3.0,
            "provenance": "assumed",
        }
    )
    needs = firms(land_ha=[1.0, 1.0], workers=[100.0, 80.0], only_parks="p0")
    found = check(
        region(parks(land_ha=[60.0, 60.0]), needs, pools=pools),
        {
            *(("placed", f"f{f}") for f in range(2)),
            *(("only_parks", f"f{f}") for f in range(2)),
            ("group_capacity", "pools town/workers"),
        },
    )
    assert (("pool", "town", 30.0),) in changes(found)


def test_a_lock_on_a_firm_that_would_not_come_is_told_with_what_it_lacks():
    tables = firms(land_ha=[10.0], status="candidate", lock="in", margin_m_y=1.0, outside_m_y=4.2)
    found = check(region(parks(land_ha=[60.0]), tables), {("placed", "f0"), ("willingness", "f0")})
    assert (("willingness", "f0", 3.2),) in changes(found)
    assert (("lock_in", "f0", 1.0),) in changes(found)
    assert found.conflict.set_index("rule").loc["willingness", "amount"] == pytest.approx(1.0)


def test_a_budget_that_is_short_by_what_a_locked_firm_needs_is_told():
    tables = firms(land_ha=[10.0], status="candidate", lock="in", margin_m_y=1.0, outside_m_y=1.5)
    grants = pd.DataFrame(
        {
            "instrument": ["grant"],
            "budget": "town",
            "basis": "investment",
            "rate": 0.9,
            "legal_basis": "x",
            "provenance": "assumed",
        }
    )
    found = check(
        region(parks(land_ha=[60.0]), tables, BUDGETS, incentives=grants),
        {("placed", "f0"), ("willingness", "f0"), ("budget", "town")},
    )
    assert (("budget", "town", 4.0),) in changes(found)
    assert "4 m EUR more for the budget 'Town council'" in set(found.menu["change"])


def test_a_requirement_for_more_than_fit_is_told():
    asked = pd.DataFrame(
        {"requirement": ["works"], "stages": ["works"], "at_least": [3], "provenance": "assumed"}
    )
    tables = firms(land_ha=[40.0, 40.0, 40.0], status="candidate", margin_m_y=1.0)
    found = check(
        region(parks(land_ha=[60.0, 60.0]), tables, requirements=asked),
        {("requirement", "works/at_least"), ("capacity", "p0/land_ha"), ("capacity", "p1/land_ha")},
    )
    assert (("requirement", "works/at_least", 1.0),) in changes(found)


def test_firms_that_must_keep_apart_in_one_park_are_told():
    apart = pd.DataFrame(
        {"stage": ["works"], "from_stage": ["mill"], "min_km": [0.0], "provenance": "assumed"}
    )
    found = check(
        region(
            parks(land_ha=[60.0]), firms(land_ha=[10.0, 10.0], stage=["works", "mill"]), separations=apart
        ),
        {("placed", "f0"), ("placed", "f1"), ("separation", "works/mill")},
    )
    assert (("separation", "works/mill", 1.0),) in changes(found)


def test_what_keeps_firms_out_of_parks_is_told_by_its_reason():
    places = parks(
        land_ha=[30.0, 60.0, 60.0, 60.0, 60.0],
        admits=[None, "mill", None, None, None],
        min_investment_m_ha=[0.0, 0.0, 5.0, 0.0, 0.0],
        status=["open", "open", "open", "excluded", "open"],
    )
    tables = firms(
        land_ha=[20.0, 20.0], not_parks=[None, "p4"], only_parks=[";".join(("p0", "p1", "p2", "p3")), None]
    )
    found = check(
        region(places, tables),
        {
            ("placed", "f0"),
            ("placed", "f1"),
            ("capacity", "p0/land_ha"),
            ("only_parks", "f0"),
            ("not_parks", "f1"),
            ("admits", "p1/works"),
            ("min_investment_m_ha", "p2/min_investment_m_ha"),
            ("excluded_park", "p3"),
        },
    )
    told = {kind for entry in changes(found) for kind, _, _ in entry}
    assert told >= {
        "capacity",
        "admits",
        "excluded_park",
        "not_parks",
        "only_parks",
        "min_investment_m_ha",
        "let_go",
    }


def test_too_few_open_parks_are_told():
    found = check(
        region(
            parks(land_ha=[50.0, 50.0]),
            firms(land_ha=[30.0, 30.0]),
            {"open_parks": {"at_most": 1}},
        ),
        {
            ("placed", "f0"),
            ("placed", "f1"),
            ("open_parks", "at_most"),
            ("capacity", "p0/land_ha"),
            ("capacity", "p1/land_ha"),
        },
    )
    assert (("open_parks", "at_most", 1.0),) in changes(found)


def test_a_larger_size_that_the_budget_cannot_pay_is_told():
    sizes = pd.DataFrame(
        {
            "park": ["p0"],
            "level": "large",
            "open_cost_m": 5.0,
            "land_ha": 85.0,
            "budget": "town",
            "provenance": "assumed",
        }
    )
    tables = firms(land_ha=[40.0, 40.0, 40.0])
    found = check(
        region(parks(land_ha=[60.0, 60.0]), tables, BUDGETS, levels=sizes),
        {
            *(("placed", f"f{f}") for f in range(3)),
            *(("capacity", f"p{s}/land_ha") for s in range(2)),
            ("budget", "town"),
        },
    )
    assert (("budget", "town", 4.0),) in changes(found)
    assert (("capacity", "p0/land_ha", 20.0),) in changes(found)


def test_where_no_plan_exists_solve_says_what_is_certain():
    tables = firms(land_ha=[10.0], status="candidate", lock="in", margin_m_y=1.0, outside_m_y=4.2)
    with pytest.raises(cp.NoPlanError, match=r"only for 3\.2 m EUR a year more") as caught:
        cp.solve(region(parks(land_ha=[60.0]), tables))
    assert [fault.rule for fault in caught.value.faults] == ["infeasible", "never_willing"]


def test_two_conflicts_are_mended_together():
    tables = firms(
        land_ha=[40.0, 40.0, 40.0, 10.0], status=["committed"] * 3 + ["candidate"], lock=[None] * 3 + ["in"]
    )
    tables["margin_m_y"], tables["outside_m_y"] = [0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 2.0]
    found = cp.diagnose(region(parks(land_ha=[60.0, 75.0]), tables))
    assert found.entries
    assert all(len(entry.changes) >= 2 for entry in found.entries)
    assert exists(found.mended(0))
    assert found.entries[0].departs == pytest.approx(5 / 75 + 1 / 2)


def test_a_gateway_that_sells_too_little_for_a_firm_to_run_is_told():
    import geopandas as gpd

    products = pd.DataFrame(
        {"product": ["car", "steel"], "unit": "t", "value": [10.0, 1.0], "provenance": "assumed"}
    )
    recipes = pd.DataFrame(
        {"stage": ["works"], "product": "car", "input": "steel", "quantity": 1.0, "provenance": "assumed"}
    )
    port = gpd.GeoDataFrame(
        {"gateway": ["port"], "name": "Port", "provenance": "assumed"},
        geometry=gpd.points_from_xy([10.5], [50.0]),
        crs="EPSG:4326",
    )
    markets = pd.DataFrame(
        {
            "gateway": "port",
            "product": ["car", "steel"],
            "buys_at": [9.0, None],
            "sells_at": [None, 1.1],
            "sells_up_to_per_y": [None, 60.0],
            "provenance": "assumed",
        }
    )
    tables = firms(land_ha=[10.0, 10.0], product="car", output_per_y=100.0, min_load=0.4)
    found = check(
        region(
            parks(land_ha=[60.0]), tables, products=products, recipes=recipes, gateways=port, markets=markets
        ),
        {
            ("placed", "f0"),
            ("placed", "f1"),
            ("load_least", "f0"),
            ("load_least", "f1"),
            ("bought", "f0/steel"),
            ("bought", "f1/steel"),
            ("sells_up_to", "port/steel"),
        },
    )
    assert (("sells_up_to", "port/steel", 20.0),) in changes(found)
    assert (("min_load", "f1", 0.2),) in changes(found)


def test_the_command_prints_json_and_a_table(tmp_path, capfd):
    folder = tmp_path / "plain"
    cp.write_region(region(parks(land_ha=[60.0, 60.0]), firms(land_ha=[40.0, 40.0, 40.0])), folder)
    assert main(["diagnose", str(folder), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["feasible"] is False
    assert len(told["conflict"]) == 5
    assert told["menu"][0]["changes"][0]["kind"] == "capacity"
    assert main(["diagnose", str(folder)]) == 0
    shown = capfd.readouterr().out
    assert "can't hold together" in shown
    assert "ha of land more in" in shown


def test_a_limit_of_no_time_says_that_it_is_not_known():
    found = cp.diagnose(
        region(parks(land_ha=[60.0, 60.0]), firms(land_ha=[40.0, 40.0, 40.0])), time_limit=0.0
    )
    assert not found.is_minimal
    assert found.feasible is None


def test_a_negative_limit_is_a_usage_fault():
    with pytest.raises(cp.UsageError):
        cp.diagnose(cp.load_region("tiny"), time_limit=-1.0)


def test_an_entry_that_is_not_there_is_a_usage_fault():
    with pytest.raises(cp.UsageError, match="entries"):
        cp.diagnose(cp.load_region("tiny")).mended(0)
