"""Published layout instances, beside their published values.

    python -m benchmarks.published --data FOLDER [--family NAME] [--instance NAME] [--limit N]
        [--time-limit S] [--seed N] [--whole] [--json]

Layouts are sought by `clusterplan.solve.seek.search`, on the arrays of the file alone; a search ends before
its time where it meets a value that is proven to be the best. With --whole, every instance goes the way a
region goes: instance, rules, HiGHS. Nothing here knows a family. What is found is measured again from the
file's arrays, by code that shares nothing with either way.

FOLDER holds ``index.csv`` (family, instance, file, best_known, proven, sign, firms, parks) and
``<family>/<file>``, NumPy ``.npz`` files with the keys of `clusterplan.instance.from_arrays`.

Where the paper minimises, ``sign`` is −1, and the published objective is sign × value. All values
are told in the paper's sense; a gap is positive where a value is worse than the best known.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.table import table
from clusterplan.instance import Bools, Decisions, Ints, from_arrays
from clusterplan.rules import write_model
from clusterplan.solve import Limits, find
from clusterplan.solve.seek import search

SAME = 1e-7
"""Values that differ by less than this share are one: published ones are rounded."""
COLUMNS = {
    "family": ("family", ""),
    "instance": ("instance", ""),
    "firms": ("firms", "d"),
    "parks": ("parks", "d"),
    "best_known": ("best known", ".12g"),
    "value": ("found", ".12g"),
    "gap": ("gap", ".4%"),
    "bound_gap": ("gap to bound", ".2%"),
    "status": ("status", ""),
    "seconds": ("s", ".2f"),
    "verified": ("verified", "s"),
}


class Placed(NamedTuple):
    """A layout: (F,) park of each firm, −1 where it stays out, and (S,) whether each park is in use."""

    park: Ints
    opened: Bools


@dataclass(frozen=True)
class Row:
    """How one instance went.

    Parameters
    ----------
    family, instance, firms, parks
        Which.
    best_known, proven
        Published value in the paper's sense, and whether it is proven.
    status
        ``optimal``, ``feasible``, ``infeasible`` or ``no_plan``; a search proves nothing.
    value
        Value found, in the paper's sense; None without a plan.
    bound
        No layout is better than this, in the paper's sense; None if unknown.
    gap
        sign × (best_known − value) ÷ |best_known|: 0 where the published value is reached.
    bound_gap
        Distance of value and bound ÷ |value|.
    verified
        Whether the layout keeps every limit and is worth ``value``, recomputed from the file's arrays.
    seconds
        Time until the best layout was met, reading the file not counted; with the whole model, all its time.
    all_seconds
        Time in all.
    """

    family: str
    instance: str
    firms: int
    parks: int
    best_known: float
    proven: bool
    status: str
    value: float | None
    bound: float | None
    gap: float | None
    bound_gap: float | None
    verified: bool | None
    seconds: float
    all_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 if every plan found is what it says, else 1."""
    asked = _parser().parse_args(arguments)
    if not asked.whole:
        search({"linear": np.zeros((2, 2))}, work_limit=1)  # loads the compiled code, or compiles it
    rows = []
    for entry in chosen(asked.data, asked.family, asked.limit, asked.instance):
        with np.load(asked.data / entry["family"] / entry["file"], allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        if asked.whole:
            row = solved(arrays, entry, asked.time_limit)
        else:
            row = sought(arrays, entry, asked.time_limit, asked.seed)
        rows.append(row)
        print(f"{row.family} {row.instance}: {row.status}, {row.seconds:.1f} s", file=sys.stderr, flush=True)
    listed = [asdict(row) for row in rows]
    print(json.dumps(listed, indent=1) if asked.json else table(listed, _columns(asked.whole)))
    return 0 if all(row.verified is not False and not untrue(row) for row in rows) else 1


def chosen(
    data: Path, families: Sequence[str] | None, limit: int | None, instances: Sequence[str] | None = None
) -> list[dict[str, str]]:
    """Return the entries of the index to run: the smallest of each family, small ones first."""
    with (data / "index.csv").open(encoding="utf-8", newline="") as file:
        entries = list(csv.DictReader(file))
    names = families or list(dict.fromkeys(entry["family"] for entry in entries))
    picked = []
    for name in names:
        of_family = [entry for entry in entries if entry["family"] == name]
        of_family = [entry for entry in of_family if not instances or entry["instance"] in instances]
        of_family.sort(key=lambda entry: (int(entry["firms"]) * int(entry["parks"]), entry["instance"]))
        picked += of_family[:limit]
    return picked


def sought(arrays: Mapping[str, Any], entry: Mapping[str, str], time_limit: float, seed: int) -> Row:
    """Search a layout of one instance."""
    target = None
    if entry["proven"] == "1":
        best_known = float(entry["best_known"])
        target = float(entry["sign"]) * best_known - SAME * abs(best_known)
    found = search(arrays, time_limit=time_limit, seed=seed, target=target)
    own = verified = None
    if found.feasible:
        in_use = np.isin(np.arange(arrays["linear"].shape[1]), found.park)
        decisions = Placed(park=found.park, opened=in_use)
        own = worth(arrays, decisions)
        verified = keeps_limits(arrays, decisions) and abs(own - found.value) <= 1e-9 * max(1.0, abs(own))
    status = "feasible" if found.feasible else "no_plan"
    return _row(
        entry,
        status,
        own,
        verified=verified,
        seconds=found.seconds_to_best,
        all_seconds=found.seconds,
    )


def solved(arrays: Mapping[str, Any], entry: Mapping[str, str], time_limit: float) -> Row:
    """Solve one instance by the whole model."""
    begun = time.perf_counter()
    found = find(write_model(from_arrays(arrays)), Limits(time_limit=time_limit))
    seconds = time.perf_counter() - begun
    own = verified = None
    if found.decisions is not None:
        own, verified = worth(arrays, found.decisions), keeps_limits(arrays, found.decisions)
        if found.bound is not None:
            bound_gap = (found.bound - own) / max(1e-9, abs(own))
            # A layout worth more than the bound, or less where it was called optimal, was mistaken.
            verified &= bound_gap > -1e-6 and not (found.status == "optimal" and bound_gap > 1e-6)
    return _row(
        entry,
        found.status,
        own,
        verified=verified,
        seconds=seconds,
        all_seconds=seconds,
        bound=found.bound,
    )


def _row(
    entry: Mapping[str, str],
    status: str,
    own: float | None,
    *,
    verified: bool | None,
    seconds: float,
    all_seconds: float,
    bound: float | None = None,
) -> Row:
    """Return a row in the paper's sense, from a value and a bound in ours."""
    sign, best_known = float(entry["sign"]), float(entry["best_known"])
    value = gap = bound_gap = None
    if own is not None:
        value = sign * own
        gap = sign * (best_known - value) / max(1e-9, abs(best_known)) + 0.0  # no negative zero
        if bound is not None:
            bound_gap = max(0.0, (bound - own) / max(1e-9, abs(own)))
    return Row(
        family=entry["family"],
        instance=entry["instance"],
        firms=int(entry["firms"]),
        parks=int(entry["parks"]),
        best_known=best_known,
        proven=entry["proven"] == "1",
        status=status,
        value=value,
        bound=None if bound is None else sign * bound,
        gap=gap,
        bound_gap=bound_gap,
        verified=verified,
        seconds=seconds,
        all_seconds=all_seconds,
    )


def untrue(row: Row) -> bool:
    """Return whether a row contradicts what is proven: another optimum, or no layout where there is one."""
    if row.status == "infeasible":
        return True
    if not row.proven or row.gap is None:
        return False
    return row.gap < -1e-6 or (row.status == "optimal" and row.gap > 1e-6)


def worth(arrays: Mapping[str, Any], decisions: Decisions | Placed) -> float:
    """Return Σ linear + Σ link_weight · values − Σ opening_cost of a layout, from the file's arrays."""
    park, placed = decisions.park, np.flatnonzero(decisions.park >= 0)
    linear = arrays["linear"][placed, park[placed]].sum()
    a, b = park[arrays["link_a"]], park[arrays["link_b"]]
    both = (a >= 0) & (b >= 0)
    links = arrays["link_weight"][both] * arrays["values"][arrays["link_kind"][both], a[both], b[both]]
    return float(linear + links.sum() - arrays["opening_cost"][decisions.opened].sum())


def keeps_limits(arrays: Mapping[str, Any], decisions: Decisions | Placed) -> bool:
    """Return whether a layout keeps capacities, places whom it must, and opens as many parks as it may."""
    park, opened = decisions.park, decisions.opened
    in_park = park[:, None] == np.arange(arrays["linear"].shape[1])
    fits = arrays["needs"] @ in_park <= arrays["capacity"] * (1 + 1e-9)
    number = int(opened.sum())
    return bool(
        fits.all()
        and (park[arrays["must_place"]] >= 0).all()
        and opened[park[park >= 0]].all()
        and int(arrays["open_min"]) <= number <= int(arrays["open_max"])
    )


def _columns(whole: bool) -> dict[str, tuple[str, str]]:
    """Return the columns of the table; only the whole model has a bound."""
    return {key: column for key, column in COLUMNS.items() if whole or key != "bound_gap"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, required=True, help="folder with index.csv and the families")
    parser.add_argument("--family", action="append", help="only this family; may be given several times")
    parser.add_argument("--instance", action="append", help="only this instance; may be given several times")
    parser.add_argument("--limit", type=int, help="only the N smallest (firms × parks) of each family")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds each (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the search (default 0)")
    parser.add_argument("--whole", action="store_true", help="give the whole model to HiGHS instead")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
