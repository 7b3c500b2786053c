"""Layout problems of four published kinds, through the general rules, against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from clusterplan.errors import UsageError
from clusterplan.instance import from_arrays
from clusterplan.rules import write_model
from clusterplan.solve import find


def best_by_enumeration(data: dict) -> float:
    """Value of the best layout, by trying every one; −inf if there is none."""
    linear, needs, capacity = data["linear"], data["needs"], data["capacity"]
    n_firms, n_parks = linear.shape
    must = data.get("must_place", np.ones(n_firms, dtype=bool))
    cost = data.get("opening_cost", np.zeros(n_parks))
    least, most = data.get("open_min", 0), data.get("open_max", n_parks)
    best = -np.inf
    choices = [range(n_parks) if must[f] else range(-1, n_parks) for f in range(n_firms)]
    for layout in itertools.product(*choices):
        park = np.array(layout)
        placed = np.flatnonzero(park >= 0)
        used = np.zeros_like(capacity)
        for f in placed:
            used[:, park[f]] += needs[:, f]
        opened = np.unique(park[placed])
        if (used > capacity + 1e-9).any() or len(opened) > most:
            continue
        extra = max(0, least - len(opened))  # parks opened only to reach the least number
        spare = np.sort(np.delete(cost, opened))[:extra].sum()
        value = linear[placed, park[placed]].sum() - cost[opened].sum() - spare
        for a, b, weight, kind in zip(
            data.get("link_a", []),
            data.get("link_b", []),
            data.get("link_weight", []),
            data.get("link_kind", []),
            strict=True,
        ):
            if park[a] >= 0 and park[b] >= 0:
                value += weight * data["values"][kind][park[a], park[b]]
        best = max(best, value)
    return float(best)


def solved(data: dict) -> float:
    found = find(write_model(from_arrays(data)))
    if found.status == "infeasible":
        return -np.inf
    assert found.status == "optimal"
    return found.bound


def links(rng: np.random.Generator, n_firms: int, share: float) -> dict:
    a, b = np.triu_indices(n_firms, 1)
    keep = rng.random(len(a)) < share
    n = int(keep.sum())
    return {
        "link_a": a[keep],
        "link_b": b[keep],
        "link_weight": rng.integers(1, 9, n).astype(float),
        "link_kind": np.zeros(n, dtype=int),
    }


def generalised_quadratic_assignment(rng: np.random.Generator) -> dict:
    """Every firm placed; links cost by the distance of parks, not symmetric."""
    n_firms, n_parks = int(rng.integers(3, 7)), int(rng.integers(2, 4))
    needs = rng.integers(1, 6, (1, n_firms)).astype(float)
    return {
        "linear": -rng.integers(0, 20, (n_firms, n_parks)).astype(float),
        "needs": needs,
        "capacity": np.full((1, n_parks), np.ceil(needs.sum() / n_parks * 1.3)),
        "values": -rng.integers(0, 10, (1, n_parks, n_parks)).astype(float),
        **links(rng, n_firms, 0.7),
    }


def constrained_task_allocation(rng: np.random.Generator) -> dict:
    """Links cost only across parks."""
    data = generalised_quadratic_assignment(rng)
    n_parks = data["linear"].shape[1]
    data["values"] = -(1.0 - np.eye(n_parks))[None]
    return data


def single_source_location(rng: np.random.Generator) -> dict:
    """No links; opening costs; a bound on the number of open parks."""
    n_firms, n_parks = int(rng.integers(3, 7)), int(rng.integers(2, 5))
    needs = rng.integers(1, 6, (1, n_firms)).astype(float)
    return {
        "linear": -rng.integers(1, 30, (n_firms, n_parks)).astype(float),
        "needs": needs,
        "capacity": np.full((1, n_parks), np.ceil(needs.sum() * 0.7)),
        "opening_cost": rng.integers(0, 40, n_parks).astype(float),
        "open_min": int(rng.integers(0, 3)),
        "open_max": n_parks,
    }


def quadratic_multiple_knapsack(rng: np.random.Generator) -> dict:
    """Firms may stay out; links pay only in the same park."""
    n_firms, n_parks = int(rng.integers(4, 7)), 2
    needs = rng.integers(1, 9, (2, n_firms)).astype(float)
    return {
        "linear": np.tile(rng.integers(1, 10, (n_firms, 1)).astype(float), n_parks),
        "needs": needs,
        "capacity": np.floor(needs.sum(axis=1, keepdims=True) * [[0.35, 0.35]]),
        "values": np.eye(n_parks)[None],
        "must_place": np.zeros(n_firms, dtype=bool),
        **links(rng, n_firms, 0.5),
    }


def links_of_mixed_sign(rng: np.random.Generator) -> dict:
    """Links that gain in some places and cost in others; optional and obliged firms; two kinds."""
    data = generalised_quadratic_assignment(rng)
    n_firms, n_parks = data["linear"].shape
    data["values"] = rng.integers(-9, 10, (2, n_parks, n_parks)).astype(float)
    data["link_kind"] = rng.integers(0, 2, len(data["link_a"]))
    data["link_a"], data["link_b"] = data["link_b"], data["link_a"]
    data["must_place"] = rng.random(n_firms) < 0.5
    data["linear"] = rng.integers(-9, 10, (n_firms, n_parks)).astype(float)
    data["opening_cost"] = rng.integers(0, 9, n_parks).astype(float)
    return data


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "kind",
    [
        generalised_quadratic_assignment,
        constrained_task_allocation,
        single_source_location,
        quadratic_multiple_knapsack,
        links_of_mixed_sign,
    ],
)
def test_the_general_rules_find_the_best_layout(kind, seed):
    data = kind(np.random.default_rng(seed))
    assert solved(data) == pytest.approx(best_by_enumeration(data), rel=1e-7, abs=1e-7)


def test_a_missing_array_is_named():
    with pytest.raises(UsageError, match="'capacity' is missing"):
        from_arrays({"linear": np.zeros((2, 2)), "needs": np.zeros((1, 2))})


def test_an_array_of_the_wrong_shape_is_named():
    with pytest.raises(UsageError, match=r"'needs' has shape \(1, 3\)"):
        from_arrays({"linear": np.zeros((2, 2)), "needs": np.zeros((1, 3)), "capacity": np.ones((1, 2))})


def test_a_link_of_a_firm_with_itself_is_refused():
    with pytest.raises(UsageError, match="two different firms"):
        from_arrays(
            {
                "linear": np.zeros((2, 1)),
                "needs": np.zeros((1, 2)),
                "capacity": np.ones((1, 1)),
                "link_a": [1],
                "link_b": [1],
                "values": np.ones((1, 1, 1)),
            }
        )
