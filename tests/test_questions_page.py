"""The page of questions names every public call and every command, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import clusterplan as cp
from clusterplan.cli import app

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "questions.md"
NO_QUESTIONS = {"doctor"}
"""Commands that ask nothing of a region or a plan."""


def cells(column: int) -> list[str]:
    """Return the cells of a column of all tables of the page."""
    rows = re.findall(r"^\| (?!---|question)(.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [row.split(" |")[column].strip() for row in rows]


def test_every_public_call_is_on_the_page_and_no_other():
    named = {name for cell in cells(1) for name in re.findall(r"`(\w+)`", cell)}
    assert named == {name for name in cp.__all__ if name[0].islower()}


def test_every_command_is_on_the_page_and_no_other():
    named = {words.split()[0] for cell in cells(2) for words in re.findall(r"`([^`]+)`", cell)}
    known = {found.callback.__name__ for found in app.registered_commands if found.callback}
    assert named == known - NO_QUESTIONS


def test_every_question_is_asked_once_and_leads_to_a_page():
    asked = cells(0)
    assert len(asked) == len(set(asked))
    for cell in cells(3):
        target = re.fullmatch(r"\[[^\]]+\]\(([^)#]+)\)", cell)
        assert target
        assert (PAGE.parent / target[1]).exists()
