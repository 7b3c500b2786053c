"""Futures: how a plan fares where prices, demand or suppliers are not as expected."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from clusterplan.cli.app import (
    JsonOption,
    PlanArgument,
    RegionArgument,
    answer,
    app,
    plan_of,
    records,
    region_of,
    solvers_to_stderr,
)

PANEL = "Questions"
"""Where `--help` lists these commands."""
CountOption = Annotated[
    int | None,
    typer.Option(
        "-n",
        min=1,
        help="Futures along a cycle of prices and demand; default: those of scenarios.yaml, else 6.",
    ),
]


@app.command(rich_help_panel=PANEL)
def scenarios(
    plan: PlanArgument,
    n: CountOption = None,
    price: Annotated[
        float | None,
        typer.Option(min=0.0, help="How far prices swing on a cycle (0.15 is about 15 %); asks for one."),
    ] = None,
    demand: Annotated[
        float | None,
        typer.Option(min=0.0, help="How far demand swings on a cycle (default 0.25); asks for one."),
    ] = None,
    rho: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Weight of the worst fifth of the futures in the score.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the futures.")] = 0,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to plan each future.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say how a plan fares in futures that are not known, and whether another would fare better."""
    from clusterplan.explore import cycle, futures_of
    from clusterplan.explore import scenarios as scenarios_of
    from clusterplan.report.questions import scenarios_json, show_scenarios

    solved = plan_of(plan)
    swings = {name: swing for name, swing in (("price", price), ("demand", demand)) if swing is not None}
    if n is None and not swings and len(solved.region.scenarios):
        futures = futures_of(solved.region)
    else:
        futures = cycle(solved.region, n or 6, **swings, seed=seed)
    with solvers_to_stderr():
        found = scenarios_of(solved, futures, rho=rho, time_limit=time_limit)
    answer(as_json, found, scenarios_json, show_scenarios)


@app.command(rich_help_panel=PANEL)
def robust(
    region: RegionArgument,
    n: CountOption = None,
    aim: Annotated[
        str, typer.Option(help="What is made best: mean, worst, or cvar (mean and worst ones, by --rho).")
    ] = "mean",
    rho: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Weight of the worst futures, for cvar.")
    ] = 0.5,
    alpha: Annotated[
        float, typer.Option(min=0.0, max=0.99, help="Share of futures not among the worst, for cvar.")
    ] = 0.8,
    willing: Annotated[
        str, typer.Option(help="When firms come: expected (over all futures) or always (in each).")
    ] = "expected",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search, and of futures along a cycle.")] = 0,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds of search.")] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Plan for several futures at once: places and grants are decided once, supply in each future."""
    from clusterplan.explore import cycle
    from clusterplan.explore import robust as robust_of
    from clusterplan.report.futures import robust_json, show_robust

    read = region_of(region)
    futures = None if n is None and len(read.scenarios) else cycle(read, n or 6, seed=seed)
    with solvers_to_stderr():
        found = robust_of(
            read,
            futures,
            aim=aim,  # type: ignore[arg-type]
            rho=rho,
            alpha=alpha,
            willing=willing,  # type: ignore[arg-type]
            seed=seed,
            time_limit=time_limit,
        )
    answer(as_json, found, robust_json, show_robust)


@app.command(rich_help_panel=PANEL)
def outages(
    plan: PlanArgument,
    k: Annotated[int, typer.Option("-k", min=1, max=2, help="How many are lost at once.")] = 1,
    of: Annotated[
        list[str] | None,
        typer.Option(help="What is lost: firms, parks or gateways; may be repeated. Default: firms."),
    ] = None,
    second_source: Annotated[
        bool, typer.Option("--second-source", help="Also what one more firm that makes the same costs.")
    ] = False,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each such plan.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what each loss of a firm, park or gateway does to the rest, and which hurts most."""
    from clusterplan.explore import outages as outages_of
    from clusterplan.report.outages import show_outages

    with solvers_to_stderr():
        solved = plan_of(plan)
        found = outages_of(solved, k, of=of or "firms", second_source=second_source, time_limit=time_limit)
    answer(as_json, found, records, partial(show_outages, solved))
