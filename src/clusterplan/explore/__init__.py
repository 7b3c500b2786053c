"""Questions asked of plans."""

from clusterplan.explore.additionality import Additionality, additionality
from clusterplan.explore.alternatives import Alternatives, alternatives, distance
from clusterplan.explore.attraction import Attraction, attraction
from clusterplan.explore.baseline import Baseline, baseline
from clusterplan.explore.compare import compare
from clusterplan.explore.contracts import Contracts, contracts
from clusterplan.explore.diagnose import diagnose
from clusterplan.explore.explain import Explanation, explain
from clusterplan.explore.fiscal import Fiscal, fiscal
from clusterplan.explore.futures import cycle, losses
from clusterplan.explore.loops import LoopsFound, loops
from clusterplan.explore.obstacles.diagnosis import Diagnosis
from clusterplan.explore.options import Runs
from clusterplan.explore.outages import outages
from clusterplan.explore.outside import flips
from clusterplan.explore.payments import payments
from clusterplan.explore.routes import RoutesFound, routes
from clusterplan.explore.scenarios import Scenario, Scenarios, cvar, scenarios
from clusterplan.explore.shapley import Shapley, shapley
from clusterplan.explore.sharing import Sharing, sharing
from clusterplan.explore.stability import Stability, StabilityCost, stability, stability_cost
from clusterplan.explore.sweeps import Running, Sweep, Task, sweep
from clusterplan.explore.tradeoff import Tradeoff, tradeoff
from clusterplan.explore.whatif import WhatIf, whatif
from clusterplan.explore.willingness import Willingness, willingness

__all__ = [
    "Additionality",
    "Alternatives",
    "Attraction",
    "Baseline",
    "Contracts",
    "Diagnosis",
    "Explanation",
    "Fiscal",
    "LoopsFound",
    "RoutesFound",
    "Running",
    "Runs",
    "Scenario",
    "Scenarios",
    "Shapley",
    "Sharing",
    "Stability",
    "StabilityCost",
    "Sweep",
    "Task",
    "Tradeoff",
    "WhatIf",
    "Willingness",
    "additionality",
    "alternatives",
    "attraction",
    "baseline",
    "compare",
    "contracts",
    "cvar",
    "cycle",
    "diagnose",
    "distance",
    "explain",
    "fiscal",
    "flips",
    "loops",
    "losses",
    "outages",
    "payments",
    "routes",
    "scenarios",
    "shapley",
    "sharing",
    "stability",
    "stability_cost",
    "sweep",
    "tradeoff",
    "whatif",
    "willingness",
]
