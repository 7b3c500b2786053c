"""Running one thing in a process of its own: its memory is its own, and what it breaks is too."""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

EVERY_S = 0.5
"""Seconds between two looks at the memory of a process and its children."""
CHILD = """
import pickle, sys
with open(sys.argv[1], "rb") as file:
    sys.path[:] = pickle.load(file)
    call = pickle.load(file)
from benchmarks.apart import answer
answer(sys.argv[2], *call)
"""


class Ran(NamedTuple):
    """What a call in a process of its own came to.

    Parameters
    ----------
    result
        What it returned; None where it failed.
    fault
        How it failed, in a line; None where it did not.
    peak_mb
        Most memory held at once by the process and its children, MB (10⁶ bytes), libraries included; None
        where it ended before it could be looked at.
    """

    result: Any
    fault: str | None
    peak_mb: float | None


def apart(function: Callable[..., Any], *arguments: Any) -> Ran:
    """Call a function in a new process and wait for it.

    The new process loads the function's module and what its arguments need, and nothing else of this one's:
    some libraries do not stand each other in one process. What it prints goes to stderr.

    Memory is looked at every `EVERY_S` seconds (Linux: what processes share is counted once); what the
    operating system notes as the most of any one process counts too, so that no short peak of one is lost.

    Parameters
    ----------
    function
        A function of a module.
    arguments
        What it gets; these and the result are pickled.
    """
    module = function.__module__
    if module == "__main__":
        module = sys.modules["__main__"].__spec__.name  # run as python -m
    with TemporaryDirectory(prefix="clusterplan-") as folder:
        asked, answered = Path(folder) / "asked", Path(folder) / "answered"
        asked.write_bytes(pickle.dumps(sys.path) + pickle.dumps((module, function.__qualname__, arguments)))
        command = [sys.executable, "-c", CHILD, str(asked), str(answered)]
        most = 0.0
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2) as process:
            try:
                while process.poll() is None:
                    most = max(most, held_mb(process.pid))
                    try:
                        process.wait(EVERY_S)
                    except subprocess.TimeoutExpired:
                        continue
            except BaseException:
                process.terminate()
                raise
        if not answered.exists():
            return Ran(None, f"ended by itself, exit code {process.returncode}", most or None)
        result, fault, own = pickle.loads(answered.read_bytes())
    return Ran(result, fault, max(most, own))


def answer(path: str, module: str, name: str, arguments: tuple[Any, ...]) -> None:
    """Call a function of a module by name, and write what came of it to a file: the new process's part."""
    result, fault = None, None
    try:
        result = getattr(import_module(module), name)(*arguments)
    except Exception as error:  # noqa: BLE001  (told by the row)
        traceback.print_exc()
        fault = f"{type(error).__name__}: {error}".splitlines()[0]
    Path(path).write_bytes(pickle.dumps((result, fault, peak_mb())))


def peak_mb() -> float:
    """Return the most memory that this process, or any one of its children that ended, has held, MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    try:  # what getrusage says of a process on Linux may be of the one that started it
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        own = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except OSError:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return max(own, children) / 1e6


def held_mb(pid: int) -> float:
    """Return the memory that a process and its descendants hold now, MB; 0 where that cannot be read."""
    return sum(_proportional_kb(one) for one in _family(pid)) * 1024 / 1e6


def _family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # ended meanwhile
            continue
        children.setdefault(parent, []).append(int(folder.name))
    family = [pid]
    for one in family:
        family += children.get(one, [])
    return family


def _proportional_kb(pid: int) -> int:
    """Return the memory of a process, pages shared with others counted in part, in KiB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
