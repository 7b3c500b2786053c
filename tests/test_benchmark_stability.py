"""The benchmark of stability runs, and says what it measured."""

from __future__ import annotations

import json

import pytest

from benchmarks.stability import ends, main


def test_the_check_is_timed_for_a_plan_and_for_a_layout_with_every_firm(capsys):
    assert main(["--sizes", "12x3", "--plan", "2", "--json"]) == 0
    plan, drawn = json.loads(capsys.readouterr().out)
    assert (plan["layout"], drawn["layout"]) == ("plan", "drawn")
    assert plan["deciding"] <= drawn["deciding"] <= 12
    assert plan["seconds"] >= 0


def test_a_stable_plan_stands_beside_a_plain_one(capsys):
    assert main(["--ratio", "--sizes", "12x3", "--time-limit", "20", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["stable_value"] <= row["value"] * (1 + 1e-2 * (1 if row["value"] > 0 else -1)) + 1e-6
    assert main(["--sizes", "12x3", "--plan", "1"]) == 0
    assert "would move alone" in capsys.readouterr().out


@pytest.mark.long
def test_the_stable_plan_of_a_real_region_stands_between_market_and_plan():
    found = ends("ningde", 60.0)
    assert list(found) == ["market", "plan", "stable plan"]
    assert found["market"].value < found["stable plan"].value <= found["plan"].value + 1e-6
    assert found["stable plan"].status == "optimal"
