"""The tables of a region: every file, every column, with unit and meaning.

This is the single declaration of the file formats. The reader, the checks, the docs page
and the blank tables are all made from it.
"""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.instruments import BASES, CONTRACTS, KINDS

RESOURCES: tuple[str, ...] = ("land_ha", "power_mw", "water_m3_d", "workers")
"""Resources every region has: columns of parks (what is there) and of firms (what is needed).
A manifest may declare more under ``resources``; each is then a column of both tables."""

STATUSES_OF_PARKS = ("open", "candidate", "excluded")
STATUSES_OF_FIRMS = ("existing", "committed", "candidate", "excluded")
SIZES = ("large", "medium", "small")
HOMES = "homes"
"""Word in ``separations.csv`` for the homes and schools of ``receptors.geojson``."""

_NAME = Column("name", "text", "Name as people say it.", default="")
_PROVENANCE = Column(
    "provenance",
    "text",
    "Where the numbers of the row come from; single cells that differ stand in provenance.csv.",
    choices=("source", "derived", "assumed"),
    required=True,
)
_SOURCE = Column("source", "text", "Key of SOURCES.md, address or note behind the row.", default="")
_LOCK = Column(
    "lock",
    "text",
    "`in`: must be in every plan; `out`: must not; empty: free.",
    choices=("in", "out"),
)

PARKS = Table(
    "parks",
    ("parks.geojson", "parks.gpkg"),
    ("park",),
    (
        Column("park", "id", "Id of the park.", required=True),
        _NAME,
        Column("status", "text", "Whether the park is open.", required=True, choices=STATUSES_OF_PARKS),
        _LOCK,
        Column("land_ha", "number", "Land for firms.", "ha", required=True, at_least=0),
        Column("power_mw", "number", "Power that can be drawn; empty: no limit.", "MW", at_least=0),
        Column("water_m3_d", "number", "Water supply; empty: no limit.", "m3/day", at_least=0),
        Column("workers", "number", "Workers who can be hired; empty: no limit.", "persons", at_least=0),
        Column(
            "land_price_m_ha", "number", "Price of land, paid once.", "m currency/ha", default=0.0, at_least=0
        ),
        Column("power_price_per_mwh", "number", "Price of power.", "currency/MWh", default=0.0, at_least=0),
        Column("water_price_per_m3", "number", "Price of water.", "currency/m3", default=0.0, at_least=0),
        Column("wage_per_y", "number", "Cost of a worker.", "currency/person/y", default=0.0, at_least=0),
        Column(
            "fixed_cost_m_y",
            "number",
            "What any firm pays for being there beside land, energy, water and labour.",
            "m currency/y",
            default=0.0,
        ),
        Column(
            "plant_rent_m_ha_y",
            "number",
            "Rent of ready-built plants, for each hectare a firm needs; it goes to the public.",
            "m currency/ha/y",
            default=0.0,
            at_least=0,
        ),
        Column("area", "id", "Area the park is in (an assisted area), for conditions of instruments."),
        Column(
            "open_cost_m",
            "number",
            "Public cost of opening the park, once; sunk where the status is open.",
            "m currency",
            default=0.0,
            at_least=0,
        ),
        Column(
            "open_cost_m_y",
            "number",
            "Public cost of running the park while it is open.",
            "m currency/y",
            default=0.0,
            at_least=0,
        ),
        Column("admits", "ids", "Stages the park admits; empty: every stage.", refers_to="stages"),
        Column(
            "min_investment_m_ha",
            "number",
            "Least investment a hectare that the park asks of a firm.",
            "m currency/ha",
            default=0.0,
            at_least=0,
        ),
        Column(
            "min_output_m_ha_y",
            "number",
            "Least value of output a hectare that the park asks of a firm.",
            "m currency/ha/y",
            default=0.0,
            at_least=0,
        ),
        Column(
            "min_tax_m_ha_y",
            "number",
            "Least tax a hectare that the park asks of a firm.",
            "m currency/ha/y",
            default=0.0,
            at_least=0,
        ),
        Column(
            "max_energy_mwh_m",
            "number",
            "Most energy for a million of output value that the park lets a firm use; empty: any.",
            "MWh/m currency",
            at_least=0,
        ),
        Column(
            "aid_ceiling",
            "number",
            "Highest total aid as a share of investment here; empty: the manifest's.",
            "share",
            at_least=0,
        ),
        Column(
            "aid_ceiling_medium",
            "number",
            "The same for medium firms; empty: as aid_ceiling.",
            "share",
            at_least=0,
        ),
        Column(
            "aid_ceiling_small",
            "number",
            "The same for small firms; empty: as aid_ceiling.",
            "share",
            at_least=0,
        ),
        _PROVENANCE,
        _SOURCE,
    ),
    "A place firms can be put: polygon or point, with its capacities, costs, prices and what it admits.",
    required=True,
    geometry=("Polygon", "MultiPolygon", "Point"),
)

FIRMS = Table(
    "firms",
    ("firms.csv",),
    ("firm",),
    (
        Column("firm", "id", "Id of the firm.", required=True),
        _NAME,
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
        _LOCK,
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
        _PROVENANCE,
        _SOURCE,
    ),
    "An enterprise or platform: stage, output, needs, investment and outside option.",
    required=True,
)

PRODUCTS = Table(
    "products",
    ("products.csv",),
    ("product",),
    (
        Column("product", "id", "Id of the product.", required=True),
        _NAME,
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
        _PROVENANCE,
        _SOURCE,
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
        _PROVENANCE,
        _SOURCE,
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
        _PROVENANCE,
        _SOURCE,
    ),
    "A collaboration link between two firms, or a rule that links two stages.",
)

LOOPS = Table(
    "loops",
    ("loops.csv",),
    ("loop",),
    (
        Column("loop", "id", "Id of the innovation loop.", required=True),
        _NAME,
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
        _PROVENANCE,
        _SOURCE,
    ),
    "An innovation loop: worth money to a producer when each of its stages is within reach.",
)

GATEWAYS = Table(
    "gateways",
    ("gateways.geojson", "gateways.gpkg"),
    ("gateway",),
    (
        Column("gateway", "id", "Id of the gateway.", required=True),
        _NAME,
        Column(
            "extra_km",
            "number",
            "Way beyond the point to the market behind it.",
            "km",
            default=0.0,
            at_least=0,
        ),
        _PROVENANCE,
        _SOURCE,
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
        _PROVENANCE,
        _SOURCE,
    ),
    "What a gateway buys and sells, at which price, up to how much.",
)

INCENTIVES = Table(
    "incentives",
    ("incentives.csv",),
    ("instrument",),
    (
        Column("instrument", "id", "Id of the instrument.", required=True),
        _NAME,
        Column("kind", "text", "What people call such an instrument.", choices=tuple(KINDS)),
        Column("budget", "id", "Budget it is paid from.", required=True, refers_to="budgets"),
        Column(
            "basis",
            "text",
            "What `rate` is applied to; see the page on incentives.",
            required=True,
            choices=tuple(BASES),
        ),
        Column(
            "rate",
            "number",
            "Highest rate that can be awarded.",
            "share, or as `basis` says",
            required=True,
            at_least=0,
        ),
        Column(
            "max_m", "number", "Most for one firm, present value; empty: no cap.", "m currency", at_least=0
        ),
        Column("min_m", "number", "Least if any, present value.", "m currency", default=0.0, at_least=0),
        Column(
            "start_y",
            "integer",
            "Year of the first payment; 0: at once. Empty: 0 for what is paid once, 1 for the others.",
            "year",
            at_least=0,
        ),
        Column(
            "years",
            "integer",
            "Number of yearly payments. Empty: 1 for what is paid once, the years of the loan for interest, "
            "the manifest's life for the others.",
            "years",
            at_least=1,
        ),
        Column(
            "loan_share",
            "number",
            "Share of the investment that is lent (interest, loan).",
            "share",
            above=0,
            at_most=1,
        ),
        Column(
            "loan_years",
            "integer",
            "Years over which it is repaid in equal parts (interest, loan).",
            "years",
            at_least=1,
        ),
        Column(
            "loan_rate",
            "number",
            "Interest the firm pays on what is outstanding of a public loan.",
            "share/y",
            default=0.0,
            at_least=0,
            at_most=1,
        ),
        Column(
            "firm_rate",
            "number",
            "Rate at which the firm could borrow elsewhere: what a public loan is worth to it; empty: the "
            "manifest's discount_rate.",
            "share/y",
            at_least=0,
            at_most=1,
        ),
        Column(
            "order_units_per_y",
            "number",
            "Units that the public orders a year from all firms together (order).",
            "units/y",
            above=0,
        ),
        Column(
            "platform_stage",
            "id",
            "Stage of which a platform must be placed within reach (access).",
            refers_to="stages",
        ),
        Column("exclusive_group", "id", "A firm gets at most one instrument of a group."),
        Column("stack_group", "id", "What a firm gets of a group is limited by stack_limit_m."),
        Column(
            "stack_limit_m",
            "number",
            "Most a firm gets of its stack_group, present value (the same in each row of the group).",
            "m currency",
            at_least=0,
        ),
        Column("stages", "ids", "Only for these stages; empty: any.", refers_to="stages"),
        Column("routes", "ids", "Only for these routes; empty: any.", refers_to="routes"),
        Column("sizes", "ids", "Only for these sizes of firm; empty: any."),
        Column("parks", "ids", "Only in these parks; empty: any.", refers_to="parks"),
        Column("areas", "ids", "Only in parks of these areas; empty: any."),
        Column("firms", "ids", "Only for these firms; empty: any.", refers_to="firms"),
        Column("new_entrants_only", "flag", "Only for firms not in the region yet.", default=False),
        Column(
            "min_investment_m",
            "number",
            "Only from this investment up.",
            "m currency",
            default=0.0,
            at_least=0,
        ),
        Column(
            "min_workers",
            "number",
            "Only from this number of workers up.",
            "persons",
            default=0.0,
            at_least=0,
        ),
        Column(
            "min_investment_m_ha",
            "number",
            "Only from this investment a hectare up (firms that need no land pass).",
            "m currency/ha",
            default=0.0,
            at_least=0,
        ),
        Column(
            "min_tax_m_ha_y",
            "number",
            "Only from this tax a hectare at full output up (firms that need no land pass).",
            "m currency/ha/y",
            default=0.0,
            at_least=0,
        ),
        Column("is_retention", "flag", "True if existing and committed firms may get it too.", default=False),
        Column("counts_as_aid", "flag", "True if it counts toward the aid ceiling.", default=True),
        Column(
            "public_cost", "number", "What one unit costs the public.", "per unit", default=1.0, at_least=0
        ),
        Column("worth", "number", "What one unit is worth to the firm.", "per unit", default=1.0, at_least=0),
        Column(
            "contract",
            "text",
            "What the payment hangs on: jobs, output or wages as promised; empty: nothing.",
            choices=CONTRACTS,
        ),
        Column(
            "clawback",
            "number",
            "Share of what was paid that is taken back at a full shortfall, in proportion at a smaller one.",
            "share",
            default=1.0,
            at_least=0,
            at_most=1,
        ),
        Column(
            "contract_met_at",
            "number",
            "Share of what was promised from which on the contract counts as met.",
            "share",
            default=1.0,
            above=0,
            at_most=1,
        ),
        Column("legal_basis", "text", "Law or notice it rests on.", required=True),
        Column("valid_from", "year", "First year it can be awarded; empty: no limit."),
        Column("valid_until", "year", "Last year it can be awarded; empty: no limit."),
        _PROVENANCE,
        _SOURCE,
    ),
    "An instrument: one kind of incentive, from one budget, under its conditions.",
)

GROUPS = Table(
    "groups",
    ("groups.csv",),
    ("group", "park", "resource"),
    (
        Column("group", "id", "Id of the group.", required=True),
        Column("park", "id", "Park that belongs to it.", required=True, refers_to="parks"),
        Column("resource", "id", "Resource the parks share.", required=True, refers_to="resources"),
        Column(
            "capacity",
            "number",
            "What they have together (the same in each row of the group).",
            "as resource",
            required=True,
            at_least=0,
        ),
        _PROVENANCE,
        _SOURCE,
    ),
    "Parks that share a capacity: a labour pool, a substation, an emission quota.",
)

_FROM_BUDGET = Column(
    "budget",
    "id",
    "Budget it is paid from: the one-off part in year 0, the yearly part in each year after it; empty: none, "
    "there is no limit and the cost of funds is 1.",
    refers_to="budgets",
)
_OWN = "; empty: the park's own."

LEVELS = Table(
    "levels",
    ("levels.csv",),
    ("park", "level"),
    (
        Column(
            "park",
            "id",
            "Park that can be larger than its row in parks says.",
            required=True,
            refers_to="parks",
        ),
        Column("level", "id", "Id of the level, once in each park.", required=True),
        _NAME,
        Column(
            "open_cost_m",
            "number",
            "Public cost of this size, once, on top of what opening the park costs.",
            "m currency",
            default=0.0,
            at_least=0,
        ),
        Column(
            "open_cost_m_y",
            "number",
            "Public cost of running this size, on top of the park's own.",
            "m currency/y",
            default=0.0,
            at_least=0,
        ),
        Column("land_ha", "number", f"Land for firms at this size{_OWN}", "ha", at_least=0),
        Column("power_mw", "number", f"Power that can be drawn at this size{_OWN}", "MW", at_least=0),
        Column("water_m3_d", "number", f"Water supply at this size{_OWN}", "m3/day", at_least=0),
        Column("workers", "number", f"Workers who can be hired at this size{_OWN}", "persons", at_least=0),
        _FROM_BUDGET,
        _PROVENANCE,
        _SOURCE,
    ),
    "A larger size that an open park may get, at a public cost: at most one a park, else it is as its row in "
    "parks says.",
)

WORKS = Table(
    "works",
    ("works.csv",),
    ("work",),
    (
        Column("work", "id", "Id of the work.", required=True),
        _NAME,
        Column("park", "id", "Park it improves; empty for a road, or for groups alone.", refers_to="parks"),
        Column(
            "adds",
            "amounts",
            "Capacity it adds, as `resource:amount` for its park, or `group:amount` for a group of parks "
            "that share one resource.",
            "as resource",
            at_least=0,
        ),
        Column(
            "fixed_cost_change_m_y",
            "number",
            "What it changes for any firm in its park that pays for being there; less than 0 where it saves.",
            "m currency/y",
            default=0.0,
        ),
        Column(
            "power_price_change_per_mwh",
            "number",
            "Change of the price of power in its park; less than 0 where it falls.",
            "currency/MWh",
            default=0.0,
        ),
        Column(
            "water_price_change_per_m3",
            "number",
            "Change of the price of water in its park; less than 0 where it falls.",
            "currency/m3",
            default=0.0,
        ),
        Column("from", "id", "Park at one end of a way it shortens, in both directions.", refers_to="parks"),
        Column("to", "id", "Park or gateway at the other end."),
        Column(
            "km",
            "number",
            "Length of that way by the work, the way beyond a gateway left out.",
            "km",
            at_least=0,
        ),
        Column("cost_m", "number", "Its public cost, once.", "m currency", default=0.0, at_least=0),
        Column("cost_m_y", "number", "Its public cost a year.", "m currency/y", default=0.0, at_least=0),
        _FROM_BUDGET,
        _PROVENANCE,
        _SOURCE,
    ),
    "A public work that may be built: it raises a park's capacity, changes what firms pay there, or shortens "
    "a way.",
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
        _PROVENANCE,
        _SOURCE,
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
        _PROVENANCE,
        _SOURCE,
    ),
    "Stages that may not share a park or must stay apart, from each other or from homes.",
)

RECEPTORS = Table(
    "receptors",
    ("receptors.geojson", "receptors.gpkg"),
    ("receptor",),
    (Column("receptor", "id", "Id of the place.", required=True), _NAME, _PROVENANCE, _SOURCE),
    "Homes, schools and hospitals that hazardous stages must keep away from.",
    geometry=("Polygon", "MultiPolygon", "Point", "MultiPoint"),
)

BOUNDARY = Table(
    "boundary",
    ("boundary.geojson", "boundary.gpkg"),
    ("boundary",),
    (Column("boundary", "id", "Id of the area.", required=True), _NAME, _PROVENANCE, _SOURCE),
    "Area of the region, for checks and maps; parks must lie in it.",
    geometry=("Polygon", "MultiPolygon"),
)

POOLS = Table(
    "pools",
    ("pools.csv",),
    ("pool",),
    (
        Column("pool", "id", "Id of the labour pool.", required=True),
        _NAME,
        Column("lon", "number", "Longitude, WGS 84.", "degrees", required=True, at_least=-180, at_most=180),
        Column("lat", "number", "Latitude, WGS 84.", "degrees", required=True, at_least=-90, at_most=90),
        Column(
            "workers",
            "number",
            "Workers who live there and can be had, those of existing firms included.",
            "persons",
            required=True,
            at_least=0,
        ),
        Column("reach_km", "number", "Farthest way to work of any of them.", "km", required=True, at_least=0),
        _PROVENANCE,
        _SOURCE,
    ),
    "A labour pool: a town or quarter whose workers commute to the parks within reach. Where there are "
    "pools, all workers of firms come from them.",
)

NODES = Table(
    "nodes",
    ("roads_nodes.csv",),
    ("node",),
    (
        Column("node", "id", "Id of the road node.", required=True),
        Column("lon", "number", "Longitude, WGS 84.", "degrees", required=True, at_least=-180, at_most=180),
        Column("lat", "number", "Latitude, WGS 84.", "degrees", required=True, at_least=-90, at_most=90),
    ),
    "A node of the road network.",
)

EDGES = Table(
    "edges",
    ("roads_edges.csv",),
    ("from_node", "to_node"),
    (
        Column("from_node", "id", "Node it starts at.", required=True, refers_to="nodes"),
        Column("to_node", "id", "Node it ends at.", required=True, refers_to="nodes"),
        Column("km", "number", "Its length.", "km", required=True, at_least=0),
        Column("speed_kmh", "number", "Speed; empty: the manifest's.", "km/h", above=0),
        Column(
            "oneway", "flag", "True if it can be driven only from `from_node` to `to_node`.", default=False
        ),
    ),
    "A road between two nodes.",
)

ROADS = Table(
    "roads",
    ("roads.gpkg", "roads.geojson"),
    ("road",),
    (
        Column("road", "id", "Id of the road.", required=True),
        Column("km", "number", "Its length; empty: measured from the line.", "km", at_least=0),
        Column("speed_kmh", "number", "Speed; empty: the manifest's.", "km/h", above=0),
        Column("oneway", "flag", "True if it can be driven only along the line's direction.", default=False),
    ),
    "A road network as a layer of lines, instead of nodes and edges.",
    geometry=("LineString", "MultiLineString"),
)

DISTANCES = Table(
    "distances",
    ("distances.csv",),
    ("origin", "destination"),
    (
        Column("origin", "id", "Park the way starts at.", required=True),
        Column("destination", "id", "Park or gateway it ends at.", required=True),
        Column("km", "number", "Length of the way.", "km", at_least=0),
        Column("hours", "number", "Time it takes.", "h", at_least=0),
    ),
    "A ready matrix of distances between parks, and between parks and gateways. One direction is enough.",
)

DETOURS = Table(
    "detours",
    ("detours.csv",),
    ("origin", "destination"),
    (
        Column("origin", "id", "One end: a park.", required=True),
        Column("destination", "id", "Other end: a park or gateway.", required=True),
        Column("reason", "text", "Why the way is so much longer than the straight line.", required=True),
    ),
    "Long ways that were looked at and are right; they are not warned of any more.",
)

PROVENANCE = Table(
    "provenance",
    ("provenance.csv",),
    ("file", "id", "column"),
    (
        Column("file", "text", "File the cell is in; region.yaml for the manifest.", required=True),
        Column(
            "id",
            "text",
            "Id of the row (a key of several columns joined by `/`); `*`: every row.",
            required=True,
        ),
        Column("column", "text", "Column, or dotted key of the manifest.", required=True),
        Column(
            "kind",
            "text",
            "Where the number comes from.",
            required=True,
            choices=("source", "derived", "assumed"),
        ),
        _SOURCE,
    ),
    "Where a single number comes from, where it differs from its row; for the manifest, every number.",
)

TABLES: tuple[Table, ...] = (
    PARKS,
    FIRMS,
    PRODUCTS,
    RECIPES,
    LINKS,
    LOOPS,
    GATEWAYS,
    MARKETS,
    INCENTIVES,
    GROUPS,
    LEVELS,
    WORKS,
    REQUIREMENTS,
    SEPARATIONS,
    RECEPTORS,
    BOUNDARY,
    POOLS,
    NODES,
    EDGES,
    ROADS,
    DISTANCES,
    DETOURS,
    PROVENANCE,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
