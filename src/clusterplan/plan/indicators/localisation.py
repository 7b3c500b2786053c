"""How much of what firms need comes from within reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.instance.chain import by_other_route, output_and_need
from clusterplan.plan.indicators.indicator import Indicator, ratio
from clusterplan.plan.indicators.parts import inputs, money_a_year
from clusterplan.plan.plan import Plan
from clusterplan.region import Region


def localisation(plan: Plan) -> Iterator[Indicator]:
    """Yield localisation rates of the anchors, and the supply of all firms that is local."""
    bought = inputs(plan)
    firms = plan.region.firms
    anchors = firms.index[firms["is_anchor"] & (firms["status"] != "excluded")]
    of_anchors = bought[bought["to"].isin(anchors)]
    yield Indicator(
        "localisation_rate",
        _local_share(of_anchors),
        "share",
        "Share by value of all anchors' inputs that comes from firms within reach of them.",
    )
    for anchor in anchors:
        yield Indicator(
            f"localisation_rate.{anchor}",
            _local_share(of_anchors[of_anchors["to"] == anchor]),
            "share",
            f"Share by value of the inputs of {anchor} that comes from firms within reach of it.",
        )
    stage = of_anchors["from"].map(firms["stage"])
    for name, products in _stages_behind(plan.region, anchors).items():
        needed = of_anchors[of_anchors["product"].isin(products)]
        local = needed["local"] & (stage[needed.index] == name)
        yield Indicator(
            f"localisation_rate.stage.{name}",
            ratio(float(needed.loc[local, "value_m_y"].sum()), float(needed["value_m_y"].sum())),
            "share",
            f"Share by value of the anchors' inputs that stage {name} can make which comes from its firms "
            "within reach of them.",
        )
    yield Indicator(
        "local_supply",
        float(bought.loc[bought["local"], "value_m_y"].sum()),
        money_a_year(plan),
        "Value of the inputs of all firms placed that come from firms within reach of them.",
    )
    yield Indicator(
        "local_supply_share",
        _local_share(bought),
        "share",
        "Share by value of the inputs of all firms placed that comes from firms within reach of them.",
    )


def _local_share(bought: pd.DataFrame) -> float:
    return ratio(float(bought.loc[bought["local"], "value_m_y"].sum()), float(bought["value_m_y"].sum()))


def _stages_behind(region: Region, anchors: pd.Index) -> dict[str, set[str]]:
    """Return, by stage in the order of the chain, the inputs of anchors that firms of the stage make.

    It is of the region alone, so that all plans of a region have the same indicators.
    """
    output, need = (
        np.maximum(own, other)
        for own, other in zip(output_and_need(region), by_other_route(region), strict=True)
    )
    firms, products = region.firms, region.products.index
    needed = (need[firms.index.isin(anchors)] > 0).any(axis=0)
    behind = {}
    for stage in region.manifest.stages:
        made = (output[(firms["stage"] == stage).to_numpy()] > 0).any(axis=0)
        both = np.flatnonzero(made & needed)
        if len(both):
            behind[stage] = set(products[both])
    return behind
