"""The search where firms ask: what each keeps, what it costs to win it, and what a move changes of that."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_search import a_layout, case, is_feasible, value_of

from clusterplan.solve.seek import Layout, search
from clusterplan.solve.seek.changes import value_of_shift, value_of_swap
from clusterplan.solve.seek.compiled import problem_of, state_of
from clusterplan.solve.seek.layout import Willing
from clusterplan.solve.seek.measure import kept, worth
from clusterplan.solve.seek.state import VALUE, fill, move

many = settings(max_examples=25, derandomize=True, deadline=None)
seeds = st.integers(0, 2**32 - 1)
WORK = 300_000


def asked(seed: int, n: int = 5, m: int = 3) -> tuple[dict, Layout]:
    """A random problem in which firms ask, some two firms have several links, and no table is symmetric."""
    random = np.random.default_rng([seed, 1])
    arrays = case(seed, n, m)
    again = random.choice(len(arrays["link_a"]), 4)  # once more, half of them the other way round
    a, b = (np.where([True, True, False, False], *pair) for pair in _both_ways(arrays, again))
    arrays["link_a"] = np.concatenate([arrays["link_a"], a])
    arrays["link_b"] = np.concatenate([arrays["link_b"], b])
    arrays["link_weight"] = np.concatenate([arrays["link_weight"], [1.0, 2.0, 1.0, 3.0]])
    arrays["link_kind"] = np.concatenate([arrays["link_kind"], [0, 1, 1, 0]])
    size = len(arrays["link_a"])
    willing = Willing(
        is_willing=random.random(n) < 0.7,
        linear=random.integers(-8, 6, (n, m)).astype(float),
        weight_a=random.integers(-1, 4, size).astype(float),
        weight_b=random.integers(-1, 4, size).astype(float),
        values_a=random.integers(-4, 5, (2, m, m)).astype(float),
        values_b=random.integers(-4, 5, (2, m, m)).astype(float),
        aid_most=random.integers(0, 6, (n, m)).astype(float),
        aid_cost=random.integers(1, 4, n) / 2.0,
        beyond=5.0,
    )
    return arrays, replace(Layout.of(arrays), willing=willing)


def _both_ways(arrays: dict, links) -> list:
    a, b = arrays["link_a"][links], arrays["link_b"][links]
    return [(a, b), (b, a)]


def keeps(layout: Layout, park, f: int) -> float:
    """What a firm in a park keeps, link by link."""
    willing = layout.willing
    total = willing.linear[f, park[f]]
    for i, (a, b) in enumerate(zip(layout.link_a, layout.link_b, strict=True)):
        if park[a] < 0 or park[b] < 0 or f not in (a, b):
            continue
        kind = layout.link_kind[i]
        weight, values = (
            (willing.weight_a[i], willing.values_a) if f == a else (willing.weight_b[i], willing.values_b)
        )
        total += weight * values[kind, park[a], park[b]]
    return total


def worth_of(arrays: dict, layout: Layout, park) -> float:
    """What a layout is worth, less the aid that wins those who would lose."""
    willing, total = layout.willing, value_of(arrays, park)
    for f, s in enumerate(park):
        if s >= 0 and willing.is_willing[f]:
            short = max(0.0, -keeps(layout, park, f))
            aided = min(short, willing.aid_most[f, s])
            total -= willing.aid_cost[f] * aided + willing.beyond * (short - aided)
    return total


@many
@given(seeds)
def test_worth_and_what_firms_keep_are_what_links_and_firms_add_up_to(seed) -> None:
    arrays, layout = asked(seed, n=7, m=4)
    random = np.random.default_rng(seed)
    for _ in range(10):
        park = a_layout(arrays, random)
        assert worth(layout, park) == pytest.approx(worth_of(arrays, layout, park), abs=1e-9)
        expected = [keeps(layout, park, f) if s >= 0 else 0.0 for f, s in enumerate(park)]
        assert kept(layout, park).tolist() == pytest.approx(expected, abs=1e-9)


@many
@given(seeds, st.integers(2, 9), st.integers(2, 5))
def test_sums_kept_move_by_move_are_those_of_a_fresh_evaluation(seed, n, m) -> None:
    arrays, layout = _some_links(seed, n, m)
    problem, random = problem_of(layout), np.random.default_rng(seed)
    state, fresh = (state_of(problem, a_layout(arrays, random)) for _ in range(2))
    fill(problem, state)
    shifts = swaps = 0
    for _ in range(40):
        f, g = (int(x) for x in random.choice(n, 2, replace=False))
        s, t = int(state.park[f]), int(state.park[g])
        before, new = worth(layout, state.park), state.park.copy()
        if s != t and random.random() < 0.6 and _may(arrays, f, t) and _may(arrays, g, s):
            value = value_of_swap(problem, state, f, g, s, t)
            move(problem, state, f, t)
            move(problem, state, g, s)
            new[[f, g]] = t, s
            swaps += 1
        else:
            t = int(a_layout(arrays, random)[f])
            if t == s:
                continue
            value = value_of_shift(problem, state, f, s, t)
            move(problem, state, f, t)
            new[f] = t
            shifts += 1
        state.total[VALUE] += value
        after = worth(layout, new)
        assert np.array_equal(state.park, new)
        assert value == pytest.approx(after - before, abs=1e-8)
        assert state.total[VALUE] == pytest.approx(after, abs=1e-8)
        assert after == pytest.approx(worth_of(arrays, layout, new), abs=1e-8)
        fresh.park[:] = new
        fill(problem, fresh)
        for name in ("total", "gain", "own", "used", "count", "n_open"):
            if name == "total":
                assert state.total[VALUE] == pytest.approx(fresh.total[VALUE], abs=1e-8)
            else:
                assert np.allclose(getattr(state, name), getattr(fresh, name), atol=1e-8), name
        for i in range(n):  # what each firm would keep in each park, the others where they are
            there = new.copy()
            for r in range(m):
                there[i] = r
                assert state.own[i, r] == pytest.approx(keeps(layout, there, i), abs=1e-8)
    assert shifts + swaps > 0


def _some_links(seed: int, n: int, m: int) -> tuple[dict, Layout]:
    while True:
        try:
            return asked(seed, n, m)
        except ValueError:  # a problem without any link
            seed += 1


def _may(arrays: dict, f: int, s: int) -> bool:
    return bool(not arrays["must_place"][f] if s < 0 else np.isfinite(arrays["linear"][f, s]))


@many
@given(seeds)
def test_a_change_that_is_weighed_is_not_made(seed) -> None:
    arrays, layout = asked(seed, n=6, m=3)
    problem, random = problem_of(layout), np.random.default_rng(seed)
    state = state_of(problem, a_layout(arrays, random))
    fill(problem, state)
    before = [np.copy(part) for part in state]
    for f, g in ((int(f), int(g)) for f in range(6) for g in range(6) if f != g):
        s, t = int(state.park[f]), int(state.park[g])
        if s != t and _may(arrays, f, t) and _may(arrays, g, s):
            value_of_shift(problem, state, f, s, t)
            value_of_swap(problem, state, f, g, s, t)
    for was, part in zip(before, state, strict=True):
        assert np.allclose(was, part, atol=1e-9)


def test_it_finds_what_enumeration_finds() -> None:
    feasible = aided = 0
    for seed in range(10):
        arrays, layout = asked(seed)
        found = search(layout, work_limit=WORK, seed=seed)
        layouts = [np.array(p) for p in product(range(-1, 3), repeat=5) if is_feasible(arrays, p)]
        best = max((worth_of(arrays, layout, park) for park in layouts), default=-np.inf)
        assert found.value == pytest.approx(best, abs=1e-9), seed
        assert found.feasible is bool(layouts)
        if layouts:
            feasible += 1
            assert is_feasible(arrays, found.park)
            assert found.value == pytest.approx(worth_of(arrays, layout, found.park), abs=1e-9)
            aided += best < max(value_of(arrays, park) for park in layouts) - 1e-9
    assert feasible > 5
    assert aided > 5  # elsewhere asking changes nothing


def test_the_same_seed_and_work_give_the_same_layout() -> None:
    arrays, layout = asked(3, n=30, m=6)
    layout = replace(layout, limits=(), open_min=0, open_max=6)
    one, two = (search(layout, work_limit=150_000, seed=7) for _ in range(2))
    assert one.feasible
    assert np.array_equal(one.park, two.park)
    assert (one.value, one.work) == (two.value, two.work)
    assert one.value == pytest.approx(worth_of(arrays, layout, one.park))


@pytest.mark.parametrize("work", [0, 1, 50])
def test_a_feasible_start_is_never_lost(work) -> None:
    tried = 0
    for seed in range(6):
        arrays, layout = asked(seed)
        starts = [np.array(p) for p in product(range(-1, 3), repeat=5) if is_feasible(arrays, p)]
        for start in starts[:: max(1, len(starts) // 4)]:
            found = search(layout, work_limit=work, seed=seed, start=start)
            assert found.feasible
            assert found.value >= worth_of(arrays, layout, start) - 1e-9
            tried += 1
    assert tried > 10


def two_firms(**changes) -> Layout:
    """Two firms, two parks, one link; the first firm asks and has aid of 2 in the first park."""
    willing = Willing(
        is_willing=np.array([True, False]),
        linear=np.array([[-3.0, -7.0], [1.0, -9.0]]),
        weight_a=np.array([2.0]),
        weight_b=np.array([5.0]),
        values_a=np.array([[[0.5, -1.0], [3.0, 0.0]]]),
        values_b=np.array([[[0.1, 0.2], [0.3, 0.4]]]),
        aid_most=np.array([[2.0, 0.0], [0.0, 0.0]]),
        aid_cost=np.array([1.5, 1.0]),
        beyond=10.0,
    )
    plain = Layout.of({
        "linear": np.array([[20.0, 30.0], [4.0, 6.0]]),
        "must_place": np.zeros(2, dtype=bool),
        "link_a": [0],
        "link_b": [1],
        "values": [[[1.0, 0.0], [0.0, 2.0]]],
    })  # fmt: skip
    return replace(plain, willing=replace(willing, **changes))


BY_HAND = {
    # park of either firm: what each keeps, what the layout is worth
    "both in the first": ([0, 0], [-3.0 + 2 * 0.5, 1.0 + 5 * 0.1], 20 + 4 + 1 - 1.5 * 2.0),
    "apart": ([0, 1], [-3.0 - 2 * 1.0, -9.0 + 5 * 0.2], 20 + 6 - (1.5 * 2.0 + 10 * 3.0)),
    "apart, the other way": ([1, 0], [-7.0 + 2 * 3.0, 1.0 + 5 * 0.3], 30 + 4 - 10 * 1.0),
    "both in the second": ([1, 1], [-7.0, -9.0 + 5 * 0.4], 30 + 6 + 2 - 10 * 7.0),
    "the first alone": ([0, -1], [-3.0, 0.0], 20 - (1.5 * 2.0 + 10 * 1.0)),
    "the second alone": ([-1, 1], [0.0, -9.0], 6.0),
    "nobody": ([-1, -1], [0.0, 0.0], 0.0),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_what_firms_keep_and_what_winning_them_costs_by_hand(name) -> None:
    park, keep, value = BY_HAND[name]
    layout = two_firms()
    assert kept(layout, np.array(park)).tolist() == pytest.approx(keep)
    assert worth(layout, np.array(park)) == pytest.approx(value)
    problem = problem_of(layout)
    state = state_of(problem, np.array(park))
    fill(problem, state)
    assert state.total[VALUE] == pytest.approx(value)


def test_who_does_not_ask_costs_nothing_and_who_asks_may_change_the_layout() -> None:
    nobody = two_firms(is_willing=np.zeros(2, dtype=bool))
    plain = replace(nobody, willing=None)
    for park in product(range(-1, 2), repeat=2):
        assert worth(nobody, np.array(park)) == worth(plain, np.array(park))
    assert search(plain, work_limit=2_000).park.tolist() == [1, 1]
    assert search(nobody, work_limit=2_000).park.tolist() == [1, 1]
    assert search(two_firms(), work_limit=2_000).park.tolist() == [1, 0]
    dear = two_firms(beyond=20.0)
    assert search(dear, work_limit=2_000).park.tolist() == [0, 0]
