"""Requirements: how many of a stage or set must or may be placed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case


def requirements(case: Case) -> Iterator[Breach]:
    """Yield requirements that too few or too many firms meet."""
    firms, parks, here = case.firms, case.parks, case.decided.park
    for row in case.region.requirements.itertuples():
        counted = firms["stage"].isin(row.stages) | firms.index.isin(row.firms)
        inside = parks.index.isin(row.parks) if row.parks else np.ones(len(parks), dtype=bool)
        count = float((counted.to_numpy() & (here >= 0) & inside[here]).sum())
        if not np.isnan(row.at_least):
            yield from case.gauge.at_least("requirements.at_least", [row.Index], count, row.at_least)
        if not np.isnan(row.at_most):
            yield from case.gauge.at_most("requirements.at_most", [row.Index], count, row.at_most)
