"""Tables in the terminal fit whatever its width: no number is cut, and nothing goes beyond the edge."""

from __future__ import annotations

import io
import subprocess
import sys
from os import environ
from pathlib import Path

import pytest
from rich.table import Table

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.region import load_region
from clusterplan.report import terminal
from clusterplan.report.fitting import FittingConsole

NUMBERS = ("+0.0201234", "-1,234.567", "0.500", "12.34%")


def shown(table: Table, width: int) -> str:
    text = io.StringIO()
    FittingConsole(file=text, width=width, highlight=False).print(table)
    return text.getvalue()


def moves() -> Table:
    table = Table(title="Would rather move", caption="and 3 more")
    for head in ("firm", "from", "to"):
        table.add_column(head)
    for head in ("gain", "supply collaboration", "links", "share"):
        table.add_column(head, justify="right")
    table.add_row("Seats [i]and[/i] covers", "North park", "三江新区东部产业园", *NUMBERS)
    return table


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_every_number_is_whole_and_every_line_fits(width: int) -> None:
    text = shown(moves(), width)
    assert all(number in text for number in NUMBERS)
    assert "…" not in text
    assert all(len(line) <= width for line in text.splitlines())
    assert "Would rather move" in text
    assert "and 3 more" in text


def test_a_table_that_cannot_fit_becomes_a_list() -> None:
    lines = shown(moves(), 60).splitlines()
    assert lines[1] == "Seats and covers"
    assert "  gain: +0.0201234" in lines
    assert "┃" in shown(moves(), 140)


def test_a_table_with_room_is_left_as_it_is() -> None:
    text = io.StringIO()
    console = FittingConsole(file=text, width=140, highlight=False)
    super(FittingConsole, console).print(moves())
    assert shown(moves(), 140) == text.getvalue()


def test_numbers_and_shares_stand_at_the_right() -> None:
    table = Table("firm", "left", "word")
    for row in (("a", "5.1%", "5 ha"), ("b", "80.6%", "none"), ("c", "", "x")):
        table.add_row(*row)
    lines = shown(table, 80).splitlines()
    assert "│ a    │  5.1% │ 5 ha │" in lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cp.solve(load_region("tiny")).save(tmp_path_factory.mktemp("plan") / "out")


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("command", ["willingness", "stability", "flips", "sharing"])
def test_commands_fit(
    folder: Path,
    command: str,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(terminal.out, "_width", width)
    assert main([command, str(folder)]) == 0
    told = capsys.readouterr().out
    assert len(told.splitlines()) > 3
    assert "…" not in told
    assert all(len(line) <= width for line in told.splitlines())


def test_there_are_no_colours_where_there_is_no_terminal(folder: Path) -> None:
    settings = {name: value for name, value in environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "clusterplan.cli", "willingness", str(folder)],
        capture_output=True,
        text=True,
        env={**settings, "COLUMNS": "60", "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert "\x1b" not in done.stdout + done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 60


def test_no_color_leaves_out_colours_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = io.StringIO()
    console = FittingConsole(file=text, width=80, force_terminal=True, highlight=False)
    console.print("[red]fault[/red]")
    assert "\x1b[31m" not in text.getvalue()
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm-256color")
    colourful = FittingConsole(file=text, width=80, force_terminal=True, color_system="256")
    colourful.print("[red]fault[/red]")
    assert "\x1b[31m" in text.getvalue()
