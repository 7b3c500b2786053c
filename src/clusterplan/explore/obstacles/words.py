"""Causes and changes in the planner's words: names, units, sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from clusterplan.region import Region

_RESOURCES = {
    "land_ha": ("ha", "ha of land"),
    "power_mw": ("MW", "MW of power"),
    "water_m3_d": ("m3/day", "m3/day of water"),
    "workers": ("persons", "workers"),
}


@dataclass(frozen=True, eq=False)
class Words:
    """How the things of a region are called.

    Parameters
    ----------
    region
        The region.
    """

    region: Region

    @cached_property
    def _named(self) -> dict[str, dict[str, str]]:
        tables = ("firms", "parks", "products", "gateways", "incentives")
        return {table: _names(self.region.table(table)) for table in tables}

    def firm(self, firm: str) -> str:
        """Return what a firm is called."""
        return self._named["firms"].get(firm) or firm

    def park(self, park: str) -> str:
        """Return what a park is called."""
        return self._named["parks"].get(park) or park

    def product(self, product: str) -> str:
        """Return what a product is called."""
        return self._named["products"].get(product) or product

    def gateway(self, gateway: str) -> str:
        """Return what a gateway is called."""
        return self._named["gateways"].get(gateway) or gateway

    def instrument(self, instrument: str) -> str:
        """Return what an instrument is called."""
        return self._named["incentives"].get(instrument) or instrument

    def stage(self, stage: str) -> str:
        """Return what a stage is called."""
        return self.region.manifest.stages.get(stage) or stage

    def budget(self, budget: str) -> str:
        """Return what a budget is called."""
        given = self.region.manifest.budgets.get(budget)
        return (given.title if given is not None else "") or budget

    def unit(self, resource: str) -> str:
        """Return the unit of a resource."""
        return _RESOURCES.get(resource, (self.region.manifest.resources.get(resource, ""), ""))[0]

    def of_resource(self, resource: str) -> str:
        """Return unit and name of a resource, as they follow an amount."""
        if resource in _RESOURCES:
            return _RESOURCES[resource][1]
        return f"{self.unit(resource)} of {resource}".strip()

    @property
    def money(self) -> str:
        """Unit of money paid once."""
        return f"m {self.region.manifest.currency}"


def _names(table: pd.DataFrame) -> dict[str, str]:
    return {str(key): str(name) for key, name in table["name"].items()} if "name" in table else {}


def told(number: float) -> str:
    """Return a number as people read it, to four digits and never as a power of ten.

    Examples
    --------
    >>> told(12345.6), told(0.3), told(3.0)
    ('12,350', '0.3', '3')
    """
    digits = float(f"{number:.4g}")
    return f"{digits:,.10f}".rstrip("0").rstrip(".")
