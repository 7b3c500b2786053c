"""The benchmark commands run, and tell a right layout from a wrong one."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clusterplan.instance import from_arrays
from clusterplan.rules import write_model
from clusterplan.solve import find

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))


def assignment() -> dict[str, np.ndarray]:
    """Two firms, two parks with room for one each, written as costs: best is 1 + 2 + 3 · 4 = 15."""
    return {
        "linear": -np.array([[1.0, 9.0], [9.0, 2.0]]),
        "needs": np.ones((1, 2)),
        "capacity": np.ones((1, 2)),
        "opening_cost": np.zeros(2),
        "link_a": np.array([0]),
        "link_b": np.array([1]),
        "link_weight": np.array([3.0]),
        "link_kind": np.array([0]),
        "values": -np.array([[[0.0, 4.0], [4.0, 0.0]]]),
        "must_place": np.ones(2, dtype=bool),
        "open_min": np.array(0),
        "open_max": np.array(2),
    }


def knapsack() -> dict[str, np.ndarray]:
    """Firms that may stay out, parks of room 2; 0 and 1 gain 5 in one park: best is 4 + 3 + 5 + 6 = 18."""
    return {
        "linear": np.repeat([[4.0], [3.0], [6.0]], 2, axis=1),
        "needs": np.array([[1.0, 1.0, 2.0]]),
        "capacity": np.full((1, 2), 2.0),
        "opening_cost": np.zeros(2),
        "link_a": np.array([0]),
        "link_b": np.array([1]),
        "link_weight": np.array([5.0]),
        "link_kind": np.array([0]),
        "values": np.eye(2)[None],
        "must_place": np.zeros(3, dtype=bool),
        "open_min": np.array(0),
        "open_max": np.array(2),
    }


@pytest.fixture
def data(tmp_path):
    """A folder of published instances: one that costs, one that pays, and one that is larger."""
    larger = assignment() | {"linear": -np.ones((2, 3)), "capacity": np.ones((1, 3))}
    larger |= {
        "opening_cost": np.array([0.0, 1.0, 1.0]),
        "values": np.zeros((1, 3, 3)),
        "open_max": np.array(3),
    }
    made = [
        ("pays", "three", knapsack(), 18.0, 1),
        ("costs", "wide", larger, 3.0, -1),
        ("costs", "two", assignment(), 15.0, -1),
    ]
    rows = []
    for family, name, arrays, best_known, sign in made:
        (tmp_path / family).mkdir(exist_ok=True)
        np.savez(tmp_path / family / f"{name}.npz", **arrays, sign=sign, best_known=best_known)
        firms, parks = arrays["linear"].shape
        rows.append(
            {
                "family": family,
                "instance": name,
                "file": f"{name}.npz",
                "best_known": best_known,
                "proven": 1,
                "sign": sign,
                "firms": firms,
                "parks": parks,
            }
        )
    write_index(tmp_path, rows)
    return tmp_path


def write_index(folder: Path, rows: list[dict]) -> None:
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def index_of(folder: Path) -> list[dict]:
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(capsys, *arguments: str) -> tuple[int, str]:
    from benchmarks import published

    code = published.main(arguments)
    return code, capsys.readouterr().out


def test_published_values_are_reached_and_told_in_the_papers_sense(data, capsys):
    code, out = run(capsys, "--data", str(data), "--json", "--whole")
    rows = {row["instance"]: row for row in json.loads(out)}
    assert code == 0
    assert {name: row["value"] for name, row in rows.items()} == {"three": 18.0, "two": 15.0, "wide": 3.0}
    assert {name: row["bound"] for name, row in rows.items()} == {"three": 18.0, "two": 15.0, "wide": 3.0}
    assert all(row["status"] == "optimal" and row["verified"] and row["gap"] == 0 for row in rows.values())


def test_the_search_reaches_them_too_and_stops_there(data, capsys):
    code, out = run(capsys, "--data", str(data), "--json", "--time-limit", "30")
    rows = {row["instance"]: row for row in json.loads(out)}
    assert code == 0
    assert {name: row["value"] for name, row in rows.items()} == {"three": 18.0, "two": 15.0, "wide": 3.0}
    assert all(row["verified"] and row["gap"] == 0 and row["bound"] is None for row in rows.values())
    assert all(row["seconds"] <= row["all_seconds"] < 30 for row in rows.values())


def test_a_value_that_is_not_what_the_file_says_is_told(data, capsys, monkeypatch):
    from benchmarks import published

    def boasts(*arguments, **options):
        found = published_search(*arguments, **options)
        return replace(found, value=found.value + 1)

    published_search = published.search
    monkeypatch.setattr(published, "search", boasts)
    code, out = run(capsys, "--data", str(data), "--json", "--instance", "two")
    assert code == 1
    assert [(row["instance"], row["verified"]) for row in json.loads(out)] == [("two", False)]


def test_a_gap_is_positive_where_a_value_is_worse_than_the_published_one(data, capsys):
    rows = index_of(data)
    for row, best_known in zip(rows, (20.0, 2.0, 15.0), strict=True):
        row |= {"best_known": best_known, "proven": 0}
    write_index(data, rows)
    code, out = run(capsys, "--data", str(data), "--json", "--time-limit", "0.2")
    assert {row["instance"]: row["gap"] for row in json.loads(out)} == {"three": 0.1, "two": 0.0, "wide": 0.5}
    assert code == 0, "what is not proven may be beaten or missed"


def test_an_optimum_that_differs_from_a_proven_one_fails_the_command(data, capsys):
    rows = index_of(data)
    rows[0]["best_known"] = 19.0
    write_index(data, rows)
    assert run(capsys, "--data", str(data), "--whole")[0] == 1
    write_index(data, [row | {"best_known": 17.0} for row in rows if row["instance"] == "three"])
    assert run(capsys, "--data", str(data), "--time-limit", "0.5")[0] == 1, "better than proven"


def test_the_smallest_of_the_families_asked_for_are_run(data, capsys):
    _, out = run(capsys, "--data", str(data), "--family", "costs", "--limit", "1")
    lines = out.splitlines()
    assert len(lines) == 3
    assert lines[2].split("|")[1:3] == [" costs  ", " two      "]


def test_a_layout_that_breaks_a_limit_is_told():
    from benchmarks.published import keeps_limits, worth

    arrays = assignment()
    decisions = find(write_model(from_arrays(arrays))).decisions
    assert keeps_limits(arrays, decisions)
    assert worth(arrays, decisions) == -15.0
    for park in ([0, 0], [0, -1]):  # too full; somebody left out
        assert not keeps_limits(arrays, replace(decisions, park=np.array(park)))
    assert not keeps_limits(arrays, replace(decisions, opened=np.array([True, False])))
    assert not keeps_limits(arrays | {"open_max": np.array(1)}, decisions)
