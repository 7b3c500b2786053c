"""The mean future: one future in which every number is the mean of those of all.

What is gone in some futures makes, needs and earns in proportion to how likely it is there; a volume that a
gateway takes is 0 where the gateway is gone. Source: the expected value problem of Birge and Louveaux 2011,
Introduction to Stochastic Programming, section 4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from clusterplan.instance.chain import supply_pairs
from clusterplan.instance.frozen import Floats
from clusterplan.instance.instance import Instance
from clusterplan.instance.later import Later
from clusterplan.region.weights import Term


def mean_future(today: Instance, futures: Sequence[Later]) -> Instance:
    """Return the mean of futures as an instance; firms are asked in it as they are today.

    Parameters
    ----------
    today
        What is planned.
    futures
        The futures; their probabilities sum to 1.
    """
    chance = np.array([later.chance for later in futures])

    def mean(of: Callable[[Instance], Any]) -> Floats:
        return np.asarray(sum(p * of(later.instance) for p, later in zip(chance, futures, strict=True)))

    results, trade, awards = today.results, today.trade, today.awards
    output, need = mean(lambda one: one.trade.output), mean(lambda one: one.trade.need)
    others: dict[str, Any] = {}
    if trade.other_output is not None:
        others["other_output"] = mean(lambda one: one.trade.other_output)
        others["other_need"] = mean(lambda one: one.trade.other_need)
    most = [
        np.maximum(output, others.get("other_output", 0.0)),
        np.maximum(need, others.get("other_need", 0.0)),
    ]
    seller, buyer, product = supply_pairs(*most)
    paid = np.asarray(sum(p * later.paid for p, later in zip(chance, futures, strict=True)))
    return replace(
        today,
        sites=replace(today.sites, opening_cost=mean(lambda one: one.sites.opening_cost)),
        results=replace(
            results,
            place_terms={term: mean(_of_place(term)) for term in results.place_terms},
            load_terms={term: mean(_of_load(term)) for term in results.load_terms},
            place=mean(lambda one: one.results.place),
            load=mean(lambda one: one.results.load),
            other=None if results.other is None else mean(lambda one: one.results.other),
        ),
        trade=replace(
            trade,
            output=output,
            need=need,
            seller=seller,
            buyer=buyer,
            product=product,
            freight=mean(lambda one: one.trade.freight),
            value=mean(lambda one: one.trade.value),
            collaboration=mean(lambda one: one.trade.collaboration),
            **others,
            **_markets(futures, chance),
        ),
        links=replace(today.links, weight=mean(lambda one: one.links.weight)),
        awards=replace(awards, cost=paid * awards.cost, worth=paid * awards.worth),
        stable=None,
    )


def _of_place(term: Term) -> Callable[[Instance], Any]:
    return lambda one: one.results.place_terms[term]


def _of_load(term: Term) -> Callable[[Instance], Any]:
    return lambda one: one.results.load_terms[term]


def _markets(futures: Sequence[Later], chance: Floats) -> dict[str, Any]:
    """Return the mean prices over the futures that have one, and the mean volumes, 0 where there is none."""
    found: dict[str, Any] = {}
    for side in ("buys", "sells"):
        gains = np.array([getattr(later.instance.trade, f"{side}_gain") for later in futures])
        limits = np.array([getattr(later.instance.trade, f"{side}_up_to") for later in futures])
        there = np.isfinite(gains)
        weight = np.where(there, chance[:, None, None], 0.0)
        total = weight.sum(axis=0)
        sums = (weight * np.where(there, gains, 0.0)).sum(axis=0)
        found[f"{side}_gain"] = np.where(total > 0, sums / np.where(total > 0, total, 1.0), np.nan)
        some = np.isinf(np.where(there, limits, 0.0)).any(axis=0)
        volume = (weight * np.where(there & np.isfinite(limits), limits, 0.0)).sum(axis=0)
        found[f"{side}_up_to"] = np.where(some, np.inf, volume)
    return found
