"""Willingness: a candidate comes only if it earns at least its outside option.

    surplus[f] ≥ 0        for every candidate that is not a platform

surplus[f] = Σ_s (result[f,s] − outside[f]) · y[f,s] + gateway prices − freight it pays
+ its shares of collaboration + Σ_i worth[i] · h[f,i]. Every part is 0 for a firm that is not
placed, so one row holds whether it comes or not. Source: participation
constraint of mechanism design.
"""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Instance
from clusterplan.rules.program import Program


def add(program: Program, instance: Instance) -> None:
    """Add a row for each willing firm, once all rules have added to the surpluses."""
    firms = np.flatnonzero(instance.results.willing & instance.sites.admissible.any(axis=1))
    row_of = np.full(instance.n_firms, -1)
    row_of[firms] = np.arange(len(firms))
    firm, column, amount = program.surplus.arrays()
    used = row_of[firm] >= 0
    program.rows(
        "willingness",
        len(firms),
        [(row_of[firm[used]], column[used], amount[used])],
        ">=",
        0.0,
        lambda i: instance.sites.firms[firms[i]],
    )
