"""clusterplan: plan industrial clusters around a chain owner, and check the plan.

>>> import clusterplan as cp
>>> plan = cp.solve(cp.load_region("tiny"))
>>> plan.status
'optimal'

Names are loaded when they are first used, so that ``import clusterplan`` and the command's ``--help``
are instant.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clusterplan import synthetic
    from clusterplan.errors import (
        ClusterplanError,
        Fault,
        InputError,
        InternalError,
        NoPlanError,
        SolverError,
        TimeLimitError,
        UsageError,
    )
    from clusterplan.explore import (
        Additionality,
        Alternatives,
        Attraction,
        Baseline,
        Contracts,
        Diagnosis,
        Explanation,
        Fiscal,
        LoopsFound,
        Margins,
        Phases,
        Picks,
        Priorities,
        Robust,
        RoutesFound,
        Running,
        Runs,
        Scenario,
        Scenarios,
        Shapley,
        Sharing,
        Stability,
        StabilityCost,
        Sweep,
        Task,
        Tornado,
        Tradeoff,
        Willingness,
        additionality,
        alternatives,
        attraction,
        baseline,
        commitments,
        compare,
        contracts,
        diagnose,
        explain,
        fiscal,
        flips,
        loops,
        margins,
        outages,
        payments,
        phases,
        picks,
        priorities,
        ranges,
        robust,
        routes,
        scenarios,
        shapley,
        sharing,
        stability,
        stability_cost,
        sweep,
        tornado,
        tradeoff,
        whatif,
        willingness,
    )
    from clusterplan.plan import Plan, build, read_plan, solve, verify, verify_phases
    from clusterplan.region import (
        Manifest,
        Region,
        bundled_regions,
        change,
        load_region,
        read_region,
        write_region,
    )
    from clusterplan.report import charts
    from clusterplan.rules import Condition
    from clusterplan.solve.seek import search

__all__ = [
    "Additionality",
    "Alternatives",
    "Attraction",
    "Baseline",
    "ClusterplanError",
    "Condition",
    "Contracts",
    "Diagnosis",
    "Explanation",
    "Fault",
    "Fiscal",
    "InputError",
    "InternalError",
    "LoopsFound",
    "Manifest",
    "Margins",
    "NoPlanError",
    "Phases",
    "Picks",
    "Plan",
    "Priorities",
    "Region",
    "Robust",
    "RoutesFound",
    "Running",
    "Runs",
    "Scenario",
    "Scenarios",
    "Shapley",
    "Sharing",
    "SolverError",
    "Stability",
    "StabilityCost",
    "Sweep",
    "Task",
    "TimeLimitError",
    "Tornado",
    "Tradeoff",
    "UsageError",
    "Willingness",
    "additionality",
    "alternatives",
    "attraction",
    "baseline",
    "build",
    "bundled_regions",
    "change",
    "charts",
    "commitments",
    "compare",
    "contracts",
    "diagnose",
    "explain",
    "fiscal",
    "flips",
    "load_region",
    "loops",
    "margins",
    "outages",
    "payments",
    "phases",
    "picks",
    "priorities",
    "ranges",
    "read_plan",
    "read_region",
    "robust",
    "routes",
    "scenarios",
    "search",
    "shapley",
    "sharing",
    "solve",
    "stability",
    "stability_cost",
    "sweep",
    "synthetic",
    "tornado",
    "tradeoff",
    "verify",
    "verify_phases",
    "whatif",
    "willingness",
    "write_region",
]

_ROOMS = {
    "clusterplan.errors": (
        "ClusterplanError",
        "Fault",
        "InputError",
        "InternalError",
        "NoPlanError",
        "SolverError",
        "TimeLimitError",
        "UsageError",
    ),
    "clusterplan.region": (
        "Manifest",
        "Region",
        "bundled_regions",
        "change",
        "load_region",
        "read_region",
        "write_region",
    ),
    "clusterplan.explore": (
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
        "Picks",
        "Priorities",
        "Phases",
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
        "Willingness",
        "additionality",
        "alternatives",
        "attraction",
        "baseline",
        "commitments",
        "compare",
        "contracts",
        "diagnose",
        "explain",
        "fiscal",
        "flips",
        "loops",
        "margins",
        "outages",
        "payments",
        "picks",
        "priorities",
        "ranges",
        "phases",
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
    ),
    "clusterplan.rules": ("Condition",),
    "clusterplan.solve.seek": ("search",),
    "clusterplan.plan": (
        "Plan",
        "build",
        "read_plan",
        "solve",
        "verify",
        "verify_phases",
    ),
}
_MODULES = {"charts": "clusterplan.report.charts", "synthetic": "clusterplan.synthetic"}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name == "__version__":
        return import_module("importlib.metadata").version("clusterplan")
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'clusterplan' has no attribute {name!r}")
    value = getattr(import_module(_ROOM_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Package(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        if not (name == "solve" and isinstance(value, ModuleType)):  # the room is not the function
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
