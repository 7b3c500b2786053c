"""How large the program of an instance is, before it is written."""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Floats, Instance


def columns_of(instance: Instance) -> int:
    """Return the number of columns that the program of an instance has, within a few percent.

    Counted are places and utilisation, links and supply between parks, loops, trade through gateways, what
    takes ways that works shorten, and, of stable plans, what can be in the way of moves.

    Parameters
    ----------
    instance
        What is planned.
    """
    may = instance.sites.admissible.astype(float)
    links, trade = instance.links, instance.trade
    tables = (links.kernels != 0).astype(float)
    total = 2 * float(may.sum()) + float(may[instance.loops.producer].sum())
    for k, table in enumerate(tables):
        of = links.kind == k
        total += float(((may[links.a[of]] @ table) * may[links.b[of]]).sum())
    near = (trade.km[None] <= trade.max_km[:, None, None]).astype(float)
    for p in np.unique(trade.product):
        of = trade.product == p
        total += float(((may[trade.seller[of]] @ near[p]) * may[trade.buyer[of]]).sum())
    through = (trade.most_output > 0) @ np.isfinite(trade.buys_gain).sum(axis=0)
    through = through + (trade.most_need > 0) @ np.isfinite(trade.sells_gain).sum(axis=0)
    total += float((may.sum(axis=1) * through).sum())
    return int(total + _by_ways(instance, may) + _of_moves(instance))


def _by_ways(instance: Instance, may: Floats) -> float:
    """Return the number of columns by ways that works shorten: links twice, for the way as it was too."""
    works, links, trade = instance.works, instance.links, instance.trade
    start, end = works.ways.start, works.ways.end
    total = 2.0 * float((may[links.a][:, start] * may[links.b][:, end]).sum())
    near = works.ways.km <= trade.max_km[trade.product][:, None]
    total += float((may[trade.seller][:, start] * may[trade.buyer][:, end] * near).sum())
    for amount, gain in ((trade.most_output, trade.buys_gain), (trade.most_need, trade.sells_gain)):
        products = (amount > 0).astype(float) @ np.isfinite(gain).T  # F×G
        total += float((may[:, works.gates.start] * products[:, works.gates.end]).sum())
    return total


def _of_moves(instance: Instance) -> float:
    """Return the number of columns of stability: limits of the parks that firms may move to, about."""
    stable, sites = instance.stable, instance.sites
    if stable is None:
        return 0.0
    moves = (stable.admissible & stable.moves[:, None]).astype(float)
    limited = np.isfinite(sites.capacity).astype(float)
    total = float(np.einsum("fs,rs,rf->", moves, limited, (sites.needs > 0).astype(float)))
    asks = (sites.needs > 0).astype(float)[sites.group_resource]
    return total + float(np.einsum("fs,gs,gf->", moves, sites.group_parks.astype(float), asks))
