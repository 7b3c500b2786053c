"""Curves: what was told on the way is kept where it is news, and drawn so that all of it can be read."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))


@pytest.fixture
def in_this_process(monkeypatch):
    """Measure here, for the time that new processes would take to load."""
    from benchmarks import curves
    from benchmarks.apart import Ran

    monkeypatch.setattr(curves, "apart", lambda way, *given: Ran(way(*given), None, 1.0))


def test_both_ways_end_where_they_prove_and_never_tell_worse_than_before(tmp_path, in_this_process):
    from benchmarks import curves

    told, table, picture = (tmp_path / name for name in ("told.json", "told.csv", "told.svg"))
    files = ["-o", str(told), "--csv", str(table), "--picture", str(picture)]
    assert curves.main(["--sizes", "8x3,4x2", "--seconds", "20", *files]) == 0
    rows = json.loads(told.read_text(encoding="utf-8"))["rows"]
    with table.open(encoding="utf-8", newline="") as file:
        assert [float(row["seconds"]) for row in csv.DictReader(file)] == [row["seconds"] for row in rows]
    for region in ("8x3", "4x2"):
        ends = []
        for how in curves.WAYS:
            points = [row for row in rows if (row["region"], row["how"]) == (region, how)]
            seconds = [row["seconds"] for row in points]
            best = [row["best"] for row in points if row["best"] is not None]
            bound = [row["bound"] for row in points if row["bound"] is not None]
            assert seconds == sorted(seconds)
            assert all(b >= a - 1e-9 * abs(a) for a, b in itertools.pairwise(best))
            assert bound[-1] == pytest.approx(best[-1], rel=1e-5)
            ends.append(best[-1])
        assert ends[0] == pytest.approx(ends[1], rel=1e-6)
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<?xml")
    assert curves.main(["--read", str(told), "--picture", str(tmp_path / "again.svg")]) == 0
    assert (tmp_path / "again.svg").stat().st_size > 5000


def test_only_news_is_kept_and_the_end():
    from benchmarks.curves import Heard

    seconds = iter(range(10))
    heard = Heard(lambda: next(seconds))
    for best, bound in [(None, None), (None, None), (None, 9.0), (1.0, 9.0), (1.0, 9.0), (2.0, 8.0)]:
        heard.add(best, bound)
    assert heard.end(2.0, 8.0) == [
        (0, None, None),
        (1, None, 9.0),
        (2, 1.0, 9.0),
        (3, 2.0, 8.0),
        (4, 2.0, 8.0),
    ]


def test_labels_keep_their_order_and_do_not_lie_on_each_other():
    from benchmarks.drawn import APART, spread

    at = spread([0.0, 1.0, 1.0, 0.99], 0.0, 1.0)
    assert sorted(at) == [at[0], at[3], *sorted(at[1:3])]
    assert sum(at[1:]) / 3 == pytest.approx(2.99 / 3), "about their middle"
    heights = sorted(at)
    assert min(b - a for a, b in itertools.pairwise(heights)) >= APART - 1e-9


def test_a_way_that_proves_its_plan_has_one_label():
    from benchmarks.drawn import said

    proven, open_ = ([1.0], [-203.25]), ([1.0], [2_000_000.0])
    lines = {("clusterplan", "best"): proven, ("clusterplan", "bound"): proven}
    lines |= {("HiGHS alone", "best"): ([], []), ("HiGHS alone", "bound"): open_}
    labels = [said(lines, *line, -300.0, 100.0) for line in lines]
    assert labels == [
        [(-203.25, "clusterplan: proven −203.2")],
        [],
        [(-300.0, "HiGHS alone: no plan")],
        [(2e6, "HiGHS alone: bound far above, 2,000,000")],
    ]


def test_a_bound_that_says_nothing_yet_does_not_flatten_the_plans():
    from benchmarks.drawn import window

    lines = {
        ("clusterplan", "best"): ([1.0, 2.0], [-500.0, -100.0]),
        ("clusterplan", "bound"): ([1.0, 2.0], [1e6, 50.0]),
        ("HiGHS alone", "best"): ([1.0, 2.0], [-9e5, -200.0]),
        ("HiGHS alone", "bound"): ([1.0, 2.0], [2e6, 2e6]),
    }
    low, high = window(lines)
    assert low < -200 < 50 < high
    assert high - low < 2000
    low, high = window(
        {key: ([1.0], [y[-1]]) if key[1] == "best" else ([], []) for key, (_, y) in lines.items()}
    )
    assert low < -200 < -100 < high


def test_a_region_without_any_plan_can_be_drawn(tmp_path):
    from benchmarks.drawn import draw

    row = {"region": "9x9", "seed": 0, "how": "clusterplan", "seconds": 3.0, "best": None, "bound": None}
    draw([row], tmp_path / "empty.png")
    assert (tmp_path / "empty.png").stat().st_size > 1000
