"""Firms: what they are, how many are asked for, and which stay apart."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.tables.common import (
    FROM_YEAR,
    LOCK,
    NAME,
    ROW_PROVENANCE,
    SIZES,
    SOURCE,
    STATUSES_OF_FIRMS,
)

FIRMS = Table(
    "firms",
    ("firms.csv",),
    ("firm",),
    (
        Column("firm", "id", "Id of the firm.", required=True),
        NAME,
        Column("stage", "id", "Stage of the chain it works at.", required=True, refers_to="stages"),
        Column(
            "status",
            "text",
            "Whether it is there, will come, or may.",
            required=True,
            choices=STATUSES_OF_FIRMS,
        ),
        Column("is_anchor", "flag", "True for a chain owner.", default=False),
        Column(
            "is_platform",
            "flag",
            "True for a public actor (laboratory, pilot line, testing centre, college).",
            default=False,
        ),
        Column("route", "id", "Technology route it works by.", refers_to="routes"),
        Column(
            "size", "text", "Size class of the enterprise, for incentives.", default="large", choices=SIZES
        ),
        Column("is_new_entrant", "flag", "True if it is not in the region yet.", default=True),
        Column("park", "id", "Park of an existing firm (only for these).", refers_to="parks"),
        Column("only_parks", "ids", "Parks it may be put in; empty: any.", refers_to="parks"),
        Column("not_parks", "ids", "Parks it may not be put in.", refers_to="parks"),
        LOCK,
        FROM_YEAR,
        Column(
            "variant_group", "id", "At most one firm of a group is placed: one enterprise at several sizes."
        ),
        Column("product", "id", "What it makes; empty: nothing that is traded.", refers_to="products"),
        Column("output_per_y", "number", "Full output of its product.", "units/y", at_least=0),
        Column(
            "co_products",
            "amounts",
            "Further products as `product:units per unit of its product`.",
            "units/unit",
            at_least=0,
            refers_to="products",
        ),
        Column(
            "other_route",
            "id",
            "Second route that it can serve: part of its utilisation, any part, may be spent on it.",
            refers_to="routes",
        ),
        Column(
            "other_product",
            "id",
            "What it makes by its second route; empty: its product.",
            refers_to="products",
        ),
        Column(
            "other_output_per_y",
            "number",
            "Full output by its second route; empty: as by its own.",
            "units/y",
            at_least=0,
        ),
        Column(
            "other_margin_m_y",
            "number",
            "Its margin_m_y at full output by its second route; empty: as by its own.",
            "m currency/y",
        ),
        Column(
            "min_load",
            "number",
            "Least utilisation at which it can run.",
            "share",
            default=0.0,
            at_least=0,
            at_most=1,
        ),
        Column("land_ha", "number", "Land it needs.", "ha", required=True, at_least=0),
        Column("power_mw", "number", "Power it needs.", "MW", default=0.0, at_least=0),
        Column(
            "energy_mwh_y",
            "number",
            "Power it buys a year; empty: power_mw × operating_hours_y of the manifest.",
            "MWh/y",
            at_least=0,
        ),
        Column("water_m3_d", "number", "Water it needs.", "m3/day", default=0.0, at_least=0),
        Column("workers", "number", "Workers it needs.", "persons", default=0.0, at_least=0),
        Column("investment_m", "number", "Its investment.", "m currency", required=True, at_least=0),
        Column(
            "margin_m_y",
            "number",
            "Result a year at full output with all bought and sold at `products.value`, after tax, "
            "before freight and before what depends on the place.",
            "m currency/y",
            default=0.0,
        ),
        Column(
            "outside_m_y",
            "number",
            "What it earns a year at its best place elsewhere; required of candidates.",
            "m currency/y",
        ),
        Column(
            "tax_m_y",
            "number",
            "Tax it pays here a year at full output (platforms pay none).",
            "m currency/y",
            default=0.0,
            at_least=0,
        ),
        Column(
            "public_cost_m_y",
            "number",
            "Yearly public cost of a platform, capital included.",
            "m currency/y",
            default=0.0,
            at_least=0,
        ),
        Column(
            "budget",
            "id",
            "Budget that a platform's yearly public cost is paid from (only for these); empty: none, there "
            "is no limit and the cost of funds is 1.",
            refers_to="budgets",
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "An enterprise or platform: stage, output, needs, investment and outside option.",
    required=True,
)

REQUIREMENTS = Table(
    "requirements",
    ("requirements.csv",),
    ("requirement",),
    (
        Column("requirement", "id", "Id of the requirement.", required=True),
        Column("stages", "ids", "Firms of these stages ...", refers_to="stages"),
        Column("firms", "ids", "... and these firms are counted.", refers_to="firms"),
        Column("parks", "ids", "Only in these parks; empty: anywhere.", refers_to="parks"),
        Column("at_least", "integer", "Least number placed.", "firms", at_least=0),
        Column("at_most", "integer", "Largest number placed.", "firms", at_least=0),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "How many of a stage or set must or may be placed.",
)

SEPARATIONS = Table(
    "separations",
    ("separations.csv",),
    ("stage", "from_stage"),
    (
        Column("stage", "id", "Stage that must keep away ...", required=True, refers_to="stages"),
        Column(
            "from_stage", "id", "... from this stage, or from `homes` (receptors.geojson).", required=True
        ),
        Column(
            "min_km",
            "number",
            "Least straight-line distance between edges of the parks; 0: only not in the same park.",
            "km",
            required=True,
            at_least=0,
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "Stages that may not share a park or must stay apart, from each other or from homes.",
)
