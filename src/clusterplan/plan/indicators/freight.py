"""Freight between firms, and to and from gateways."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.plan.indicators.indicator import Indicator
from clusterplan.plan.indicators.parts import money_a_year
from clusterplan.plan.plan import Plan

KG_IN_A_TONNE = 1000.0


def freight(plan: Plan) -> Iterator[Indicator]:
    """Yield cost, tonne-kilometres and CO2 of freight."""
    supply = plan.supply
    tonnes = supply["quantity_per_y"] * supply["product"].map(plan.region.products["tonnes_per_unit"])
    tonne_km = float((tonnes.astype(float) * supply["distance_km"]).sum())
    kg_per_tkm = plan.region.manifest.freight.co2_kg_per_tkm
    yield Indicator(
        "freight_cost",
        float(supply["freight_m_y"].sum()),
        money_a_year(plan),
        "Freight of all supply, between firms and to and from the markets behind gateways.",
    )
    yield Indicator(
        "freight_tonne_km",
        tonne_km,
        "tkm/y",
        "Tonnes × road kilometres of all supply, to and from the markets behind gateways too.",
    )
    yield Indicator(
        "freight_co2",
        tonne_km * kg_per_tkm / KG_IN_A_TONNE,
        "t CO2/y",
        "CO2 of all freight: its tonne-kilometres × the manifest's CO2 of a tonne-kilometre.",
    )
