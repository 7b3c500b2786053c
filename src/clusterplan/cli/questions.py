"""Questions: what stands in the way, why, what else, and what if."""

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
    time_limit: Annotated[
        float, typer.Option(min=0.0, help="Seconds for the conflict and the changes together.")
    ] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what stands in the way of a plan, and the smallest changes that would let one exist."""
    from clusterplan.explore import diagnose as diagnose_region
    from clusterplan.report.obstacles import show_diagnosis

    found = diagnose_region(region_of(region), time_limit=time_limit)
    answer(as_json, found, lambda found: found.as_dict(), show_diagnosis)


@app.command(rich_help_panel=PANEL)
def explain(
    plan: PlanArgument,
    firm: Annotated[str | None, typer.Option(metavar="ID", help="Why this firm is where it is.")] = None,
    park: Annotated[str | None, typer.Option(metavar="ID", help="Why this park is open or shut.")] = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for all choices together.")] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Say why a firm is where it is, or a park open or shut: what each other choice would be worth."""
    from clusterplan.explore import explain as explain_of
    from clusterplan.report.questions import explanation_json, show_explanation

    if (firm is None) == (park is None):
        raise UsageError("Say whom to explain: --firm ID or --park ID, one of them.")
    with solvers_to_stderr():
        solved = plan_of(plan)
        found = explain_of(solved, firm=firm, park=park, time_limit=time_limit)
    answer(as_json, found, explanation_json, partial(show_explanation, solved))


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
    from clusterplan.report.questions import alternatives_json, show_alternatives

    with solvers_to_stderr():
        found = alternatives_of(
            plan_of(plan), n, slack=slack, apart=apart, about=about, time_limit=time_limit
        )
    answer(as_json, found, alternatives_json, show_alternatives)


@app.command(rich_help_panel=PANEL)
def tradeoff(
    region: RegionArgument,
    first: Annotated[str, typer.Option(help="An aim: value, or a term such as freight.")] = "value",
    second: Annotated[str, typer.Option(help="Another aim.")] = "grants",
    third: Annotated[str | None, typer.Option(help="A third aim.")] = None,
    n: Annotated[
        int, typer.Option("-n", min=2, help="Points of the front at most, its two ends among them.")
    ] = 10,
    at_least: AtLeastOption = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what one aim costs another: plans of which none is better in everything."""
    from clusterplan.explore import tradeoff as tradeoff_of
    from clusterplan.report.questions import show_tradeoff, tradeoff_json

    with solvers_to_stderr():
        bounds = amounts_of(at_least)
        found = tradeoff_of(
            region_of(region), first, second, third, n=n, at_least=bounds, time_limit=time_limit
        )
    answer(as_json, found, tradeoff_json, show_tradeoff)


@app.command(rich_help_panel=PANEL)
def priorities(
    region: RegionArgument,
    aims: Annotated[
        list[str],
        typer.Argument(
            metavar="AIM...", help="Aims, the most important first: value, or terms such as freight."
        ),
    ],
    slack: Annotated[
        float, typer.Option(min=0.0, help="How much of an aim may be given up for the next, as a share.")
    ] = 0.0,
    at_least: AtLeastOption = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Plan for one aim, then for the next among the plans that are best in it, and so on."""
    from clusterplan.explore import priorities as priorities_of
    from clusterplan.report.questions import priorities_json, show_priorities

    with solvers_to_stderr():
        bounds = amounts_of(at_least)
        found = priorities_of(region_of(region), aims, slack=slack, at_least=bounds, time_limit=time_limit)
    answer(as_json, found, partial(priorities_json, aims), show_priorities)


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
    from clusterplan.report.questions import show_whatif, whatif_json

    with solvers_to_stderr():
        found = whatif_of(plan_of(plan), changes, time_limit=time_limit)
    answer(as_json, found, whatif_json, show_whatif)
