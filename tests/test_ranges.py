"""`ranges`: within, the plan's layout is best, and beyond it is not, as trying every layout shows."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from enumeration import Small
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.region.change import number_at


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


class Held(Small):
    """A small region in which every firm is where a plan has it."""

    def __init__(self, region, plan):
        super().__init__(region)
        self.places = {firm: park for firm, park in plan.firms["park"].items() if park is not None}

    def layout_value(self, at):
        return super().layout_value(at) if at == self.places else -math.inf


@pytest.mark.parametrize("seed", [0, 9])
def test_within_a_range_the_layout_is_best_and_beyond_it_is_not(seed):
    plan = cp.solve(small_region(seed), time_limit=30)
    placed = plan.firms.index[plan.firms["park"].notna() & (plan.firms["status"] == "candidate")]
    paths = ["product.part.collaboration_share", *(f"firm.{firm}.outside_m_y" for firm in placed[:1])]
    found = cp.ranges(plan, paths, share=0.6, halvings=3)
    assert not found["status"].eq("not known").any()
    for row in found.itertuples():
        for value, stays in ((row.stays_to, True), (row.changes_at, False)):
            if math.isnan(value):
                continue
            region = cp.change(plan.region, {row.input: value})
            held, best = Held(region, plan).best(), Small(region).best()
            assert (held >= best - 1e-5) == stays


def test_an_outside_option_may_rise_as_far_as_its_flip_says(plan):
    found = cp.ranges(plan, {"firm.batteries.outside_m_y": 0.1}, halvings=8).set_index("side")
    most = cp.flips(plan).loc["batteries", "most_m_y"]
    assert found.loc["up", "stays_to"] <= 4 + most <= found.loc["up", "changes_at"]
    assert found.loc["up", "goes"] == ("batteries",)
    assert found.loc["down", "status"] == "stays"
    assert math.isnan(found.loc["down", "changes_at"])


def test_a_slack_widens_a_range(plan):
    sharp = cp.ranges(plan, ["link.*.value_m_y"], halvings=4).set_index("side")
    loose = cp.ranges(plan, ["link.*.value_m_y"], halvings=4, slack=10).set_index("side")
    assert sharp.loc["up", "status"] == "stays"
    assert loose.loc["up", "status"] == "stays"
    assert sharp.loc["down", "value"] == 1
    assert loose.loc["down", "stays_to"] <= sharp.loc["down", "stays_to"]


def test_a_solve_that_is_not_proven_leaves_the_answer_open(plan):
    found = cp.ranges(plan, ["firm.seats.outside_m_y"], halvings=1, time_limit=0.0)
    assert set(found["status"]) == {"not known"}
    assert found["stays_to"].tolist() == [1.0, 1.0]


def test_where_a_number_can_go_no_further_it_says_so(plan):
    found = cp.ranges(plan, {"firm.seats.min_load": 0.9}, halvings=3).set_index("side")
    assert found.loc["up", "status"] == "no region"
    assert found.loc["up", "stays_to"] <= 1
    assert "min_load" in found.loc["up", "why"]


def test_without_inputs_the_outside_options_that_turn_soonest_are_asked_about(plan):
    found = cp.ranges(plan, n=1, halvings=1)
    assert found["input"].unique().tolist() == ["firm.batteries.outside_m_y"]


def test_what_cannot_be_meant_is_refused(plan):
    with pytest.raises(cp.UsageError, match="is 0"):
        cp.ranges(cp.solve(cp.change(plan.region, "firm.glass.outside_m_y = 0")), ["firm.glass.outside_m_y"])
    with pytest.raises(cp.UsageError, match="by share alone"):
        cp.ranges(plan, {"firm.*.outside_m_y": 1.0})
    with pytest.raises(cp.UsageError, match="seats"):
        cp.ranges(plan, ["firm.seets.outside_m_y"])
    with pytest.raises(cp.UsageError, match="share"):
        cp.ranges(plan, share=2)


def test_the_number_of_a_path_is_what_stands_there(plan):
    region = plan.region
    assert number_at(region, "discount_rate") == region.manifest.discount_rate
    assert number_at(region, "park.north.land_ha") == 30
    assert number_at(region, "firm.*.land_ha") is None
    assert number_at(region, "firm.seats.name") is None


def test_the_command_says_the_same(plan, tmp_path, capsys):
    folder = str(plan.save(tmp_path / "tiny"))
    asked = ["ranges", folder, "--of", "firm.batteries.outside_m_y", "--halvings", "3"]
    assert main([*asked, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    expected = cp.ranges(plan, ["firm.batteries.outside_m_y"], halvings=3)
    assert np.allclose([row["stays_to"] for row in rows], expected["stays_to"])
    assert main(asked) == 0
    assert "may rise to" in " ".join(capsys.readouterr().out.split())
