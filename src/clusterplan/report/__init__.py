"""Maps, charts and the page."""

from clusterplan.report.layout_map import layout_map
from clusterplan.report.page import page, write_page

__all__ = ["layout_map", "page", "write_page"]
