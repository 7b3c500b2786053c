"""Whether the end of a cascade depends on the order in which firms decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.explore.market.cascade import Cascade, cascade
from clusterplan.instance import Bools, Floats, Instance, Ints


@dataclass(frozen=True, eq=False)
class Orders:
    """What came of several orders of turns.

    Parameters
    ----------
    table
        One row an order: ``order`` (0: by id), ``settled``, ``rounds``, ``firms`` (that came), ``end``.
    share
        (F,) share of the orders in which a firm is there at the end.
    """

    table: pd.DataFrame
    share: Floats


def in_orders(
    instance: Instance,
    start: Ints,
    by_id: Cascade,
    comers: Bools,
    movers: Bools,
    *,
    orders: int,
    seed: int,
) -> Orders:
    """Run the cascade in random orders of turns, and tell to how many ends they lead.

    Parameters
    ----------
    instance, start, comers, movers
        As for `cascade`.
    by_id
        The cascade by id, which counts as order 0.
    orders
        How many random orders.
    seed
        Seed of the orders.
    """
    random = np.random.default_rng(seed)
    ids = np.argsort(np.array(instance.sites.firms, dtype=object), kind="stable")
    went = [by_id] + [
        cascade(
            instance,
            start,
            comers=comers,
            movers=movers,
            order=np.asarray(random.permutation(ids)),
            told=False,
        )
        for _ in range(orders)
    ]
    ends: dict[bytes, int] = {}
    rows, there = [], np.zeros(instance.n_firms)
    for number, one in enumerate(went):
        park = start if one.end is None else one.end.park
        end = ends.setdefault(park.tobytes(), len(ends))
        there += park >= 0
        rows.append((number, one.settled, one.rounds, int(((park >= 0) & comers).sum()), end))
    table = pd.DataFrame(rows, columns=["order", "settled", "rounds", "firms", "end"])
    return Orders(table, there / len(went))
