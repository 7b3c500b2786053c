"""Layouts without links: the exact search finds and proves what enumeration finds, and keeps what it must."""

from __future__ import annotations

import time

import numpy as np
import pytest

from clusterplan.solve.seek import Layout, search
from clusterplan.solve.seek.exact import Exact, Left
from clusterplan.solve.seek.location import location
from clusterplan.solve.seek.relaxed import relaxed
from tests.test_search import best_of_all, case, is_feasible, value_of

UNLINKED = {"link_a": [], "link_b": [], "link_weight": [], "link_kind": []}
KINDS = {
    "all there is": {},
    "not whole numbers": {"opening_cost": np.array([0.5, 2.25, 3.75])},
    "it pays to open": {"opening_cost": np.array([-4.0, 2.0, -1.5])},
    "every firm placed": {"must_place": np.ones(5, dtype=bool)},
    "no parks to open": {"opening_cost": np.zeros(3), "open_min": 0, "open_max": 3},
    "no limits": {"limits": [], "capacity": np.full((2, 3), np.inf)},
    "all parks": {"open_min": 3, "open_max": 3, "opening_cost": np.full(3, 5.0)},
    "dear parks": {"opening_cost": np.array([20.0, 25.0, 22.0])},
}


def as_it_is(layout, park, work, seconds):
    """Anneal nothing."""
    return park


@pytest.mark.parametrize("kind", KINDS)
def test_it_proves_what_enumeration_finds_without_any_annealing(kind) -> None:
    feasible = 0
    for seed in range(12):
        arrays = case(seed) | UNLINKED | KINDS[kind]
        best = best_of_all(arrays)
        exact = Exact(Layout.of(arrays), as_it_is)
        value, park, proven = -np.inf, np.full(5, -1), False
        for _ in range(60):
            step = exact.turn(value, park, Left(np.inf, np.inf))
            if step.park is not None:
                assert is_feasible(arrays, step.park)
                assert value_of(arrays, step.park) > value
                value, park = value_of(arrays, step.park), step.park
            proven |= step.proven
            if proven or exact.over:
                break
        # a relaxation without values proves nothing, and the search leaves it at that
        assert proven or (exact.over and best == -np.inf), seed
        assert value == pytest.approx(best, abs=1e-9), seed
        feasible += best > -np.inf
    assert feasible


@pytest.mark.parametrize("kind", KINDS)
def test_the_search_proves_only_what_is_best(kind) -> None:
    proven = 0
    for seed in range(8):
        arrays = case(seed) | UNLINKED | KINDS[kind]
        found = search(arrays, work_limit=2_000_000, seed=seed)
        assert found.value == pytest.approx(best_of_all(arrays), abs=1e-9), seed
        proven += found.proven
        if found.feasible:
            assert found.proven
            assert found.work < 2_000_000
    assert proven


def test_the_relaxation_bounds_every_layout() -> None:
    for seed in range(12):
        arrays = case(seed) | UNLINKED
        layout = Layout.of(arrays)
        prices = relaxed(location(layout, np.ones((5, 3), dtype=bool), tied=False), (5, 3))
        best = best_of_all(arrays)
        if prices is None:
            assert best == -np.inf
            continue
        assert prices.bound >= best - 1e-9
        for f, s in zip(*np.nonzero(np.isfinite(layout.linear)), strict=True):
            only = layout.linear.copy()
            only[f, np.arange(3) != s] = -np.inf
            must = np.array(arrays["must_place"])
            must[f] = True
            there = best_of_all(arrays | {"linear": only, "must_place": must})
            assert there <= prices.bound - prices.loss[f, s] + 1e-9


def larger(seed: int) -> dict:
    arrays = case(seed, n=40, m=8) | UNLINKED | {"limits": [], "open_min": 0, "open_max": 8}
    arrays["opening_cost"] = np.random.default_rng(seed).integers(5, 30, 8).astype(float)
    return arrays | {"capacity": np.full((2, 8), 18.0)}


def test_the_same_seed_and_work_give_the_same_layout() -> None:
    for work in (100_000, 6_000_000):
        one, two = (search(larger(3), work_limit=work, seed=7) for _ in range(2))
        assert np.array_equal(one.park, two.park)
        assert (one.value, one.work, one.proven) == (two.value, two.work, two.proven)


def test_a_start_is_never_lost_and_proof_ends_the_search_early() -> None:
    arrays = larger(5)
    first = search(arrays, time_limit=20.0)
    assert is_feasible(arrays, first.park)
    assert not first.proven or first.seconds < 20.0
    for work in (1, 1_000, 1_000_000, 4_000_000):
        assert search(arrays, work_limit=work, start=first.park).value >= first.value - 1e-9


def test_time_is_kept() -> None:
    begun = time.monotonic()
    search(larger(4), time_limit=2.0)
    assert time.monotonic() - begun < 4.0


def test_problems_with_links_are_left_to_annealing() -> None:
    assert Exact(Layout.of(case(1)), as_it_is).over
