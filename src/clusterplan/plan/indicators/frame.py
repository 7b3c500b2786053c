"""All indicators of a plan as one frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

import pandas as pd

from clusterplan.plan.indicators.chain import chain
from clusterplan.plan.indicators.collaboration import collaboration
from clusterplan.plan.indicators.firms import firms
from clusterplan.plan.indicators.freight import freight
from clusterplan.plan.indicators.indicator import Indicator
from clusterplan.plan.indicators.localisation import localisation
from clusterplan.plan.indicators.loops import loops
from clusterplan.plan.indicators.money import public_money
from clusterplan.plan.indicators.pools import pools
from clusterplan.plan.indicators.resources import resources
from clusterplan.plan.plan import Plan

SUBJECTS: tuple[Callable[[Plan], Iterator[Indicator]], ...] = (
    localisation,
    collaboration,
    loops,
    chain,
    firms,
    public_money,
    freight,
    resources,
    pools,
)


def indicators(plan: Plan) -> pd.DataFrame:
    """Return the indicators of a plan.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    DataFrame
        Index ``name``; ``value`` (NaN where not known), ``unit``, ``definition``. The same names, in the same
        order, for every plan of a region.
    """
    found = [asdict(indicator) for subject in SUBJECTS for indicator in subject(plan)]
    frame = pd.DataFrame(found, columns=["name", "value", "unit", "definition"]).set_index("name")
    return frame.astype({"value": "float64"})
