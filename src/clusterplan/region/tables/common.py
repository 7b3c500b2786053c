"""What several tables share: the words they allow, and the columns most of them have."""

from __future__ import annotations

from clusterplan.region.columns import Column

RESOURCES: tuple[str, ...] = ("land_ha", "power_mw", "water_m3_d", "workers")
"""Resources every region has: columns of parks (what is there) and of firms (what is needed).
A manifest may declare more under ``resources``; each is then a column of both tables."""
STATUSES_OF_PARKS = ("open", "candidate", "excluded")
STATUSES_OF_FIRMS = ("existing", "committed", "candidate", "excluded")
SIZES = ("large", "medium", "small")
HOMES = "homes"
"""Word in ``separations.csv`` for the homes and schools of ``receptors.geojson``."""
NAME = Column("name", "text", "Name as people say it.", default="")
ROW_PROVENANCE = Column(
    "provenance",
    "text",
    "Where the numbers of the row come from; single cells that differ stand in provenance.csv.",
    choices=("source", "derived", "assumed"),
    required=True,
)
SOURCE = Column("source", "text", "Key of SOURCES.md, address or note behind the row.", default="")
LOCK = Column(
    "lock",
    "text",
    "`in`: must be in every plan; `out`: must not; empty: free.",
    choices=("in", "out"),
)
FROM_BUDGET = Column(
    "budget",
    "id",
    "Budget it is paid from: the one-off part in year 0, the yearly part in each year after it; empty: none, "
    "there is no limit and the cost of funds is 1.",
    refers_to="budgets",
)
FROM_YEAR = Column(
    "from_year",
    "integer",
    "Year from which it may be in a plan; empty: from the start. Read where the manifest has phases: it is "
    "there from the first phase that begins in that year or later.",
    "year",
    at_least=1950,
    at_most=2200,
)
OWN = "; empty: the park's own."
