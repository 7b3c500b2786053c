"""What the commands read from their arguments, and what they tell of the machine they ran on."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

PACKAGES = {
    "PuLP": "pulp",
    "HiGHS": "highspy",
    "PySCIPOpt": "pyscipopt",
    "OR-Tools": "ortools",
    "numba": "numba",
    "NumPy": "numpy",
}


def sizes(text: str) -> list[tuple[int, int]]:
    """Return firms and parks of words such as ``70x12,200x30``."""
    return [(int(firms), int(parks)) for firms, _, parks in (part.partition("x") for part in text.split(","))]


def timed_sizes(text: str) -> list[tuple[tuple[int, int], float]]:
    """Return sizes with their seconds, of words such as ``200x30:120``."""
    parts = [part.partition(":") for part in text.split(",")]
    return [(sizes(size)[0], float(seconds)) for size, _, seconds in parts]


def whole(text: str) -> list[int]:
    """Return whole numbers by commas."""
    return [int(part) for part in text.split(",")]


def numbers(text: str) -> list[float]:
    """Return numbers by commas."""
    return [float(part) for part in text.split(",")]


def names(text: str) -> list[str]:
    """Return names by commas; ``none`` is none."""
    return [part for part in text.split(",") if part and part != "none"]


def machine(packages: Sequence[str] = tuple(PACKAGES)) -> dict[str, str]:
    """Return the date, the cores this process may use, and the versions of what is measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    told = {
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "cores": str(cores),
        "Python": platform.python_version(),
    }
    for name in packages:
        try:
            told[name] = version(PACKAGES[name])
        except PackageNotFoundError:
            continue
    return told


def in_words(told: dict[str, str]) -> str:
    """Return what `machine` tells, in a line."""
    return ", ".join(f"{name} {value}" for name, value in told.items())
