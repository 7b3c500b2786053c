"""Fair splits of what players earn together, whatever the game: Shapley's, and those of the least core.

A game gives the worth v(S) of every group S of n players, v(∅) = 0; S is an array of n bools.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from clusterplan.instance import Bools, Floats

Worth = Callable[[Bools], float]
Wanting = Callable[[Floats], tuple[Bools, float]]
CLOSED = 1e-6
"""Groups that want no more than this, relative to what all earn, want nothing."""


def shapley_exact(n: int, worth: Worth) -> Floats:
    """Return the Shapley value, from the worth of all 2^n groups.

        φ[i] = Σ_{S without i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S))

    what a player adds to those before it, on average over all orders of arrival. Source: Shapley 1953 (A
    value for n-person games).

    Parameters
    ----------
    n
        Number of players.
    worth
        Worth of a group.
    """
    values = np.zeros(1 << n)
    for number in range(1, 1 << n):
        values[number] = worth(_group(number, n))
    weight = [math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n) for size in range(n)]
    share = np.zeros(n)
    for number in range(1 << n):
        for i in range(n):
            if not number >> i & 1:
                share[i] += weight[number.bit_count()] * (values[number | 1 << i] - values[number])
    return share


def shapley_sampled(n: int, worth: Worth, samples: int, seed: int) -> tuple[Floats, Floats]:
    """Return the Shapley value estimated from random orders of arrival, and its standard errors.

    The shares sum to the worth of all players, as each order's do. Source: Castro, Gómez and Tejada 2009
    (Polynomial calculation of the Shapley value based on sampling).

    Parameters
    ----------
    n
        Number of players.
    worth
        Worth of a group; each is asked once.
    samples
        Number of orders, at least 2.
    seed
        Seed of the orders.
    """
    rng = np.random.default_rng(seed)
    known: dict[bytes, float] = {}
    added = np.zeros((samples, n))
    for sample in range(samples):
        group, before = np.zeros(n, dtype=bool), 0.0
        for i in rng.permutation(n).tolist():
            group[i] = True
            key = group.tobytes()
            if key not in known:
                known[key] = worth(group.copy())
            added[sample, i] = known[key] - before
            before = known[key]
    return added.mean(axis=0), added.std(axis=0, ddof=1) / math.sqrt(samples)


@dataclass(frozen=True, eq=False)
class LeastCore:
    """A split that leaves the group that wants most wanting least.

    Parameters
    ----------
    split
        (n,) what each player gets.
    wants
        The most by which a group's worth is above what it gets; the core is empty if it is above 0, and by
        so much every group gets more than it is worth if it is below.
    is_proven
        False where time ran out: a better split may exist.
    """

    split: Floats
    wants: float
    is_proven: bool


def least_core(n: int, worth: Worth, most_wanting: Wanting, *, time_limit: float | None = None) -> LeastCore:
    """Return a split of the least core.

        min ε   over x, ε   with Σ_i x[i] = v(N),   Σ_{i in S} x[i] ≥ v(S) − ε   for all S but ∅ and N

    Groups come into the program one by one, each time the one that wants most. Source: Maschler, Peleg
    and Shapley 1979 (Geometric properties of the kernel, nucleolus, and related solution concepts); the
    core is Gillies 1959 (Solutions to general non-zero-sum games).

    Parameters
    ----------
    n
        Number of players.
    worth
        Worth of a group.
    most_wanting
        Returns the group, neither empty nor all, with the largest v(S) − Σ x, and that number.
    time_limit
        Seconds; None: no limit.
    """
    begun = time.monotonic()
    total = worth(np.ones(n, dtype=bool))
    if n == 1:
        return LeastCore(np.array([total]), 0.0, is_proven=True)
    single = np.eye(n, dtype=bool)
    groups = [*single] if n == 2 else [*single, *~single]
    values = [worth(group) for group in groups]
    best: LeastCore | None = None
    while True:
        split, least = _master(groups, values, total)
        group, wants = most_wanting(split)
        if best is None or wants < best.wants:
            best = LeastCore(split, max(wants, least), is_proven=False)
        if best.wants <= least + CLOSED * max(1.0, abs(total)):
            return LeastCore(best.split, best.wants, is_proven=True)
        if time_limit is not None and time.monotonic() - begun > time_limit:
            return best
        groups.append(group)
        values.append(wants + float(split[group].sum()))


def wanting_of_all(n: int, worth: Worth) -> Wanting:
    """Return the search for the group that wants most by looking at all of them, for few players."""
    groups = [
        np.isin(np.arange(n), members)
        for size in range(1, n)
        for members in itertools.combinations(range(n), size)
    ]
    values = np.array([worth(group) for group in groups])
    table = np.array(groups, dtype=float)

    def most_wanting(split: Floats) -> tuple[Bools, float]:
        wants = values - table @ split
        worst = int(np.argmax(wants))
        return groups[worst], float(wants[worst])

    return most_wanting


def _master(groups: list[Bools], values: list[float], total: float) -> tuple[Floats, float]:
    n = len(groups[0])
    rows = -np.column_stack([np.array(groups, dtype=float), np.ones(len(groups))])
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=rows,
        b_ub=-np.array(values),
        A_eq=np.append(np.ones(n), 0.0)[None, :],
        b_eq=[total],
        bounds=[(None, None)] * (n + 1),
        method="highs",
    )
    return found.x[:n], float(found.x[n])


def _group(number: int, n: int) -> Bools:
    return np.array([number >> i & 1 for i in range(n)], dtype=bool)
