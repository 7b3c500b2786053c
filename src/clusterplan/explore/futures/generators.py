"""Scenarios that are made often: a cycle of prices and demand, and suppliers that are lost."""

from __future__ import annotations

import itertools

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.explore.futures.future import Scenario
from clusterplan.plan import Plan
from clusterplan.region import Region


def cycle(
    region: Region,
    n: int = 6,
    *,
    price: float = 0.15,
    demand: float = 0.25,
    noise: float = 0.3,
    seed: int = 0,
) -> list[Scenario]:
    """Return futures along a cycle of prices and demand, equally likely.

    Future i stands at phase 2π(i + ½)/n of the cycle. There prices at gateways are exp(price · (sin + noise ·
    z)) times today's, and what gateways take exp(demand · (sin + noise · z′)), with z and z′ drawn from a
    normal distribution, correlated by one half: when prices are high, demand mostly is.

    Parameters
    ----------
    region
        What is planned; it must have markets.
    n
        How many futures.
    price, demand
        How far they swing, in logarithms: 0.15 is about 15 % up and down.
    noise
        How much of the swing is chance.
    seed
        Seed of the chance.

    Raises
    ------
    UsageError
        If the region has no markets, or a number cannot be meant.

    References
    ----------
    Ezekiel 1938, The cobweb theorem (why prices and capacity swing); a log-normal deviation, so that no price
    falls below 0.
    """
    if not len(region.markets):
        raise UsageError(f"The region {region.name} has no markets, so there is no price to swing.")
    if n < 1 or min(price, demand, noise) < 0:
        raise UsageError("n is 1 or more, and price, demand and noise are not negative.")
    random = np.random.default_rng(seed)
    made = []
    for i in range(n):
        phase = np.sin(2 * np.pi * (i + 0.5) / n)
        one, other = random.standard_normal(2)
        p = float(np.exp(price * (phase + noise * one)))
        d = float(np.exp(demand * (phase + noise * (0.5 * one + np.sqrt(0.75) * other))))
        changes = [f"market.*.{column} *= {p!r}" for column in ("buys_at", "sells_at")]
        changes += [f"market.*.buys_up_to_per_y *= {d!r}"]
        made.append(Scenario(f"prices × {p:.2f}, demand × {d:.2f} ({i + 1})", changes))
    return made


def losses(plan: Plan, k: int = 1, *, anchors: bool = False) -> list[Scenario]:
    """Return futures in which k of a plan's firms are gone, one for each set of them.

    Parameters
    ----------
    plan
        The plan.
    k
        How many are lost at once, 1 or 2.
    anchors
        Whether anchors can be lost too.

    Raises
    ------
    UsageError
        If k is neither 1 nor 2.
    """
    return [
        Scenario("without " + " and ".join(gone), [f"firm.{firm} = gone" for firm in gone])
        for gone in lost_together(plan, k, anchors=anchors)
    ]


def lost_together(plan: Plan, k: int, *, anchors: bool = False) -> list[tuple[str, ...]]:
    """Return each set of k firms of a plan that can be lost at once, as of `losses`."""
    if k not in {1, 2}:
        raise UsageError(f"One or two firms are lost at once, not {k}.")
    firms = plan.firms
    able = firms["park"].notna() & ~firms["is_platform"] & (anchors | ~firms["is_anchor"])
    return list(itertools.combinations([str(firm) for firm in firms.index[able]], k))
