"""What a planner sees in the terminal: faults, regions, plans.

Results go to stdout, everything else to stderr. Colours only on a terminal; NO_COLOR is respected.
"""

from clusterplan.report.terminal.breaches import show_breaches
from clusterplan.report.terminal.console import err, out
from clusterplan.report.terminal.differences import show_differences
from clusterplan.report.terminal.faults import say_warnings, show_faults
from clusterplan.report.terminal.flips import show_flips
from clusterplan.report.terminal.health import show_health
from clusterplan.report.terminal.plan import show_plan
from clusterplan.report.terminal.progress import progress_line
from clusterplan.report.terminal.regions import regions_json, show_begun, show_region, show_regions

__all__ = [
    "err",
    "out",
    "progress_line",
    "regions_json",
    "say_warnings",
    "show_begun",
    "show_breaches",
    "show_differences",
    "show_faults",
    "show_flips",
    "show_health",
    "show_plan",
    "show_region",
    "show_regions",
]
