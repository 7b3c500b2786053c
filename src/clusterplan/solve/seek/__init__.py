"""Layout search on arrays alone: `search`."""

from clusterplan.solve.seek.layout import Layout, Limit
from clusterplan.solve.seek.searching import SearchResult, search

__all__ = ["Layout", "Limit", "SearchResult", "search"]
