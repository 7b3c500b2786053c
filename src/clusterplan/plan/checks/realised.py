"""Collaboration links between the firms that are placed, from the region's links and rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import IntArray
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import texts


def realised(case: Case) -> pd.DataFrame:
    """Return the links between placed firms whose parks are within reach of each other.

    A row of the region's links that names a stage makes a link for each firm of the stage, with an id
    ``rule:firm_a:firm_b``; within one stage each pair counts once, in the order of the firms. Firms of
    one variant group have no links with each other.

    Returns
    -------
    DataFrame
        Columns link, kind, a and b (positions of firms), distance_km, proximity, value_m_y (m currency/y
        at this proximity), share_a, share_b.
    """
    found = linked(case)
    here = case.decided.park
    a, b = (found[side].to_numpy(dtype=int) for side in ("a", "b"))
    near = np.zeros(len(found))
    for kind in set(found["kind"]):
        of_kind = (found["kind"] == kind).to_numpy()
        near[of_kind] = np.asarray(case.distances.proximity(kind))[here[a], here[b]][of_kind]
    found["distance_km"] = np.asarray(case.distances.parks.km)[here[a], here[b]]
    found["proximity"] = near
    found["value_m_y"] = found["value_m_y"].to_numpy(dtype=float) * near
    return found[found["proximity"] > 0].reset_index(drop=True)


def linked(case: Case) -> pd.DataFrame:
    """Return the links between placed firms, near or far.

    Returns
    -------
    DataFrame
        Columns link, kind, a and b (positions of firms), value_m_y (at proximity 1), share_a, share_b.
    """
    rows, shares = case.region.links, case.region.manifest.shares
    row, a, b = _pairs(case, rows)
    one_pair = (rows["firm_a"].notna() & rows["firm_b"].notna()).to_numpy()[row]
    ids, firms = rows.index[row], case.firms.index
    names = [
        link if given else f"{link}:{firms[x]}:{firms[y]}"
        for link, given, x, y in zip(ids, one_pair, a, b, strict=True)
    ]
    return pd.DataFrame(
        {
            "link": pd.Series(names, dtype=object),
            "kind": rows["kind"].to_numpy()[row],
            "a": a,
            "b": b,
            "value_m_y": rows["value_m_y"].to_numpy(dtype=float)[row],
            "share_a": rows["share_a"].fillna(shares.a).to_numpy(dtype=float)[row],
            "share_b": rows["share_b"].fillna(shares.b).to_numpy(dtype=float)[row],
        }
    )


def _pairs(case: Case, rows: pd.DataFrame) -> tuple[IntArray, IntArray, IntArray]:
    """Return the pairs of placed firms that are linked: row of the region's links, one firm, the other."""
    stage, group = (case.firms[column].to_numpy(dtype=object) for column in ("stage", "variant_group"))
    placed = np.flatnonzero(case.decided.placed)
    of_firm = {name: np.array([f]) for f, name in zip(placed, case.firms.index[placed], strict=True)}
    of_stage = {name: placed[stage[placed] == name] for name in set(stage)}
    none = np.array([], dtype=np.intp)
    found: list[tuple[IntArray, IntArray, IntArray]] = []
    columns = (texts(rows[column]) for column in ("firm_a", "stage_a", "firm_b", "stage_b"))
    for n, (firm_a, stage_a, firm_b, stage_b) in enumerate(zip(*columns, strict=True)):
        one = of_firm.get(firm_a, none) if firm_a else of_stage.get(stage_a, none)
        other = of_firm.get(firm_b, none) if firm_b else of_stage.get(stage_b, none)
        if not len(one) or not len(other):
            continue
        a, b = (side.ravel() for side in np.meshgrid(one, other, indexing="ij"))
        within_stage = not firm_a and not firm_b and stage_a == stage_b
        rivals = (group[a] == group[b]) & ~pd.isna(group[a])
        keep = ((a < b) if within_stage else (a != b)) & ~rivals
        found.append((np.full(int(keep.sum()), n), a[keep], b[keep]))
    if not found:
        return none, none, none
    row_of, a, b = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return row_of, a, b
