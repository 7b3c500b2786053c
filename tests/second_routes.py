"""Small random regions in which firms serve two routes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from small_regions import small_tables

from clusterplan.region import Region


def second_route_tables(seed: int) -> dict[str, Any]:
    """Return the tables of a small region whose assembly, and one maker of parts, serve two routes."""
    tables = small_tables(seed)
    rng = np.random.default_rng(4000 + seed)
    tables["manifest"]["routes"] = {"new": "New", "old": "Old"}
    recipes = [
        ("assembly", "new", "car", "part", 1.0),
        ("assembly", "new", "car", "ore", 0.2),
        ("assembly", "old", "car", "ore", float(rng.choice([0.5, 2.0]))),
        ("parts", "new", "part", "ore", 0.8),
        ("parts", "old", "part", "ore", 0.3),
        ("parts", "old", "part", "car", 0.05),
    ]
    columns = ["stage", "route", "product", "input", "quantity"]
    tables["recipes"] = pd.DataFrame(recipes, columns=columns).assign(provenance="assumed")
    # the market takes few parts, and few cars are for sale
    tables["markets"].loc[0, ["sells_at", "sells_up_to_per_y"]] = [20_300.0, float(rng.choice([5.0, 40.0]))]
    tables["markets"].loc[1, ["sells_at", "sells_up_to_per_y"]] = [5_300.0, float(rng.choice([100.0, 500.0]))]
    firms = tables["firms"]
    firms["route"] = ["new" if stage in {"assembly", "parts"} else None for stage in firms["stage"]]
    two = firms["firm"].isin(["f0", "f1"])
    firms["other_route"] = np.where(two, "old", None)
    firms["other_margin_m_y"] = firms["margin_m_y"] + np.where(
        two, rng.uniform(-0.4, 0.6, len(firms)).round(2), np.nan
    )
    makes_ore = (firms["firm"] == "f1") & bool(rng.random() < 0.5)
    firms["other_product"] = np.where(makes_ore, "ore", None)
    firms["other_output_per_y"] = np.where(makes_ore, 700.0, np.nan)
    return tables


def region_of_two_routes(seed: int) -> Region:
    """Return the region of `second_route_tables`."""
    return Region.from_frames(**second_route_tables(seed))
