"""Growth: steps are measured by size, and lines through them have the exponents that they should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))


@pytest.fixture
def in_this_process(monkeypatch):
    """Measure here, for the time that new processes would take to load."""
    from benchmarks import growth
    from benchmarks.apart import Ran

    monkeypatch.setattr(growth, "apart", lambda measure, *given: Ran(measure(*given), None, 500.0))


def test_growing_regions_are_measured_step_by_step(capsys, in_this_process):
    from benchmarks import growth
    from benchmarks.steps import STEPS, Size

    assert growth.main(["--sizes", "3x2,5x2", "--seconds", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["machine"]) == ["date", "cores", "Python", "PuLP", "HiGHS"]
    assert [(size["firms"], size["parks"]) for size in told["sizes"]] == [(3, 2), (5, 2)]
    for size in told["sizes"]:
        assert size["columns"] > size["firms"]
        assert size["status"] == "optimal"
        assert set(size["seconds"]) == set(STEPS)
        assert size["peak_mb"]["solve"] >= size["peak_mb"]["start"] > 1
        assert size["with_children_mb"] == 500.0
    heads, *lines = growth.as_table([Size(**size) for size in told["sizes"]]).splitlines()
    assert [cell.strip() for cell in heads.split("|")] == ["", "firms × parks", "3×2", "5×2", ""]
    assert len({line.count("|") for line in lines}) == 1


def test_one_thing_grows_while_the_others_are_held(capsys, monkeypatch, in_this_process):
    from benchmarks import growth

    monkeypatch.setattr(growth, "HELD", {"firms": 6, "parks": 2, "links": 1})
    ranges = ["--firms", "3,4,6", "--links", "0.5,1,2"]
    assert growth.main(["--vary", "firms,links", *ranges, "--seconds", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    sizes = [(size["firms"], size["parks"], size["links_per_firm"]) for size in told["sizes"]]
    assert sizes == [(3, 2, 1), (4, 2, 1), (6, 2, 1), (6, 2, 0.5), (6, 2, 1), (6, 2, 2)]
    rows = {(row["what"], row["cause"]): row for row in told["exponents"]}
    columns = rows["columns", "links"]
    assert columns["points"] == 3
    assert 0 < columns["exponent"] < 1, "links are a part of the columns"
    assert rows["nonzeros", "firms"]["error"] >= 0


def test_what_is_too_large_is_not_given_to_pulp_or_highs_whole(capsys):
    from benchmarks import growth

    assert growth.main(["--sizes", "5x2", "--seconds", "5", "--columns", "3", "--json"]) == 0
    (size,) = json.loads(capsys.readouterr().out)["sizes"]
    assert size["with_children_mb"] >= 0.9 * size["peak_mb"]["solve"] > 1
    assert not {"arrays", "hand_over", "relaxation", "pulp", "pulp_arrays"} & set(size["seconds"])
    assert {"write", "search", "first_plan"} <= set(size["seconds"])


def test_a_line_through_powers_has_their_exponent_and_no_spread():
    from benchmarks.growth import fitted

    x = [2, 4, 8, 16]
    assert fitted(x, [3 * value**1.5 for value in x]) == pytest.approx((1.5, 0.0), abs=1e-9)
    slope, error = fitted([1, 10, 100], [1, 100, 1000])  # by hand: slope 3/2, residuals −1/6, 1/3, −1/6
    assert (slope, error) == pytest.approx((1.5, (1 / 6 / 2) ** 0.5))
    assert fitted([1, 2], [1, 2]) is None
    assert fitted([5, 5, 5], [1, 2, 3]) is None


def test_what_is_too_short_to_be_told_from_noise_is_not_in_the_line():
    from benchmarks.growth import LEAST_S, exponents
    from benchmarks.steps import Size

    sizes = [Size(n, 2, seconds={"instance": LEAST_S * n / 16}) for n in (8, 16, 32, 64)]
    (row,) = (row for row in exponents("firms", sizes) if row["what"] == "instance")
    assert row["points"] == 3
    assert row["exponent"] == pytest.approx(1.0)
    assert (row["least"], row["most"]) == (LEAST_S / 2, LEAST_S * 4)


def test_a_size_that_breaks_is_told_and_the_rest_goes_on(capsys, monkeypatch):
    from benchmarks import growth
    from benchmarks.apart import Ran

    monkeypatch.setattr(growth, "apart", lambda *_: Ran(None, "MemoryError: too much", None))
    assert growth.main(["--sizes", "3x2,5x2"]) == 1
    assert capsys.readouterr().err.count("MemoryError: too much") == 2
