"""The stored plan of every real region holds, and solving the smallest regions gives it again.

All regions are solved, and all examples run, by ``python -m benchmarks.regions`` and ``--examples``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_examples import run_example

import clusterplan as cp
from benchmarks.regions import EXAMPLES, NAMES, PLANS, moved, stored_plan

SMALLEST = ("debrecen", "hardin_ky")
"""The two regions whose programs are smallest."""
QUICKEST = ("debrecen", "ningde")
"""The two whose examples are done soonest."""


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_plan_holds_in_every_rule_and_number(name: str) -> None:
    plan = stored_plan(name)
    assert cp.verify(plan).empty
    assert plan.gap is not None
    assert plan.gap <= 0.05
    assert plan.firms["park"].notna().any()


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_plan_is_of_the_bundled_region_and_its_terms_sum_to_its_value(name: str) -> None:
    content = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    assert content["region"] == name
    assert sum(content["terms"].values()) == pytest.approx(content["value"], rel=1e-9, abs=1e-6)
    assert len(content["firms"]) == len(cp.load_region(name).firms)


@pytest.mark.long
@pytest.mark.parametrize("name", SMALLEST)
def test_solving_the_smallest_regions_gives_the_stored_plan(name: str) -> None:
    stored = stored_plan(name)
    plan = cp.solve(cp.load_region(name), time_limit=110)
    assert plan.status == stored.status == "optimal"
    assert plan.value == pytest.approx(stored.value, rel=2e-6)
    assert moved(stored, plan)["placed"] == stored.firms["park"].notna().sum()


@pytest.mark.long
@pytest.mark.parametrize("name", QUICKEST)
def test_examples_print_what_the_docs_show(name: str, tmp_path: Path) -> None:
    told = [line for line in run_example(f"{name}.py", tmp_path, ".").splitlines() if "map:" not in line]
    assert told == (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert (tmp_path / f"{name}.png").stat().st_size > 10_000


@pytest.mark.parametrize("name", NAMES)
def test_every_region_has_an_example_and_a_page(name: str) -> None:
    root = Path(__file__).parents[1]
    assert (root / "examples" / f"{name}.py").is_file()
    page = (root / "docs" / "regions" / f"{name}.md").read_text(encoding="utf-8")
    for part in ("map", "parks", "firms", "incentives", "roads", "provenance"):
        assert f"{{region-{part}}} {name}" in page
    assert f"tests/data/examples/{name}.txt" in page
