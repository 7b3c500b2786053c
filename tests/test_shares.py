"""Shapley's share and the least core, against brute force and games whose answer is known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from clusterplan.explore.money.shares import least_core, shapley_exact, shapley_sampled, wanting_of_all


def game(values: dict[tuple[int, ...], float]):
    """Return the worth of groups given by their members; 0 for those not named."""
    return lambda group: values.get(tuple(np.flatnonzero(group).tolist()), 0.0)


def groups_of(n: int):
    for size in range(n + 1):
        yield from itertools.combinations(range(n), size)


def random_game(n: int, seed: int):
    rng = np.random.default_rng(seed)
    values = {members: float(rng.uniform(-1, 1 + 2 * len(members))) for members in groups_of(n) if members}
    return game(values)


def by_permutations(n: int, worth) -> np.ndarray:
    """Return the mean of what each player adds over every order of arrival."""
    total = np.zeros(n)
    orders = list(itertools.permutations(range(n)))
    for order in orders:
        group = np.zeros(n, dtype=bool)
        before = 0.0
        for i in order:
            group[i] = True
            now = worth(group.copy())
            total[i] += now - before
            before = now
    return total / len(orders)


def by_all_rows(n: int, worth) -> float:
    """Return ε of the least core from one program with a row for every group."""
    rows, sides = [], []
    for members in groups_of(n):
        if 0 < len(members) < n:
            inside = np.isin(np.arange(n), members)
            rows.append([*(-inside.astype(float)), -1.0])
            sides.append(-worth(inside))
    found = linprog(
        [0.0] * n + [1.0],
        A_ub=rows,
        b_ub=sides,
        A_eq=[[1.0] * n + [0.0]],
        b_eq=[worth(np.ones(n, dtype=bool))],
        bounds=[(None, None)] * (n + 1),
    )
    return float(found.fun)


GLOVES = game({(0, 2): 1.0, (1, 2): 1.0, (0, 1, 2): 1.0})
"""Players 0 and 1 have a left glove, 2 has a right one."""
MAJORITY = game({(0, 1): 1.0, (0, 2): 1.0, (1, 2): 1.0, (0, 1, 2): 1.0})


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_the_share_is_the_mean_over_all_orders_of_arrival(n: int, seed: int) -> None:
    worth = random_game(n, seed)
    share = shapley_exact(n, worth)
    np.testing.assert_allclose(share, by_permutations(n, worth), atol=1e-12)
    assert share.sum() == pytest.approx(worth(np.ones(n, dtype=bool)))


def test_alike_players_get_alike_and_one_who_adds_nothing_gets_nothing() -> None:
    rng = np.random.default_rng(5)
    by_size = {(a, b): float(rng.uniform(0, 5)) for a in range(3) for b in range(2)} | {(0, 0): 0.0}

    def worth(group: np.ndarray) -> float:  # 0 and 1 are alike, 3 adds nothing
        return by_size[int(group[0]) + int(group[1]), int(group[2])]

    share = shapley_exact(4, worth)
    assert share[0] == pytest.approx(share[1])
    assert share[3] == pytest.approx(0.0)


def test_the_owner_of_the_scarce_glove_gets_most_and_in_the_core_all() -> None:
    np.testing.assert_allclose(shapley_exact(3, GLOVES), [1 / 6, 1 / 6, 2 / 3])
    core = least_core(3, GLOVES, wanting_of_all(3, GLOVES))
    assert core.wants == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(core.split, [0.0, 0.0, 1.0], atol=1e-9)


def test_a_majority_has_an_empty_core_by_a_third() -> None:
    core = least_core(3, MAJORITY, wanting_of_all(3, MAJORITY))
    assert core.wants == pytest.approx(1 / 3)
    np.testing.assert_allclose(core.split, [1 / 3, 1 / 3, 1 / 3])
    assert core.is_proven


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(5))
def test_groups_taken_one_by_one_give_the_least_core_of_all_groups(n: int, seed: int) -> None:
    worth = random_game(n, seed)
    core = least_core(n, worth, wanting_of_all(n, worth))
    assert core.wants == pytest.approx(by_all_rows(n, worth), abs=1e-6 * n)
    assert core.split.sum() == pytest.approx(worth(np.ones(n, dtype=bool)))
    assert wanting_of_all(n, worth)(core.split)[1] == pytest.approx(core.wants, abs=1e-6 * n)


def test_where_time_runs_out_the_least_core_is_not_called_proven() -> None:
    worth = random_game(6, 3)
    core = least_core(6, worth, wanting_of_all(6, worth), time_limit=0.0)
    assert not core.is_proven
    assert core.wants >= by_all_rows(6, worth) - 1e-9


def test_sampled_shares_are_within_their_errors_and_the_same_for_the_same_seed() -> None:
    worth = random_game(6, 1)
    exact = shapley_exact(6, worth)
    share, error = shapley_sampled(6, worth, samples=400, seed=2)
    assert (np.abs(share - exact) <= 4 * error).all()
    assert (error > 0).all()
    assert share.sum() == pytest.approx(worth(np.ones(6, dtype=bool)))
    np.testing.assert_array_equal(share, shapley_sampled(6, worth, samples=400, seed=2)[0])
    fewer = shapley_sampled(6, worth, samples=40, seed=2)[1]
    assert fewer.mean() > 2 * error.mean()  # a tenth of the orders, about three times the error
