"""Questions are timed one by one, and those that do not exist are refused."""

from __future__ import annotations

import json

import pytest

from benchmarks import questions


def test_each_question_is_asked_and_timed(capsys):
    arguments = ["--sizes", "6x2", "--plan", "5", "--seconds", "5"]
    assert questions.main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["question"] for row in told["questions"]] == [q.name for q in questions.QUESTIONS]
    assert all(row["seconds"] > 0 and row["size"] == "6×2" for row in told["questions"])
    assert questions.main([*arguments, "--ask", "willingness"]) == 0
    assert "parts of surpluses" in capsys.readouterr().out


def test_a_question_that_does_not_exist_is_refused(capsys):
    with pytest.raises(SystemExit):
        questions.main(["--ask", "weather"])
    assert "weather" in capsys.readouterr().err
