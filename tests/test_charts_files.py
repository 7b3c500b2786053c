"""Charts as files: the call and the command."""

from __future__ import annotations

import json

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.cli import main
from clusterplan.errors import NoPlanError
from clusterplan.report.charts import gallery

mpl.use("Agg")


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    return plan.save(tmp_path_factory.mktemp("plan") / "tiny")


def test_every_chart_of_a_plan_is_written_and_no_figure_stays_open(plan, tmp_path):
    before = plt.get_fignums()
    files = cp.charts.write_charts(plan, tmp_path / "new" / "charts")
    assert list(files) == list(gallery.CHARTS)
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files.values())
    assert plt.get_fignums() == before


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_plan_gives_the_same_files(plan, tmp_path, form):
    one, other = (
        cp.charts.write_charts(plan, tmp_path / name, only=["chain", "layout_map"], form=form)
        for name in "ab"
    )
    assert [file.read_bytes() for file in one.values()] == [file.read_bytes() for file in other.values()]


def test_an_unknown_chart_or_kind_is_told_with_those_there_are(plan, tmp_path):
    with pytest.raises(
        cp.UsageError, match=r"no chart 'chian'\. Did you mean 'chain'\? There are: layout_map"
    ):
        cp.charts.write_charts(plan, tmp_path, only=["chian"])
    with pytest.raises(cp.UsageError, match="png, svg, pdf, not as 'gif'"):
        cp.charts.write_charts(plan, tmp_path, form="gif")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_replaced_only_with_force(plan, tmp_path):
    (tmp_path / "chain.png").write_text("mine")
    with pytest.raises(cp.UsageError, match="--force"):
        cp.charts.write_charts(plan, tmp_path, only=["budgets", "chain"])
    assert [file.name for file in tmp_path.iterdir()] == ["chain.png"]
    cp.charts.write_charts(plan, tmp_path, only=["chain"], force=True)
    assert (tmp_path / "chain.png").read_bytes() != b"mine"
    with pytest.raises(cp.UsageError, match="is a file"):
        cp.charts.write_charts(plan, tmp_path / "chain.png")


def test_where_a_chart_fails_nothing_is_written_and_nothing_stays_open(plan, tmp_path):
    before = plt.get_fignums()
    with pytest.raises(cp.UsageError, match="can't stand side by side"):
        cp.charts.write_charts(plan, tmp_path / "new", only=["chain"], beside=stored_plan("debrecen"))
    assert not (tmp_path / "new").exists()
    assert plt.get_fignums() == before


def test_a_chart_that_cannot_be_drawn_says_why(plan, tmp_path, monkeypatch):
    def none(_plan):
        raise NoPlanError("The existing firms can't trade.")

    monkeypatch.setitem(gallery.CHARTS, "before_after", (none, "today"))
    ax = gallery._drawn(plan, "before_after")
    assert [text.get_text() for text in ax.texts] == ["The existing firms can't trade."]
    plt.close("all")


def test_the_command_writes_what_is_asked_for_and_prints_where(folder, tmp_path, capsys):
    assert (
        main(["charts", str(folder), "-o", str(tmp_path), "--only", "chain, budgets", "--format", "svg"]) == 0
    )
    printed = capsys.readouterr().out.split()
    assert printed == [str(tmp_path / "chain.svg"), str(tmp_path / "budgets.svg")]
    assert (tmp_path / "chain.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")
    told = ["charts", str(folder), "-o", str(tmp_path), "--only", "chain", "--beside", str(folder), "--json"]
    assert main(told) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert set(files) == {"chain", "side_by_side"}


def test_the_command_refuses_what_it_does_not_know(folder, tmp_path, capsys):
    assert main(["charts", str(folder), "-o", str(tmp_path), "--only", "pie"]) == 2
    assert "There is no chart 'pie'" in capsys.readouterr().err
