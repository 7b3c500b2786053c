"""Worth: what each pick, a little more of what is limited, and each assumption are worth to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from clusterplan.cli.app import (
    JsonOption,
    PlanArgument,
    answer,
    app,
    plan_of,
    records,
    solvers_to_stderr,
)
from clusterplan.errors import UsageError

if TYPE_CHECKING:
    from clusterplan.explore import Runs

PANEL = "Questions"
"""Where `--help` lists these commands."""
SecondsOption = Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")]
WorkersOption = Annotated[
    int, typer.Option(min=1, help="Solves at a time, each in a process of its own; 1: in this one.")
]


@contextmanager
def runs_of(workers: int) -> Iterator[Runs]:
    """Give how the solves of a question are run, with a line of progress on a terminal."""
    from clusterplan.explore import Runs
    from clusterplan.report.sweeps import sweep_line

    with solvers_to_stderr(), sweep_line() as on_progress:
        yield Runs("serial" if workers == 1 else "processes", workers, on_progress=on_progress)


@app.command(rich_help_panel=PANEL)
def picks(
    plan: PlanArgument,
    about: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A firm, park or work; may be repeated. Default: every pick."),
    ] = None,
    time_limit: SecondsOption = 20.0,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Say what each pick is worth: drop it, solve again, and say what is lost and what comes instead."""
    from clusterplan.explore import picks as picks_of
    from clusterplan.report.worth import show_picks

    solved = plan_of(plan)
    with runs_of(workers) as runs:
        found = picks_of(solved, about=about or None, time_limit=time_limit, runs=runs)
    answer(as_json, found, lambda found: records(found.frame), show_picks)


@app.command(rich_help_panel=PANEL)
def margins(
    plan: PlanArgument,
    of: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIMIT[=STEP]",
            help="As in budget.city=5 or park.south.land_ha; may be repeated. Default: all used by half.",
        ),
    ] = None,
    share: Annotated[float, typer.Option(min=0.0, help="Step where none is given, as a share.")] = 0.1,
    time_limit: SecondsOption = 20.0,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Say what a unit more and a unit less of budgets, land, power and so on is worth, and what changes."""
    from clusterplan.explore import margins as margins_of
    from clusterplan.report.worth import margins_json, show_margins

    solved = plan_of(plan)
    asked = numbers_of_each(of)
    with runs_of(workers) as runs:
        found = margins_of(solved, asked or None, share=share, time_limit=time_limit, runs=runs)
    answer(as_json, found, margins_json, show_margins)


@app.command(rich_help_panel=PANEL)
def tornado(
    plan: PlanArgument,
    of: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INPUT[=SHARE]",
            help='As in "firm.cells.output_per_y=0.1"; may be repeated. Default: those that can move most.',
        ),
    ] = None,
    share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="How far where none is given, as a share.")
    ] = 0.2,
    n: Annotated[int, typer.Option("-n", min=1, help="How many inputs, where none are named.")] = 10,
    by: Annotated[
        str, typer.Option(help="What one input is, where none are named: a column, or a number.")
    ] = "column",
    documented: Annotated[
        bool, typer.Option("--documented", help="Also move numbers that have a source, where none are named.")
    ] = False,
    time_limit: SecondsOption = 20.0,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Move inputs down and up, each by itself, solve again, and say which moves the plan most."""
    from clusterplan.explore import tornado as tornado_of
    from clusterplan.report.worth import show_tornado, tornado_json

    solved = plan_of(plan)
    asked = {name: share if how is None else how for name, how in numbers_of_each(of).items()}
    with runs_of(workers) as runs:
        found = tornado_of(
            solved,
            asked or None,
            share=share,
            n=n,
            by=by,  # type: ignore[arg-type]
            assumed=not documented,
            time_limit=time_limit,
            runs=runs,
        )
    answer(as_json, found, tornado_json, show_tornado)


@app.command(rich_help_panel=PANEL)
def ranges(
    plan: PlanArgument,
    of: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INPUT",
            help='As in "firm.cells.outside_m_y"; may be repeated. Default: outside options that bear most.',
        ),
    ] = None,
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="How far to look, as a share.")] = 0.5,
    slack: Annotated[
        float, typer.Option(min=0.0, help="How much less the places may be worth, as a share.")
    ] = 0.0,
    halvings: Annotated[int, typer.Option(min=0, help="How often an interval is halved.")] = 5,
    n: Annotated[int, typer.Option("-n", min=1, help="How many outside options.")] = 5,
    time_limit: SecondsOption = 20.0,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Say how far each number may move before another layout is better than the plan's."""
    from clusterplan.explore import ranges as ranges_of
    from clusterplan.report.worth import show_ranges

    solved = plan_of(plan)
    with runs_of(workers) as runs:
        found = ranges_of(
            solved,
            of or None,
            share=share,
            slack=slack,
            halvings=halvings,
            n=n,
            time_limit=time_limit,
            runs=runs,
        )
    answer(as_json, found, records, partial(show_ranges, solved))


def numbers_of_each(of: list[str] | None) -> dict[str, float | None]:
    """Return the number that ``--of`` gives for each name, None where it gives none."""
    return {name: _number(text) for name, _, text in (one.partition("=") for one in of or ())}


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"--of takes a number after =, not {text!r}.") from None
