"""Workers of a sweep: the same values as in one process, whatever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path

import pytest

import clusterplan as cp
from clusterplan.explore.sweeps import seeds
from clusterplan.explore.sweeps.address import made_with
from clusterplan.explore.sweeps.work import work

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
SECONDS = 120.0


class Deadly(Mapping):
    """Weights that kill the process they are sent to, so many times."""

    def __init__(self, marks: Path, times: int) -> None:
        self.marks, self.times = marks, times

    def __getitem__(self, key: str) -> float:
        return {"freight": 0.0}[key]

    def __iter__(self):
        return iter(["freight"])

    def __len__(self) -> int:
        return 1

    def __reduce__(self):
        return arrive, (self.marks, self.times)


def arrive(marks: Path, times: int) -> dict[str, float]:
    (marks / str(time.monotonic_ns())).touch()
    if len(list(marks.iterdir())) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"freight": 0.0}


@pytest.fixture(scope="module")
def tiny():
    return cp.load_region("tiny")


@pytest.fixture(scope="module")
def tasks(tiny):
    never = cp.Condition({("place", "seats", "south"): 1.0, ("place", "seats", "north"): 1.0}, at_least=2)
    return [
        *seeds(tiny, range(5)),
        cp.Task("free", tiny, weights={"freight": 0.0}),
        cp.Task("never", tiny, conditions=(never,)),
    ]


@pytest.fixture(scope="module")
def serial(tasks):
    return cp.sweep(tasks, executor="serial").frame[["status", "value", "address"]]


def same(swept, serial) -> bool:
    frame = swept.frame[list(serial.columns)]
    return (
        frame[["status", "address"]].equals(serial[["status", "address"]])
        and (frame["value"] - serial["value"]).abs().max() < 1e-9
        and frame["value"].isna().equals(serial["value"].isna())
    )


def test_processes_give_what_one_process_gives_and_a_killed_one_is_made_up_for(tasks, serial, tmp_path):
    killed = []

    def kill(running) -> None:
        if running.done == 1 and not killed:
            killed.append(active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    swept = cp.sweep(tasks, workers=2, folder=tmp_path, on_progress=kill)
    assert killed
    assert same(swept, serial)
    assert swept.frame["tries"].max() == 2
    assert set(swept.frame["source"]) == {"computed"}
    assert not active_children(), "processes of the sweep go on after it"


def test_a_task_that_kills_its_worker_each_time_is_told_and_stops_no_other(tiny, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    tasks = [cp.Task("deadly", tiny, weights=Deadly(marks, 99)), *seeds(tiny, range(3))]
    swept = cp.sweep(tasks, workers=2, tries=3, folder=tmp_path / "results")
    frame = swept.frame
    assert frame["status"].to_dict() == {
        "deadly": "lost",
        "seed 0": "optimal",
        "seed 1": "optimal",
        "seed 2": "optimal",
    }
    assert frame.loc["deadly", "tries"] == 3 == len(list(marks.iterdir()))
    assert "died 3 times" in frame.loc["deadly", "fault"]
    assert frame.loc["seed 0":, "tries"].max() <= 2, "what ran beside it is not to blame"
    assert len(list((tmp_path / "results").iterdir())) == 3
    with pytest.raises(cp.SolverError, match="died 3 times"):
        swept.plan("deadly")


def test_a_task_that_kills_its_worker_once_is_solved_the_second_time(tiny, tmp_path):
    swept = cp.sweep([cp.Task("deadly", tiny, weights=Deadly(tmp_path, 1))], workers=1)
    assert swept.frame.loc["deadly", ["status", "tries"]].tolist() == ["optimal", 2]
    assert swept.frame.loc["deadly", "value"] == pytest.approx(1.985)


def test_ctrl_c_ends_processes_and_returns_what_is_done(tiny, tmp_path):
    slow = cp.synthetic.region(40, 9, 0)
    tasks = [cp.Task("quick", tiny), cp.Task("slow", slow, {"time_limit": 100.0})]

    def press(running) -> None:
        if running.done == 1:
            raise KeyboardInterrupt  # as the signal does in the caller, who alone hears it

    begun = time.monotonic()
    swept = cp.sweep(tasks, workers=1, folder=tmp_path, on_progress=press)
    assert time.monotonic() - begun < 60
    assert swept.interrupted
    assert swept.frame["status"].to_dict() == {"quick": "optimal", "slow": "not_run"}
    assert not active_children()
    assert len(list(tmp_path.iterdir())) == 1


# --- kill −9 of the whole run, and going on -----------------------------------------------------------------

RUN = """
import sys
import clusterplan as cp
from clusterplan.explore.sweeps import seeds

if __name__ == "__main__":
    tasks = seeds(cp.load_region("tiny"), range(int(sys.argv[2])))
    cp.sweep(tasks, folder=sys.argv[1], workers=2)
"""


def children_of(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def waited_for(what) -> bool:
    ends = time.monotonic() + SECONDS
    while not what():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_run_that_is_killed_goes_on_where_it_was(tiny, tmp_path):
    script, folder = tmp_path / "run.py", tmp_path / "results"
    script.write_text(RUN, encoding="utf-8")
    process = subprocess.Popen([sys.executable, str(script), str(folder), "40"])
    try:
        assert waited_for(lambda: len(list(folder.glob("[!.]*.json"))) >= 2)
        workers = children_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    finally:
        process.kill()
    assert workers
    assert waited_for(lambda: not any(map(is_alive, workers))), "workers outlive the run"
    done = len(list(folder.glob("[!.]*.json")))
    assert 2 <= done < 40, "the run ended before it was killed"
    swept = cp.sweep(seeds(tiny, range(done + 2)), executor="serial", folder=folder)
    assert not swept.told
    sources = swept.frame["source"].value_counts()
    assert sources["read"] >= done - 2  # tasks end in no certain order
    assert sources["read"] + sources["computed"] == done + 2
    assert swept.frame["value"].tolist() == pytest.approx([cp.solve(tiny).value] * (done + 2))


# --- executors of others ------------------------------------------------------------------------------------


def test_a_given_executor_is_used_and_left_open(tasks, serial):
    with ThreadPoolExecutor(2) as executor:
        assert same(cp.sweep(tasks, executor=executor), serial)
        assert executor.submit(int, "3").result() == 3


def test_a_function_that_makes_executors_is_called_and_what_it_made_is_ended(tasks, serial):
    made = []

    def make() -> ThreadPoolExecutor:
        made.append(ThreadPoolExecutor(2))
        return made[-1]

    assert same(cp.sweep(tasks, executor=make, workers=2), serial)
    (executor,) = made
    with pytest.raises(RuntimeError):
        executor.submit(int)


class KilledWorker(Exception):
    """As Dask tells that a task's workers died."""

    allowed_failures = 1


class Failing(Executor):
    """An executor whose first calls end with an error."""

    def __init__(self, *errors: Exception, at_submit: bool = False) -> None:
        self.errors, self.at_submit = list(errors), at_submit

    def submit(self, fn, /, *args, **kwargs):
        error = self.errors.pop(0) if self.errors else None
        if error is not None and self.at_submit:
            raise error
        future: Future = Future()
        if error is None:
            future.set_result(fn(*args, **kwargs))
        else:
            future.set_exception(error)
        return future


def test_what_a_cluster_lost_is_sent_again_and_its_own_tries_count(tiny):
    task = [cp.Task("a", tiny)]
    swept = cp.sweep(task, executor=Failing(KilledWorker()), tries=3)
    assert swept.frame.loc["a", ["status", "tries"]].tolist() == ["optimal", 3]
    swept = cp.sweep(task, executor=Failing(KilledWorker(), KilledWorker()), tries=3)
    assert swept.frame.loc["a", ["status", "tries"]].tolist() == ["lost", 4]


def test_a_given_executor_that_broke_ends_the_sweep_with_what_is_done(tiny):
    executor = Failing(BrokenExecutor("gone"), at_submit=True)
    swept = cp.sweep(seeds(tiny, range(2)), executor=executor, workers=1)
    assert set(swept.frame["status"]) == {"lost"}
    assert "same folder" in swept.frame.loc["seed 0", "fault"]


def test_an_error_on_the_way_is_told_as_a_failure(tiny):
    swept = cp.sweep([cp.Task("a", tiny)], executor=Failing(ValueError("cannot be sent")))
    assert swept.frame.loc["a", "status"] == "failed"
    assert swept.frame.loc["a", "fault"] == "ValueError: cannot be sent"


def test_a_result_of_other_versions_is_not_taken(tiny, tmp_path):
    class Elsewhere(Failing):
        def submit(self, fn, /, *args, **kwargs):
            from dataclasses import replace

            future: Future = Future()
            result = work(*args)
            future.set_result(replace(result, made_with={**made_with(), "highspy": "0.1"}))
            return future

    swept = cp.sweep([cp.Task("a", tiny)], executor=Elsewhere(), folder=tmp_path)
    assert swept.frame.loc["a", "status"] == "failed"
    assert "highspy 0.1 there" in swept.frame.loc["a", "fault"]
    assert not list(tmp_path.iterdir())
