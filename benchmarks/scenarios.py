"""One plan for several futures: the whole program against layouts held in all futures.

    python -m benchmarks.scenarios [--size 40x9] [--futures 5,20,50] [--seconds 60] [--ways whole,layouts]

A synthetic region along a cycle of prices and demand (`clusterplan.explore.cycle`), in which the mean is made
best and firms come on expected surplus. Value and bound are those of `clusterplan.robust` without comparing;
seconds are those of the search, without making the futures' regions ready and without the check.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

import clusterplan as cp
from benchmarks.table import table
from clusterplan.explore import cycle
from clusterplan.explore.futures.laters import futures_ready
from clusterplan.solve.together import Asked, bunched, search_together

COLUMNS = {
    "futures": ("futures", "d"),
    "way": ("way", ""),
    "columns": ("columns of the whole", "d"),
    "bunched": ("in bunches", "d"),
    "ready_s": ("made ready, s", ".1f"),
    "seconds": ("sought, s", ".1f"),
    "value": ("value, m a year", ".2f"),
    "bound": ("bound", ".2f"),
    "gap": ("gap", ".1%"),
    "layouts": ("layouts held", "d"),
}


def measured(region: cp.Region, count: int, ways: Sequence[str], seconds: float) -> list[dict[str, Any]]:
    """Return a row for each way: its value, bound and time for so many futures."""
    begun = time.perf_counter()
    ready = futures_ready(region, cycle(region, count))
    made = time.perf_counter() - begun
    rows = []
    for way in ways:
        found = search_together(ready.today, ready.laters, Asked(), time_limit=seconds, whole=way == "whole")
        known = found.columns is not None
        gap = None
        if known and found.bound is not None:
            gap = (found.bound - found.value) / max(1e-9, abs(found.value))
        rows.append(
            {
                "futures": count,
                "way": way,
                "columns": found.shared.size,
                "bunched": bunched(found.shared).size,
                "ready_s": made,
                "seconds": found.seconds,
                "value": found.value if known else None,
                "bound": found.bound,
                "gap": gap,
                "layouts": found.layouts,
            }
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", default="40x9", help="firms x parks")
    parser.add_argument("--futures", default="5,20,50", help="how many, by commas")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each")
    parser.add_argument("--ways", default="whole,layouts", help="whole, layouts or both")
    parser.add_argument("--json", action="store_true", help="rows as JSON")
    given = parser.parse_args(arguments)
    firms, parks = map(int, given.size.split("x"))
    region = cp.synthetic.region(firms, parks, 0)
    rows = [
        row
        for count in map(int, given.futures.split(","))
        for row in measured(region, count, given.ways.split(","), given.seconds)
    ]
    sys.stdout.write(json.dumps(rows) + "\n" if given.json else table(rows, COLUMNS) + "\n")


if __name__ == "__main__":
    main()
