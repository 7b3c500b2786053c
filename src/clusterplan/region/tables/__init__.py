"""The tables of a region: every file, every column, with unit and meaning.

This is the single declaration of the file formats. The reader, the checks, the docs page
and the blank tables are all made from it.
"""

from __future__ import annotations

from clusterplan.region.columns import Table
from clusterplan.region.tables.chain import LINKS, LOOPS, PRODUCTS, RECIPES
from clusterplan.region.tables.common import HOMES, RESOURCES, SIZES
from clusterplan.region.tables.firms import FIRMS, REQUIREMENTS, SEPARATIONS
from clusterplan.region.tables.futures import SCENARIOS
from clusterplan.region.tables.incentives import INCENTIVES
from clusterplan.region.tables.land import BOUNDARY, RECEPTORS
from clusterplan.region.tables.markets import GATEWAYS, MARKETS
from clusterplan.region.tables.parks import GROUPS, LEVELS, PARKS, POOLS, WAYS, WORKS
from clusterplan.region.tables.provenance import PROVENANCE
from clusterplan.region.tables.roads import DETOURS, DISTANCES, EDGES, NODES, ROADS

__all__ = [
    "BOUNDARY",
    "BY_NAME",
    "DETOURS",
    "DISTANCES",
    "EDGES",
    "FIRMS",
    "GATEWAYS",
    "GROUPS",
    "HOMES",
    "INCENTIVES",
    "LEVELS",
    "LINKS",
    "LOOPS",
    "MARKETS",
    "NODES",
    "PARKS",
    "POOLS",
    "PRODUCTS",
    "PROVENANCE",
    "RECEPTORS",
    "RECIPES",
    "REQUIREMENTS",
    "RESOURCES",
    "ROADS",
    "SCENARIOS",
    "SEPARATIONS",
    "SIZES",
    "TABLES",
    "WAYS",
    "WORKS",
]

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
    WAYS,
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
    SCENARIOS,
    PROVENANCE,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
