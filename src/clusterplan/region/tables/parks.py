"""Parks: as they are, in sizes, and what they share."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.tables.common import (
    FROM_BUDGET,
    FROM_YEAR,
    LOCK,
    NAME,
    OWN,
    ROW_PROVENANCE,
    SOURCE,
    STATUSES_OF_PARKS,
)

PARKS = Table(
    "parks",
    ("parks.geojson", "parks.gpkg"),
    ("park",),
    (
        Column("park", "id", "Id of the park.", required=True),
        NAME,
        Column("status", "text", "Whether the park is open.", required=True, choices=STATUSES_OF_PARKS),
        LOCK,
        FROM_YEAR,
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
        ROW_PROVENANCE,
        SOURCE,
    ),
    "A place firms can be put: polygon or point, with its capacities, costs, prices and what it admits.",
    required=True,
    geometry=("Polygon", "MultiPolygon", "Point"),
)

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
        NAME,
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
        Column("land_ha", "number", f"Land for firms at this size{OWN}", "ha", at_least=0),
        Column("power_mw", "number", f"Power that can be drawn at this size{OWN}", "MW", at_least=0),
        Column("water_m3_d", "number", f"Water supply at this size{OWN}", "m3/day", at_least=0),
        Column("workers", "number", f"Workers who can be hired at this size{OWN}", "persons", at_least=0),
        FROM_BUDGET,
        ROW_PROVENANCE,
        SOURCE,
    ),
    "A larger size that an open park may get, at a public cost: at most one a park, else it is as its row in "
    "parks says.",
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
        ROW_PROVENANCE,
        SOURCE,
    ),
    "Parks that share a capacity: a labour pool, a substation, an emission quota.",
)

POOLS = Table(
    "pools",
    ("pools.csv",),
    ("pool",),
    (
        Column("pool", "id", "Id of the labour pool.", required=True),
        NAME,
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
        ROW_PROVENANCE,
        SOURCE,
    ),
    "A labour pool: a town or quarter whose workers commute to the parks within reach. Where there are "
    "pools, all workers of firms come from them.",
)

WORKS = Table(
    "works",
    ("works.csv",),
    ("work",),
    (
        Column("work", "id", "Id of the work.", required=True),
        NAME,
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
        FROM_BUDGET,
        ROW_PROVENANCE,
        SOURCE,
    ),
    "A public work that may be built: it raises a park's capacity, changes what firms pay there, or shortens "
    "a way.",
)

WAYS = Table(
    "ways",
    ("ways.csv",),
    ("work", "from", "to"),
    (
        Column("work", "id", "Work that shortens the way too.", required=True, refers_to="works"),
        Column("from", "id", "Park at one end, in both directions.", required=True, refers_to="parks"),
        Column("to", "id", "Park or gateway at the other end.", required=True),
        Column(
            "km",
            "number",
            "Length of that way by the work, the way beyond a gateway left out.",
            "km",
            required=True,
            at_least=0,
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "Further ways that public works shorten, beside those in works.csv: a bridge, a terminal or a road link "
    "may bring several places nearer to each other.",
)
