"""The benchmark of whole regions tells the same value for both ways where both are proven."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))


def test_ours_and_a_solver_alone_agree_on_a_small_region(capsys):
    from benchmarks.whole import main

    sizes = ["--sizes", "10x3", "--seeds", "0", "--ours", "20", "--alone", "20"]
    assert main([*sizes, "--solvers", "HiGHS", "--json"]) == 0
    ours, alone = json.loads(capsys.readouterr().out)
    assert (ours["how"], alone["how"]) == ("clusterplan", "HiGHS")
    assert ours["status"] == alone["status"] == "optimal"
    assert ours["value"] == pytest.approx(alone["value"], rel=1e-6)
    assert ours["region"] == alone["region"] == "10×3, 0"
