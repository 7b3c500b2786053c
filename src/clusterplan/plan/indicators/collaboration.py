"""What working together is worth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.distance import SUPPLY
from clusterplan.plan.indicators.indicator import Indicator
from clusterplan.plan.indicators.parts import money_a_year
from clusterplan.plan.plan import Plan


def collaboration(plan: Plan) -> Iterator[Indicator]:
    """Yield the collaboration value of links, loops and supply."""
    links, supply = float(plan.links["value_m_y"].sum()), _of_supply(plan)
    loops = float(plan.loops["value_m_y"].sum())
    unit = money_a_year(plan)
    yield Indicator(
        "collaboration_value",
        links + loops + supply,
        unit,
        "Worth of collaboration: of realised links, of closed innovation loops, and of supply between "
        "firms near each other.",
    )
    yield Indicator(
        "collaboration_value.links",
        links,
        unit,
        "Worth of realised links: value at proximity 1 × proximity, summed over links.",
    )
    yield Indicator(
        "collaboration_value.supply",
        supply,
        unit,
        "Worth of close supply: collaboration share × traded value × proximity, summed over supply.",
    )


def _of_supply(plan: Plan) -> float:
    supply = plan.supply
    between = supply[supply["gateway"].isna()]
    parks = plan.region.parks.index
    near = plan.distances_built.proximity(SUPPLY)[
        parks.get_indexer(between["from_park"]), parks.get_indexer(between["to_park"])
    ]
    share = between["product"].map(plan.region.products["collaboration_share"]).to_numpy(float)
    return float(np.sum(share * between["value_m_y"].to_numpy(float) * near))
