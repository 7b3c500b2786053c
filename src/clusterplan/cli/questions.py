"""Questions: what stands in the way, why, what else, and what if."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clusterplan.cli.app import (
    JsonOption,
    PlanArgument,
    RegionArgument,
    app,
    numbers_of,
    print_json,
    records,
    region_of,
    solvers_to_stderr,
)
from clusterplan.errors import UsageError

PANEL = "Questions"
"""Where `--help` lists these commands."""
AtLeastOption = Annotated[
    list[str] | None,
    typer.Option(metavar="TERM=AMOUNT", help="What every plan must reach, m a year; may be repeated."),
]


@app.command(rich_help_panel=PANEL)
def diagnose(
    region: RegionArgument,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what stands in the way of a plan, and the smallest changes that would let one exist."""
    from clusterplan.explore import diagnose as diagnose_region
    from clusterplan.report.obstacles import show_diagnosis

    found = diagnose_region(region_of(region), time_limit=time_limit)
    if as_json:
        print_json(found.as_dict())
    else:
        show_diagnosis(found)


@app.command(rich_help_panel=PANEL)
def explain(
    plan: PlanArgument,
    firm: Annotated[str | None, typer.Option(metavar="ID", help="Why this firm is where it is.")] = None,
    park: Annotated[str | None, typer.Option(metavar="ID", help="Why this park is open or shut.")] = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each other choice.")] = 20.0,
    as_json: JsonOption = False,
) -> None:
    """Say why a firm is where it is, or a park open or shut: what each other choice would be worth."""
    from clusterplan.explore import explain as explain_of
    from clusterplan.plan import read_plan
    from clusterplan.report.questions import show_explanation

    if (firm is None) == (park is None):
        raise UsageError("Say whom to explain: --firm ID or --park ID, one of them.")
    with solvers_to_stderr():
        solved = read_plan(plan)
        found = explain_of(solved, firm=firm, park=park, time_limit=time_limit)
    if as_json:
        print_json(
            {
                "about": found.about,
                "chosen": found.chosen,
                "choices": records(found.choices),
                "binding": records(found.binding),
                "conflicts": {choice: records(rules) for choice, rules in found.conflicts.items()},
            }
        )
    else:
        show_explanation(solved, found)


@app.command(rich_help_panel=PANEL)
def alternatives(
    plan: PlanArgument,
    n: Annotated[int, typer.Option("-n", min=1, help="How many others.")] = 5,
    slack: Annotated[
        float, typer.Option(min=0.0, help="How much less they may be worth, as a share.")
    ] = 0.02,
    apart: Annotated[int, typer.Option(min=1, help="By how many choices they must differ.")] = 1,
    about: Annotated[str, typer.Option(help="Choices that count: places, firms or parks.")] = "places",
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Find plans that are nearly as good and differ, and say what they have in common."""
    from clusterplan.explore import alternatives as alternatives_of
    from clusterplan.plan import read_plan
    from clusterplan.report.questions import show_alternatives

    with solvers_to_stderr():
        found = alternatives_of(
            read_plan(plan), n, slack=slack, apart=apart, about=about, time_limit=time_limit
        )
    if as_json:
        tables = {name: records(getattr(found, name)) for name in ("frame", "firms", "parks")}
        print_json({"ended": found.ended, "plans": tables.pop("frame"), **tables})
    else:
        show_alternatives(found)


@app.command(rich_help_panel=PANEL)
def tradeoff(
    region: RegionArgument,
    first: Annotated[str, typer.Option(help="An aim: value, or a term.")] = "value",
    second: Annotated[str, typer.Option(help="Another aim.")] = "grants",
    third: Annotated[str | None, typer.Option(help="A third aim.")] = None,
    n: Annotated[int, typer.Option("-n", min=2, help="Points between the ends, ends included.")] = 10,
    at_least: AtLeastOption = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what one aim costs another: plans of which none is better in everything."""
    from clusterplan.explore import tradeoff as tradeoff_of
    from clusterplan.report.questions import show_tradeoff

    with solvers_to_stderr():
        bounds = amounts_of(at_least)
        found = tradeoff_of(
            region_of(region), first, second, third, n=n, at_least=bounds, time_limit=time_limit
        )
    if as_json:
        print_json({"aims": found.aims, "front": records(found.front), "dropped": found.dropped})
    else:
        show_tradeoff(found)


@app.command(rich_help_panel=PANEL)
def priorities(
    region: RegionArgument,
    aims: Annotated[list[str], typer.Argument(metavar="AIM...", help="value or terms, the first first.")],
    slack: Annotated[
        float, typer.Option(min=0.0, help="How much of an aim may be given up for the next, as a share.")
    ] = 0.0,
    at_least: AtLeastOption = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Plan for one aim, then for the next among the plans that are best in it, and so on."""
    from clusterplan.explore import priorities as priorities_of
    from clusterplan.report.questions import show_priorities

    with solvers_to_stderr():
        bounds = amounts_of(at_least)
        found = priorities_of(region_of(region), aims, slack=slack, at_least=bounds, time_limit=time_limit)
    if as_json:
        print_json({"aims": aims, "steps": records(found.frame), "parks": found.plan.firms["park"].to_dict()})
    else:
        show_priorities(found)


def amounts_of(given: list[str] | None) -> dict[str, float]:
    """Return amounts by term, of an option such as ``grants=-5``."""
    pairs = [one.partition("=") for one in given or ()]
    try:
        return {term: float(amount) for term, _, amount in pairs}
    except ValueError:
        raise UsageError("--at-least takes a term and an amount, such as grants=-5.") from None


@app.command(rich_help_panel=PANEL)
def whatif(
    plan: PlanArgument,
    changes: Annotated[
        list[str], typer.Argument(metavar="CHANGE...", help='As in "firm.cells.output_per_y *= 1.2".')
    ],
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to solve again.")] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Change inputs by id, solve again from the plan, and say what moves and why."""
    from clusterplan.explore import whatif as whatif_of
    from clusterplan.plan import read_plan
    from clusterplan.report.questions import show_whatif, whatif_json

    with solvers_to_stderr():
        found = whatif_of(read_plan(plan), changes, time_limit=time_limit)
    if as_json:
        print_json(whatif_json(found))
    else:
        show_whatif(found)


@app.command(rich_help_panel=PANEL)
def scenarios(
    plan: PlanArgument,
    n: Annotated[
        int | None,
        typer.Option(
            "-n", min=1, help="Futures along a cycle of prices and demand; default: those of scenarios.yaml."
        ),
    ] = None,
    price: Annotated[float, typer.Option(min=0.0, help="How far prices swing: 0.15 is about 15 %.")] = 0.15,
    demand: Annotated[float, typer.Option(min=0.0, help="How far demand swings.")] = 0.25,
    rho: Annotated[float, typer.Option(min=0.0, max=1.0, help="Weight of the worst futures.")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the futures.")] = 0,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to plan each future.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say how a plan fares in futures that are not known, and whether another would fare better."""
    from clusterplan.explore import cycle, futures_of
    from clusterplan.explore import scenarios as scenarios_of
    from clusterplan.plan import read_plan
    from clusterplan.report.questions import scenarios_json, show_scenarios

    solved = read_plan(plan)
    if n is None and len(solved.region.scenarios):
        futures = futures_of(solved.region)
    else:
        futures = cycle(solved.region, n or 6, price=price, demand=demand, seed=seed)
    with solvers_to_stderr():
        found = scenarios_of(solved, futures, rho=rho, time_limit=time_limit)
    if as_json:
        print_json(scenarios_json(found))
    else:
        show_scenarios(found)


@app.command(rich_help_panel=PANEL)
def robust(
    region: RegionArgument,
    n: Annotated[
        int | None,
        typer.Option(
            "-n", min=1, help="Futures along a cycle of prices and demand; default: those of scenarios.yaml."
        ),
    ] = None,
    aim: Annotated[str, typer.Option(help="What is made best: mean, worst or cvar.")] = "mean",
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
    if as_json:
        print_json(robust_json(found))
    else:
        show_robust(found)


@app.command(rich_help_panel=PANEL)
def outages(
    plan: PlanArgument,
    k: Annotated[int, typer.Option("-k", min=1, max=2, help="Firms lost at once.")] = 1,
    second_source: Annotated[
        bool, typer.Option("--second-source", help="Also what one more firm that makes the same costs.")
    ] = False,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each such plan.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what the loss of each supplier does to the others, and whose loss hurts most."""
    from clusterplan.explore import outages as outages_of
    from clusterplan.plan import read_plan
    from clusterplan.report.questions import show_outages

    with solvers_to_stderr():
        solved = read_plan(plan)
        found = outages_of(solved, k, second_source=second_source, time_limit=time_limit)
    if as_json:
        print_json(records(found))
    else:
        show_outages(solved, found)


@app.command(rich_help_panel=PANEL)
def sweep(
    region: RegionArgument,
    seeds: Annotated[str, typer.Option(help="Seeds to solve it with, by commas.")] = "",
    budgets: Annotated[str, typer.Option(help="What all budgets are multiplied by, by commas.")] = "",
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results are kept, and read the next time.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: one a core.")] = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")] = 60.0,
    gap: Annotated[float, typer.Option(min=0.0, help="Relative gap at which to stop.")] = 1e-6,
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
    if as_json:
        print_json(json_of(swept))
    else:
        show_sweep(swept)
