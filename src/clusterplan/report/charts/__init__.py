"""Charts of plans and of the answers to questions, as `clusterplan.charts`.

Each takes axes to draw on (``ax``), makes its own where none are given, and returns them. Colours are told
apart by all kinds of colour sight, and what they say can be read in grey: by hatches, markers, numbers or
words.
"""

from clusterplan.report.charts.beside import before_after, side_by_side
from clusterplan.report.charts.budgets import budgets
from clusterplan.report.charts.cascade import cascade
from clusterplan.report.charts.cashflow import cash_flow
from clusterplan.report.charts.chain import chain
from clusterplan.report.charts.gallery import write_charts
from clusterplan.report.charts.layout_map import layout_map
from clusterplan.report.charts.progress import progress
from clusterplan.report.charts.roadmap import roadmap
from clusterplan.report.charts.robustness import robustness
from clusterplan.report.charts.supply import supply
from clusterplan.report.charts.tornado import tornado
from clusterplan.report.charts.tradeoff import tradeoff
from clusterplan.report.charts.willingness import willingness

__all__ = [
    "before_after",
    "budgets",
    "cascade",
    "cash_flow",
    "chain",
    "layout_map",
    "progress",
    "roadmap",
    "robustness",
    "side_by_side",
    "supply",
    "tornado",
    "tradeoff",
    "willingness",
    "write_charts",
]
