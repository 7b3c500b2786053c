"""Who follows an anchor: in the plan with it, and in the market."""

from __future__ import annotations

import pandas as pd

from clusterplan.instance import Bools
from clusterplan.plan import Plan
from clusterplan.region import Region


def followers_of(
    region: Region, plans: dict[str, Plan], in_market: pd.Series, arrivals: pd.DataFrame, anchors: Bools
) -> pd.DataFrame:
    """Return who is there with the anchors alone, or without them alone, in plan or market."""
    firms = region.firms
    there = {name: plan.firms["park"] for name, plan in plans.items()}
    none = pd.Series([None] * len(firms), index=firms.index, dtype=object)
    landed, without = (there.get(name, none) for name in ("landed", "without"))
    both = len(plans) == 2
    came = arrivals[arrivals["what"] == "comes"].drop_duplicates("firm", keep="last").set_index("firm")
    rows = []
    for f, firm in enumerate(firms.index):
        here, gone = pd.notna(landed[firm]), pd.notna(without[firm])
        differs = both and here != gone
        if anchors[f] or not (differs or in_market[firm]):
            continue
        paid = plans["landed" if here else "without"].grants if here or gone else None
        rows.append(
            {
                "firm": firm,
                "name": firms["name"][firm],
                "in_plan": ("landed" if here else "without") if differs else None,
                "in_market": {1: "landed", -1: "without"}.get(int(in_market[firm])),
                "park": landed[firm] if here else without[firm],
                "round": came["round"].get(firm),
                "brought_by": came["brought_by"].get(firm, ()),
                "grants_pv_m": 0.0
                if paid is None
                else float(paid.loc[paid["firm"] == firm, "amount_pv_m"].sum()),
            }
        )
    columns = ["firm", "name", "in_plan", "in_market", "park", "round", "brought_by", "grants_pv_m"]
    kept = {column: pd.Series([row[column] for row in rows], dtype=object) for column in columns}
    frame = pd.DataFrame(kept).set_index("firm").astype({"round": float, "grants_pv_m": float})
    return frame.sort_values("round", kind="stable")
