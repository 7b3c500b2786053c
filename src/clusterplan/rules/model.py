"""`Model`: a problem together with the meaning of its variables and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clusterplan.errors import UsageError
from clusterplan.rules.problem import Problem
from clusterplan.rules.written import Written


@dataclass(frozen=True)
class Model(Written):
    """What was written, as a problem.

    Parameters
    ----------
    problem
        The `pulp.LpProblem`.
    variables
        PuLP variable of each column.
    """

    problem: Problem
    variables: tuple[Any, ...]

    def place(self, firm: str, park: str) -> Any:
        """Return the variable that is 1 if the firm is in the park.

        Raises
        ------
        UsageError
            If there is no such firm or park, or the firm may not be there.
        """
        sites = self.instance.sites
        f, s = _index(sites.firms, firm, "firm"), _index(sites.parks, park, "park")
        column = int(self.sited.y[f, s])
        if column < 0:
            raise UsageError(f"Firm {firm!r} may not be put in park {park!r}: there is no variable for it.")
        return self.variables[column]

    def opening(self, park: str) -> Any:
        """Return the variable that is 1 if the park is open."""
        return self.variables[int(self.sited.x[_index(self.instance.sites.parks, park, "park")])]


def _index(ids: tuple[str, ...], name: str, what: str) -> int:
    try:
        return ids.index(name)
    except ValueError:
        raise UsageError(f"There is no {what} {name!r} in this plan's region.") from None
