"""Maps, charts, the page, and what is written from it for Word and Markdown."""

from clusterplan.report.brief import write_brief
from clusterplan.report.charts.layout_map import layout_map
from clusterplan.report.page import page, write_page
from clusterplan.report.summary import summary, write_summary

__all__ = ["layout_map", "page", "summary", "write_brief", "write_page", "write_summary"]
