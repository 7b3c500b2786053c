"""Questions asked of plans."""

from clusterplan.explore.compare import compare

__all__ = ["compare"]
