"""Collaboration links between the firms that are placed, from the region's links and rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.plan.checks.case import Case


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
    firms, shares = case.firms, case.region.manifest.shares
    rows = case.region.links.reset_index()
    here = pd.DataFrame({"firm": firms.index, "stage": firms["stage"].to_numpy(), "at": np.arange(len(firms))})
    here = here[case.decided.placed]
    pairs = _side(rows, here, "a").merge(_side(rows, here, "b"), on="link").merge(rows, on="link")
    group = firms["variant_group"].astype(object).to_numpy()
    a, b = pairs["a"].to_numpy(dtype=int), pairs["b"].to_numpy(dtype=int)
    one_stage = (pairs["stage_a"].notna() & (pairs["stage_a"] == pairs["stage_b"])).to_numpy()
    rivals = pd.notna(group[a]) & (group[a] == group[b])
    keep = np.where(one_stage, a < b, a != b) & ~rivals
    pairs, a, b = pairs[keep].reset_index(drop=True), a[keep], b[keep]
    s, t = case.decided.park[a], case.decided.park[b]
    near = _proximity(case, pairs["kind"], s, t)
    by_rule = pairs["firm_a"].isna() | pairs["firm_b"].isna()
    made = [f"{link}:{x}:{y}" for link, x, y in zip(pairs["link"], firms.index[a], firms.index[b], strict=True)]
    found = pd.DataFrame(
        {
            "link": np.where(by_rule, np.array(made, dtype=object), pairs["link"].astype(object)),
            "kind": pairs["kind"],
            "a": a,
            "b": b,
            "distance_km": np.asarray(case.distances.parks.km, dtype=float)[s, t],
            "proximity": near,
            "value_m_y": pairs["value_m_y"].to_numpy(dtype=float) * near,
            "share_a": pairs["share_a"].astype(float).fillna(shares.a),
            "share_b": pairs["share_b"].astype(float).fillna(shares.b),
        }
    )
    return found[found["proximity"] > 0].reset_index(drop=True)


def _side(rows: pd.DataFrame, here: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return the placed firms each row of links means on one side: columns link, and the side's name."""
    firm, stage = f"firm_{side}", f"stage_{side}"
    one = rows.loc[rows[firm].notna(), ["link", firm]].merge(here, left_on=firm, right_on="firm")
    any_of = rows.loc[rows[firm].isna() & rows[stage].notna(), ["link", stage]]
    many = any_of.merge(here, left_on=stage, right_on="stage")
    both = pd.concat([one[["link", "at"]], many[["link", "at"]]])
    return both.rename(columns={"at": side})


def _proximity(case: Case, kinds: pd.Series, s: np.ndarray, t: np.ndarray) -> np.ndarray:
    near = np.zeros(len(kinds))
    for kind, rows in kinds.groupby(kinds, sort=False).indices.items():
        near[rows] = np.asarray(case.distances.proximity(str(kind)), dtype=float)[s[rows], t[rows]]
    return np.nan_to_num(near)
