"""Every bundled region solved, and how far its plan depends on what was assumed.

    python -m benchmarks.regions [NAME ...] [--time-limit S] [--threads N] [--vary] [--json]
    python -m benchmarks.regions --examples [NAME ...]  run the regions' example scripts
    python -m benchmarks.regions --store [NAME ...]     write the plans to tests/data/plans

Plain, it solves each region and tells status, value, gap and seconds. With ``--vary`` it also solves each
region again with one assumed thing changed at a time (`CHANGES`), and tells what that does to the plan: how
many candidates come that did not, how many stay away that came, how many firms stand elsewhere. With
``--examples`` it runs each region's script and tells in how many lines it prints something else than
tests/data/examples holds, which the docs show.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import clusterplan as cp
from benchmarks.table import table
from clusterplan.plan import Proof
from clusterplan.plan.document import as_text, document
from clusterplan.plan.rebuild import rebuild

ROOT = Path(__file__).resolve().parents[1]
PLANS = ROOT / "tests" / "data" / "plans"
EXAMPLES = ROOT / "tests" / "data" / "examples"
NAMES = tuple(sorted(path.name for path in (ROOT / "tools" / "regions").iterdir() if path.is_dir()))
"""The bundled regions that are real places."""

COLUMNS = {
    "region": ("region", ""),
    "status": ("status", ""),
    "value": ("value, m a year", ",.1f"),
    "gap": ("gap", ".2%"),
    "seconds": ("s", ".1f"),
    "columns": ("columns", ",d"),
    "rows": ("rows", ",d"),
}
RAN = {
    "region": ("region", ""),
    "seconds": ("s", ".1f"),
    "lines": ("lines", "d"),
    "other": ("other than stored", "d"),
    "map": ("map drawn", "s"),
}
VARIED = {
    "region": ("region", ""),
    "change": ("changed", ""),
    "status": ("status", ""),
    "value": ("value, m a year", ",.1f"),
    "gap": ("gap", ".2%"),
    "placed": ("firms placed", "d"),
    "come": ("come", "d"),
    "leave": ("stay away", "d"),
    "move": ("move", "d"),
}
Tables = dict[str, Any]


def outside(part: float) -> Callable[[cp.Region], Tables]:
    """Return the change that every candidate is offered so much of its investment more elsewhere, once."""

    def changed(region: cp.Region) -> Tables:
        tables = region.given()
        firms = tables["firms"]
        may_come = firms["status"] == "candidate"
        yearly = part * region.manifest.capital_recovery * firms["investment_m"].where(may_come, 0.0)
        return {**tables, "firms": firms.assign(outside_m_y=firms["outside_m_y"] + yearly)}

    return changed


def links(factor: float) -> Callable[[cp.Region], Tables]:
    """Return the change that collaboration links are worth so many times as much."""

    def changed(region: cp.Region) -> Tables:
        tables = region.given()
        if "links" not in tables:
            return tables
        worth = tables["links"]["value_m_y"] * factor
        return {**tables, "links": tables["links"].assign(value_m_y=worth)}

    return changed


def spread(factor: float) -> Callable[[cp.Region], Tables]:
    """Return the change that markets outside lie so many times as far from the planning price."""

    def changed(region: cp.Region) -> Tables:
        tables = region.given()
        markets = tables["markets"]
        value = region.products["value"].reindex(markets.reset_index()["product"]).to_numpy()
        prices = {price: value + factor * (markets[price] - value) for price in ("buys_at", "sells_at")}
        return {**tables, "markets": markets.assign(**prices)}

    return changed


def budgets(factor: float) -> Callable[[cp.Region], Tables]:
    """Return the change that every budget holds so many times as much."""

    def changed(region: cp.Region) -> Tables:
        manifest = region.manifest
        scaled = {
            name: budget.model_copy(
                update={
                    "amount_m": None if budget.amount_m is None else budget.amount_m * factor,
                    "by_year_m": tuple(amount * factor for amount in budget.by_year_m),
                }
            )
            for name, budget in manifest.budgets.items()
        }
        return {**region.given(), "manifest": manifest.model_copy(update={"budgets": scaled})}

    return changed


CHANGES: Mapping[str, Callable[[cp.Region], Tables]] = {
    "5 % of the investment more offered elsewhere": outside(0.05),
    "5 % of the investment less offered elsewhere": outside(-0.05),
    "links worth half": links(0.5),
    "links worth twice": links(2.0),
    "market spreads halved": spread(0.5),
    "market spreads doubled": spread(2.0),
    "budgets halved": budgets(0.5),
}
"""What is assumed in every region, changed one at a time."""


def stored_plan(name: str) -> cp.Plan:
    """Return the stored plan of a bundled region, as it was found (its proof apart)."""
    content = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return rebuild(content, cp.load_region(name), Proof(solver="stored", seconds=0.0))


def run(region: cp.Region, time_limit: float, threads: int) -> tuple[cp.Plan, dict[str, Any]]:
    """Solve a region, and return the plan and a row about it."""
    plan = cp.solve(region, time_limit=time_limit, threads=threads)
    return plan, {
        "region": region.name,
        "status": plan.status,
        "value": plan.value,
        "gap": plan.gap,
        "seconds": plan.proof.seconds,
        "columns": plan.proof.columns,
        "rows": plan.proof.rows,
    }


def vary(region: cp.Region, base: cp.Plan, time_limit: float, threads: int) -> list[dict[str, Any]]:
    """Solve a region once for each of `CHANGES`, and return rows that tell what each does to the plan."""
    rows = []
    for words, change in CHANGES.items():
        changed = cp.Region.from_frames(**change(region))
        try:
            plan, row = run(changed, time_limit, threads)
        except (cp.NoPlanError, cp.TimeLimitError) as error:
            status = "no plan exists" if isinstance(error, cp.NoPlanError) else "no plan in time"
            none = dict.fromkeys(VARIED)
            rows.append({**none, "region": region.name, "change": words, "status": status})
            continue
        rows.append({**row, "change": words, **moved(base, plan)})
    return rows


def moved(base: cp.Plan, plan: cp.Plan) -> dict[str, int]:
    """Return how many firms are placed, and how many come, leave and move against another plan."""
    before, after = base.firms["park"], plan.firms["park"]
    there, here = before.notna(), after.notna()
    return {
        "placed": int(here.sum()),
        "come": int((here & ~there).sum()),
        "leave": int((there & ~here).sum()),
        "move": int((there & here & (before != after)).sum()),
    }


def example(name: str) -> dict[str, Any]:
    """Run a region's example, and return how long it took and how its lines compare with those stored."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(ROOT / "examples" / f"{name}.py"), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
        drawn = any(path.suffix == ".png" for path in Path(folder).iterdir())
    told = [line for line in done.stdout.splitlines() if not line.startswith("map:")]
    stored = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    other = sum(a != b for a, b in zip_longest(told, stored))
    seconds = time.perf_counter() - begun
    return {"region": name, "seconds": seconds, "lines": len(told), "other": other, "map": drawn}


def store(plan: cp.Plan) -> None:
    """Write plan.json of a bundled region to where the tests look for it."""
    PLANS.mkdir(parents=True, exist_ok=True)
    (PLANS / f"{plan.region.name}.json").write_text(as_text(document(plan)), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--time-limit", type=float, default=110.0, metavar="S")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    parser.add_argument(
        "--vary", action="store_true", help="solve again with one assumed thing changed at a time"
    )
    parser.add_argument("--examples", action="store_true", help="run the regions' example scripts instead")
    parser.add_argument("--store", action="store_true", help="write the plans to tests/data/plans")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.examples:
        ran = [example(name) for name in chosen.names or NAMES]
        print(json.dumps(ran, indent=1) if chosen.json else table(ran, RAN))
        return 0
    solved, varied = [], []
    for name in chosen.names or NAMES:
        region = cp.load_region(name)
        plan, row = run(region, chosen.time_limit, chosen.threads)
        solved.append(row)
        if not chosen.json:
            print(table([row], COLUMNS), file=sys.stderr, flush=True)
        if chosen.store:
            store(plan)
        if chosen.vary:
            varied += vary(region, plan, chosen.time_limit, chosen.threads)
    if chosen.json:
        print(json.dumps({"solved": solved, "varied": varied}, indent=1))
        return 0
    print(table(solved, COLUMNS))
    if varied:
        print()
        print(table(varied, VARIED))
    return 0


if __name__ == "__main__":
    sys.exit(main())
