"""`margins`: a step of a limit is worth what trying every layout finds; `limits`: what the check measures."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from enumeration import Measured
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.plan.limits import limits


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (3, 9))])
def test_a_step_is_worth_what_the_best_layouts_are_apart(seed):
    plan = cp.solve(small_region(seed), time_limit=30)
    budgets = plan.region.manifest.budgets
    parks = [f"park.{park}.land_ha" for park in plan.region.parks.index]
    found = cp.margins(plan, [*(f"budget.{name}" for name in budgets), *parks[:2]], share=0.3)
    for row in found.frame.itertuples():
        kind, name, *_ = row.limit.split(".")
        if row.status == "no plan" and row.because:  # the inputs refuse it: there is no such region
            continue
        if kind == "park":
            region = cp.change(plan.region, f"park.{name}.land_ha += {row.step}")
        elif budgets[name].basis == "per_year":
            years = [max(0.0, amount + row.step) for amount in budgets[name].by_year_m]
            region = cp.change(plan.region, {f"budget.{name}.by_year_m": years})
        else:
            region = cp.change(plan.region, f"budget.{name}.amount_m += {row.step}")
        best = Measured(region, plan.region).best()
        assert (row.status == "no plan") == (best == -math.inf)
        if best == -math.inf:
            continue
        ends = sorted((row.least_per_unit_m_y * row.step, row.most_per_unit_m_y * row.step))
        assert ends[0] - 1e-5 <= best - plan.value <= ends[1] + 1e-5
        if ends[1] - ends[0] < 1e-5:
            assert row.change_m_y == pytest.approx(best - plan.value, abs=1e-5)


def test_more_is_never_worse_and_less_never_better(plan):
    frame = cp.margins(plan, used_from=0.0).frame
    assert len(frame) == 6
    assert (frame["per_unit_m_y"] > -1e-6).all()


def test_what_changes_is_told(plan):
    frame = cp.margins(plan, {"park.north.land_ha": 3}).frame.set_index("direction")
    assert frame.loc["less", "moves"] == ("seats",)
    assert frame.loc["less", "per_unit_m_y"] == pytest.approx(0.055 / 3)
    assert frame.loc["more", "change_m_y"] == pytest.approx(0, abs=1e-9)


def test_less_than_there_is_leaves_nothing_and_no_less(plan):
    frame = cp.margins(plan, {"budget.town": 5}).frame.set_index("direction")
    assert frame.loc["less", "step"] == -1
    assert frame.loc["less", "goes"] == ("batteries",)
    assert frame.loc["more", "step"] == 5


def test_what_is_hardly_used_is_left_out_with_its_share(plan):
    found = cp.margins(plan, used_from=0.6)
    assert found.left_out.to_dict() == {"park.south.land_ha": "50% of it is used"}


def test_a_limit_that_is_not_there_is_refused_with_the_nearest(plan):
    with pytest.raises(cp.UsageError, match=r"budget\.town"):
        cp.margins(plan, ["budget.twon"])
    with pytest.raises(cp.UsageError, match="above 0"):
        cp.margins(plan, {"budget.town": -1})


def test_limits_are_what_the_plan_uses_and_what_binds(plan):
    found = limits(plan).set_index(["rule", "id"])
    assert found.loc[("capacity.land_ha", "north"), ["amount", "limit", "binds"]].tolist() == [30, 30, True]
    assert found.loc[("incentives.budget_total", "town"), "amount"] == pytest.approx(0.65, abs=1e-6)
    assert found.loc[("willingness.surplus", "batteries"), "binds"]
    assert found.loc[("willingness.surplus", "seats"), "room"] == pytest.approx(0.3)


@pytest.mark.parametrize("seed", [0, 3, 9, 12])
def test_no_plan_is_beyond_its_limits(seed):
    found = limits(cp.solve(small_region(seed), time_limit=30))
    assert (found["room"] >= -1e-6 * np.maximum(1, found["limit"].abs())).all()
    assert not found.duplicated(["rule", "id"]).any()


def test_the_command_says_the_same(plan, tmp_path, capsys):
    folder = str(plan.save(tmp_path / "tiny"))
    assert main(["margins", folder, "--of", "park.north.land_ha=3", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [row["per_unit_m_y"] for row in answer["margins"]] == pytest.approx([0, 0.055 / 3], abs=1e-9)
    assert main(["margins", folder, "--of", "park.north.land_ha"]) == 0
    assert "moves" in capsys.readouterr().out
    assert main(["margins", folder, "--of", "park.north.land_ha=x"]) == 2
