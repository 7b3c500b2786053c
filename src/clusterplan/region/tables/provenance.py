"""Where single numbers come from."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.tables.common import SOURCE

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
        SOURCE,
    ),
    "Where a single number comes from, where it differs from its row; for the manifest, every number.",
)
