"""How long a front of one aim against another takes.

    python -m benchmarks.front [--region yibin] [--points 20] [--seconds 30] [--first value] [--second grants]

Every point is solved for and then polished, so that none is weakly dominated: two solves a point at most,
each within ``--seconds``. Times are by the wall clock; ``proven`` counts points all of whose solves were.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence

import clusterplan as cp
from benchmarks import asked
from benchmarks.table import table

COLUMNS = {
    "region": ("region", ""),
    "aims": ("aims", ""),
    "asked": ("points asked for", "d"),
    "points": ("points of the front", "d"),
    "proven": ("proven", "d"),
    "whole": ("no others", ""),
    "seconds": ("seconds", ".1f"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.front", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--region", default="yibin", help="bundled region (default yibin)")
    parser.add_argument("--points", type=int, default=20, help="points asked for (default 20)")
    parser.add_argument("--seconds", type=float, default=30.0, help="time limit of each solve (default 30)")
    parser.add_argument("--first", default="value", help="an aim (default value)")
    parser.add_argument("--second", default="grants", help="another aim (default grants)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    region = cp.load_region(chosen.region)
    begun = time.perf_counter()
    found = cp.tradeoff(region, chosen.first, chosen.second, n=chosen.points, time_limit=chosen.seconds)
    row = {
        "region": chosen.region,
        "aims": f"{chosen.first}, {chosen.second}",
        "asked": chosen.points,
        "points": len(found.front),
        "proven": int((found.front["status"] == "optimal").sum()),
        "whole": "proven" if found.is_whole else "not proven",
        "seconds": time.perf_counter() - begun,
    }
    machine = asked.machine(("HiGHS",))
    if chosen.json:
        print(json.dumps({"machine": machine, "front": row}, indent=1, ensure_ascii=False))
    else:
        print(asked.in_words(machine), table([row], COLUMNS), sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
