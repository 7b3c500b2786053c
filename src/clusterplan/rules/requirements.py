"""Requirements: at least or at most so many firms of a stage or set.

    at_least ≤ Σ_{f in set} Σ_{s in parks} y[f,s] ≤ at_most

One row a bound; a bound that is not given has none.
"""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited


def add(program: Program, instance: Instance, sited: Sited) -> None:
    """Add the rows of requirements."""
    for requirement in instance.sites.requirements:
        counted = requirement.firms[sited.firm] & requirement.parks[sited.park]
        columns = sited.y[sited.firm[counted], sited.park[counted]]
        entries: list[tuple[Ints, Ints, float]] = [(np.zeros(len(columns), dtype=np.int64), columns, 1.0)]
        name = requirement.name
        if requirement.at_least > 0:
            program.rows(
                "requirement",
                1,
                entries,
                ">=",
                requirement.at_least,
                lambda _, name=name: f"{name}: at least",  # type: ignore[misc]
            )
        if np.isfinite(requirement.at_most):
            program.rows(
                "requirement",
                1,
                entries,
                "<=",
                requirement.at_most,
                lambda _, name=name: f"{name}: at most",  # type: ignore[misc]
            )
