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
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the public names, each once: where a name is loaded from is read from these lines
    from clusterplan import synthetic as synthetic
    from clusterplan.errors import ClusterplanError as ClusterplanError
    from clusterplan.errors import Fault as Fault
    from clusterplan.errors import InputError as InputError
    from clusterplan.errors import InternalError as InternalError
    from clusterplan.errors import NoPlanError as NoPlanError
    from clusterplan.errors import SolverError as SolverError
    from clusterplan.errors import TimeLimitError as TimeLimitError
    from clusterplan.errors import UsageError as UsageError
    from clusterplan.explore import Additionality as Additionality
    from clusterplan.explore import Alternatives as Alternatives
    from clusterplan.explore import Attraction as Attraction
    from clusterplan.explore import Baseline as Baseline
    from clusterplan.explore import Contracts as Contracts
    from clusterplan.explore import Diagnosis as Diagnosis
    from clusterplan.explore import Explanation as Explanation
    from clusterplan.explore import Fiscal as Fiscal
    from clusterplan.explore import LoopsFound as LoopsFound
    from clusterplan.explore import Margins as Margins
    from clusterplan.explore import Phases as Phases
    from clusterplan.explore import Picks as Picks
    from clusterplan.explore import Priorities as Priorities
    from clusterplan.explore import Robust as Robust
    from clusterplan.explore import RoutesFound as RoutesFound
    from clusterplan.explore import Running as Running
    from clusterplan.explore import Runs as Runs
    from clusterplan.explore import Scenario as Scenario
    from clusterplan.explore import Scenarios as Scenarios
    from clusterplan.explore import Shapley as Shapley
    from clusterplan.explore import Sharing as Sharing
    from clusterplan.explore import Stability as Stability
    from clusterplan.explore import StabilityCost as StabilityCost
    from clusterplan.explore import Sweep as Sweep
    from clusterplan.explore import Task as Task
    from clusterplan.explore import Tornado as Tornado
    from clusterplan.explore import Tradeoff as Tradeoff
    from clusterplan.explore import Willingness as Willingness
    from clusterplan.explore import additionality as additionality
    from clusterplan.explore import alternatives as alternatives
    from clusterplan.explore import attraction as attraction
    from clusterplan.explore import baseline as baseline
    from clusterplan.explore import commitments as commitments
    from clusterplan.explore import compare as compare
    from clusterplan.explore import contracts as contracts
    from clusterplan.explore import diagnose as diagnose
    from clusterplan.explore import explain as explain
    from clusterplan.explore import fiscal as fiscal
    from clusterplan.explore import flips as flips
    from clusterplan.explore import loops as loops
    from clusterplan.explore import margins as margins
    from clusterplan.explore import outages as outages
    from clusterplan.explore import payments as payments
    from clusterplan.explore import phases as phases
    from clusterplan.explore import picks as picks
    from clusterplan.explore import priorities as priorities
    from clusterplan.explore import ranges as ranges
    from clusterplan.explore import robust as robust
    from clusterplan.explore import routes as routes
    from clusterplan.explore import scenarios as scenarios
    from clusterplan.explore import shapley as shapley
    from clusterplan.explore import sharing as sharing
    from clusterplan.explore import stability as stability
    from clusterplan.explore import stability_cost as stability_cost
    from clusterplan.explore import sweep as sweep
    from clusterplan.explore import tornado as tornado
    from clusterplan.explore import tradeoff as tradeoff
    from clusterplan.explore import whatif as whatif
    from clusterplan.explore import willingness as willingness
    from clusterplan.plan import Plan as Plan
    from clusterplan.plan import build as build
    from clusterplan.plan import read_plan as read_plan
    from clusterplan.plan import solve as solve
    from clusterplan.plan import verify as verify
    from clusterplan.plan import verify_phases as verify_phases
    from clusterplan.region import Manifest as Manifest
    from clusterplan.region import Region as Region
    from clusterplan.region import bundled_regions as bundled_regions
    from clusterplan.region import change as change
    from clusterplan.region import load_region as load_region
    from clusterplan.region import read_region as read_region
    from clusterplan.region import write_region as write_region
    from clusterplan.report import charts as charts
    from clusterplan.rules import Condition as Condition
    from clusterplan.solve.seek import search as search


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("clusterplan")
    if name == "__all__":
        return sorted(_rooms())
    if name not in _rooms():
        raise AttributeError(f"module 'clusterplan' has no attribute {name!r}")
    room = import_module(_rooms()[name])
    value = vars(room)[name] if name in vars(room) else import_module(f"{room.__name__}.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*sorted(_rooms()), "__version__"]


@cache
def _rooms() -> dict[str, str]:
    """Return the module of each public name, as the imports above have it."""
    ast, pkgutil = import_module("ast"), import_module("pkgutil")  # not needed to import the package alone
    text = ast.parse(pkgutil.get_data(__name__, "__init__.py"))
    block = next(part for part in text.body if isinstance(part, ast.If))
    return {name.asname: line.module for line in block.body for name in line.names}


class _Package(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        if not (name == "solve" and isinstance(value, ModuleType)):  # the room is not the function
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
