"""The tables of a plan, from decisions."""

from clusterplan.plan.tables.loops import loops_table
from clusterplan.plan.tables.places import WGS84
from clusterplan.plan.tables.tables import tables

__all__ = ["WGS84", "loops_table", "tables"]
