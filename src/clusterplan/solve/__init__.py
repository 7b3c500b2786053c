"""Search, improve, prove: the solver bridge, the search, the status."""

from clusterplan.solve.again import Again
from clusterplan.solve.begin import plan_of
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.find import find
from clusterplan.solve.found import Found
from clusterplan.solve.found_together import FoundTogether
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import completed
from clusterplan.solve.kept import Kept
from clusterplan.solve.least import Least, least_budgets, least_paid
from clusterplan.solve.listen import left_running
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.progress import Progress
from clusterplan.solve.ray import infeasible_part
from clusterplan.solve.side_by_side import SideBySide, side_by_side
from clusterplan.solve.sizes import columns_of
from clusterplan.solve.tie import Further, Tie, no_less, same_as
from clusterplan.solve.trade import settled_in, traded
from clusterplan.solve.violations import violations
from clusterplan.solve.within import Limits

__all__ = [
    "Again",
    "Found",
    "FoundTogether",
    "Further",
    "Kept",
    "Least",
    "Limits",
    "Matrix",
    "Progress",
    "SideBySide",
    "Tie",
    "columns_of",
    "completed",
    "find",
    "infeasible_part",
    "least_budgets",
    "least_paid",
    "left_running",
    "matrix_of",
    "no_less",
    "plan_of",
    "same_as",
    "settled_in",
    "side_by_side",
    "solve_highs",
    "traded",
    "violations",
]
