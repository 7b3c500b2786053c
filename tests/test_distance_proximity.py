"""Proximity: 1 in the same park, falling, exactly 0 beyond the reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterplan.distance import Exponential, Linear, Proximity, Steps, proximity_from_spec
from clusterplan.errors import UsageError

lengths = st.floats(0.01, 1e4)


@st.composite
def stairs(draw: st.DrawFn) -> Steps:
    reaches = sorted(draw(st.sets(lengths, min_size=1, max_size=5)))
    values = sorted(
        draw(st.lists(st.floats(0, 1), min_size=len(reaches), max_size=len(reaches))), reverse=True
    )
    return Steps(((0.0, 1.0), *zip(reaches, values, strict=True)))


proximities = st.one_of(st.builds(Exponential, lengths, lengths), st.builds(Linear, lengths), stairs())


@settings(deadline=None)
@given(proximities, st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_it_lies_between_0_and_1_never_rises_and_is_0_beyond_the_reach(
    proximity: Proximity, distance: list[float]
) -> None:
    d = np.sort(np.array(distance))
    value = proximity(d)
    assert ((value >= 0) & (value <= 1)).all()
    assert (np.diff(value) <= 0).all()
    assert (value[d > proximity.reach] == 0).all()
    assert proximity(0.0) == 1
    assert proximity(np.nextafter(proximity.reach, np.inf)) == 0


@settings(deadline=None)
@given(proximities)
def test_what_cannot_be_reached_has_no_proximity(proximity: Proximity) -> None:
    assert proximity(np.array([[np.nan, 0.0]])).tolist() == [[0.0, 1.0]]
    assert proximity(np.inf) == 0


@settings(deadline=None)
@given(lengths, st.floats(1, 10))
def test_exponential_is_one_half_at_the_half_distance(half: float, times: float) -> None:
    proximity = Exponential(half, half * times)
    assert proximity(half) == 0.5
    assert proximity(proximity.reach) == pytest.approx(0.5**times)


@settings(deadline=None)
@given(lengths)
def test_linear_is_one_half_at_half_the_reach(reach: float) -> None:
    assert Linear(reach)(reach / 2) == pytest.approx(0.5)


def test_steps_hold_up_to_and_with_their_reach() -> None:
    proximity = Steps(((0, 1.0), (10, 0.8), (30, 0.25), (50, 0.0)))
    d = [0, 0.001, 10, 10.001, 30, 31, 50, 51]
    assert proximity(d).tolist() == [1.0, 0.8, 0.8, 0.25, 0.25, 0.0, 0.0, 0.0]
    assert proximity.reach == 30


def test_values_keep_the_shape_and_leave_the_distances_alone() -> None:
    d = np.array([[0.0, 5.0], [np.nan, 20.0]])
    before = d.copy()
    for proximity in (Exponential(5, 10), Linear(10), Steps(((0, 1), (10, 0.5)))):
        assert proximity(d).shape == (2, 2)
        np.testing.assert_array_equal(d, before)


def test_a_specification_makes_each_kind() -> None:
    assert proximity_from_spec("exponential", half_distance=10, reach=40) == Exponential(10, 40)
    assert proximity_from_spec(kind="linear", reach=40) == Linear(40)
    assert proximity_from_spec("steps", steps=[(10, 0.8), (30, 0.2)]) == Steps(((0, 1), (10, 0.8), (30, 0.2)))
    assert proximity_from_spec("steps", steps=[(0, 1), (10, 0.8)]) == Steps(((0, 1), (10, 0.8)))


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"kind": "gravity"}, "exponential, linear or steps, not 'gravity'"),
        ({"kind": "exponential", "reach": 40}, "needs half-distance"),
        ({"kind": "exponential", "half_distance": 40}, "needs reach"),
        ({"kind": "linear"}, "needs reach"),
        ({"kind": "steps"}, "needs steps"),
        ({"kind": "linear", "reach": 40, "half_distance": 20}, "does not take half-distance"),
        ({"kind": "linear", "reach": 40, "steps": [(10, 0.5)]}, "does not take steps"),
        ({"kind": "exponential", "half_distance": 0, "reach": 40}, "half-distance .* positive"),
        ({"kind": "exponential", "half_distance": 10, "reach": float("nan")}, "reach .* positive"),
        ({"kind": "linear", "reach": -1}, "reach .* positive"),
        ({"kind": "linear", "reach": float("inf")}, "reach .* positive"),
        ({"kind": "steps", "steps": [(10, 0.2), (30, 0.8)]}, "may not rise"),
        ({"kind": "steps", "steps": [(10, 1.2)]}, "may not rise"),
        ({"kind": "steps", "steps": [(10, -0.2)]}, "between 0 and 1"),
        ({"kind": "steps", "steps": [(30, 0.8), (10, 0.2)]}, "outward"),
        ({"kind": "steps", "steps": [(10, 0.8), (10, 0.8)]}, "outward"),
        ({"kind": "steps", "steps": [(0, 0.9), (10, 0.8)]}, "in the same park it is 1"),
        ({"kind": "steps", "steps": [(10, float("nan"))]}, "plain numbers"),
    ],
)
def test_parameters_that_cannot_be_meant_are_refused(spec: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        proximity_from_spec(**spec)


def test_a_negative_distance_is_refused() -> None:
    with pytest.raises(UsageError, match="negative"):
        Linear(10)([-1.0])
