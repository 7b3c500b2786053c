"""The commands that ask questions of a plan say in words, and in JSON, what the library does."""

from __future__ import annotations

import json

import pytest

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.cli import main


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    return str(plan.save(tmp_path_factory.mktemp("plans") / "tiny"))


def told(capsys, *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def asked(capsys, *arguments: str):
    return json.loads(told(capsys, *arguments, "--json"))


def test_explain(capsys, plan, folder):
    words = told(capsys, "explain", folder, "--firm", "seats")
    assert "Soft Seats (seats): North" in words
    assert "0.055" in words
    assert "supply_" not in words
    answer = asked(capsys, "explain", folder, "--park", "south")
    assert answer["chosen"] == "open"
    expected = cp.explain(plan, park="south").choices["loss_m_y"].to_dict()
    assert {row["choice"]: row["loss_m_y"] for row in answer["choices"]} == pytest.approx(expected)


def test_alternatives(capsys, plan, folder):
    words = told(capsys, "alternatives", folder, "-n", "1", "--slack", "1")
    assert "Bright Batteries" in words
    answer = asked(capsys, "alternatives", folder, "-n", "3", "--slack", "1")
    expected = cp.alternatives(plan, 3, slack=1.0)
    assert [row["value"] for row in answer["plans"]] == pytest.approx(expected.frame["value"].tolist())
    assert answer["ended"] == expected.ended == "slack"


def test_tradeoff(capsys):
    words = told(capsys, "tradeoff", "tiny", "-n", "2")
    assert "grants" in words
    assert "more is better" in " ".join(words.split())
    answer = asked(capsys, "tradeoff", "tiny", "-n", "2")
    assert answer["aims"] == ["value", "grants"]
    assert [row["grants"] for row in answer["front"]] == pytest.approx([-0.065, 0.0], abs=1e-6)


def test_whatif(capsys, folder):
    line = "firm.seats.outside_m_y += 1"
    words = " ".join(told(capsys, "whatif", folder, line).split())
    assert line in words
    assert "0.7 m a year" in words
    assert "Soft Seats" in words
    answer = asked(capsys, "whatif", folder, line)
    assert answer["changes"] == [line]
    assert answer["moved"][0]["firm"] == "seats"
    assert "0.7 m a year short" in answer["moved"][0]["why"]
    assert answer["kept_value"] is None
    assert answer["value_after"] == pytest.approx(-0.625)


def test_whatif_says_where_no_plan_is_left(capsys, folder):
    lines = ("firm.seats.lock = in", "firm.seats.outside_m_y = 50")
    assert "no plan then" in told(capsys, "whatif", folder, *lines)
    assert asked(capsys, "whatif", folder, *lines)["status"] == "no_plan"


def test_a_change_that_names_nothing_is_a_fault_of_usage(capsys, folder):
    assert main(["whatif", folder, "firm.seets.land_ha = 3"]) == 2
    assert "Did you mean 'seats'" in capsys.readouterr().err


def test_scenarios(capsys, folder):
    assert "Choosing for all futures is worth" in " ".join(
        told(capsys, "scenarios", folder, "-n", "2").split()
    )
    answer = asked(capsys, "scenarios", folder, "-n", "2", "--seed", "1")
    assert len(answer["futures"]) == 2
    assert answer["best"] in {row["candidate"] for row in answer["candidates"]}


@pytest.mark.parametrize(
    ("options", "futures"),
    [([], 5), (["--price", "0.1"], 6), (["--demand", "0"], 6), (["-n", "4"], 4)],
)
def test_a_swing_asks_for_a_cycle_where_a_region_has_scenarios_of_its_own(monkeypatch, options, futures):
    seen = []

    def scenarios_of(_plan, asked, **_options):
        seen.append(len(asked))
        raise cp.UsageError("seen")

    monkeypatch.setattr("clusterplan.cli.futures.plan_of", lambda _: stored_plan("yibin"))
    monkeypatch.setattr("clusterplan.explore.scenarios", scenarios_of)
    assert main(["scenarios", "yibin", *options]) == 2
    assert seen == [futures]


def test_robust(capsys):
    words = " ".join(told(capsys, "robust", "tiny", "-n", "2", "--time-limit", "10").split())
    assert "The plan in each future" in words
    assert "Planning for all futures" in words
    answer = asked(capsys, "robust", "tiny", "-n", "2", "--aim", "worst", "--time-limit", "10")
    assert answer["aim"] == "worst"
    assert len(answer["futures"]) == 2
    assert answer["value"] == answer["worst"]


def test_outages(capsys, plan, folder):
    words = " ".join(told(capsys, "outages", folder).split())
    assert "Batteries" in words
    assert "%" in words
    assert "Seats" in told(capsys, "outages", folder, "-k", "2")
    rows = asked(capsys, "outages", folder, "--second-source")
    assert {row["lost"] for row in rows} == set(cp.outages(plan).index)
    assert "second_m_y" in rows[0]


def test_explain_asks_for_a_firm_or_a_park_as_the_command_line_does(capsys, folder):
    for given in ((), ("--firm", "seats", "--park", "south")):
        assert main(["explain", folder, *given]) == 2
        assert "--firm ID or --park ID" in capsys.readouterr().err


def test_a_result_folder_is_no_region_and_says_where_its_region_is(capsys, folder):
    assert main(["diagnose", folder]) == 2
    assert "result folder" in " ".join(capsys.readouterr().err.split())
    assert main(["validate", f"{folder}/region"]) == 0
