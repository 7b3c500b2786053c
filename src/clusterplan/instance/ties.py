"""Collaboration links of a region: those given, and those that rules between stages make."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances
from clusterplan.instance.chain import rule_pairs
from clusterplan.instance.frozen import as_floats, as_ints
from clusterplan.instance.links import Links
from clusterplan.region import Region, rows


def links(region: Region, distances: RegionDistances) -> Links:
    """Return the links of a region; those of firms that can't be placed are left out."""
    firms, manifest = region.firms, region.manifest
    active = (firms["status"] != "excluded") & (firms["lock"] != "out")
    at = {firm: f for f, firm in enumerate(firms.index)}
    kinds = tuple(dict.fromkeys(region.links["kind"]))
    names, a, b, weight, kind, share_a, share_b = [], [], [], [], [], [], []
    for row in rows(region.links):
        given = row.firm_a is not None and row.firm_b is not None
        for firm_a, firm_b in [(row.firm_a, row.firm_b)] if given else _made(firms, row):
            if not (active[firm_a] and active[firm_b]):
                continue
            names.append(row.Index if given else f"{row.Index}:{firm_a}:{firm_b}")
            a.append(at[firm_a])
            b.append(at[firm_b])
            weight.append(row.value_m_y)
            kind.append(kinds.index(row.kind))
            share_a.append(manifest.shares.a if pd.isna(row.share_a) else row.share_a)
            share_b.append(manifest.shares.b if pd.isna(row.share_b) else row.share_b)
    n_parks = len(region.parks)
    kernels = (
        np.stack([distances.proximity(name) for name in kinds]) if kinds else np.zeros((0, n_parks, n_parks))
    )
    return Links(
        names=tuple(names),
        a=as_ints(a),
        b=as_ints(b),
        weight=as_floats(weight),
        kind=as_ints(kind),
        kernels=kernels,
        kinds=kinds,
        share_a=as_floats(share_a),
        share_b=as_floats(share_b),
    )


def _made(firms: pd.DataFrame, row: Any) -> list[tuple[str, str]]:
    """Return the pairs of a row that names a stage on one side or on both."""
    firm_a, firm_b = row.firm_a, row.firm_b
    stage_a, stage_b = row.stage_a, row.stage_b
    if firm_a is None and firm_b is None:
        return rule_pairs(firms, stage_a, stage_b)
    if firm_a is not None:
        others = firms.index[(firms["stage"] == stage_b) & (firms.index != firm_a)]
        return [(firm_a, str(other)) for other in others]
    others = firms.index[(firms["stage"] == stage_a) & (firms.index != firm_b)]
    return [(str(other), firm_b) for other in others]
