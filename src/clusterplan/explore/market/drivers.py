"""Who brings whom to the market, and in how many orders of turns each candidate comes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.explore.market.cascade import Cascade
from clusterplan.explore.market.orders import Orders
from clusterplan.instance import Instance
from clusterplan.plan import Plan
from clusterplan.region import Region


def drivers_of(region: Region, instance: Instance, went: Cascade) -> pd.DataFrame:
    """Return who brought how many, among the firms that are there at the end."""
    assert went.end is not None
    ids, names = instance.sites.firms, region.firms["name"]
    brought: dict[int, set[int]] = {}
    last = {step.firm: step for step in went.steps if step.what == "comes"}
    for firm, step in last.items():
        if went.end.park[firm] >= 0:
            for partner in step.brought_by:
                brought.setdefault(partner, set()).add(firm)
    rows = []
    for firm, own in brought.items():
        batch: set[int] = set()
        front = set(own)
        while front:
            batch |= front
            front = set().union(*(brought.get(f, set()) for f in front)) - batch
        rows.append((ids[firm], names.iloc[firm], len(own), len(batch), tuple(sorted(ids[f] for f in batch))))
    frame = pd.DataFrame(rows, columns=["firm", "name", "brings", "batch", "firms"]).set_index("firm")
    return frame.sort_values(["batch", "brings"], ascending=False, kind="stable")


def candidates_of(region: Region, market: Plan, tried: Orders) -> pd.DataFrame:
    """Return each candidate, whether the market has it, and the share of orders in which it comes."""
    firms = market.firms
    share = tried.share
    words = np.select(
        [share >= 1.0, share >= 0.5, share > 0.0], ["always", "mostly", "seldom"], default="never"
    )
    frame = pd.DataFrame(
        {
            "name": firms["name"],
            "park": firms["park"],
            "surplus_m_y": firms["surplus_m_y"],
            "share": share,
            "comes": words,
        },
        index=firms.index,
    )
    may = (region.firms["status"] == "candidate") & ~region.firms["is_platform"]
    return frame[may.to_numpy(bool)]
