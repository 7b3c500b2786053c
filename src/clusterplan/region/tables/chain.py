"""The chain: products, recipes, collaboration links and innovation loops."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.tables.common import NAME, ROW_PROVENANCE, SOURCE

PRODUCTS = Table(
    "products",
    ("products.csv",),
    ("product",),
    (
        Column("product", "id", "Id of the product.", required=True),
        NAME,
        Column("unit", "text", "Unit it is counted in.", required=True),
        Column("value", "number", "Price at which it is valued.", "currency/unit", required=True, at_least=0),
        Column("tonnes_per_unit", "number", "Weight.", "t/unit", default=0.0, at_least=0),
        Column(
            "freight_per_tkm",
            "number",
            "Freight rate; empty: the manifest's.",
            "currency/t/km",
            at_least=0,
        ),
        Column(
            "collaboration_share",
            "number",
            "Share of its traded value that close collaboration is worth at proximity 1.",
            "share",
            default=0.0,
            at_least=0,
            at_most=1,
        ),
        Column(
            "max_supply_km", "number", "Farthest it is supplied between firms; empty: any.", "km", at_least=0
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "What is traded, its price, weight and worth of working closely.",
)

RECIPES = Table(
    "recipes",
    ("recipes.csv",),
    ("stage", "route", "product", "input"),
    (
        Column("stage", "id", "Stage the recipe is of.", required=True, refers_to="stages"),
        Column(
            "route",
            "id",
            "Route; empty: for firms of the stage with no recipe of their own route.",
            refers_to="routes",
        ),
        Column("product", "id", "What is made.", required=True, refers_to="products"),
        Column("input", "id", "What goes in.", required=True, refers_to="products"),
        Column(
            "quantity",
            "number",
            "Units of input for one unit of product.",
            "units/unit",
            required=True,
            above=0,
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "Inputs per unit of output, by stage and route.",
)

LINKS = Table(
    "links",
    ("links.csv",),
    ("link",),
    (
        Column("link", "id", "Id of the link (or of the rule that makes links).", required=True),
        Column("kind", "id", "Kind of collaboration; picks its proximity.", required=True),
        Column("firm_a", "id", "One firm.", refers_to="firms"),
        Column("firm_b", "id", "The other firm.", refers_to="firms"),
        Column("stage_a", "id", "Every firm of this stage (instead of firm_a) ...", refers_to="stages"),
        Column("stage_b", "id", "... with every firm of this stage (instead of firm_b).", refers_to="stages"),
        Column(
            "value_m_y",
            "number",
            "Worth a year at proximity 1; for a rule, of each pair. May be negative (rivals).",
            "m currency/y",
            required=True,
        ),
        Column(
            "share_a",
            "number",
            "Share of the value to a; empty: the manifest's.",
            "share",
            at_least=0,
            at_most=1,
        ),
        Column(
            "share_b",
            "number",
            "Share of the value to b; empty: the manifest's.",
            "share",
            at_least=0,
            at_most=1,
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "A collaboration link between two firms, or a rule that links two stages.",
)

LOOPS = Table(
    "loops",
    ("loops.csv",),
    ("loop",),
    (
        Column("loop", "id", "Id of the innovation loop.", required=True),
        NAME,
        Column("stage", "id", "Stage of its producers.", required=True, refers_to="stages"),
        Column("route", "id", "Only firms of this route; empty: of every route.", refers_to="routes"),
        Column(
            "needs",
            "ids",
            "Stages of which each must have a firm or platform (another than the producer) within reach of "
            "the producer's park: laboratories, pilot lines, testing centres, colleges.",
            required=True,
            refers_to="stages",
        ),
        Column(
            "reach",
            "number",
            "Farthest these may be from the producer, in `distance.unit` of the manifest; empty: the reach "
            "of `proximity.links`.",
            "km or h",
            at_least=0,
        ),
        Column(
            "value_m_y",
            "number",
            "Worth a year to each producer whose loop is closed.",
            "m currency/y",
            required=True,
            at_least=0,
        ),
        Column(
            "share",
            "number",
            "Share of the value that the producer keeps; the rest is nobody's own.",
            "share",
            default=1.0,
            at_least=0,
            at_most=1,
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "An innovation loop: worth money to a producer when each of its stages is within reach.",
)
