"""Firms and government: who would come, who would move, and what public money does."""

from __future__ import annotations

from functools import partial
from pathlib import Path
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
from clusterplan.errors import NoPlanError, TimeLimitError

PANEL = "Firms and government"
"""Where `--help` lists these commands."""


@app.command(rich_help_panel=PANEL)
def flips(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Say how far each firm's outside option may move before the layout could not hold."""
    from clusterplan.explore import flips as flips_of
    from clusterplan.report.terminal import show_flips

    solved = plan_of(plan)
    found = flips_of(solved, time_limit=None)
    answer(as_json, found, records, partial(show_flips, solved))


@app.command(rich_help_panel=PANEL)
def baseline(
    region: RegionArgument,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="DIR", help="A result folder of the region to compare with."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.0, help="Seconds to find a plan to compare with; 0: none is sought.")
    ] = 60.0,
    orders: Annotated[int, typer.Option(min=0, help="Random orders of turns to try.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the orders and of the solver.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say what would be there without a plan, and what a plan adds to it."""
    from clusterplan.explore import baseline as baseline_of
    from clusterplan.plan import solve as solve_region
    from clusterplan.report.market import json_of, show_baseline

    read = region_of(region)
    with solvers_to_stderr():
        found = baseline_of(read, orders=orders, seed=seed)
        compared = None if plan is None else plan_of(plan)
        if compared is None and time_limit > 0:
            try:
                compared = solve_region(read, time_limit=time_limit, seed=seed)
            except (NoPlanError, TimeLimitError) as error:
                typer.echo(f"There is no plan to compare with: {error}", err=True)
    if compared is not None:
        found.coordination(compared)  # a plan of another region is told before anything is shown
    answer(as_json, found, partial(json_of, plan=compared), partial(show_baseline, plan=compared))


@app.command(rich_help_panel=PANEL)
def attraction(
    region: RegionArgument,
    anchor: Annotated[
        list[str] | None,
        typer.Option(
            "--anchor",
            metavar="FIRM",
            help="Who lands; may be repeated. Default: anchors not there yet.",
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.0, help="Seconds for each of the two plans, and for the least money.")
    ] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of search and solver.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say what landing an anchor is worth, who follows, and the least money at which they come."""
    from clusterplan.explore import attraction as attraction_of
    from clusterplan.report.market import show_attraction

    with solvers_to_stderr():
        found = attraction_of(region_of(region), anchor or None, time_limit=time_limit, seed=seed)
    answer(as_json, found, lambda found: found.as_dict(), show_attraction)


@app.command(rich_help_panel=PANEL)
def willingness(
    plan: PlanArgument,
    exact: Annotated[
        bool, typer.Option("--exact", help="Also the least grants with supply and other grants chosen anew.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say why each firm comes: the parts of its surplus, and the least grant that keeps it."""
    from clusterplan.explore import willingness as willingness_of
    from clusterplan.report.shares import show_willingness, willingness_json

    solved = plan_of(plan)
    found = willingness_of(solved, exact=exact, time_limit=None)
    answer(as_json, found, willingness_json, partial(show_willingness, solved))


@app.command(rich_help_panel=PANEL)
def sharing(
    plan: PlanArgument,
    firms: Annotated[
        str | None,
        typer.Option(metavar="ID,ID,...", help="Also the Shapley shares of these firms among themselves."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say how the gain falls to firms and the public, and which firm, stage or park pays for others."""
    from clusterplan.explore import shapley as shapley_of
    from clusterplan.explore import sharing as sharing_of
    from clusterplan.report.shares import sharing_json, show_sharing

    solved = plan_of(plan)
    shares = None if firms is None else shapley_of(solved, [firm.strip() for firm in firms.split(",")])
    found = sharing_of(solved)
    answer(as_json, found, partial(sharing_json, shares=shares), partial(show_sharing, solved, shares=shares))


@app.command(rich_help_panel=PANEL)
def additionality(
    plan: PlanArgument,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to plan without money.")] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Say what comes with the money that would not come without it: plan the region without instruments."""
    from clusterplan.explore import additionality as additionality_of
    from clusterplan.report.shares import additionality_json, show_additionality

    solved = plan_of(plan)
    found = additionality_of(solved, time_limit=time_limit)
    answer(as_json, found, additionality_json, partial(show_additionality, solved))


@app.command(rich_help_panel=PANEL)
def stability(
    plan: PlanArgument,
    relocation: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="M_Y", help="What a move costs, millions a year; default: as planned."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the firms that would rather be in another park, alone or in pairs, and why."""
    from clusterplan.explore import stability as stability_of
    from clusterplan.report.moves import json_of, show_stability

    read = plan_of(plan)
    found = stability_of(read, relocation_m_y=relocation)
    answer(as_json, found, json_of, partial(show_stability, read))


@app.command(rich_help_panel=PANEL)
def loops(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Say which innovation loops are closed, what the others lack, and what would close most of them."""
    from clusterplan.explore import loops as loops_of
    from clusterplan.report.loops import loops_json, show_loops

    solved = plan_of(plan)
    found = loops_of(solved)
    answer(as_json, found, loops_json, partial(show_loops, solved))


@app.command(rich_help_panel=PANEL)
def routes(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Say what of a plan hangs on each technology route, directly and along supply."""
    from clusterplan.explore import routes as routes_of
    from clusterplan.report.routes import routes_json, show_routes

    solved = plan_of(plan)
    found = routes_of(solved)
    answer(as_json, found, routes_json, partial(show_routes, solved))


@app.command(rich_help_panel=PANEL)
def fiscal(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Show the public purse by year and tier, and when it has paid back."""
    from clusterplan.explore import fiscal as fiscal_of
    from clusterplan.report.purse import fiscal_json, show_fiscal

    solved = plan_of(plan)
    purse = fiscal_of(solved)
    answer(as_json, purse, partial(fiscal_json, solved), partial(show_fiscal, solved))


@app.command(rich_help_panel=PANEL)
def contracts(
    plan: PlanArgument,
    fulfilment: Annotated[
        float, typer.Option(min=0.0, help="Share of its promise that every firm keeps: 0.8 is four fifths.")
    ] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Show what is paid and taken back if firms keep only a part of what they promised."""
    from clusterplan.explore import contracts as contracts_of
    from clusterplan.report.purse import contracts_json, show_contracts

    solved = plan_of(plan)
    found = contracts_of(solved, fulfilment=fulfilment)
    answer(as_json, found, partial(contracts_json, solved), partial(show_contracts, solved))
