"""Sweeps: many solves as one, on any executor, kept by content, resumed after a stop."""

from clusterplan.explore.sweeps.result import Result
from clusterplan.explore.sweeps.running import Running
from clusterplan.explore.sweeps.sweep import sweep
from clusterplan.explore.sweeps.swept import Sweep
from clusterplan.explore.sweeps.task import Task
from clusterplan.explore.sweeps.variants import budgets, seeds

__all__ = ["Result", "Running", "Sweep", "Task", "budgets", "seeds", "sweep"]
