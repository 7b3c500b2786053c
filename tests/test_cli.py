"""The commands, as a planner calls them: what they print where, exit codes, what they leave behind."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest

import clusterplan as cp
from clusterplan.cli import main

Done = subprocess.CompletedProcess[str]


def run(*arguments: object) -> Done:
    """Run a command in a process of its own, as a planner does."""
    command = [sys.executable, "-m", "clusterplan.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run commands in this process, without the start of another; what solvers print is caught too."""

    def called(*arguments: object) -> Done:
        capfd.readouterr()
        code = main(list(map(str, arguments)))
        return subprocess.CompletedProcess(arguments, code, *capfd.readouterr())

    return called


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Path]:
    """The region tiny, planned once: what the command printed, and the result folder."""
    out = tmp_path_factory.mktemp("solved") / "out"
    return run("solve", "tiny", "-o", out), out


@pytest.fixture
def result(solved: tuple[Done, Path], tmp_path: Path) -> Path:
    """A copy of the result folder that a test may change."""
    done, out = solved
    assert done.returncode == 0, done.stderr
    return Path(shutil.copytree(out, tmp_path / "out"))


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the region tiny that a test may change."""
    cp.write_region(cp.load_region("tiny"), tmp_path / "tiny")
    return tmp_path / "tiny"


def test_solve_prints_the_plan_and_writes_the_result_folder(solved):
    done, out = solved
    assert done.returncode == 0, done.stderr
    for words in (
        "optimal (proven best)",
        "South park",
        "Bright Batteries",
        "Start grant",
        "96.8%",
        "report.html",
    ):
        assert words in done.stdout
    names = {"plan.json", "plan.gpkg", "plan.xlsx", "report.html", "manifest.json", "region", "firms.csv"}
    assert names <= {path.name for path in out.iterdir()}


def test_json_is_the_plan_and_nothing_else(tmp_path):
    done = run("solve", "tiny", "--json", "-o", tmp_path / "out")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told == json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert told["status"] == "optimal"
    assert sum(told["terms"].values()) == pytest.approx(told["value"])


def test_a_result_is_replaced_only_with_force(result, call):
    before = (result / "plan.json").stat().st_mtime_ns
    refused = call("solve", "tiny", "-o", result)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert (result / "plan.json").stat().st_mtime_ns == before
    assert call("solve", "tiny", "-o", result, "--force").returncode == 0
    assert (result / "plan.json").stat().st_mtime_ns > before


def test_validate_lists_every_fault_and_exits_3(tiny, call):
    firms = (tiny / "firms.csv").read_text(encoding="utf-8-sig")
    (tiny / "firms.csv").write_text(
        firms.replace(",seat,", ",seet,").replace(",battery,cand", ",batery,cand")
    )
    done = call("validate", tiny)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "seet" in done.stderr
    assert "batery" in done.stderr


def test_bad_input_as_json_has_status_and_faults(tiny, tmp_path, call):
    firms = (tiny / "firms.csv").read_text(encoding="utf-8-sig")
    (tiny / "firms.csv").write_text(firms.replace(",seat,", ",seet,"))
    done = call("solve", tiny, "--json", "-o", tmp_path / "out")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert told["status"] == "bad_input"
    assert {fault["file"] for fault in told["faults"]} == {"firms.csv"}
    assert all(fault["why"] and fault["mend"] for fault in told["faults"])
    assert not (tmp_path / "out").exists()


def test_no_plan_exits_4_and_leaves_no_folder(tiny, tmp_path, call):
    (tiny / "requirements.csv").write_text(
        "requirement,stages,at_least,provenance\nglass_must_come,glass,1,assumed\n", encoding="utf-8"
    )
    done = run("solve", tiny, "-o", tmp_path / "out")
    assert done.returncode == 4
    assert "No plan exists" in done.stderr
    told = json.loads(call("solve", tiny, "--json").stdout)
    assert told["status"] == "infeasible"
    assert told["value"] is None
    assert told["faults"]
    assert not (tmp_path / "out").exists()


def test_an_unknown_region_is_named_with_a_suggestion(call):
    done = call("solve", "tinny")
    assert done.returncode in (2, 3)
    assert "tiny" in done.stderr


def test_an_unknown_option_is_a_usage_fault(call):
    assert call("solve", "tiny", "--tme-limit", "3").returncode == 2


def test_a_missing_solver_is_named(call):
    done = call("solve", "tiny", "--solver", "NO_SUCH_SOLVER")
    assert done.returncode in (1, 2)
    assert "NO_SUCH_SOLVER" in done.stderr
    assert "Traceback" not in done.stderr


def test_verify_and_report_work_on_a_result_alone(result, tmp_path, call):
    assert call("verify", result).returncode == 0
    page = tmp_path / "page.html"
    assert call("report", result, "-o", page).returncode == 0
    assert "Tiny valley" in page.read_text(encoding="utf-8")


def test_verify_finds_a_number_that_was_changed(result, call):
    content = json.loads((result / "plan.json").read_text(encoding="utf-8"))
    content["grants"][0]["amount_m_y"] = 0.01
    (result / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    done = call("verify", result, "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)


def test_regions_lists_the_bundled_ones(call):
    done = call("regions", "--json")
    assert {row["region"] for row in json.loads(done.stdout)} >= {"tiny", "yibin"}


def test_doctor_says_that_it_works(call):
    done = call("doctor", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["works"] is True
    assert "highspy" in told["versions"]


def test_help_is_quick_to_import():
    code = "import sys, clusterplan.cli; print(sorted({'geopandas', 'pandas', 'pulp'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_ctrl_c_writes_the_best_plan_and_exits_0(tmp_path):
    folder = tmp_path / "large"
    cp.write_region(cp.synthetic.region(60, 10, seed=3), folder)
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "clusterplan.cli",
        "solve",
        str(folder),
        "-o",
        str(out),
        "--time-limit",
        "300",
    ]
    with _on_a_terminal(command) as (process, screen):
        seen = _until(screen, rb"best -?\d", seconds=240)  # the first plan is there, however busy the machine
        process.send_signal(signal.SIGINT)
        seen += _until(screen, None, seconds=120)
        stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 0, seen.decode(errors="replace")[-2000:]
    assert json.loads((out / "plan.json").read_text(encoding="utf-8"))["status"] == "feasible"
    assert "not proven best" in stdout


@contextmanager
def _on_a_terminal(command):
    """Run a command whose stderr is a terminal, so that it shows its progress; give it and the terminal."""
    screen, its_end = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    try:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=its_end, text=True, env=environment
        ) as process:
            os.close(its_end)
            try:
                yield process, screen
            finally:
                if process.poll() is None:
                    process.kill()
    finally:
        os.close(screen)


def _until(screen, pattern, *, seconds):
    """Return what is shown until a pattern is, or the terminal is left (pattern None)."""
    seen, end = b"", time.monotonic() + seconds
    while time.monotonic() < end and not (pattern and re.search(pattern, seen)):
        if select.select([screen], [], [], 1.0)[0]:
            try:
                shown = os.read(screen, 65536)
            except OSError:  # Linux says so of a terminal that nobody has open any more
                shown = b""
            if not shown:
                break
            seen += shown
    return seen


def test_main_returns_the_exit_code(capsys):
    assert main(["regions"]) == 0
    assert "tiny" in capsys.readouterr().out


def test_compare_says_that_a_result_equals_itself(result, call):
    done = call("compare", result, result)
    assert done.returncode == 0
    assert "the same" in done.stdout
    assert json.loads(call("compare", result, result, "--json").stdout) == []
