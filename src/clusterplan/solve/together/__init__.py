"""One plan for several futures, as one program."""

from clusterplan.solve.together.anywhere import bound_anywhere_together
from clusterplan.solve.together.asked import Aim, Asked, Willing
from clusterplan.solve.together.bunched import bunched, tightened
from clusterplan.solve.together.divide import Divided
from clusterplan.solve.together.finish import finished
from clusterplan.solve.together.search import Together, search_together
from clusterplan.solve.together.shared import Part, Shared, shared

__all__ = [
    "Aim",
    "Asked",
    "Divided",
    "Part",
    "Shared",
    "Together",
    "Willing",
    "bound_anywhere_together",
    "bunched",
    "finished",
    "search_together",
    "shared",
    "tightened",
]
