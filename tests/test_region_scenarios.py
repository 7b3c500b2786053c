"""`scenarios.yaml`: read, checked, written, and kept or left out as a region changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from region_folder import write_minimal_region

import clusterplan as cp
from clusterplan.errors import InputError
from clusterplan.region import read_region, region_files, write_region

SCENARIOS = """\
as_it_is:
  probability: 3
  provenance: assumed
slump:
  name: Prices fall
  probability: 1
  changes:
    - market.*.buys_at *= 0.9
    - firm.cathode_a = gone
    - discount_rate = 0.09
  fulfilment:
    holiday: 0.5
  provenance: assumed
  source: judgement
"""


def folder_with(tmp_path: Path, text: str) -> Path:
    folder = write_minimal_region(tmp_path / "region")
    (folder / "scenarios.yaml").write_text(text, encoding="utf-8")
    return folder


def fault_of(tmp_path: Path, text: str):
    with pytest.raises(InputError) as caught:
        read_region(folder_with(tmp_path, text))
    (fault,) = caught.value.faults
    assert fault.file == "scenarios.yaml"
    return fault


def test_scenarios_are_read_with_their_changes_in_order(tmp_path):
    frame = read_region(folder_with(tmp_path, SCENARIOS)).scenarios
    assert list(frame.index) == ["as_it_is", "slump"]
    assert frame["probability"].tolist() == [3.0, 1.0]
    assert frame.loc["as_it_is", "changes"] == ()
    assert frame.loc["slump", "changes"] == (
        "market.*.buys_at *= 0.9",
        "firm.cathode_a = gone",
        "discount_rate = 0.09",
    )
    assert frame.loc["slump", "fulfilment"] == (("holiday", 0.5),)


def test_scenarios_are_written_and_read_back_equal(tmp_path):
    region = read_region(folder_with(tmp_path, SCENARIOS))
    write_region(region, tmp_path / "again")
    again = read_region(tmp_path / "again")
    assert again.scenarios.equals(region.scenarios)
    assert region_files(again) == region_files(region)
    assert "scenarios.yaml" in region.checksums


def test_scenarios_do_not_count_among_the_numbers_a_plan_rests_on(tmp_path):
    with_them = read_region(folder_with(tmp_path, SCENARIOS))
    without = read_region(write_minimal_region(tmp_path / "without"))
    assert with_them.assumed_share == without.assumed_share
    told = with_them.provenance_of()
    assert set(told.loc[told["file"] == "scenarios.yaml", "kind"]) == {"assumed"}


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "rule", "says"),
    [
        ("market.*.buys_at *= 0.9", "market.*.buys *= 0.9", 4, "changes", "bad_change", "'buys_at'"),
        ("firm.cathode_a = gone", "firm.cathod_a = gone", 4, "changes", "bad_change", "'cathode_a'"),
        ("discount_rate = 0.09", "discount_rat = 0.09", 4, "changes", "bad_change", "discount_rate"),
        ("market.*.buys_at *= 0.9", "market falls", 4, "changes", "bad_change", "no change"),
        ("market.*.buys_at *= 0.9", "market.*.buys_at *= much", 4, "changes", "bad_change", "no number"),
        ("holiday: 0.5", "holliday: 0.5", 4, "fulfilment", "unknown_incentive", "'holiday'"),
        ("holiday: 0.5", "holiday: 1.5", 4, "fulfilment", "out_of_range", "above 1"),
        ("probability: 1", "probability: 0", 4, "probability", "out_of_range", "not above 0"),
        ("probability: 1", "probability: often", 4, "probability", "not_a_number", "number"),
        ("name: Prices fall", "title: Prices fall", 5, "slump.title", "unknown_key", "no such key"),
        ("  provenance: assumed\n  source", "  source", 4, "provenance", "empty_cell", "empty"),
    ],
)
def test_a_fault_of_a_scenario_says_where_and_what(old, new, row, column, rule, says, tmp_path):
    fault = fault_of(tmp_path, SCENARIOS.replace(old, new))
    assert (fault.row, fault.column, fault.rule) == (row, column, rule)
    assert says in fault.why
    assert fault.mend


@pytest.mark.parametrize("text", ["- slump\n", "slump: falls\n", "a: [\n"])
def test_a_file_of_another_shape_is_told(text, tmp_path):
    assert fault_of(tmp_path, text).rule == "broken_yaml"


def test_an_empty_file_is_no_scenario(tmp_path):
    assert read_region(folder_with(tmp_path, "")).scenarios.empty


def test_a_scenario_about_what_is_gone_is_left_out_as_a_table_is_replaced(tmp_path):
    text = SCENARIOS.replace("discount_rate = 0.09", "link.process.value_m_y *= 2")
    region = read_region(folder_with(tmp_path, text))
    assert list(region.replace(links=None).scenarios.index) == ["as_it_is"]
    kept = region.replace(incentives=None).scenarios
    assert kept.loc["slump", "fulfilment"] == ()
    with pytest.raises(InputError):
        region.replace(links=None, scenarios=region.given()["scenarios"])


def test_scenarios_are_given_as_a_frame_too():
    region = cp.load_region("tiny")
    frame = region.replace(
        scenarios=cp.load_region("yibin").scenarios.iloc[:1][["probability", "provenance"]]
    ).scenarios
    assert frame["probability"].tolist() == [0.4]
