"""Fronts on small regions are those of all layouts: none missing at a step, none that could be better."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from enumeration import Small
from small_regions import small_region

import clusterplan as cp
from clusterplan.explore.choices.unseen import Unseen

NEAR = 1e-5
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (0, 7, 8, 9, 12))]
FRONTS = [6, 33, *(pytest.param(seed, marks=pytest.mark.long) for seed in (16, 23))]
"""Regions whose fronts of value and fit have three to five points."""


def layouts(region):
    """Return value, links and fit, unweighted, of every layout of a region in a row.

    A layout's fit is its best: all firms at full load.
    """
    small = Small(region)
    choices = []
    for f, firm in small.firms.items():
        places = [s for s in small.parks if small.may(f, s)]
        held = firm["status"] in ("existing", "committed") or firm["lock"] == "in"
        choices.append(places if held else [*places, None])
    rows = []

    def firms(f):
        return not small.firms[f]["is_platform"]

    for layout in itertools.product(*choices):
        at = {f: s for f, s in zip(small.firms, layout, strict=True) if s is not None}
        value = small.value(dict(zip(small.firms, layout, strict=True)))
        if np.isfinite(value):
            links = sum(worth for _, _, worth, _, _ in small.realised(at))
            rows.append(
                (value, links, -sum(small.cost(f, at[f]) - small.cheapest(f) for f in at if firms(f)))
            )
    return np.array(rows)


def plain(region):
    """Return a region whose layouts alone decide what its links are worth: without levels and works."""
    return region.replace(levels=None, works=None)


def front_of(rows):
    """Return all points that no layout is better than, best value first, by looking at all layouts."""
    points = sorted({(round(value, 4), round(fit, 4)) for value, _, fit in rows}, reverse=True)
    kept: list[tuple[float, float]] = []
    for value, fit in points:
        if not kept or fit > kept[-1][1] + 1e-4:
            kept.append((value, fit))
    return kept


@pytest.mark.parametrize("seed", FRONTS)
def test_a_front_that_is_whole_has_just_the_points_of_all_layouts(seed):
    region = plain(small_region(seed))
    rows = layouts(region)
    every = np.array(front_of(rows))
    found = cp.tradeoff(region, "value", "fit", n=len(every) + 1, time_limit=30)
    assert found.is_whole
    assert set(found.front["status"]) == {"optimal"}
    assert found.front[["value", "fit"]].to_numpy() == pytest.approx(every, abs=2e-4)


@pytest.mark.parametrize("seed", FRONTS)
def test_a_front_of_fewer_points_has_so_many_of_the_whole(seed):
    region = plain(small_region(seed))
    every = np.array(front_of(layouts(region)))
    n = max(2, len(every) - 1)
    found = cp.tradeoff(region, "value", "fit", n=n, time_limit=30)
    points = found.front[["value", "fit"]].to_numpy()
    assert len(points) == min(n, len(every))
    assert found.is_whole == (len(every) < n)
    near = np.abs(points[:, None] - every[None]).max(axis=2).min(axis=1)
    assert near.max() <= 2e-4
    assert points[[0, -1]] == pytest.approx(every[[0, -1]], abs=2e-4)


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


def steps(points, step=0.001):
    """Return the points that are found where a front is these, and how often was asked."""
    unseen, found, asked = Unseen(step), [points[0], points[-1]], 0
    unseen.add(points[0], points[-1])
    while unseen.open:
        for one in unseen.widest(2):
            asked += 1
            reached = min(point for point in points if point >= one.ask)
            if unseen.answered(one, reached):
                found.append(reached)
    return sorted(found), asked


def test_a_point_just_below_where_was_asked_is_not_taken_for_the_one_above():
    assert steps([0.0, 4.9999, 10.0])[0] == [0.0, 4.9999, 10.0]


def test_every_point_is_found_once_and_then_all_is_seen():
    random = np.random.default_rng(3)
    for count in (2, 3, 8, 40):
        points = sorted(random.choice(np.linspace(0.0, 10.0, 2001), count, replace=False).tolist())
        found, asked = steps(points)
        assert found == points
        assert asked <= 3 * count


def test_the_widest_interval_is_looked_into_first():
    unseen = Unseen(0.1)
    unseen.add(0.0, 1.0)
    unseen.add(1.0, 5.0)
    (one,) = unseen.widest(1)
    assert (one.low, one.high, one.ask) == (1.0, 5.0, 3.0)
    assert not unseen.answered(one, None)
    assert unseen.given_up


def test_points_that_are_solved_at_once_are_those_that_follow_each_other():
    region = plain(small_region(33))
    alone = cp.tradeoff(region, "value", "fit", n=5, time_limit=30).front
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        together = cp.tradeoff(region, "value", "fit", n=5, time_limit=30, runs=cp.explore.Runs(pool)).front
    columns = ["value", "fit"]
    assert together[columns].to_numpy() == pytest.approx(alone[columns].to_numpy(), abs=2e-4)
