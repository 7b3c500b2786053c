"""Requirements: how many of a stage or set must or may be placed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case


def requirements(case: Case) -> Iterator[Breach]:
    """Yield requirements that too few or too many firms meet."""
    firms, parks, here = case.firms, case.parks, case.decided.park
    for name, row in case.region.requirements.to_dict(orient="index").items():
        counted = firms["stage"].isin(row["stages"]).to_numpy() | firms.index.isin(row["firms"])
        inside = parks.index.isin(row["parks"]) if row["parks"] else np.ones(len(parks), dtype=bool)
        count = float((counted & (here >= 0) & inside[here]).sum())
        if not np.isnan(row["at_least"]):
            yield from case.gauge.at_least("requirements.at_least", [name], count, row["at_least"])
        if not np.isnan(row["at_most"]):
            yield from case.gauge.at_most("requirements.at_most", [name], count, row["at_most"])
