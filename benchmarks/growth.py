"""How time and memory grow with firms, parks and links: every step from tables to a plan.

    python -m benchmarks.growth [--vary firms,parks,links] [--seeds 0,1,2] [--seconds S] [--json]
    python -m benchmarks.growth --sizes 20x5,40x9,70x12,200x30 [--seeds 0] [--seconds 60]

With ``--vary``, one of the three grows while the others are held: firms at 12 parks and 5 links a firm, parks
at 60 firms and 5 links a firm, links at 60 firms and 12 parks (`RANGES`). A straight line is laid through the
logarithms of what was measured (least squares): its slope is the exponent, 1 where a thing grows as its
cause, 2 where with its square; beside it stands its standard error, which says how well a line fits. Steps of
less than `LEAST_S`, and memory that grew by less than `LEAST_MB`, are not told from noise and left out of the
lines, as is a step that did not end in its time: the line says how it grows where it ends.

With ``--sizes``, a table of the steps with a column for each size.

Regions are synthetic (`clusterplan.synthetic`). Each size runs in a process of its own. Steps are timed once,
by the wall clock; memory is the most that the process has held by the end of a step. In the lines, memory is
counted above what was held at the start, when the libraries were loaded. `solve` may work in further
processes; their memory is in ``with_children_mb`` of the sizes that ``--json`` tells.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks import asked
from benchmarks.apart import apart
from benchmarks.steps import STEPS, Size, measure
from benchmarks.table import table

HELD = {"firms": 60, "parks": 12, "links": 5}
"""What the others are while one grows; links a firm."""
RANGES = {"firms": (20, 40, 80, 160), "parks": (5, 10, 20, 40), "links": (2.5, 5, 10, 20)}
LEAST_S, LEAST_MB = 0.005, 4.0
COLUMNS = 1_000_000
"""Most columns of a program that is given to PuLP and HiGHS whole."""
MEMORY = {
    "instance": "memory by the instance",
    "write": "memory by the program as arrays",
    "relaxation": "memory by the root bound",
    "pulp_arrays": "memory by PuLP's problem",
    "solve": "memory by the solve",
}
PROGRAM = {"columns": "columns", "rows": "rows", "nonzeros": "nonzeros"}
Row = dict[str, Any]
EXPONENTS = {
    "what": ("what", ""),
    "cause": ("grows with", ""),
    "exponent": ("exponent", ".2f"),
    "error": ("± standard error", ".2f"),
    "points": ("points", "d"),
    "least": ("least", ",.3g"),
    "most": ("most", ",.3g"),
    "unit": ("unit", ""),
}


def fitted(x: Sequence[float], y: Sequence[float]) -> tuple[float, float] | None:
    """Return the slope of log y over log x by least squares, and its standard error.

    None for less than three points, or for one x. The standard error is
    √(Σ residual² ÷ (n − 2) ÷ Σ (log x − mean)²).
    """
    if len(x) < 3 or len(set(x)) < 2:
        return None
    log_x, log_y = np.log(np.asarray(x, dtype=float)), np.log(np.asarray(y, dtype=float))
    away = log_x - log_x.mean()
    slope = float(away @ log_y / (away @ away))
    residual = log_y - log_y.mean() - slope * away
    return slope, float(math.sqrt(residual @ residual / (len(x) - 2) / (away @ away)))


def exponents(cause: str, measured: Sequence[Size]) -> list[Row]:
    """Return a row for each thing measured: how it grows with its cause, firms, parks or links."""
    counts = {
        "firms": lambda size: size.firms,
        "parks": lambda size: size.parks,
        "links": lambda size: size.links_per_firm * size.firms,
    }[cause]

    def row(what: str, unit: str, value: Callable[[Size], float | None], least: float) -> Row:
        seen = [(counts(size), value(size)) for size in measured]
        points = [(x, y) for x, y in seen if y is not None and y >= least]
        line = fitted([x for x, _ in points], [y for _, y in points])
        slope, error = (None, None) if line is None else line
        values = [y for _, y in seen if y is not None]
        return {
            "what": what,
            "cause": cause,
            "exponent": slope,
            "error": error,
            "points": len(points),
            "least": min(values, default=None),
            "most": max(values, default=None),
            "unit": unit,
        }

    rows = [row(name, "", lambda size, key=key: getattr(size, key), 1) for key, name in PROGRAM.items()]
    rows += [
        row(name, "s", lambda size, key=key: size.seconds.get(key), LEAST_S) for key, name in STEPS.items()
    ]
    rows += [
        row(name, "MB", lambda size, key=key: _grown(size, key), LEAST_MB) for key, name in MEMORY.items()
    ]
    return rows


def _grown(size: Size, step: str) -> float | None:
    """Return the memory held by the end of a step above that at the start, MB."""
    return size.peak_mb[step] - size.peak_mb["start"] if step in size.peak_mb else None


def as_table(measured: Sequence[Size]) -> str:
    """Return a table with a row for each thing measured and a column for each size."""

    def timed(step: str) -> Callable[[Size], str]:
        return lambda size: f"{size.seconds[step]:.2f} s" if step in size.seconds else ""

    def held(step: str) -> Callable[[Size], str]:
        return lambda size: f"{size.peak_mb[step]:.0f} MB" if step in size.peak_mb else ""

    def number(key: str, form: str) -> Callable[[Size], str]:
        return lambda size: format(getattr(size, key), form) if getattr(size, key) else ""

    lines = {name: timed(step) for step, name in STEPS.items()}
    lines |= {name: number(key, ",") for key, name in PROGRAM.items()}
    lines |= {"memory at the start": held("start")} | {name: held(step) for step, name in MEMORY.items()}
    lines |= {
        "solve: time in all, s": number("solve_s", ".1f"),
        "solve: status": number("status", ""),
        "solve: value, m/y": number("value", ",.2f"),
        "solve: bound, m/y": number("bound", ",.2f"),
    }
    heads = {str(i): (f"{size.firms}×{size.parks}", "s") for i, size in enumerate(measured)}
    rows = [
        {"what": what, **{str(i): said(size) for i, size in enumerate(measured)}}
        for what, said in lines.items()
    ]
    return table(rows, {"what": ("firms × parks", ""), **heads})


def varied(cause: str, values: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """Yield firms, parks and links a firm of each size: one grows, the others are held."""
    for value in values:
        size = HELD | {cause: value}
        yield int(size["firms"]), int(size["parks"]), size["links"]


def run(sizes: Sequence[tuple[int, int, float]], chosen: argparse.Namespace) -> list[Size]:
    """Measure sizes, each with each seed; what fails is told and left out."""
    measured = []
    for firms, parks, links in sizes:
        for seed in chosen.seeds:
            size = Size(firms, parks, seed, links)
            ran = apart(measure, size, chosen.seconds, chosen.columns)
            said = ran.fault or "done"
            print(
                f"{firms}×{parks}, {links:g} links a firm, seed {seed}: {said}", file=sys.stderr, flush=True
            )
            if ran.result is not None:
                ran.result.with_children_mb = ran.peak_mb
                measured.append(ran.result)
    return measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    chosen = _parser().parse_args(arguments)
    machine = asked.machine(("PuLP", "HiGHS"))
    if chosen.sizes:
        measured = run([(*size, HELD["links"]) for size in chosen.sizes], chosen)
        rows: list[Row] = []
        text = as_table(measured)
    else:
        measured, rows = [], []
        for cause in chosen.vary:
            values = getattr(chosen, cause) or RANGES[cause]
            grown = run(list(varied(cause, values)), chosen)
            rows += exponents(cause, grown)
            measured += grown
        text = table(rows, EXPONENTS)
    if chosen.json:
        out = {"machine": machine, "exponents": rows, "sizes": [asdict(size) for size in measured]}
        print(json.dumps(out, indent=1, ensure_ascii=False))
    else:
        print(asked.in_words(machine), text, sep="\n\n")
    return 0 if measured else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", type=asked.sizes, help="firms x parks, by commas: a table of the steps")
    parser.add_argument("--vary", default="firms,parks,links", type=asked.names, help="what grows")
    for cause, values in RANGES.items():
        usual = ",".join(f"{value:g}" for value in values)
        each = "links a firm" if cause == "links" else cause
        parser.add_argument(f"--{cause}", type=asked.numbers, help=f"{each}, by commas (default {usual})")
    parser.add_argument("--seeds", type=asked.whole, default=[0], help="seeds of the regions (default 0)")
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="for relaxation and solve each (default 10)"
    )
    parser.add_argument("--columns", type=int, default=COLUMNS, help="most columns that PuLP and HiGHS get")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
