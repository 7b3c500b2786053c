"""Search, improve, prove: the solver bridge, the search, the status."""

from clusterplan.solve.again import Again
from clusterplan.solve.begin import plan_of
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.find import Limits, find
from clusterplan.solve.found import Found
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import completed
from clusterplan.solve.kept import Kept
from clusterplan.solve.least import Least, least_budgets, least_paid
from clusterplan.solve.listen import left_running
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.progress import Progress
from clusterplan.solve.ray import infeasible_part
from clusterplan.solve.sizes import columns_of
from clusterplan.solve.trade import settled_in, traded
from clusterplan.solve.violations import violations

__all__ = [
    "Again",
    "Found",
    "Kept",
    "Least",
    "Limits",
    "Matrix",
    "Progress",
    "columns_of",
    "completed",
    "find",
    "infeasible_part",
    "least_budgets",
    "least_paid",
    "left_running",
    "matrix_of",
    "plan_of",
    "settled_in",
    "solve_highs",
    "traded",
    "violations",
]
