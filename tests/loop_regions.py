"""Small random regions with innovation loops: those of `small_regions`, with a table of loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from small_regions import small_tables

from clusterplan.region import Region


def loop_tables(seed: int) -> dict[str, Any]:
    """Return the manifest and frames of a region with one to three loops, the same for the same seed."""
    tables = small_tables(seed)
    rng = np.random.default_rng(1000 + seed)
    stages = ["assembly", "parts", "mining", "lab"]
    rows = []
    for n in range(int(rng.integers(1, 4))):
        producer = str(rng.choice(stages[:2]))
        needs = rng.choice(stages, 1 + int(rng.random() < 0.4), replace=False)
        rows.append(
            {
                "loop": f"loop{n}",
                "stage": producer,
                "route": "new" if producer == "assembly" and rng.random() < 0.3 else None,
                "needs": ";".join(needs),
                "reach": float(rng.choice([np.nan, 0.0, 20.0, 60.0])),
                "value_m_y": float(np.round(rng.uniform(0.5, 4.0), 2)),
                "share": float(rng.choice([1.0, 0.4, 0.0])),
                "provenance": "assumed",
            }
        )
    firms = tables["firms"]
    easier = firms.assign(outside_m_y=firms["outside_m_y"] * 0.7)  # more of them come
    return {**tables, "firms": easier, "loops": pd.DataFrame(rows)}


def loop_region(seed: int) -> Region:
    """Return the region of `loop_tables`."""
    return Region.from_frames(**loop_tables(seed))
