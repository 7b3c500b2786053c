"""A plan as a brief of two or three pages for Word: what it says, and how it is set."""

from clusterplan.report.brief.write import write_brief

__all__ = ["write_brief"]
