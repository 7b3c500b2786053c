"""Questions asked of plans."""

from clusterplan.explore.additionality import Additionality, additionality
from clusterplan.explore.attraction import Attraction, attraction
from clusterplan.explore.baseline import Baseline, baseline
from clusterplan.explore.compare import compare
from clusterplan.explore.loops import LoopsFound, loops
from clusterplan.explore.outside import flips
from clusterplan.explore.shapley import Shapley, shapley
from clusterplan.explore.sharing import Sharing, sharing
from clusterplan.explore.stability import Stability, StabilityCost, stability, stability_cost
from clusterplan.explore.sweeps import Running, Sweep, Task, sweep
from clusterplan.explore.whatif import WhatIf, whatif
from clusterplan.explore.willingness import Willingness, willingness

__all__ = [
    "Additionality",
    "Attraction",
    "Baseline",
    "LoopsFound",
    "Running",
    "Shapley",
    "Sharing",
    "Stability",
    "StabilityCost",
    "Sweep",
    "Task",
    "WhatIf",
    "Willingness",
    "additionality",
    "attraction",
    "baseline",
    "compare",
    "flips",
    "loops",
    "shapley",
    "sharing",
    "stability",
    "stability_cost",
    "sweep",
    "whatif",
    "willingness",
]
