"""What runs in a process of its own returns, tells its memory, and breaks alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))


def held(megabytes: int) -> int:
    block = bytearray(megabytes * 1_000_000)
    block[::1024] = b"x" * len(range(0, len(block), 1024))
    return len(block)


def held_by_a_child(megabytes: int) -> None:
    code = f"import time; block = bytearray(b'x') * {megabytes * 1_000_000}; time.sleep(1)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_a_call_returns_comes_back_with_its_own_memory_and_that_of_its_children():
    from benchmarks.apart import apart

    little, much = apart(held, 1), apart(held, 300)
    assert (little.result, little.fault, much.result) == (1_000_000, None, 300_000_000)
    assert 250 < much.peak_mb - little.peak_mb < 400
    if sys.platform == "linux":
        by_child = apart(held_by_a_child, 300)
        assert by_child.peak_mb > 310, "the parent's memory counts too"


@pytest.mark.parametrize(
    ("broken", "argument", "said"),
    [(int, "seven", "ValueError: invalid"), (os._exit, 3, "exit code 3"), (time.sleep, -1, "negative")],
)
def test_a_call_that_fails_or_ends_its_process_is_told_in_a_line(broken, argument, said):
    from benchmarks.apart import apart

    ran = apart(broken, argument)
    assert ran.result is None
    assert said in ran.fault
    assert "\n" not in ran.fault
