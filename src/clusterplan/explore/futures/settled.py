"""A plan's layout in another future: places and grants as decided, utilisation and supply chosen anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance import Bools, Decisions, Floats, Instance, as_decided
from clusterplan.instance.pooled import caps_with
from clusterplan.instance.serving import by_second_route
from clusterplan.plan.evaluate import evaluate
from clusterplan.region import Term
from clusterplan.solve import traded


@dataclass(frozen=True, eq=False)
class Settled:
    """How a layout fares.

    Parameters
    ----------
    value
        Weighted sum of terms, m currency/y.
    amounts
        Unweighted amount of each term, m currency/y.
    surplus
        (F,) surplus of each firm, m currency/y, grants included; NaN for firms that are out.
    local_rate
        Share by value of the anchors' inputs that comes from firms within reach; NaN where they need none.
    decisions
        What is decided.
    """

    value: float
    amounts: Mapping[Term, float]
    surplus: Floats
    local_rate: float
    decisions: Decisions


def settled(instance: Instance, held: Decisions, *, paid: float | Floats = 1.0) -> Settled | None:
    """Return how a layout fares; None if some firm can't trade what it must even when it idles.

    Utilisation and supply are what is best for the objective, as in a plan. Firms may idle below their least
    load, since a market that has turned may leave them no choice; where a park or group has less than they
    need at full load, what they make is rationed. Grants are paid as awarded, at most what
    the instruments of this future allow.

    Parameters
    ----------
    instance
        The future.
    held
        Places and awards, in the terms of the instance.
    paid
        Share of the awards that is paid, one for all or (A,) one each.
    """
    everyone: Bools = np.ones(instance.n_firms, dtype=bool)
    there_is = as_decided(instance, held.level, held.built)  # trade goes by the ways that are built
    found = traded(there_is, held.park, may_idle=everyone, as_planned=True, rationed=True)
    if found is None:
        return None
    awards = instance.awards
    there = held.park[awards.firm]
    most = np.where(there >= 0, caps_with(there_is.awards, held.park)[np.arange(len(there)), there], 0.0)
    made = np.isfinite(awards.load_cap)  # what hangs on what the firm makes
    most[made] = np.minimum(most[made], awards.load_cap[made] * found.load[awards.firm[made]])
    decided = replace(
        held,
        opened=held.opened | found.opened,
        load=found.load,
        supply=found.supply,
        sold=found.sold,
        bought=found.bought,
        award=np.minimum(paid * held.award, most),
    )
    worth = evaluate(instance, decided)
    value = sum(weight * worth.amounts[term] for term, weight in instance.weights.items())
    return Settled(float(value), worth.amounts, worth.surplus, _local_rate(instance, decided), decided)


def _local_rate(instance: Instance, decided: Decisions) -> float:
    trade = instance.trade
    anchors = trade.is_anchor & (decided.park >= 0)
    second = by_second_route(instance, decided)[anchors, None]
    other = trade.need if trade.other_need is None else trade.other_need
    inputs = trade.need[anchors] * (decided.load[anchors, None] - second) + other[anchors] * second
    needed = float((inputs @ trade.value).sum())
    if needed <= 0:
        return float("nan")
    n = np.flatnonzero(decided.supply > 0)
    s, t = decided.park[trade.seller[n]], decided.park[trade.buyer[n]]
    local = anchors[trade.buyer[n]] & (trade.proximity[s, t] > 0)
    return float((decided.supply[n] * trade.value[trade.product[n]])[local].sum() / needed)
