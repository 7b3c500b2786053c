"""Sweeps: one region solved many times."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clusterplan.cli.app import (
    JsonOption,
    RegionArgument,
    answer,
    app,
    numbers_of,
    region_of,
    solvers_to_stderr,
)
from clusterplan.errors import UsageError

PANEL = "Questions"
"""Where `--help` lists these commands."""


@app.command(rich_help_panel=PANEL)
def sweep(
    region: RegionArgument,
    seeds: Annotated[str, typer.Option(help="Seeds to solve it with, by commas, such as 0,1,2.")] = "",
    budgets: Annotated[str, typer.Option(help="Factors for all budgets, by commas, such as 0.5,1,2.")] = "",
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results are kept, and read the next time.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: one a core.")] = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")] = 60.0,
    gap: Annotated[
        float, typer.Option(min=0.0, help="Gap at which to stop, as a share: 0.01 is 1 %.")
    ] = 1e-6,
    as_json: JsonOption = False,
) -> None:
    """Solve a region many times: with several seeds, or with its budgets scaled."""
    from clusterplan.explore import sweep as sweep_tasks
    from clusterplan.explore.sweeps import budgets as with_budgets
    from clusterplan.explore.sweeps import seeds as with_seeds
    from clusterplan.report.sweeps import json_of, show_sweep, sweep_line

    numbers, factors = numbers_of(seeds, int, "--seeds"), numbers_of(budgets, float, "--budgets")
    if not numbers and not factors:
        raise UsageError("Say what to vary: --seeds 0,1,2 or --budgets 0.5,1,2, or both.")
    read, options = region_of(region), {"time_limit": time_limit, "gap": gap}
    tasks = [
        *with_seeds(read, numbers, **options),
        *(with_budgets(read, factors, **options) if factors else ()),
    ]
    with solvers_to_stderr(), sweep_line() as on_progress:
        swept = sweep_tasks(tasks, folder=folder, workers=workers, on_progress=on_progress)
    answer(as_json, swept, json_of, show_sweep)
