"""What firms make and need at full load, read off the region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray


def outputs(firms: pd.DataFrame, products: pd.Index) -> FloatArray:
    """Return units a year at full load by firm (rows) and product (columns), co-products included."""
    made = np.zeros((len(firms), len(products)))
    main = firms["output_per_y"].fillna(0.0).to_numpy(dtype=float)
    at = products.get_indexer(pd.Index(firms["product"]))
    has = np.flatnonzero(at >= 0)
    made[has, at[has]] = main[has]
    for f, pairs in enumerate(firms["co_products"]):
        for product, units in pairs:
            made[f, products.get_loc(product)] += main[f] * units
    return made


def by_other_route(firms: pd.DataFrame) -> pd.DataFrame:
    """Return firms as they are by their second route; those without one unchanged."""
    changed = firms.copy()
    two = firms["other_route"].notna()
    for column in ("route", "product", "output_per_y"):
        other = firms["other_" + column]
        changed[column] = other.where(two & other.notna(), firms[column])
    return changed


def needs(firms: pd.DataFrame, recipes: pd.DataFrame, products: pd.Index) -> FloatArray:
    """Return units a year at full load by firm (rows) and input (columns).

    A firm works by the recipe of its own route; where its stage has none for its product, by the one
    that names no route.
    """
    makers = pd.DataFrame(
        {
            "firm": np.arange(len(firms)),
            "stage": firms["stage"].to_numpy(),
            "product": firms["product"].to_numpy(),
            "own_route": firms["route"].to_numpy(),
            "output": firms["output_per_y"].fillna(0.0).to_numpy(),
        }
    )
    makers = makers[makers["product"].notna()]
    rows = makers.merge(recipes, on=["stage", "product"])
    own = rows["route"].notna() & (rows["route"] == rows["own_route"])
    has_own = own.groupby(rows["firm"]).transform("any").astype(bool)
    used = rows[own | (~has_own & rows["route"].isna())]
    needed = np.zeros((len(firms), len(products)))
    at = (used["firm"].to_numpy(dtype=int), products.get_indexer(pd.Index(used["input"])))
    np.add.at(needed, at, (used["quantity"] * used["output"]).to_numpy(dtype=float))
    return needed
