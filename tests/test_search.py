"""The layout search: its sums are true, it finds what enumeration finds, it repeats, it loses no start."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from clusterplan.errors import UsageError
from clusterplan.solve.seek import Layout, Limit, compiled, search
from clusterplan.solve.seek.changes import excess_of_shift, excess_of_swap, value_of_shift, value_of_swap
from clusterplan.solve.seek.compiled import problem_of, state_of
from clusterplan.solve.seek.kernel import kernel
from clusterplan.solve.seek.state import EXCESS, VALUE, fill, move

SEEDS = range(12)
WORK = 300_000


def case(seed: int, n: int = 5, m: int = 3) -> dict:
    """A random problem with all there is: limits, shared limits, asymmetric links, optional firms, costs."""
    random = np.random.default_rng(seed)
    linear = random.integers(-9, 10, (n, m)).astype(float)
    linear[random.random((n, m)) < 0.15] = -np.inf
    linear[np.isneginf(linear).all(axis=1), 0] = 1.0
    a, b = np.array([(a, b) for a in range(n) for b in range(n) if a != b and random.random() < 0.3]).T
    both = np.arange(m) < 2
    open_min = int(random.integers(0, 3))
    return {
        "linear": linear,
        "needs": random.integers(1, 5, (2, n)).astype(float),
        "capacity": np.where(random.random((2, m)) < 0.7, random.integers(5, 10, (2, m)), np.inf),
        "opening_cost": random.integers(0, 6, m).astype(float),
        "open_always": random.random(m) < 0.2,
        "open_min": open_min,
        "open_max": int(random.integers(max(1, open_min), m + 1)),
        "link_a": a,
        "link_b": b,
        "link_weight": random.integers(1, 4, len(a)).astype(float),
        "link_kind": random.integers(0, 2, len(a)),
        "values": random.integers(-5, 6, (2, m, m)).astype(float),
        "must_place": random.random(n) < 0.6,
        "limits": [
            Limit(np.ones(n), both, 1.0, 4.0),
            Limit(random.integers(-2, 4, n).astype(float), ~both, -3.0, 6.0),
        ],
    }


def value_of(arrays: dict, park) -> float:
    """What a layout is worth, link by link and firm by firm."""
    total = sum(arrays["linear"][f, s] for f, s in enumerate(park) if s >= 0)
    links = zip(*(arrays[key] for key in ("link_a", "link_b", "link_weight", "link_kind")), strict=True)
    for a, b, weight, kind in links:
        if park[a] >= 0 and park[b] >= 0:
            total += weight * arrays["values"][kind, park[a], park[b]]
    used = {s for s in park if s >= 0}
    return total - sum(arrays["opening_cost"][s] for s in used if not arrays["open_always"][s])


def held(arrays: dict, park) -> list[tuple[float, float, float]]:
    """What each limit holds, its least and its most."""
    out = []
    for need, room in zip(arrays["needs"], arrays["capacity"], strict=True):
        for s, most in enumerate(room):
            out.append((sum(need[f] for f, t in enumerate(park) if t == s), -np.inf, most))
    for limit in arrays["limits"]:
        amount = sum(limit.need[f] for f, t in enumerate(park) if t >= 0 and limit.parks[t])
        out.append((amount, limit.least, limit.most))
    return out


def is_feasible(arrays: dict, park) -> bool:
    if any(s < 0 for s, must in zip(park, arrays["must_place"], strict=True) if must):
        return False
    if any(s >= 0 and np.isneginf(arrays["linear"][f, s]) for f, s in enumerate(park)):
        return False
    number = len({s for s in park if s >= 0} | set(np.flatnonzero(arrays["open_always"]).tolist()))
    if not arrays["open_min"] <= number <= arrays["open_max"]:
        return False
    return all(least - 1e-9 <= amount <= most + 1e-9 for amount, least, most in held(arrays, park))


def best_of_all(arrays: dict) -> float:
    n, m = arrays["linear"].shape
    layouts = product(range(-1, m), repeat=n)
    return max((value_of(arrays, park) for park in layouts if is_feasible(arrays, park)), default=-np.inf)


def a_layout(arrays: dict, random) -> np.ndarray:
    """A random layout in which each firm is where it may be; limits may be broken."""
    places = [
        [s for s in range(arrays["linear"].shape[1]) if np.isfinite(row[s])] for row in arrays["linear"]
    ]
    return np.array(
        [
            random.choice(own + ([] if must else [-1]))
            for own, must in zip(places, arrays["must_place"], strict=True)
        ]
    )


@pytest.mark.parametrize("table_of_pairs", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_sums_kept_move_by_move_are_those_of_a_fresh_evaluation(seed, table_of_pairs, monkeypatch) -> None:
    if not table_of_pairs:
        monkeypatch.setattr(compiled, "PAIRS_UP_TO", 0)
    arrays, random = case(seed, n=9, m=4), np.random.default_rng(seed)
    layout = Layout.of(arrays)
    problem = problem_of(layout)
    assert (len(problem.pair) > 0) is table_of_pairs
    state, fresh = (state_of(problem, a_layout(arrays, random)) for _ in range(2))
    fill(problem, state)
    for _ in range(150):
        wanted = a_layout(arrays, random)
        f, g = (int(x) for x in random.choice(layout.n_firms, 2, replace=False))
        s, t = int(state.park[f]), int(wanted[f])
        new = state.park.copy()
        other = int(state.park[g])
        can_swap = other != s and all(
            not arrays["must_place"][i] if to < 0 else np.isfinite(arrays["linear"][i, to])
            for i, to in ((f, other), (g, s))
        )
        if can_swap and random.random() < 0.6:
            value = value_of_swap(problem, state, f, g, s, other)
            excess = excess_of_swap(problem, state, f, g, s, other)
            move(problem, state, f, other)
            move(problem, state, g, s)
            new[[f, g]] = other, s
        elif s != t:
            value = value_of_shift(problem, state, f, s, t)
            excess = excess_of_shift(problem, state, f, s, t)
            move(problem, state, f, t)
            new[f] = t
        else:
            continue
        state.total[:] += value, excess
        assert np.array_equal(state.park, new)
        assert state.total[VALUE] == pytest.approx(value_of(arrays, new), abs=1e-9)
        amounts = sorted(amount for amount, least, most in held(arrays, new) if most < np.inf)
        assert sorted(state.used) == pytest.approx(amounts, abs=1e-9)
        fresh.park[:] = new
        fill(problem, fresh)
        for kept, made in zip(state, fresh, strict=True):
            assert np.allclose(kept, made, atol=1e-9)
        within = all(least <= amount <= most for amount, least, most in held(arrays, new))
        assert (state.total[EXCESS] < 1e-9) == within
        for i in range(layout.n_firms):  # what each firm adds in each park, the others where they are
            out = new.copy()
            out[i] = -1
            free = arrays | {"opening_cost": np.zeros(layout.n_parks)}
            for r in np.flatnonzero(np.isfinite(arrays["linear"][i])):
                there = out.copy()
                there[i] = r
                assert state.gain[i, r] == pytest.approx(value_of(free, there) - value_of(free, out))


KINDS = {
    "all there is": {},
    "every firm placed": {"must_place": np.ones(5, dtype=bool)},
    "no links": {"link_a": [], "link_b": [], "link_weight": [], "link_kind": []},
    "no shared limits": {"limits": []},
    "no limits": {"limits": [], "capacity": np.full((2, 3), np.inf)},
    "one park": {"open_min": 1, "open_max": 1, "open_always": np.zeros(3, dtype=bool)},
    "all parks": {"open_min": 3, "open_max": 3, "opening_cost": np.full(3, 5.0)},
    "dear parks": {"opening_cost": np.array([20.0, 25.0, 22.0])},
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_finds_what_enumeration_finds(kind) -> None:
    found_some = False
    for seed in SEEDS:
        arrays = case(seed) | KINDS[kind]
        found = search(arrays, work_limit=WORK, seed=seed)
        best = best_of_all(arrays)
        assert found.value == pytest.approx(best, abs=1e-9), seed
        assert found.feasible is bool(best > -np.inf)
        if found.feasible:
            found_some = True
            assert is_feasible(arrays, found.park)
            assert found.value == pytest.approx(value_of(arrays, found.park), abs=1e-9)
    assert found_some


def test_the_same_seed_and_work_give_the_same_layout() -> None:
    arrays = case(3, n=30, m=6) | {"limits": [], "open_min": 0, "open_max": 6}
    arrays["capacity"] = np.full((2, 6), 25.0)
    one, two = (search(arrays, work_limit=200_000, seed=7) for _ in range(2))
    assert one.feasible
    assert np.array_equal(one.park, two.park)
    assert (one.value, one.work) == (two.value, two.work)


@pytest.mark.parametrize("work", [0, 1, 50])
def test_a_feasible_start_is_never_lost(work) -> None:
    tried = 0
    for seed in SEEDS:
        arrays = case(seed)
        layouts = [p for p in product(range(-1, 3), repeat=5) if is_feasible(arrays, p)]
        for start in layouts[:: max(1, len(layouts) // 5)]:
            found = search(arrays, work_limit=work, seed=seed, start=np.array(start))
            assert found.feasible
            assert found.value >= value_of(arrays, start) - 1e-9
            tried += 1
    assert tried > 20


def test_a_start_outside_limits_does_no_harm() -> None:
    arrays = case(1) | {"limits": [], "open_min": 0, "open_max": 3}
    found = search(arrays, work_limit=WORK, start=np.full(5, -1))
    assert found.value == pytest.approx(best_of_all(arrays))


def test_better_layouts_are_told_as_they_are_met_and_a_target_ends_the_search() -> None:
    arrays, told = case(3, n=12, m=4) | {"limits": [], "open_min": 0, "open_max": 4}, []
    arrays["capacity"] = np.full((2, 4), 12.0)
    found = search(arrays, work_limit=500_000, on_best=lambda value, park, _: told.append((value, park)))
    values = [value for value, _ in told]
    assert values == sorted(values)
    assert values[-1] == found.value
    assert all(value == pytest.approx(value_of(arrays, park)) for value, park in told)
    assert search(arrays, work_limit=500_000, target=values[0]).work < found.work


def test_no_firm_and_no_choice_are_no_trouble() -> None:
    assert search({"linear": np.zeros((0, 2))}).value == 0.0
    only = search({"linear": np.array([[-np.inf, 3.0]])}, start=np.array([0]), work_limit=10)
    assert (only.value, only.park.tolist()) == (3.0, [1])


def test_it_compiles_where_nothing_can_be_kept(monkeypatch) -> None:
    from numba import njit
    from numba.core.caching import CacheImpl

    def double(x):
        return 2 * x

    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    with pytest.raises(RuntimeError, match="cannot cache"):
        njit(cache=True)(double)
    assert kernel()(double)(4) == 8


BAD = {
    "no linear": {},
    "a vector": {"linear": np.zeros(3)},
    "no park": {"linear": np.zeros((3, 0))},
    "not a number": {"linear": np.full((2, 2), np.nan)},
    "endless worth": {"linear": np.full((2, 2), np.inf)},
    "words": {"linear": [["a", "b"]]},
    "nowhere": {"linear": np.full((1, 2), -np.inf)},
    "short cost": {"linear": np.zeros((2, 2)), "opening_cost": np.zeros(3)},
    "open bounds": {"linear": np.zeros((2, 2)), "open_min": 2, "open_max": 1},
    "capacity alone": {"linear": np.zeros((2, 2)), "capacity": np.ones((1, 2))},
    "needs of others": {"linear": np.zeros((2, 2)), "needs": np.ones((1, 3))},
    "unknown firm": {"linear": np.zeros((2, 2)), "link_a": [0], "link_b": [2]},
    "own partner": {"linear": np.zeros((2, 2)), "link_a": [1], "link_b": [1]},
    "unknown kind": {"linear": np.zeros((2, 2)), "link_a": [0], "link_b": [1], "link_kind": [1]},
    "values of others": {"linear": np.zeros((2, 2)), "values": np.zeros((1, 3, 3))},
    "empty range": {"linear": np.zeros((2, 2)), "limits": [Limit(np.ones(2), np.ones(2, bool), 2.0, 1.0)]},
    "short limit": {"linear": np.zeros((2, 2)), "limits": [Limit(np.ones(3), np.ones(2, bool), 0.0, 1.0)]},
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_a_layout_problem_is_refused(name) -> None:
    with pytest.raises(UsageError):
        search(BAD[name], work_limit=1)


@pytest.mark.parametrize(
    "asked",
    [
        {"seed": -1},
        {"seed": 0.5},
        {"work_limit": -1},
        {"time_limit": -0.1},
        {"start": [0]},
        {"start": [0.0, 1.0]},
        {"start": [0, 2]},
        {"start": [0, -2]},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(asked) -> None:
    with pytest.raises(UsageError):
        search({"linear": np.zeros((2, 2))}, **({"work_limit": 1} | asked))
