"""Phases: who comes when, and which choices can wait."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from clusterplan.cli.app import (
    ForceOption,
    JsonOption,
    RegionArgument,
    answer,
    app,
    region_of,
    solvers_to_stderr,
)

PANEL = "Questions"
"""Where `--help` lists these commands."""


@app.command(rich_help_panel=PANEL)
def phases(
    region: RegionArgument,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Folder for the plans, a result folder a phase."),
    ] = None,
    choices: Annotated[
        bool, typer.Option("--choices", help="Also what each choice of the first phase is worth.")
    ] = False,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to plan all phases.")] = 120.0,
    gap: Annotated[
        float, typer.Option(min=0.0, help="Gap at which to stop, as a share: 0.01 is 1 %.")
    ] = 1e-6,
    seed: Annotated[int, typer.Option(min=0, help="Seed of search and solver.")] = 0,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan who comes when: all phases of a region together, with land, money and arrivals of each."""
    from clusterplan.explore import commitments
    from clusterplan.explore import phases as phases_of
    from clusterplan.report.phases import phases_json, save_phases, show_phases

    with solvers_to_stderr():
        found = phases_of(region_of(region), time_limit=time_limit, gap=gap, seed=seed)
        may_wait = commitments(found) if choices else None
    if out is not None:
        save_phases(found, out, force=force)
    answer(as_json, found, partial(phases_json, choices=may_wait), partial(show_phases, choices=may_wait))
