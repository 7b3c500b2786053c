"""The Markdown summary: it says what the page says, and shows text of the region without obeying it."""

from __future__ import annotations

from pathlib import Path

import pytest

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.errors import UsageError
from clusterplan.region import load_region
from clusterplan.report import summary, write_summary
from clusterplan.report.summary import escaped


@pytest.fixture(scope="module")
def plan() -> cp.Plan:
    return cp.solve(load_region("tiny"))


def test_a_summary_tells_the_answer_and_every_firm(plan: cp.Plan) -> None:
    text = summary(plan)
    assert text.startswith(f"# {escaped(plan.region.manifest.title)}\n\n## ")
    for firm in plan.firms["name"]:
        assert escaped(firm) in text
    assert "0.925" in text
    assert plan.value == pytest.approx(0.925)


def test_every_row_of_a_table_has_the_cells_of_its_head(plan: cp.Plan) -> None:
    blocks = [block for block in summary(plan).split("\n\n") if block.startswith("|")]
    assert len(blocks) > 3
    for block in blocks:
        assert len({line.replace("\\|", "").count("|") for line in block.strip().splitlines()}) == 1


def test_signs_of_the_region_are_shown_and_not_obeyed() -> None:
    assert escaped("# a | *b*\n<img onerror=x>") == r"\# a \| \*b\* \<img onerror=x\>"
    assert escaped("- one") == r"\- one"
    assert escaped("1. one & two") == r"1\. one &amp; two"


def test_a_summary_can_be_chinese_and_no_other_language(plan: cp.Plan) -> None:
    assert summary(plan, lang="zh") != summary(plan)
    with pytest.raises(UsageError):
        summary(plan, lang="fr")


def test_the_command_and_the_plan_write_the_same_summary(
    plan: cp.Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = plan.save(tmp_path / "out")
    assert main(["report", str(folder), "--format", "md"]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "summary.md")
    by_command = (folder / "summary.md").read_text(encoding="utf-8")
    assert plan.report(tmp_path / "mine.md").read_text(encoding="utf-8") == by_command
    assert write_summary(plan, tmp_path / "other.md").read_text(encoding="utf-8") == by_command
