"""How large the program of an instance is, before it is written."""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Instance


def columns_of(instance: Instance) -> int:
    """Return the number of columns that the program of an instance has, within a few percent.

    Counted are places and utilisation, links and supply between parks, loops, and trade through gateways.

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
    return int(total + (may.sum(axis=1) * through).sum())
