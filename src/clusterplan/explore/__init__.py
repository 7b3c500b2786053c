"""Questions asked of plans."""

from clusterplan.explore.baseline import Baseline, baseline
from clusterplan.explore.compare import compare
from clusterplan.explore.outside import flips

__all__ = ["Baseline", "baseline", "compare", "flips"]
