"""How long each question takes, asked of a plan of a synthetic region.

    python -m benchmarks.questions [--sizes 70x12] [--ask NAME,...] [--seed N] [--plan S] [--seconds S]

The region is planned first, for ``--plan`` seconds at most; that is not counted. Each question is then asked
once (`QUESTIONS`: a new one is a row there), with ``--seconds`` where it takes a time limit. Times are by the
wall clock.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import clusterplan as cp
from benchmarks import asked
from benchmarks.table import table

FEW = 8
"""Firms whose Shapley shares are asked for: the largest gains."""
ORDERS = 5
"""Orders of arrival that are sampled for all firms."""


@dataclass(frozen=True)
class Question:
    """A question and how it is asked.

    Parameters
    ----------
    name
        Its name in `--ask`.
    about
        What is asked, in the table.
    ask
        Asks it of a plan, within so many seconds where it can be told to.
    """

    name: str
    about: str
    ask: Callable[[cp.Plan, float], object]


def few(plan: cp.Plan) -> list[str]:
    """Return the firms of a plan with the largest surplus."""
    surplus = plan.firms["surplus_m_y"].dropna().sort_values(ascending=False, kind="stable")
    return [str(firm) for firm in surplus.index[:FEW]]


def anchor(plan: cp.Plan) -> str:
    """Return the first anchor that is a candidate, or else the first."""
    firms = plan.region.firms
    anchors = firms[firms["is_anchor"]]
    return str((anchors["status"] == "candidate").idxmax())


QUESTIONS = [
    Question("verify", "check of every rule and number", lambda plan, _: cp.verify(plan)),
    Question("flips", "how far outside options may move", lambda plan, s: cp.flips(plan, time_limit=s)),
    Question("willingness", "parts of surpluses, least grants", lambda plan, _: cp.willingness(plan)),
    Question(
        "willingness_exact",
        "least grants, all else chosen anew",
        lambda plan, s: cp.willingness(plan, exact=True, time_limit=s),
    ),
    Question("sharing", "who pays for whom, the core", lambda plan, _: cp.sharing(plan)),
    Question(
        "shapley_few",
        f"Shapley shares and least core of {FEW} firms",
        lambda plan, s: cp.shapley(plan, few(plan), time_limit=s),
    ),
    Question(
        "shapley_all",
        f"Shapley shares of all firms, {ORDERS} orders; least core",
        lambda plan, s: cp.shapley(plan, samples=ORDERS, time_limit=s),
    ),
    Question(
        "additionality",
        "the plan without money, and what differs",
        lambda plan, s: cp.additionality(plan, time_limit=s),
    ),
    Question(
        "baseline",
        "today, the anchor alone, the market in one order",
        lambda plan, _: cp.baseline(plan.region, orders=0),
    ),
    Question("stability", "who would rather move, alone or in pairs", lambda plan, _: cp.stability(plan)),
    Question("loops", "which innovation loops are closed", lambda plan, _: cp.loops(plan)),
    Question("routes", "what hangs on each technology route", lambda plan, _: cp.routes(plan)),
    Question(
        "attraction",
        "an anchor locked out and in, the least money",
        lambda plan, s: cp.attraction(plan.region, anchor(plan), time_limit=s / 3),
    ),
]
COLUMNS = {
    "about": ("question", ""),
    "size": ("firms × parks", ""),
    "placed": ("firms placed", "d"),
    "seconds": ("s", ".2f"),
}


def measured(size: tuple[int, int], chosen: argparse.Namespace) -> list[dict[str, Any]]:
    """Plan a region of a size, ask, and return a row for each question."""
    region = cp.synthetic.region(*size, seed=chosen.seed)
    plan = cp.solve(region, time_limit=chosen.plan)
    rows = []
    for question in QUESTIONS:
        if chosen.ask and question.name not in chosen.ask:
            continue
        begun = time.perf_counter()
        question.ask(plan, chosen.seconds)
        seconds = time.perf_counter() - begun
        print(f"{size[0]}×{size[1]} {question.name}: {seconds:.2f} s", file=sys.stderr, flush=True)
        rows.append(
            {
                "question": question.name,
                "about": question.about,
                "size": f"{size[0]}×{size[1]}",
                "placed": int(plan.firms["park"].notna().sum()),
                "seconds": seconds,
            }
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", type=asked.sizes, default=[(70, 12)], help="firms x parks, by commas")
    parser.add_argument(
        "--ask", type=asked.names, default=[], help="names by commas (default: every question)"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the region (default 0)")
    parser.add_argument("--plan", type=float, default=30.0, help="seconds for the plan (default 30)")
    parser.add_argument("--seconds", type=float, default=30.0, help="time limit of questions (default 30)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.ask) - {question.name for question in QUESTIONS}
    if unknown:
        parser.error(f"no such question: {', '.join(sorted(unknown))}")
    rows = [row for size in chosen.sizes for row in measured(size, chosen)]
    machine = asked.machine(("PuLP", "HiGHS"))
    if chosen.json:
        print(json.dumps({"machine": machine, "questions": rows}, indent=1, ensure_ascii=False))
    else:
        print(asked.in_words(machine), table(rows, COLUMNS), sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
