"""What a place costs a firm a year, read off the region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray
from clusterplan.region import Manifest

MILLION = 1e-6
"""Currency to millions of currency."""


@dataclass(frozen=True)
class Costs:
    """Yearly costs of every firm (rows) in every park (columns), m currency/y.

    Parameters
    ----------
    land_price
        Price of the firm's land, m currency, paid once.
    land
        The same a year.
    energy, labour
        Energy and wage bill.
    rent
        Rent of the plant.
    total
        All that depends on the place: land, energy, water, labour, rent, and what any firm pays there.
    """

    land_price: FloatArray
    land: FloatArray
    energy: FloatArray
    labour: FloatArray
    rent: FloatArray
    total: FloatArray


def costs(manifest: Manifest, firms: pd.DataFrame, parks: pd.DataFrame) -> Costs:
    """Return what each park would cost each firm."""

    def outer(need: str, price: str) -> FloatArray:
        return np.outer(firms[need].to_numpy(dtype=np.float64), parks[price].to_numpy(dtype=np.float64))

    land_price = outer("land_ha", "land_price_m_ha")
    land = manifest.capital_recovery * land_price
    energy = MILLION * outer("energy_mwh_y", "power_price_per_mwh")
    water = MILLION * manifest.water_days_y * outer("water_m3_d", "water_price_per_m3")
    labour = MILLION * outer("workers", "wage_per_y")
    rent = outer("land_ha", "plant_rent_m_ha_y")
    total = land + energy + water + labour + rent + parks["fixed_cost_m_y"].to_numpy(dtype=float)
    return Costs(land_price, land, energy, labour, rent, total)
