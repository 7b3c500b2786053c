"""Plans of regions in which other parks may take firms are compared by one yardstick of `fit`."""

from __future__ import annotations

import json
import math

import pytest
from enumeration import Measured, Small
from small_regions import small_region
from test_properties import two_parks

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.explore.choices.yardstick import difference, yardstick

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (3, 6, 9, 15))]


@pytest.fixture(scope="module")
def small():
    """`works` at `dear`, since `cheap` is too small for it."""
    return cp.solve(two_parks(cheap_ha=9.0))


@pytest.fixture(scope="module")
def large():
    """The same with a hectare more in `cheap`, which is dear to open: nothing is different but the value."""
    return cp.solve(two_parks(cheap_ha=10.0))


def test_what_the_yardstick_moves_is_what_the_value_changes_by_where_nothing_else_does(small, large):
    moved = yardstick(small.region, large.region)
    assert moved.by_firm.to_dict() == pytest.approx({"works": -1.0})
    assert large.value - small.value == pytest.approx(-1.0)
    assert moved.of(large) == moved.least == pytest.approx(-1.0)
    assert difference(small, large).change == pytest.approx(0.0, abs=1e-9)
    assert difference(large, small).change == pytest.approx(0.0, abs=1e-9)


def test_dearer_land_is_no_other_yardstick(large):
    dear = cp.change(large.region, "park.*.land_price_m_ha *= 2")
    assert yardstick(large.region, dear).is_same


def test_what_if_tells_more_land_that_nobody_uses_as_no_change(small):
    asked = cp.whatif(small, "park.cheap.land_ha = 10")
    assert asked.after.value == pytest.approx(-1.0)
    assert asked.change_m_y == pytest.approx(0.0, abs=1e-9)
    assert (asked.least_m_y, asked.most_m_y) == pytest.approx((0.0, 0.0), abs=1e-5)
    assert asked.yardstick_m_y == pytest.approx(-1.0)


def test_what_if_tells_a_park_that_is_locked_out_as_no_gain(large):
    asked = cp.whatif(large, "park.cheap.lock = out")
    assert asked.after.value == pytest.approx(0.0)
    assert asked.change_m_y == pytest.approx(0.0, abs=1e-9)
    assert asked.yardstick_m_y == pytest.approx(1.0)


def test_a_tornado_of_land_has_no_swing_where_nobody_is_better_or_worse_off(small):
    told = cp.tornado(small, {"land of cheap": ("park.cheap.land_ha = 8", "park.cheap.land_ha = 11")})
    row = told.frame.loc["land of cheap"]
    assert [row["low_m_y"], row["high_m_y"], row["swing_m_y"]] == pytest.approx([0, 0, 0], abs=1e-9)
    assert told.sides.set_index("side").loc["high", "value"] == pytest.approx(-1.0)


def test_compare_has_a_line_by_the_same_yardstick_where_the_regions_measure_otherwise(small, large):
    told = cp.compare(small, large).set_index(["about", "id"])
    assert told.loc[("value", "two_parks"), "change"] == pytest.approx(-1.0)
    line = told.loc[("value", "by the same yardstick")]
    assert [line["first"], line["second"], line["change"]] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    three = cp.compare(large, small, cp.solve(cp.change(small.region, "park.dear.land_price_m_ha = 3")))
    line = three.set_index(["about", "id"]).loc[("value", "by the same yardstick")]
    assert [line["plan 1"], line["plan 2"]] == pytest.approx([-1.0, -1.0])


def test_a_plan_in_a_future_with_less_land_has_no_regret_for_the_yardstick(large):
    found = cp.scenarios(large, [cp.Scenario("less land", "park.cheap.land_ha = 9")])
    assert found.futures.loc["less land", "regret_m_y"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_plans_of_all_layouts_by_one_yardstick_lie_between_the_ends(seed):
    """Brute force: each firm is measured against the parks of the first region in both."""
    plan = cp.solve(small_region(seed), time_limit=30)
    parks = list(plan.region.parks.index)
    changes = [f"park.{parks[-1]}.lock = out", f"park.{parks[0]}.land_ha *= 1.6", "park.*.land_ha *= 0.7"]
    for lines in changes:
        try:
            asked = cp.whatif(plan, lines, time_limit=30)
        except cp.InputError:
            continue
        best = Measured(asked.region, plan.region).best()
        assert (asked.after is None) == (best == -math.inf)
        if asked.after is None:
            continue
        assert asked.after.value == pytest.approx(Small(asked.region).best(), abs=1e-5)
        assert asked.least_m_y - 1e-5 <= best - plan.value <= asked.most_m_y + 1e-5
        assert asked.change_m_y <= asked.most_m_y + 1e-9


def test_the_command_says_what_is_no_gain_and_no_loss(small, tmp_path, capsys):
    folder = str(small.save(tmp_path / "small"))
    assert main(["whatif", folder, "park.cheap.land_ha = 10", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["change_m_y"] == pytest.approx(0.0, abs=1e-9)
    assert answer["yardstick_m_y"] == pytest.approx(-1.0)
    assert main(["whatif", folder, "park.cheap.land_ha = 10"]) == 0
    assert "no gain and no loss" in " ".join(capsys.readouterr().out.split())
