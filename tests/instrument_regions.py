"""Small random regions whose instruments have every basis, condition and limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from small_regions import small_tables

from clusterplan.region import Region


def instrument_tables(seed: int) -> dict[str, Any]:
    """Return the manifest and frames of a region, the same for the same seed."""
    tables = small_tables(seed)
    rng = np.random.default_rng(10_000 + seed)
    tables.pop("requirements", None)
    parks, firms = tables["parks"], tables["firms"]
    firms["lock"] = None
    parks["plant_rent_m_ha_y"] = rng.uniform(0.0, 0.08, len(parks)).round(3)
    parks["area"] = [None, *rng.choice(["assisted", "other"], len(parks) - 1)]
    firms.loc[firms["status"] == "candidate", "outside_m_y"] += np.where(
        firms["is_platform"][firms["status"] == "candidate"], np.nan, float(rng.uniform(0.2, 0.8))
    )
    if not firms["is_platform"].any():  # a laboratory, so that access has somebody to give it
        last = firms.index[-1]
        firms.loc[last, ["stage", "is_platform", "is_anchor"]] = ["lab", True, False]
        firms.loc[last, ["product", "variant_group", "co_products", "route", "outside_m_y"]] = None
        firms.loc[last, ["output_per_y", "min_load"]] = [np.nan, 0.0]
        firms.loc[last, ["public_cost_m_y", "margin_m_y", "tax_m_y"]] = [0.2, 0.0, 0.0]
    rows: list[dict[str, Any]] = [
        {"instrument": "rent", "budget": "county", "basis": "rent", "rate": 1.0, "years": 3,
         "kind": "rent_free"},
        {"instrument": "interest", "budget": "city", "basis": "interest", "rate": 0.04, "loan_share": 0.6,
         "loan_years": int(rng.integers(2, 6)), "years": rng.choice([np.nan, 2.0]),
         "stack_group": "finance", "stack_limit_m": 1.5},
        {"instrument": "loan", "budget": str(rng.choice(["city", "county", "state"])), "basis": "loan",
         "rate": float(rng.choice([0.3, 1.0])), "loan_share": 0.3, "loan_years": int(rng.integers(1, 6)),
         "loan_rate": 0.01, "firm_rate": rng.choice([np.nan, 0.09]), "start_y": rng.choice([np.nan, 1.0]),
         "stack_group": "finance", "stack_limit_m": 1.5, "exclusive_group": "capital"},
        {"instrument": "order", "budget": "state", "basis": "order", "rate": 400.0, "years": 3,
         "order_units_per_y": float(rng.choice([300.0, 900.0])), "counts_as_aid": False},
        {"instrument": "access", "budget": "state", "basis": "access", "rate": 0.15,
         "platform_stage": "lab", "counts_as_aid": False},
        {"instrument": "holiday", "budget": "county", "basis": "tax", "rate": 0.7, "years": 4},
        {"instrument": "credit", "budget": "state", "basis": "output", "rate": 300.0, "years": 5,
         "min_tax_m_ha_y": 0.02},
        {"instrument": "wages", "budget": "city", "basis": "wages", "rate": 0.3, "areas": "assisted"},
        {"instrument": "grant", "budget": "city", "basis": "investment", "rate": 0.1, "min_m": 0.4,
         "exclusive_group": "capital", "min_investment_m_ha": 2.0},
    ]  # fmt: skip
    kept = [row for row in rows if rng.random() < 0.75 and row.get("areas", "assisted") in set(parks["area"])]
    kept = kept or rows[:1]
    stages = set(firms.loc[firms["is_platform"], "stage"])
    kept = [row for row in kept if row.get("platform_stage", "lab") in stages]
    tables["incentives"] = pd.DataFrame(kept).assign(legal_basis="assumed", provenance="assumed")
    own = dict(tables["manifest"]["budgets"])
    own["city"] = {**own["city"], "amount_m": float(np.round(rng.uniform(2.0, 8.0), 1))}
    own["state"] = {**own["state"], "discount_rate": 0.02}
    own["county"] = {**own["county"], "by_year_m": [1.2, 0.4, 0.3]}
    ceilings = {"large": float(rng.choice([0.09, 0.3])), "medium": 0.4}
    tables["manifest"] = {**tables["manifest"], "budgets": own, "aid_ceiling": ceilings}
    if seed % 2:  # as much as can be given, so that every limit is met
        tables["manifest"]["weights"] = {"grants_worth": 1.3}
    return tables


def instrument_region(seed: int) -> Region:
    """Return the region of `instrument_tables`."""
    return Region.from_frames(**instrument_tables(seed))
