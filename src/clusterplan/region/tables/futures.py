"""Futures that are not known: scenarios."""

from __future__ import annotations

from clusterplan.region.columns import Column, Table
from clusterplan.region.tables.common import NAME, ROW_PROVENANCE, SOURCE

SCENARIOS = Table(
    "scenarios",
    ("scenarios.yaml",),
    ("scenario",),
    (
        Column("scenario", "id", "Id of the scenario: a key of the file.", required=True),
        NAME,
        Column(
            "probability",
            "number",
            "How likely it is, in any unit: all are scaled to sum to 1.",
            default=1.0,
            above=0,
        ),
        Column(
            "changes",
            "lines",
            "What is other than in the region, a line each, as `clusterplan.change` takes them "
            "(`market.*.buys_at *= 0.8`, `firm.cells = gone`); empty: nothing.",
        ),
        Column(
            "fulfilment",
            "amounts",
            "By instrument: the share of an award that is paid in this future, 0 to 1; of others, what the "
            "changes leave of what the instrument gives, which is all where they leave it alone.",
            at_least=0,
            at_most=1,
            refers_to="incentives",
        ),
        ROW_PROVENANCE,
        SOURCE,
    ),
    "Futures to plan for, with what changes in them. No plan rests on them unless it is asked to.",
    counted=False,
)
