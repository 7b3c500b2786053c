"""Questions asked of plans."""

from clusterplan.explore.compare import compare
from clusterplan.explore.outside import flips

__all__ = ["compare", "flips"]
