"""How long it takes to say why a synthetic region has no plan, made to have none in several ways.

    python -m benchmarks.diagnose [--sizes 70x12] [--ways NAME,...] [--seed N] [--seconds S]

``rules`` is the number of rules that can't hold together, ``minimal`` whether it is proven that none can be
left out, ``ways out`` the entries of the menu, and ``departs`` how far the smallest departs from what is
there. Times are by the wall clock, on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import clusterplan as cp
from benchmarks import asked
from benchmarks.table import table

COLUMNS = {
    "size": ("firms × parks", ""),
    "way": ("made without a plan by", ""),
    "seconds": ("s", ".1f"),
    "rules": ("rules", "d"),
    "minimal": ("minimal", ""),
    "entries": ("ways out", "d"),
    "departs": ("departs", ".3f"),
}


def changed(region: cp.Region, **tables: Any) -> cp.Region:
    """Return a region with tables replaced."""
    return cp.Region.from_frames(**{**region.given(), **tables})


def large_firms(region: cp.Region) -> cp.Region:
    """Commit one firm more than there are parks, each of more than half of any park: their sum would fit."""
    firms, parks = region.firms, region.parks
    own = [firm for firm, row in firms.iterrows() if not row["is_platform"] and row["status"] != "existing"]
    chosen = own[: len(parks)]  # and the existing firm
    half = 0.52 * float(parks["land_ha"].max())
    large = [*chosen, *firms.index[firms["status"] == "existing"]]
    return changed(
        region,
        firms=firms.assign(
            status=np.where(firms.index.isin(chosen), "committed", firms["status"]),
            land_ha=np.where(firms.index.isin(large), half, np.minimum(firms["land_ha"], half)),
        ),
        parks=parks.assign(land_ha=float(parks["land_ha"].max())),
    )


def unwilling(region: cp.Region) -> cp.Region:
    """Lock in a candidate that earns much more elsewhere."""
    return _locked(region, 1, 1.6)


def ten_unwilling(region: cp.Region) -> cp.Region:
    """Lock in ten of them: ten conflicts at once."""
    return _locked(region, 10, 1.6)


def short_budgets(region: cp.Region) -> cp.Region:
    """Ask for more firms than the money, cut to a twentieth, can bring."""
    manifest = region.manifest
    less = {
        name: budget.model_copy(
            update={"amount_m": budget.amount_m / 20}
            if budget.amount_m is not None
            else {"by_year_m": tuple(amount / 20 for amount in budget.by_year_m)}
        )
        for name, budget in manifest.budgets.items()
    }
    return changed(
        region,
        manifest=manifest.model_copy(update={"budgets": less}),
        requirements=_asked_for(region, 0.8),
    )


def required(region: cp.Region) -> cp.Region:
    """Ask for all candidates, for whom there is not the land."""
    return changed(region, requirements=_asked_for(region, 1.0))


def _locked(region: cp.Region, count: int, factor: float) -> cp.Region:
    firms = region.firms
    own = firms.index[(firms["status"] == "candidate") & ~firms["is_platform"]]
    chosen = np.random.default_rng(0).choice(own, min(count, len(own)), replace=False)
    is_chosen = firms.index.isin(chosen)
    return changed(
        region,
        firms=firms.assign(
            lock=np.where(is_chosen, "in", None),
            outside_m_y=firms["outside_m_y"] * np.where(is_chosen, factor, 1.0),
        ),
    )


def _asked_for(region: cp.Region, share: float) -> pd.DataFrame:
    firms = region.firms
    stages = tuple(firms.loc[~firms["is_platform"], "stage"].unique())
    count = int(share * (~firms["is_platform"]).sum())
    return pd.DataFrame(
        {"requirement": ["firms"], "stages": [stages], "at_least": [count], "provenance": "assumed"}
    )


WAYS: dict[str, Callable[[cp.Region], cp.Region]] = {
    "large_firms": large_firms,
    "unwilling": unwilling,
    "ten_unwilling": ten_unwilling,
    "short_budgets": short_budgets,
    "required": required,
}


def timed(size: tuple[int, int], way: str, seed: int, seconds: float) -> dict[str, Any]:
    """Return how long it takes to say why a region has no plan."""
    firms, parks = size
    found = cp.diagnose(WAYS[way](cp.synthetic.region(firms, parks, seed)), time_limit=seconds)
    return {
        "size": f"{firms} × {parks}",
        "way": way,
        "seconds": found.seconds,
        "feasible": found.feasible,
        "rules": len(found.conflict),
        "minimal": found.is_minimal,
        "entries": len(found.entries),
        "departs": found.entries[0].departs if found.entries else None,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--sizes", type=asked.sizes, default=asked.sizes("70x12"), metavar="FxS,...")
    parser.add_argument("--ways", type=asked.names, default=list(WAYS), metavar="NAME,...")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--seconds", type=float, default=30.0, metavar="S")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    cp.diagnose(unwilling(cp.synthetic.region(12, 3)))  # loads what is compiled
    rows = []
    for size in chosen.sizes:
        for way in chosen.ways:
            rows.append(timed(size, way, chosen.seed, chosen.seconds))
            print(rows[-1], file=sys.stderr, flush=True)
    if chosen.json:
        print(json.dumps({"machine": asked.machine(), "rows": rows}, indent=1))
        return 0
    print(table(rows, COLUMNS))
    print()
    print(asked.in_words(asked.machine(("HiGHS", "NumPy"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
