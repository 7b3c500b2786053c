"""The table of loops of a plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from clusterplan.instance import Bools, Decisions, Floats, Instance
from clusterplan.plan.evaluate import Worth


def loops_rows(instance: Instance, decisions: Decisions, worth: Worth) -> pd.DataFrame:
    """Return a row for each loop of each producer that is placed."""
    loops, sites = instance.loops, instance.sites
    lacks = loops.lacks(decisions.park)
    there = np.flatnonzero(decisions.park[loops.producer] >= 0)
    missing = [[loops.piece_stage[m] for m in np.flatnonzero(row)] for row in lacks[there]]
    return loops_table(
        loop=[loops.names[k] for k in loops.loop[there]],
        firm=[sites.firms[f] for f in loops.producer[there]],
        park=[sites.parks[s] for s in decisions.park[loops.producer[there]]],
        closed=np.asarray(~lacks[there].any(axis=1)),
        value_m_y=worth.loops[there],
        missing=missing,
    )


def loops_table(
    *,
    loop: Sequence[str],
    firm: Sequence[str],
    park: Sequence[str],
    closed: Sequence[bool] | Bools,
    value_m_y: Sequence[float] | Floats,
    missing: Sequence[Sequence[str]],
) -> pd.DataFrame:
    """Return the table of loops, a row for each producer that is placed.

    Parameters
    ----------
    loop, firm, park
        The loop, its producer, and the producer's park.
    closed
        Whether each stage that the loop needs is within reach.
    value_m_y
        What the loop is worth to the producer, m currency/y.
    missing
        Stages that are not within reach.
    """
    return pd.DataFrame(
        {
            **{
                name: pd.Series(list(ids), dtype=object)
                for name, ids in (("loop", loop), ("firm", firm), ("park", park))
            },
            "closed": np.array(closed, dtype=bool),
            "value_m_y": np.array(value_m_y, dtype=float),
            "missing": pd.Series([";".join(stages) for stages in missing], dtype=object),
        }
    )
