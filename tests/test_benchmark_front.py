"""The command that times a front counts its points."""

from __future__ import annotations

import json

from benchmarks.front import main


def test_a_front_is_timed_and_its_points_counted(capsys):
    assert main(["--region", "tiny", "--points", "3", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)["front"]
    assert (row["asked"], row["points"], row["proven"]) == (3, 2, 2)
    assert row["seconds"] > 0
    assert main(["--region", "tiny", "--points", "2"]) == 0
    assert "points of the front" in capsys.readouterr().out
