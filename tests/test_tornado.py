"""`tornado`: at each end stands what the changed region is worth, and who is elsewhere then."""

from __future__ import annotations

import json
import math

import matplotlib as mpl
import pytest
from enumeration import Small
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.explore.choices.inputs import inputs_of


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def found(plan):
    return cp.tornado(plan, ["freight.per_tkm", "link.*.value_m_y", "firm.seats.outside_m_y"])


@pytest.mark.parametrize("seed", [0, 9])
def test_at_each_end_stands_what_the_best_of_all_layouts_is_worth(seed):
    plan = cp.solve(small_region(seed), time_limit=30)
    told = cp.tornado(plan, ["firm.*.outside_m_y", "product.*.collaboration_share"], share=0.4)
    for row in told.sides.itertuples():
        factor = 0.6 if row.side == "low" else 1.4
        best = Small(cp.change(plan.region, f"{row.input} *= {factor}")).best()
        assert (row.status == "no plan") == (best == -math.inf)
        if best > -math.inf:
            assert row.value == pytest.approx(best, rel=1e-6, abs=1e-6)


def test_the_widest_swing_stands_first_and_is_that_of_value(found, plan):
    assert found.frame.index.tolist() == ["link.*.value_m_y", "freight.per_tkm", "firm.seats.outside_m_y"]
    ends = found.frame.loc["link.*.value_m_y", ["low_m_y", "high_m_y"]]
    assert found.frame["swing_m_y"].iloc[0] == pytest.approx(max(*ends, plan.value) - min(*ends, plan.value))


def test_who_is_elsewhere_is_told_at_each_end(found):
    sides = found.sides.set_index(["input", "side"])
    assert sides.loc[("link.*.value_m_y", "low"), "goes"] == ("batteries",)
    assert found.frame.loc["link.*.value_m_y", ["low_elsewhere", "high_elsewhere"]].tolist() == [1, 0]


def test_without_inputs_the_assumed_ones_are_moved_column_by_column(plan):
    names = [one.name for one in inputs_of(plan.region, None, 0.2)]
    assert "firm.*.outside_m_y" in names
    assert "discount_rate" in names


def test_of_a_column_that_is_partly_assumed_only_that_part_is_moved():
    region = cp.load_region("yibin")
    one = next(one for one in inputs_of(region, None, 0.2) if one.name.startswith("firm.*.investment_m"))
    numbers = region.provenance_of()
    own = numbers[(numbers["file"] == "firms.csv") & (numbers["column"] == "investment_m")]
    assumed = set(own.loc[own["kind"] == "assumed", "id"])
    assert {change.path.split(".")[1] for change in one.low} == assumed
    assert f"({len(assumed)} of {len(own)})" in one.name


def test_an_end_without_a_plan_stands_first_and_says_so(plan):
    held = {"out of reach": ("firm.seats.lock = in", ["firm.seats.lock = in", "firm.seats.outside_m_y = 50"])}
    told = cp.tornado(plan, {"freight.per_tkm": 0.1, **held})
    assert told.frame.index[0] == "out of reach"
    assert told.frame["high_status"].iloc[0] == "no plan"
    assert math.isnan(told.frame["swing_m_y"].iloc[0])


def test_a_number_that_cannot_be_so_is_told_with_the_reason(plan):
    told = cp.tornado(plan, {"too much": ([], "firm.seats.min_load = 2")})
    row = told.sides.set_index(["input", "side"]).loc[("too much", "high")]
    assert row["status"] == "no region"
    assert "min_load" in row["because"]


def test_a_share_that_cannot_be_meant_and_an_input_that_names_nothing_are_refused(plan):
    with pytest.raises(cp.UsageError, match="between 0 and 1"):
        cp.tornado(plan, share=1.5)
    with pytest.raises(cp.UsageError, match="seats"):
        cp.tornado(plan, ["firm.seets.outside_m_y"])


def test_the_chart_has_the_ends_of_the_frame(found, plan):
    mpl.use("Agg")
    ax = cp.charts.tornado(found)
    ends = {round(bar.get_x() + bar.get_width(), 6) for bar in ax.patches}
    assert {round(value, 6) for value in found.frame[["low_m_y", "high_m_y"]].to_numpy().ravel()} <= ends
    assert [label.get_text() for label in ax.get_yticklabels()] == found.frame.index.tolist()
    assert "+1" in {text.get_text() for text in ax.texts}


def test_the_command_says_the_same(plan, found, tmp_path, capsys):
    folder = str(plan.save(tmp_path / "tiny"))
    assert main(["tornado", folder, "--of", "link.*.value_m_y", "--of", "freight.per_tkm=0.2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["inputs"][0]["low_m_y"] == pytest.approx(found.frame["low_m_y"].iloc[0])
    assert main(["tornado", folder, "--of", "link.*.value_m_y"]) == 0
    assert "link" in capsys.readouterr().out
