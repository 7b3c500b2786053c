"""Questions asked of plans."""

from clusterplan.explore.chain.loops import LoopsFound, loops
from clusterplan.explore.chain.routes import RoutesFound, routes
from clusterplan.explore.choices.alternatives import Alternatives, alternatives, distance
from clusterplan.explore.choices.compare import compare
from clusterplan.explore.choices.explain import Explanation, explain
from clusterplan.explore.choices.margins import Margins, margins
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.choices.picks import Picks, picks
from clusterplan.explore.choices.priorities import Priorities, priorities
from clusterplan.explore.choices.ranges import ranges
from clusterplan.explore.choices.tornado import Tornado, tornado
from clusterplan.explore.choices.tradeoff import Tradeoff, tradeoff
from clusterplan.explore.choices.whatif import WhatIf, whatif
from clusterplan.explore.futures.commitments import commitments
from clusterplan.explore.futures.future import Scenario, futures_of
from clusterplan.explore.futures.generators import cycle, losses
from clusterplan.explore.futures.outages import outages
from clusterplan.explore.futures.phases import Phases, phases
from clusterplan.explore.futures.planned import Robust
from clusterplan.explore.futures.robust import robust
from clusterplan.explore.futures.scenarios import Scenarios, cvar, scenarios
from clusterplan.explore.market.attraction import Attraction, attraction
from clusterplan.explore.market.baseline import Baseline, baseline
from clusterplan.explore.market.stability import Stability, StabilityCost, stability, stability_cost
from clusterplan.explore.money.additionality import Additionality, additionality
from clusterplan.explore.money.contracts import Contracts, contracts
from clusterplan.explore.money.fiscal import Fiscal, fiscal
from clusterplan.explore.money.outside import flips
from clusterplan.explore.money.payments import payments
from clusterplan.explore.money.shapley import Shapley, shapley
from clusterplan.explore.money.sharing import Sharing, sharing
from clusterplan.explore.money.willingness import Willingness, willingness
from clusterplan.explore.obstacles.diagnose import diagnose
from clusterplan.explore.obstacles.diagnosis import Diagnosis
from clusterplan.explore.sweeps import Running, Sweep, Task, sweep

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
    "Margins",
    "Phases",
    "Picks",
    "Priorities",
    "Robust",
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
    "Tornado",
    "Tradeoff",
    "WhatIf",
    "Willingness",
    "additionality",
    "alternatives",
    "attraction",
    "baseline",
    "commitments",
    "compare",
    "contracts",
    "cvar",
    "cycle",
    "diagnose",
    "distance",
    "explain",
    "fiscal",
    "flips",
    "futures_of",
    "loops",
    "losses",
    "margins",
    "outages",
    "payments",
    "phases",
    "picks",
    "priorities",
    "ranges",
    "robust",
    "routes",
    "scenarios",
    "shapley",
    "sharing",
    "stability",
    "stability_cost",
    "sweep",
    "tornado",
    "tradeoff",
    "whatif",
    "willingness",
]
