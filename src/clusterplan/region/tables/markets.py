"""Places outside the region, and what they buy and sell."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.tables.common import NAME, ROW_PROVENANCE, SOURCE

GATEWAYS = Table(
    "gateways",
    ("gateways.geojson", "gateways.gpkg"),
    ("gateway",),
    (
        Column("gateway", "id", "Id of the gateway.", required=True),
        NAME,
        Column(
            "extra_km",
            "number",
            "Way beyond the point to the market behind it.",
            "km",
            default=0.0,
            at_least=0,
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "A place outside the region where products are bought and sold.",
    geometry=("Point",),
)

MARKETS = Table(
    "markets",
    ("markets.csv",),
    ("gateway", "product"),
    (
        Column("gateway", "id", "Gateway.", required=True, refers_to="gateways"),
        Column("product", "id", "Product.", required=True, refers_to="products"),
        Column(
            "buys_at", "number", "Price at which it buys; empty: does not buy.", "currency/unit", at_least=0
        ),
        Column("buys_up_to_per_y", "number", "Most it buys; empty: any amount.", "units/y", at_least=0),
        Column(
            "sells_at",
            "number",
            "Price at which it sells; empty: does not sell.",
            "currency/unit",
            at_least=0,
        ),
        Column("sells_up_to_per_y", "number", "Most it sells; empty: any amount.", "units/y", at_least=0),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "What a gateway buys and sells, at which price, up to how much.",
)
