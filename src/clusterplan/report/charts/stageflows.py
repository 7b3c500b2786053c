"""What stages of a chain buy from each other, and in which order they stand from raw material to the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from clusterplan.instance.chain import by_other_route, output_and_need
from clusterplan.plan import Plan

OUTSIDE = ""
"""Stands where a stage would, for all that is not in the plan: gateways."""
COLUMNS = ("seller", "buyer", "bought_m_y", "here_m_y", "local_m_y", "share")


def inputs_by_stage(plan: Plan) -> pd.DataFrame:
    """Return what each stage needs of what another can make, and how much of it the plan gets near by.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    DataFrame
        A row for each pair of stages of which one can make what the other needs: ``seller``, ``buyer``;
        ``bought_m_y``, the value of the inputs of that kind which firms of the buyer's stage take from
        anywhere; ``here_m_y``, of these what firms of the seller's stage supply; ``local_m_y``, of these
        what comes from within reach, all m currency/y; ``share``, local over bought, NaN where nothing is
        bought. Where several stages can make a product, each row counts all that is bought of it, and only
        what its seller supplies.
    """
    firms, supply = plan.region.firms, plan.supply
    stage = firms["stage"]
    bought = supply[supply["to"].notna()]
    buyer, seller = bought["to"].map(stage), bought["from"].map(stage)
    rows = []
    for (a, b), products in _possible(plan).items():
        of_kind = (buyer == b) & bought["product"].isin(products)
        by_seller = of_kind & (seller == a)
        amounts = [
            float(bought.loc[which, "value_m_y"].sum())
            for which in (of_kind, by_seller, by_seller & bought["local"])
        ]
        rows.append((a, b, *amounts, amounts[2] / amounts[0] if amounts[0] > 0 else np.nan))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def made_nowhere(plan: Plan) -> dict[str, list[str]]:
    """Return by stage the products it needs that no firm of the region could make."""
    output, need, stages = _chain(plan)
    made = (output > 0).any(axis=0)
    products = np.array(list(plan.region.products.index), dtype=object)
    return {
        stage: list(products[(need[stages == stage] > 0).any(axis=0) & ~made])
        for stage in plan.region.manifest.stages
    }


def flows_by_stage(plan: Plan) -> pd.DataFrame:
    """Return the supply of a plan between stages; `OUTSIDE` stands for the gateways.

    Returns
    -------
    DataFrame
        ``seller``, ``buyer``, ``value_m_y`` and ``local_m_y`` (from within reach), m currency/y, which sum to
        the plan's supply.
    """
    stage, supply = plan.region.firms["stage"], plan.supply
    ends = {end: supply[column].map(stage).fillna(OUTSIDE) for end, column in _ENDS}
    frame = pd.DataFrame(
        {
            **ends,
            "value_m_y": supply["value_m_y"],
            "local_m_y": supply["value_m_y"].where(supply["local"], 0.0),
        }
    )
    return frame.groupby(["seller", "buyer"], as_index=False)[["value_m_y", "local_m_y"]].sum()


_ENDS = (("seller", "from"), ("buyer", "to"))


def _chain(plan: Plan) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the most that firms which may be in a plan make and need, by either route, and their stages."""
    region = plan.region
    own, other = output_and_need(region), by_other_route(region)
    output, need = (np.maximum(one, second) for one, second in zip(own, other, strict=True))
    may = (region.firms["status"] != "excluded").to_numpy(bool)
    return output[may], need[may], region.firms["stage"].to_numpy(dtype=object)[may]


def _possible(plan: Plan) -> dict[tuple[str, str], set[str]]:
    """Return the products by which one stage could supply another, by seller and buyer."""
    output, need, stages = _chain(plan)
    order, products = list(plan.region.manifest.stages), plan.region.products.index
    makes = {stage: (output[stages == stage] > 0).any(axis=0) for stage in order}
    needs = {stage: (need[stages == stage] > 0).any(axis=0) for stage in order}
    return {
        (a, b): set(products[makes[a] & needs[b]])
        for a in order
        for b in order
        if a != b and (makes[a] & needs[b]).any()
    }


def columns_of(stages: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return the column in which each stage stands: suppliers left of buyers, as near to them as can be.

    Of stages that supply each other in a circle (recycling), pairs that lead back in the order of the chain
    are passed over.

    Parameters
    ----------
    stages
        Stages in the order of the chain.
    pairs
        Seller and buyer.

    Examples
    --------
    >>> columns_of(["ore", "part", "car"], [("ore", "part"), ("part", "car"), ("car", "ore")])
    {'ore': 0, 'part': 1, 'car': 2}
    """
    at = {stage: n for n, stage in enumerate(stages)}
    given = [(at[a], at[b]) for a, b in pairs if a != b]
    table = np.zeros((len(stages), len(stages)), dtype=bool)
    for a, b in given:
        table[a, b] = True
    circle = connected_components(table, connection="strong")[1] if given else np.arange(len(stages))
    buyers = [
        [b for b in range(len(stages)) if table[a, b] and (circle[a] != circle[b] or a < b)]
        for a in range(len(stages))
    ]
    depth: dict[int, int] = {}

    def deep(stage: int) -> int:
        if stage not in depth:
            depth[stage] = 1 + max((deep(b) for b in buyers[stage]), default=-1)
        return depth[stage]

    most = max((deep(stage) for stage in range(len(stages))), default=0)
    return {stage: most - depth[n] for n, stage in enumerate(stages)}


def heights_of(
    stages: Sequence[str], columns: Mapping[str, int], weights: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """Return the row of each stage, near those it trades with: 0 at the top, columns about one middle.

    Parameters
    ----------
    stages
        Stages in the order of the chain.
    columns
        The column of each.
    weights
        By seller and buyer, how strongly they draw each other.

    References
    ----------
    Sugiyama, Tagawa and Toda 1981, Methods for visual understanding of hierarchical system structures
    (barycentre heuristic).
    """
    inside: dict[int, list[str]] = {}
    for stage in stages:
        inside.setdefault(columns[stage], []).append(stage)
    row = {stage: _centred(n, len(group)) for group in inside.values() for n, stage in enumerate(group)}
    for sweep in range(_SWEEPS):
        for column in sorted(inside, reverse=sweep % 2 == 0):
            want = {}
            for stage in inside[column]:
                near = [
                    (weight, row[b if a == stage else a])
                    for (a, b), weight in weights.items()
                    if stage in (a, b) and weight > 0
                ]
                total = sum(weight for weight, _ in near)
                want[stage] = sum(weight * at for weight, at in near) / total if total else row[stage]
            inside[column].sort(key=lambda stage: (want[stage], row[stage]))
            row |= {stage: _centred(n, len(inside[column])) for n, stage in enumerate(inside[column])}
    return row


_SWEEPS = 8


def _centred(n: int, count: int) -> float:
    return n - (count - 1) / 2
