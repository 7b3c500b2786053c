"""Which stages of the chain a plan has, and how safe its supply is."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from clusterplan.plan.indicators.indicator import Indicator, ratio
from clusterplan.plan.indicators.parts import inputs
from clusterplan.plan.plan import Plan

NOTICEABLE = 1e-6
"""Share of an input below which a source is no source: tolerances of solvers leave traces of this size."""


def stages_present(plan: Plan) -> pd.DataFrame:
    """Return the stages of the chain, and which of them the plan has.

    Returns
    -------
    DataFrame
        Index ``stage``, in the order of the manifest; ``name``; ``present``, true where a firm or platform
        of the stage is placed; ``placed`` and ``known``, the number of firms and platforms of the stage that
        are placed and that the region has, excluded ones apart.
    """
    stages = plan.region.manifest.stages
    firms = plan.firms
    firms = firms[firms["status"] != "excluded"]
    index = pd.Index(list(stages), name="stage")
    placed = firms.loc[firms["park"].notna(), "stage"].value_counts()
    frame = pd.DataFrame(
        {
            "name": list(stages.values()),
            "present": index.isin(placed.index),
            "placed": placed.reindex(index, fill_value=0).astype("int64"),
            "known": firms["stage"].value_counts().reindex(index, fill_value=0).astype("int64"),
        },
        index=index,
    )
    return frame


def chain(plan: Plan) -> Iterator[Indicator]:
    """Yield how much of the chain is there, and how much of its supply hangs on one source."""
    present = stages_present(plan)["present"]
    yield Indicator(
        "stages_present",
        float(present.sum()),
        "stages",
        "Stages of the chain with at least one firm or platform placed.",
    )
    yield Indicator(
        "stages_missing",
        float((~present).sum()),
        "stages",
        "Stages of the chain with no firm or platform placed.",
    )
    yield Indicator(
        "single_sourced_share",
        _single_sourced(plan),
        "share",
        "Share by value of the inputs of all firms placed that their buyers get from one source alone, a "
        "firm or a gateway.",
    )


def _single_sourced(plan: Plan) -> float:
    bought = inputs(plan)
    quantity, input_of = bought["quantity_per_y"], [bought["to"], bought["product"]]
    part = quantity / quantity.groupby(input_of).transform("sum")
    sources = (part > NOTICEABLE).groupby(input_of).transform("sum")
    return ratio(float(bought.loc[sources == 1, "value_m_y"].sum()), float(bought["value_m_y"].sum()))
