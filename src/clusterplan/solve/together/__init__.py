"""One plan for several futures, as one program."""

from clusterplan.solve.together.anywhere import bound_anywhere_together
from clusterplan.solve.together.asked import Aim, Asked, Willing
from clusterplan.solve.together.search import Together, least_awards, search_together
from clusterplan.solve.together.shared import Part, Shared, shared

__all__ = [
    "Aim",
    "Asked",
    "Part",
    "Shared",
    "Together",
    "Willing",
    "bound_anywhere_together",
    "least_awards",
    "search_together",
    "shared",
]
