"""Innovation loops of a region as arrays."""

from __future__ import annotations

import numpy as np

from clusterplan.distance import RegionDistances
from clusterplan.instance.frozen import Bools, Floats
from clusterplan.instance.loops import NO_LOOPS, Loops
from clusterplan.region import Region, rows


def loops(region: Region, distances: RegionDistances) -> Loops:
    """Return the loops of a region; producers that can't be placed are left out."""
    table = region.loops
    if table.empty:
        return NO_LOOPS
    firms = region.firms
    stage, route = firms["stage"].to_numpy(), firms["route"].to_numpy()
    active = ((firms["status"] != "excluded") & (firms["lock"] != "out")).to_numpy(bool)
    makers = [
        np.flatnonzero(active & (stage == row.stage) & ((route == row.route) if row.route else True))
        for row in rows(table)
    ]
    pieces = [(k, piece) for k, needs in enumerate(table["needs"]) for piece in needs]
    return Loops(
        names=tuple(table.index),
        value=table["value_m_y"].to_numpy(float).copy(),
        share=table["share"].to_numpy(float).copy(),
        near=np.stack([within(distances, reach) for reach in table["reach"]]),
        producer=np.concatenate(makers),
        loop=np.repeat(np.arange(len(makers)), [len(found) for found in makers]),
        piece_loop=np.array([k for k, _ in pieces], dtype=np.int64),
        piece_stage=tuple(piece for _, piece in pieces),
        piece_firms=np.stack([stage == piece for _, piece in pieces]),
    )


def within(distances: RegionDistances, reach: float, measure: Floats | None = None) -> Bools:
    """Return True where the way is no longer than a reach; NaN: where links have some proximity.

    Parameters
    ----------
    distances
        Distances of the region.
    reach
        The reach, in the unit the region measures in.
    measure
        Lengths in that unit; None: S×S, those between parks.
    """
    if np.isnan(reach):
        return np.asarray(distances.proximity(None, measure) > 0)
    return np.asarray((distances.parks.measure if measure is None else measure) <= reach)
