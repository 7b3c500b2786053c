"""Sweeps: many solves as one, kept by content, with every way in which one ends told."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.explore.sweeps import Result, budgets, seeds
from clusterplan.explore.sweeps.family import Family, family_of
from clusterplan.explore.sweeps.running import left_s
from clusterplan.explore.sweeps.work import work


@pytest.fixture(scope="module")
def tiny():
    return cp.load_region("tiny")


def variants(region):
    never = cp.Condition({("place", "seats", "south"): 1.0, ("place", "seats", "north"): 1.0}, at_least=2)
    return [
        cp.Task("as it is", region),
        cp.Task("again", region, {"time_limit": 60}),
        cp.Task("cheap freight", region, weights={"freight": 0.0}),
        cp.Task("never", region, conditions=(never,)),
        cp.Task("no time", region, {"time_limit": 0.0}),
        *budgets(region, [0.0, 2.0]),
    ]


@pytest.fixture(scope="module")
def swept(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    return cp.sweep(variants(tiny), executor="serial", folder=folder), folder


def test_each_task_is_worth_what_solve_says(swept, tiny):
    frame = swept[0].frame
    assert frame.loc["as it is", "value"] == pytest.approx(cp.solve(tiny).value)
    assert frame.loc["cheap freight", "value"] == pytest.approx(1.985)
    assert frame.loc["budgets × 0", "value"] == pytest.approx(-6.12)
    assert set(frame.loc[frame["value"].notna(), "status"]) == {"optimal"}
    assert (frame["bound"] - frame["value"]).abs().max() < 1e-6


def test_no_plan_and_no_time_are_results_with_their_reason(swept):
    sweep, _ = swept
    assert sweep.frame["status"].to_dict()["never"] == "infeasible"
    assert "rules contradict" in sweep.frame.loc["never", "fault"]
    with pytest.raises(cp.NoPlanError) as told:
        sweep.plan("never")
    assert told.value.faults[0].rule == "infeasible"


def test_tasks_that_ask_the_same_are_solved_once(swept):
    sweep, folder = swept
    frame = sweep.frame
    assert frame.loc["again", "address"] == frame.loc["as it is", "address"]
    assert len(list(folder.iterdir())) == frame["address"].nunique() == len(frame) - 1


def test_plans_on_demand_are_those_that_solve_makes_and_hold(swept, tiny):
    sweep, _ = swept
    plans = sweep.plans()
    assert list(plans) == [name for name, value in sweep.frame["value"].items() if np.isfinite(value)]
    for plan in plans.values():
        assert cp.verify(plan).empty
    assert cp.compare(plans["as it is"], cp.solve(tiny)).empty
    assert plans["cheap freight"].weights["freight"] == 0.0
    assert plans["cheap freight"].region.sources == tiny.sources
    assert plans["budgets × 2"].proof.options["time_limit"] == 60.0


def test_a_plan_of_a_sweep_can_be_saved_and_read(swept, tmp_path):
    plan = swept[0].plan("cheap freight")
    assert cp.read_plan(plan.save(tmp_path / "plan")).value == pytest.approx(plan.value)


def test_what_is_kept_is_read_and_not_computed(swept, tiny, monkeypatch):
    sweep, folder = swept
    monkeypatch.setattr(sys.modules["clusterplan.explore.sweeps.sweep"], "serially", None)  # would fail
    told = []
    again = cp.sweep(variants(tiny), executor="serial", folder=folder, on_progress=told.append)
    assert set(again.frame["source"]) == {"read"}
    assert set(again.frame["tries"]) == {0}
    same = ["status", "value", "bound", "seconds", "fault", "address"]
    assert again.frame[same].equals(sweep.frame[same])
    assert (told[-1].done, told[-1].read, told[-1].left_s) == (7, 7, 0.0)
    assert cp.compare(again.plan("budgets × 0"), sweep.plan("budgets × 0")).empty


def broken_files(text):
    """Return ways in which a result file can be broken or foreign, each with a word of what is told."""
    content = json.loads(text)
    other = json.loads(text)
    other["result"]["value"] = 1e9
    elsewhere = json.loads(text)
    elsewhere["result"]["address"] = "0" * 64
    return {
        "cut": (text[: len(text) // 2], "JSONDecodeError"),
        "empty": ("", "JSONDecodeError"),
        "no json": ("\x00\x01", "JSONDecodeError"),
        "a list": ("[]", "TypeError"),
        "nothing in it": ("{}", "KeyError"),
        "changed by hand": (json.dumps(other), "checksum"),
        "of another task": (json.dumps(elsewhere), "checksum"),
        "of another format": (json.dumps({**content, "format": 99}), "format"),
        "deep": ("[" * 100_000, "RecursionError"),
    }


@pytest.mark.parametrize("how", list(broken_files('{"result": {}}')))
def test_a_broken_or_foreign_file_is_told_and_computed_anew(how, tiny, tmp_path):
    task = cp.Task("a", tiny)
    first = cp.sweep([task], executor="serial", folder=tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_text(encoding="utf-8")
    text, word = broken_files(whole)[how]
    file.write_text(text, encoding="utf-8")
    again = cp.sweep([task], executor="serial", folder=tmp_path)
    assert again.frame.loc["a", "source"] == "computed"
    assert again.frame.loc["a", "value"] == first.frame.loc["a", "value"]
    (fault,) = again.told
    assert fault.file == file.name
    assert word in fault.why
    assert "anew" in fault.mend
    assert cp.sweep([task], executor="serial", folder=tmp_path).frame.loc["a", "source"] == "read"


def test_a_result_under_another_address_is_not_taken(tiny, tmp_path):
    tasks = [cp.Task("a", tiny), cp.Task("b", tiny, weights={"freight": 0.0})]
    swept = cp.sweep(tasks, executor="serial", folder=tmp_path)
    one, other = (tmp_path / f"{where}.sweep.json" for where in swept.frame["address"])
    other.write_bytes(one.read_bytes())
    again = cp.sweep(tasks, executor="serial", folder=tmp_path)
    assert again.frame["source"].tolist() == ["read", "computed"]
    assert "another task" in again.told[0].why


def test_other_files_in_the_folder_are_left_alone_and_old_litter_is_not(tiny, tmp_path):
    mine, litter, fresh = tmp_path / "notes.txt", tmp_path / ".a-1.sweep.json", tmp_path / ".b-1.sweep.json"
    for file in (mine, litter, fresh):
        file.write_text("x", encoding="utf-8")
    os.utime(litter, (0, 0))
    cp.sweep([cp.Task("a", tiny)], executor="serial", folder=tmp_path)
    assert mine.exists()
    assert fresh.exists(), "another run may be writing it"
    assert not litter.exists()


def test_a_plan_whose_noted_decisions_do_not_hold_is_refused(swept, tiny):
    sweep, _ = swept
    result = sweep.result("as it is")
    content = result.as_dict()
    content["decisions"]["opened"]["at"] = []
    content["decisions"]["opened"]["values"] = []
    with pytest.raises(cp.InternalError, match="fails its check"):
        Result.from_dict(content).plan(cp.Task("a", tiny))


def test_an_error_in_one_task_is_told_and_stops_no_other(tiny, tmp_path):
    tasks = [cp.Task("bad", tiny, {"solver": "no such solver"}), cp.Task("good", tiny)]
    swept = cp.sweep(tasks, executor="serial", folder=tmp_path)
    assert swept.frame["status"].to_dict() == {"bad": "failed", "good": "optimal"}
    assert "no solver" in swept.frame.loc["bad", "fault"]
    with pytest.raises(cp.SolverError, match="no solver"):
        swept.plan("bad")
    assert len(list(tmp_path.iterdir())) == 1, "a failure is no answer to keep"


def test_a_folder_that_cannot_be_made_is_refused(tiny, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(cp.UsageError, match="can't be made"):
        cp.sweep([cp.Task("a", tiny)], executor="serial", folder=tmp_path / "file" / "folder")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"workers": 0}, "worker"),
        ({"tries": 0}, "tried"),
        ({"executor": "cloud"}, "executor"),
        ({"executor": 3}, "executor"),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused(change, word, tiny):
    with pytest.raises(cp.UsageError, match=word):
        cp.sweep([cp.Task("a", tiny)], **change)


def test_tasks_that_cannot_be_meant_are_refused(tiny):
    with pytest.raises(cp.UsageError, match="more than once: a"):
        cp.sweep([cp.Task("a", tiny), cp.Task("a", tiny)], executor="serial")
    for options in ({"start": None}, {"speed": 3}, {"solver": object()}):
        with pytest.raises(cp.UsageError):
            cp.Task("a", tiny, options)
    with pytest.raises(cp.UsageError, match="conditions"):
        cp.Task("a", tiny, conditions=("x",))
    with pytest.raises(cp.UsageError, match="Did you mean 'seed 1'"):
        cp.sweep(seeds(tiny, [1]), executor="serial").plan("seed 11")
    with pytest.raises(cp.UsageError, match="0 or more"):
        budgets(tiny, [-1.0])


def test_no_tasks_are_an_empty_frame():
    swept = cp.sweep([])
    assert swept.frame.empty
    assert next(iter(swept.frame.columns)) == "status"
    assert repr(swept) == "<Sweep: no tasks>"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_returns_what_is_done_and_keeps_no_half_answer(tiny, tmp_path):
    slow = cp.synthetic.region(40, 9, 0)
    tasks = [
        cp.Task("quick", tiny),
        cp.Task("slow", slow, {"time_limit": 60}),
        cp.Task("third", tiny, {"seed": 5}),
    ]

    def press(running) -> None:
        if running.done == 1:
            threading.Timer(3.0, os.kill, (os.getpid(), signal.SIGINT)).start()

    swept = cp.sweep(tasks, executor="serial", folder=tmp_path, on_progress=press)
    assert swept.interrupted
    assert swept.seconds < 40
    assert swept.frame["status"].tolist() == ["optimal", "not_run", "not_run"]
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(cp.SolverError, match="not run"):
        swept.plan("slow")


# --- what is kept from task to task -------------------------------------------------------------------------


def test_a_family_keeps_the_solver_and_the_distances_and_gives_the_same_values(tiny):
    family = Family()
    tasks = budgets(tiny, [0.0, 0.3, 1.0, 1.7])
    for task in tasks:
        assert family.solved(task).value == pytest.approx(cp.solve(task.region).value, rel=1e-6)
    assert (family.kept.anew, family.kept.again) == (1, len(tasks) - 1)
    parks = tiny.parks
    parks.geometry = parks.geometry.translate(xoff=0.05)
    moved = cp.Region.from_frames(**{**tiny.given(), "parks": parks})
    plan = family.solved(cp.Task("moved", moved))
    assert plan.value == pytest.approx(cp.solve(moved).value)
    assert np.array_equal(plan.distances.gateways.km, cp.solve(moved).distances.gateways.km)
    assert plan.problem is not None


def test_a_family_takes_weights_second_objectives_and_regions_without_a_plan(tiny):
    family = Family()
    given = tiny.given()
    manifest = given["manifest"].model_dump(exclude_unset=True)
    for objective in ("fiscal", "localisation", "welfare"):
        region = cp.Region.from_frames(**{**given, "manifest": {**manifest, "objective": objective}})
        ours, theirs = family.solved(cp.Task(objective, region)), cp.solve(region)
        assert ours.value == pytest.approx(theirs.value, rel=1e-6, abs=1e-9)
        assert ours.indicators.loc["grants", "value"] == pytest.approx(
            theirs.indicators.loc["grants", "value"]
        )
    never = cp.Condition({("comes", "seats"): 1.0}, at_least=2)
    with pytest.raises(cp.NoPlanError):
        family.solved(cp.Task("never", tiny, conditions=(never,)))
    assert family.solved(cp.Task("then", tiny)).value == pytest.approx(cp.solve(tiny).value)


def test_a_thread_keeps_few_families_and_each_thread_its_own():
    one = family_of("a")
    assert family_of("a") is one
    found = []
    thread = threading.Thread(target=lambda: found.append(family_of("a")))
    thread.start()
    thread.join()
    assert found[0] is not one
    for name in "bcde":
        family_of(name)
    assert family_of("a") is not one


def test_with_a_limit_on_work_a_family_changes_nothing(tiny):
    task = cp.Task("a", tiny, {"work_limit": 5, "time_limit": None}, family="limited")
    before = family_of("limited")
    first, second = (work(task, "x") for _ in range(2))
    assert first.decisions == second.decisions
    assert before.last is None
    assert before.kept.anew == 0


# --- how far it is ------------------------------------------------------------------------------------------


def test_nothing_is_estimated_before_something_is_measured():
    assert left_s([], [3.0], 10, 2, 3.0) is None


def test_the_estimate_is_the_mean_of_what_was_measured_shared_among_workers():
    assert left_s([4.0, 6.0], [], 10, 2, 100.0) == pytest.approx(25.0)
    assert left_s([4.0, 6.0], [0.0, 0.0], 8, 2, 100.0) == pytest.approx(25.0)


def test_a_task_that_runs_longer_than_any_before_may_take_as_long_again():
    assert left_s([4.0], [10.0], 0, 4, 10.0) == pytest.approx(10.0)
    assert left_s([4.0, 12.0], [10.0], 0, 1, 10.0) == pytest.approx(2.0)


def test_workers_that_are_not_known_are_reckoned_from_the_work_that_was_done():
    assert left_s([5.0] * 8, [], 8, None, 10.0) == pytest.approx(10.0)


def test_progress_counts_up_and_ends_at_nothing_left(tiny):
    told = []
    cp.sweep(seeds(tiny, range(3)), executor="serial", on_progress=told.append)
    assert [running.done for running in told] == [1, 2, 3]
    assert [running.name for running in told] == ["seed 0", "seed 1", "seed 2"]
    assert told[0].left_s > told[1].left_s > told[2].left_s == 0.0


# --- the command, and the benchmark -------------------------------------------------------------------------


def test_the_command_sweeps_keeps_and_reads(tmp_path, capsys):
    command = ["sweep", "tiny", "--budgets", "0,1", "--workers", "1", "--folder", str(tmp_path)]
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["task"] for row in told["tasks"]] == ["budgets × 0", "budgets × 1"]
    assert [row["value"] for row in told["tasks"]] == pytest.approx([-6.12, 0.925])
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert shown.count("read") == 2
    assert "0.925" in shown


@pytest.mark.parametrize(
    ("arguments", "word"),
    [([], "what to vary"), (["--seeds", "a"], "by commas"), (["--budgets", "-1"], "0 or more")],
)
def test_the_command_says_what_it_cannot_mean(arguments, word, capsys):
    assert main(["sweep", "tiny", *arguments]) == 2
    assert word in capsys.readouterr().err


def test_the_benchmark_measures_solving_again_and_workers(capsys, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[1]))
    from benchmarks import sweep as benchmark

    assert benchmark.main(["--region", "tiny", "--tasks", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["tasks"] for row in rows] == [1, 1, 1]
    assert all(row["apart"] < 1e-6 for row in rows)
    assert all(0 < row["least_ratio"] <= row["ratio"] <= row["most_ratio"] for row in rows)
    assert benchmark.main(["--workers", "serial", "--size", "14x4", "--count", "2", "--seconds", "0.5"]) == 0
    shown = capsys.readouterr().out
    assert "| serial" in shown


def test_a_task_starts_from_a_plan_which_counts_as_content(tiny):
    plan = cp.solve(tiny)
    tasks = [cp.Task("anew", tiny), cp.Task("from a plan", tiny, start=plan)]
    swept = cp.sweep(tasks, executor="serial")
    assert swept.frame["address"].nunique() == 2
    assert swept.plan("from a plan").value == pytest.approx(swept.plan("anew").value)
    no_time = cp.Task("no time", tiny, {"time_limit": 0.0}, start=plan, family="late")
    assert work(no_time, "address").status in ("feasible", "optimal", "no_plan")
