"""The benchmark of whole regions tells true rows, sets them side by side, and fails where they clash."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from clusterplan import synthetic
from clusterplan.solve.seek.measure import keeps_limits, worth


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))


@pytest.fixture
def in_this_process(monkeypatch):
    """Have the ways run here, for the time that new processes would take to load."""
    from benchmarks import whole
    from benchmarks.apart import Ran

    monkeypatch.setattr(whole, "apart", lambda way, *given: Ran(way(*given), None, 1.0))


def run(capsys, *arguments: str) -> tuple[int, dict]:
    from benchmarks.whole import main

    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


SMALL = ("--sizes", "8x3", "--seeds", "0")


def test_ours_and_a_solver_alone_agree_on_a_small_region(capsys):
    code, told = run(capsys, *SMALL, "--ours", "30", "--alone", "30", "--solvers", "HiGHS")
    ours, alone = told["rows"]
    assert code == 0
    assert told["machine"]["Python"]
    assert (ours["how"], alone["how"]) == ("clusterplan", "HiGHS")
    assert ours["status"] == alone["status"] == "optimal"
    assert ours["value"] == pytest.approx(alone["value"], rel=1e-6)
    assert ours["distance"] == pytest.approx(ours["bound"] - ours["value"])
    assert (ours["region"], ours["seed"], ours["limit"], ours["verified"]) == ("8x3", 0, 30, True)
    assert ours["peak_mb"] > 50
    (against,) = told["summary"]
    assert against["better"] == pytest.approx(0, abs=1e-6)
    assert (against["proven_s"], against["alone_proven_s"]) == (ours["seconds"], alone["seconds"])


@pytest.mark.parametrize("lines", [True, False])
def test_rows_of_solvers_alone_are_read_where_an_earlier_run_has_them(
    capsys, tmp_path, lines, in_this_process
):
    known = {"how": "SCIP", "seconds": 300.2, "status": "feasible", "value": -1e6, "bound": 1e6, "gap": 2.0}
    known |= {"region": "8x3", "seed": 0, "limit": 300}
    rows = [known, known | {"how": "CBC", "limit": 200}, known | {"how": "clusterplan"}]
    file = tmp_path / "earlier.json"
    file.write_text("\n".join(map(json.dumps, rows)) if lines else json.dumps(rows), encoding="utf-8")
    code, told = run(capsys, *SMALL, "--ours", "5", "--solvers", "SCIP", "--reference", str(file))
    assert code == 0
    ours, scip = told["rows"]
    assert scip == known | {
        "threads": 1,
        "peak_mb": None,
        "verified": None,
        "source": "earlier.json",
        "distance": 2e6,
        "model": "whole",
        "failed": False,
    }
    (against,) = told["summary"]
    assert against["by"] == "SCIP, feasible"
    assert against["better"] == pytest.approx((ours["value"] + 1e6) / 1e6)
    assert against["gap_ratio"] == pytest.approx(ours["gap"] / 2.0)

    from benchmarks.whole import reference

    assert set(reference(file)) == {("8x3", 0, "SCIP", 300.0, "whole"), ("8x3", 0, "CBC", 200.0, "whole")}


def test_what_this_command_told_can_be_read_as_a_reference(capsys, tmp_path, in_this_process):
    from benchmarks.whole import reference

    _, told = run(capsys, *SMALL, "--ours", "5", "--alone", "5", "--solvers", "HiGHS")
    file = tmp_path / "told.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    ((key, row),) = reference(file).items()
    assert key == ("8x3", 0, "HiGHS", 5.0, "whole")
    assert row == told["rows"][1] | {"source": "told.json"}


def test_a_bound_that_a_plan_beats_fails_the_command(capsys, tmp_path, in_this_process):
    wrong = {"how": "SCIP", "seconds": 1.0, "status": "optimal", "value": -1e6, "bound": -1e6, "gap": 0.0}
    wrong |= {"region": "8x3", "seed": 0, "limit": 300}
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps([wrong]), encoding="utf-8")
    code, told = run(capsys, *SMALL, "--ours", "5", "--solvers", "SCIP", "--reference", str(file))
    assert code == 1
    assert "clusterplan found" in told["contradictions"][0]
    assert "bound of SCIP is -1000000" in told["contradictions"][0]


def test_a_way_of_ours_that_breaks_is_a_row_that_fails_the_command(capsys, monkeypatch):
    from benchmarks import whole
    from benchmarks.apart import Ran

    monkeypatch.setattr(whole, "apart", lambda *_: Ran(None, "InternalError: the plan is wrong", 12.0))
    code, told = run(capsys, "--large", "8x3:2,9x3:1")
    assert code == 1
    assert [(row["region"], row["limit"], row["status"]) for row in told["rows"]] == [
        ("8x3", 2, "InternalError: the plan is wrong"),
        ("9x3", 1, "InternalError: the plan is wrong"),
    ]


def test_tables_are_told_without_json(capsys, in_this_process):
    from benchmarks.whole import main

    assert main([*SMALL, "--ours", "1,5", "--solvers", "none"]) == 0
    out = capsys.readouterr().out
    assert out.count("| 8x3") == 4  # two rows, and two in the summary
    assert "firms × parks" in out


def best_layout(layout) -> float:
    """The most that a layout is worth, by looking at all."""
    every = itertools.product(range(-1, layout.n_parks), repeat=layout.n_firms)
    parks = (np.array(park) for park in every)
    return max(worth(layout, park) for park in parks if keeps_limits(layout, park))


def test_the_link_only_model_is_what_search_and_cp_sat_both_maximise(capsys):
    from benchmarks.links import layout_of

    layout = layout_of(synthetic.region(6, 3, 1))
    assert (layout.linear[np.isfinite(layout.linear)] <= 1e-9).all(), "places cost; links pay"
    most = best_layout(layout)
    code, told = run(capsys, "--links", "--sizes", "6x3", "--seeds", "1", "--ours", "1", "--alone", "20")
    assert code == 0
    ours, cp_sat = told["rows"]
    assert (ours["how"], cp_sat["how"], cp_sat["status"]) == ("clusterplan search", "CP-SAT", "optimal")
    assert (ours["verified"], cp_sat["verified"]) == (True, True)
    assert ours["value"] == pytest.approx(most, abs=1e-9)
    assert cp_sat["value"] == pytest.approx(most, abs=1e-4)
    assert most <= cp_sat["bound"] <= most + 1e-4
    assert {row["model"] for row in told["rows"]} == {"links"}


@pytest.mark.parametrize("form", ["rows", "products", "sums"])
def test_every_way_to_write_links_for_cp_sat_means_the_same(form):
    from benchmarks import cpsat
    from benchmarks.apart import apart
    from benchmarks.links import layout_of

    layout = layout_of(synthetic.region(6, 3, 2, links_per_firm=2))
    assert (layout.link_weight < 0).any()
    ran = apart(cpsat.solve, cpsat.plain(layout), 20.0, 0, 1, form)
    assert ran.fault is None
    assert worth(layout, ran.result["park"]) == pytest.approx(best_layout(layout), abs=1e-4)


def test_needs_are_scaled_to_whole_numbers_never_past_a_capacity():
    from benchmarks.cpsat import FINEST, scale_of

    assert scale_of(np.array([1.0, 30.0])) == 1
    assert scale_of(np.array([0.25, 30.1])) == 100
    assert scale_of(np.array([1 / 3])) == FINEST


def test_without_or_tools_the_command_says_what_to_install(capsys, monkeypatch):
    from benchmarks import cpsat
    from benchmarks.whole import main

    loaded = "ortools" in sys.modules  # PuLP 4 tries it when it is imported itself
    monkeypatch.setattr(cpsat, "find_spec", lambda _: None)
    assert main(["--links", "--sizes", "6x3"]) == 2
    assert "pip install ortools" in capsys.readouterr().err
    with pytest.raises(ModuleNotFoundError, match="pip install ortools"):
        cpsat.solve({}, 1.0, 0, 1)
    assert ("ortools" in sys.modules) == loaded, "it cannot be loaded beside highspy"
