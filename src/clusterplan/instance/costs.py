"""What a place costs each firm, m currency a year (F×S arrays)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance.frozen import Floats
from clusterplan.region import Region

MILLION = 1e-6


@dataclass(frozen=True)
class Costs:
    """Yearly costs of each firm at each park, m currency/y, F×S each.

    Parameters
    ----------
    land
        Land price × land × capital recovery factor.
    energy, water, labour
        Use × price at the park.
    rent
        Land × rent of ready-built plants.
    fixed
        What any firm pays for being there.
    """

    land: Floats
    energy: Floats
    water: Floats
    labour: Floats
    rent: Floats
    fixed: Floats

    @property
    def total(self) -> Floats:
        """All of them."""
        return self.land + self.energy + self.water + self.labour + self.fixed + self.rent


def costs(region: Region) -> Costs:
    """Return what each place would cost each firm, whether it may be there or not."""
    firms, parks, manifest = region.firms, region.parks, region.manifest

    def product(use: str, price: str, factor: float) -> Floats:
        return np.outer(firms[use].to_numpy(float), parks[price].to_numpy(float)) * factor

    fixed = np.tile(parks["fixed_cost_m_y"].to_numpy(float), (len(firms), 1))
    return Costs(
        land=product("land_ha", "land_price_m_ha", manifest.capital_recovery),
        energy=product("energy_mwh_y", "power_price_per_mwh", MILLION),
        water=product("water_m3_d", "water_price_per_m3", manifest.water_days_y * MILLION),
        labour=product("workers", "wage_per_y", MILLION),
        rent=product("land_ha", "plant_rent_m_ha_y", 1.0),
        fixed=fixed,
    )
