"""QGIS itself opens a plan's GeoPackage with its styles, and they draw every feature."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest
from chart_pictures import dresden, tiny
from matplotlib.image import imread

PYTHON = "/usr/bin/python3"
"""The interpreter that QGIS of a Linux distribution belongs to."""
SCRIPT = Path(__file__).parent / "qgis_draws.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [PYTHON, *arguments], env=own, capture_output=True, text=True, timeout=300, check=False
    )


@cache
def has_qgis() -> bool:
    return Path(PYTHON).exists() and run("-c", "import qgis.core").returncode == 0


@pytest.mark.parametrize("plan_of", [tiny, pytest.param(dresden, marks=pytest.mark.long)])
def test_qgis_draws_every_feature_by_the_styles_of_the_plan(plan_of, tmp_path) -> None:
    if not has_qgis():
        pytest.skip("QGIS is not installed (Debian: apt-get install python3-qgis)")
    plan = plan_of()
    folder = plan.save(tmp_path / "out")
    done = run(str(SCRIPT), str(folder / "plan.gpkg"), str(tmp_path / "map.png"))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])["layers"]
    placed = {
        "parks": len(plan.parks),
        "firms": int(plan.firms["park"].notna().sum()),
        "supply": len(plan.supply),
        "links": len(plan.links),
    }
    assert {name: layer["drawn"] for name, layer in told.items()} == placed
    assert {layer["inner"] for layer in told.values()} == {"RuleRenderer"}
    assert told["firms"]["type"] == "pointDisplacement"
    coloured = imread(tmp_path / "map.png")[:, :, :3]
    assert (coloured.max(axis=2) - coloured.min(axis=2) > 0.3).sum() > 1000
