"""Whole regions: `solve` beside solvers alone on the same model, one thread each.

    python -m benchmarks.whole [--sizes 20x5,40x9] [--seeds 0,1,2] [--ours 10,60] [--alone 300]
                               [--solvers HiGHS,SCIP,CBC] [--reference FILE] [--threads N] [--json]
    python -m benchmarks.whole --large [200x30:120,1000x100:600]    ours alone, on large regions
    python -m benchmarks.whole --links [--ours 10,60] [--alone 60]  `search` beside CP-SAT, links only

Regions are synthetic (`clusterplan.synthetic`). Each row is measured in a process of its own; memory is the
most that this process and its children held at once. Ours is a call of `clusterplan.solve`: its seconds run
from the region to the checked plan, and ``verified`` says whether `clusterplan.verify` finds nothing in it. A
solver alone gets the model written by `clusterplan.build` and nothing else; writing it is not in its seconds.

Rows of solvers alone can be read from FILE, made by an earlier run: JSON, a list or a row a line, with
``how``, ``region`` ("70x12"), ``seed``, ``limit``, ``seconds``, ``status``, ``value``, ``bound`` and ``gap``.
Those that are not in it (with the same limit) are run.

The command ends with 1 if something of ours fails or is not verified, or if two rows contradict each other:
one found what another proved cannot be.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import clusterplan as cp
from benchmarks import asked, cpsat, links, summary
from benchmarks.apart import apart
from benchmarks.table import table
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.other import solve_other
from clusterplan.solve.outcome import Outcome

Row = dict[str, Any]

COLUMNS = {
    "region": ("firms × parks", ""),
    "seed": ("seed", "d"),
    "how": ("how", ""),
    "threads": ("threads", "d"),
    "limit": ("limit, s", ".0f"),
    "seconds": ("s", ".1f"),
    "status": ("status", ""),
    "value": ("value, m a year", ",.2f"),
    "bound": ("bound", ",.2f"),
    "distance": ("bound − value", ",.2f"),
    "gap": ("gap", ".1%"),
    "peak_mb": ("memory, MB", ",.0f"),
    "verified": ("verified", "s"),
    "source": ("from", ""),
}
NOTHING = {"seconds": None, "status": "no_plan", "value": None, "bound": None, "gap": None, "verified": None}
LARGE = "200x30:120,1000x100:600"
CP_SAT = "CP-SAT"
CP_SAT_THREADS = 8
"""CP-SAT is a portfolio of about that many; where there are fewer cores, they take turns."""


def ours(size: tuple[int, int], seed: int, limit: float, threads: int) -> Row:
    """Solve a region as a user does, and check the plan again."""
    region = cp.synthetic.region(*size, seed)
    begun = time.perf_counter()
    try:
        plan = cp.solve(region, time_limit=limit, threads=threads, seed=seed)
    except cp.NoPlanError:
        return NOTHING | {"seconds": time.perf_counter() - begun, "status": "infeasible"}
    except cp.TimeLimitError:
        return NOTHING | {"seconds": time.perf_counter() - begun}
    return {
        "seconds": time.perf_counter() - begun,
        "status": plan.status,
        "value": plan.value,
        "bound": plan.bound,
        "gap": plan.gap,
        "verified": not len(cp.verify(plan)),
    }


def highs(size: tuple[int, int], seed: int, limit: float, threads: int) -> Row:
    """Give the model of a region to HiGHS, and nothing else."""
    problem = cp.build(cp.synthetic.region(*size, seed))
    return told(solve_highs(problem, time_limit=limit, threads=threads))


def scip(size: tuple[int, int], seed: int, limit: float, threads: int) -> Row:
    """Give the model of a region to SCIP, and nothing else."""
    problem = cp.build(cp.synthetic.region(*size, seed))
    return told(solve_other(problem, "SCIP", time_limit=limit, threads=threads))


def cbc(size: tuple[int, int], seed: int, limit: float, threads: int) -> Row:
    """Give the model of a region to CBC, and nothing else."""
    problem = cp.build(cp.synthetic.region(*size, seed))
    return told(solve_other(problem, "CBC", time_limit=limit, threads=threads))


ALONE: dict[str, Callable[..., Row]] = {"HiGHS": highs, "SCIP": scip, "CBC": cbc}


def told(outcome: Outcome) -> Row:
    """Return what a solver alone came to; its values were checked row by row by the bridge to it."""
    return {key: getattr(outcome, key) for key in NOTHING if key != "verified"}


def measured(chosen: argparse.Namespace) -> Iterator[Row]:
    """Yield a row for each way on each region."""
    if chosen.large:
        for size, limit in chosen.large:
            for seed in chosen.seeds:
                yield row_of(ours, "clusterplan", size, seed, limit=limit, threads=chosen.threads or 1)
        return
    for size in chosen.sizes:
        for seed in chosen.seeds:
            yield from (_links_of if chosen.links else _whole_of)(size, seed, chosen)


def _whole_of(size: tuple[int, int], seed: int, chosen: argparse.Namespace) -> Iterator[Row]:
    for limit in chosen.ours:
        yield row_of(ours, "clusterplan", size, seed, limit=limit, threads=chosen.threads or 1)
    for solver in chosen.solvers:
        known = chosen.reference.get((_name(size), seed, solver, chosen.alone, "whole"))
        yield known or row_of(ALONE[solver], solver, size, seed, limit=chosen.alone, threads=1)


def _links_of(size: tuple[int, int], seed: int, chosen: argparse.Namespace) -> Iterator[Row]:
    for limit in chosen.ours:
        yield row_of(links.searched, "clusterplan search", size, seed, limit=limit, threads=1, model="links")
    if chosen.solvers:
        threads, limit = chosen.threads or CP_SAT_THREADS, chosen.alone
        known = chosen.reference.get((_name(size), seed, CP_SAT, limit, "links"))
        yield known or row_of(
            links.by_cp_sat, CP_SAT, size, seed, limit=limit, threads=threads, model="links"
        )


def row_of(
    way: Callable[..., Row],
    how: str,
    size: tuple[int, int],
    seed: int,
    *,
    limit: float,
    threads: int,
    model: str = "whole",
) -> Row:
    """Measure a way in a process of its own; a way that fails has its fault for a status."""
    ran = apart(way, size, seed, limit, threads)
    result = NOTHING | (ran.result or {"status": ran.fault})
    return _complete(
        {"peak_mb": ran.peak_mb, "source": "this run", "failed": ran.fault is not None}
        | result
        | {
            "region": _name(size),
            "seed": seed,
            "how": how,
            "limit": limit,
            "threads": threads,
            "model": model,
        }
    )


def reference(path: str | Path) -> dict[tuple[Any, ...], Row]:
    """Return the rows of solvers alone that a file holds, by region, seed, solver, limit and model."""
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    try:
        given = json.loads(text)
    except json.JSONDecodeError:
        given = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(given, dict):
        given = given.get("rows", [given])
    rows = {}
    for known in given:
        if known["how"] in summary.OURS:
            continue
        row = {"threads": 1, "peak_mb": None, "verified": None, "failed": False, "model": "whole"} | known
        row |= {"source": path.name, "limit": float(row["limit"])}
        rows[row["region"], row["seed"], row["how"], row["limit"], row["model"]] = _complete(row)
    return rows


def _complete(row: Row) -> Row:
    """Return a row with its keys in the order of the table, and the distance of bound and value."""
    known = row["value"] is not None and row["bound"] is not None
    row = row | {"distance": row["bound"] - row["value"] if known else None}
    return {key: row[key] for key in (*COLUMNS, "model", "failed")}


def _name(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    chosen = _chosen(arguments)
    if chosen.links and chosen.solvers and not cpsat.is_installed():
        print(cpsat.MISSING, file=sys.stderr)
        return 2
    rows = []
    for row in measured(chosen):
        rows.append(row)
        print(table([row], COLUMNS).splitlines()[-1], file=sys.stderr, flush=True)
    against, wrong = summary.summary(rows), summary.contradictions(rows)
    machine = asked.machine()
    if chosen.json:
        out = {"machine": machine, "rows": rows, "summary": against, "contradictions": wrong}
        print(json.dumps(out, indent=1, ensure_ascii=False))
    else:
        print(asked.in_words(machine), table(rows, COLUMNS), sep="\n\n")
        if not chosen.large:
            print("", table(against, summary.COLUMNS), sep="\n")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    failed = [
        row for row in rows if row["how"] in summary.OURS and (row["failed"] or row["verified"] is False)
    ]
    return 1 if wrong or failed else 0


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--sizes", default="20x5,40x9,70x12", type=asked.sizes, help="firms x parks, by commas"
    )
    parser.add_argument(
        "--seeds", type=asked.whole, help="seeds of regions and ways (default 0,1,2; large: 0)"
    )
    parser.add_argument(
        "--ours", default="10,60", type=asked.numbers, help="limits of ours, s (default 10,60)"
    )
    parser.add_argument("--alone", type=float, metavar="S", help="limit of others (default 300; links: 60)")
    parser.add_argument(
        "--solvers", default="HiGHS,SCIP,CBC", type=asked.names, help="alone; none: only ours"
    )
    parser.add_argument(
        "--reference", default={}, type=reference, metavar="FILE", help="rows of others to read"
    )
    parser.add_argument("--threads", type=int, help="of ours (default 1); of CP-SAT (default 8)")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--large", nargs="?", const=LARGE, type=asked.timed_sizes, help="sizes and seconds")
    part.add_argument("--links", action="store_true", help="the link-only model")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    chosen = parser.parse_args(arguments)
    if chosen.seeds is None:
        chosen.seeds = [0] if chosen.large else [0, 1, 2]
    if unknown := set(chosen.solvers) - set(ALONE):
        parser.error(f"there is no way for {', '.join(sorted(unknown))} here; there are {', '.join(ALONE)}")
    if chosen.alone is None:
        chosen.alone = 60.0 if chosen.links else 300.0
    return chosen


if __name__ == "__main__":
    sys.exit(main())
