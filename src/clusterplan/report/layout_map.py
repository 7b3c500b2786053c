"""The layout map and what it shares with other views of a plan: colours and markers of stages."""

from clusterplan.report.charts.layout_map import layout_map
from clusterplan.report.charts.style import COLOURS, MARKERS

__all__ = ["COLOURS", "MARKERS", "layout_map"]
