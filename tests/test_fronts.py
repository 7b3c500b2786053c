"""Fronts on small regions are those of all layouts: none missing at a step, none that could be better."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from enumeration import Small
from small_regions import small_region

import clusterplan as cp

NEAR = 1e-5
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (0, 5, 8, 12))]


def layouts(region):
    """Return value and links, unweighted, of every layout of a region; each row (value, links)."""
    small = Small(region)
    choices = []
    for f, firm in small.firms.items():
        places = [s for s in small.parks if small.may(f, s)]
        held = firm["status"] in ("existing", "committed") or firm["lock"] == "in"
        choices.append(places if held else [*places, None])
    rows = []
    for layout in itertools.product(*choices):
        at = {f: s for f, s in zip(small.firms, layout, strict=True) if s is not None}
        value = small.value(dict(zip(small.firms, layout, strict=True)))
        if np.isfinite(value):
            rows.append((value, sum(worth for _, _, worth, _, _ in small.realised(at))))
    return np.array(rows)


def plain(region):
    """Return a region whose layouts alone decide what its links are worth: without levels and works."""
    return region.replace(levels=None, works=None)


def expected(rows, n):
    """Return the points that n steps between the ends lead to, by looking at all layouts."""

    def best(keep):
        """Best in value, then in links, of the layouts that are kept."""
        left = rows[keep]
        left = left[left[:, 0] >= left[:, 0].max() - NEAR]
        return tuple(left[left[:, 1].argmax()])

    most = rows[:, 1].max()
    first = best(np.ones(len(rows), dtype=bool))
    last = best(rows[:, 1] >= most - NEAR)
    steps = np.linspace(first[1], last[1], n)[1:-1]
    points = [first, *(best(rows[:, 1] >= step - NEAR) for step in steps), last]
    return sorted({(round(value, 4), round(links, 4)) for value, links in points}, reverse=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_front_has_just_the_points_that_all_layouts_lead_to(seed):
    region = plain(small_region(seed))
    rows = layouts(region)
    found = cp.tradeoff(region, "value", "links", n=6, time_limit=30)
    assert set(found.front["status"]) == {"optimal"}
    points = found.front[["value", "links"]].to_numpy()
    assert points == pytest.approx(np.array(expected(rows, 6)), abs=2e-4)
    for point in points:  # none is weakly dominated by any layout
        better = (rows >= point - NEAR).all(axis=1) & (rows > point + 1e-4).any(axis=1)
        assert not better.any()


@pytest.mark.parametrize("seed", SEEDS)
def test_priorities_are_the_best_of_all_layouts_in_order(seed):
    region = plain(small_region(seed))
    rows = layouts(region)
    for aims, column in ((["links", "value"], 1), (["value", "links"], 0)):
        told = cp.priorities(region, aims, time_limit=30).frame.iloc[-1]
        left = rows[rows[:, column] >= rows[:, column].max() - NEAR]
        assert told[aims[0]] == pytest.approx(rows[:, column].max(), abs=1e-4)
        assert told[aims[1]] == pytest.approx(left[:, 1 - column].max(), abs=1e-4)


def test_the_knee_is_farthest_above_the_line_between_the_ends():
    """By hand: with both aims scaled to their span, the line is x + y = 1 between (1, 0) and (0, 1)."""
    from clusterplan.explore.choices.tradeoff import _knee

    points = np.array([[10.0, 0.0], [9.0, 3.0], [8.0, 7.0], [2.0, 9.0], [0.0, 10.0]])
    assert _knee(points) == [False, False, True, False, False]


def test_no_point_of_three_aims_is_no_better_anywhere_than_another_layout():
    region = plain(small_region(1))
    rows = layouts(region)
    found = cp.tradeoff(region, "value", "links", "freight", n=3, time_limit=30).front
    assert found["value"].max() == pytest.approx(rows[:, 0].max(), abs=1e-4)
    points = found[["value", "links", "freight"]].to_numpy()
    for one, other in itertools.permutations(points, 2):
        assert not ((other >= one - NEAR).all() and (other > one + 1e-4).any())


def test_points_that_are_solved_at_once_are_those_that_follow_each_other():
    region = plain(small_region(1))
    alone = cp.tradeoff(region, "value", "links", n=5, time_limit=30).front
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        together = cp.tradeoff(region, "value", "links", n=5, time_limit=30, runs=cp.explore.Runs(pool)).front
    columns = ["value", "links"]
    assert together[columns].to_numpy() == pytest.approx(alone[columns].to_numpy(), abs=2e-4)
