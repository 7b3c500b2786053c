"""Random numbers in compiled code: one state, so that the same seed gives the same search everywhere."""

from __future__ import annotations

import numpy as np

from clusterplan.solve.seek.kernel import kernel


@kernel(forceinline=True)
def bits(random):
    """Return the next 64 random bits (xorshift64*: Vigna 2016, ACM TOMS 42, 4).

    Parameters
    ----------
    random
        (1,) uint64, not zero; changed.
    """
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return x * np.uint64(2685821657736338717)


@kernel(forceinline=True)
def below(random, n):
    """Return a random whole number from 0 to n − 1 (n under 2³¹)."""
    return np.int64(((bits(random) >> np.uint64(33)) * np.uint64(n)) >> np.uint64(31))


@kernel(forceinline=True)
def uniform(random):
    """Return a random number in [0, 1)."""
    return np.float64(bits(random) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel(forceinline=True)
def accepts(random, change, temperature):
    """Return whether annealing takes a change: a loss with chance exp(change ÷ temperature)."""
    if change >= 0.0:
        return True
    x = change / temperature
    return x > -30.0 and uniform(random) < np.exp(x)
