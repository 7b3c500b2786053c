"""Indicators of a plan: one number a row, with its unit and a definition.

Each module is one subject, and each number is computed from the tables of the plan and from its region,
never from the program that found it. A number that is not known is NaN.
"""

from clusterplan.plan.indicators.chain import stages_present
from clusterplan.plan.indicators.frame import indicators

__all__ = ["indicators", "stages_present"]
