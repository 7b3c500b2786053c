"""Plans: the commands that read regions, solve them, and look at results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from clusterplan.cli.app import (
    ForceOption,
    JsonOption,
    PlanArgument,
    RegionArgument,
    answer,
    app,
    folder_of,
    plan_of,
    print_json,
    records,
    region_of,
    solvers_to_stderr,
)
from clusterplan.errors import NoPlanError, TimeLimitError, UsageError

PANEL = "Plans"
"""Where `--help` lists these commands."""


@app.command(rich_help_panel=PANEL)
def regions(as_json: JsonOption = False) -> None:
    """List the bundled regions."""
    from clusterplan.region import bundled_regions, load_region
    from clusterplan.report.terminal import regions_json, show_regions

    found = [load_region(name) for name in bundled_regions()]
    answer(as_json, found, regions_json, show_regions)


@app.command(rich_help_panel=PANEL)
def init(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="Folder or file to write.")],
    like: Annotated[
        str | None, typer.Option("--from", metavar="REGION", help="Copy this region; default: a blank.")
    ] = None,
    form: Annotated[
        Literal["folder", "xlsx", "gpkg"] | None,
        typer.Option("--format", help="Folder, workbook or GeoPackage; default: as DIR is named."),
    ] = None,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Write a region to fill in, with every column explained."""
    from clusterplan.region import init_region
    from clusterplan.report.terminal import show_begun

    written = init_region(target, like=None if like is None else region_of(like), form=form, force=force)
    if as_json:
        print_json({"written": str(written)})
    else:
        show_begun(written, blank=like is None)


@app.command(rich_help_panel=PANEL)
def validate(region: RegionArgument, as_json: JsonOption = False) -> None:
    """Read a region, check it, and list every fault."""
    from clusterplan.distance import region_distances
    from clusterplan.region import datapackage_faults
    from clusterplan.report.terminal import show_faults, show_region

    read = region_of(region)
    warnings = (*read.warnings, *datapackage_faults(folder_of(region)), *region_distances(read).warnings)
    if as_json:
        print_json({"status": "valid", "faults": [fault.as_dict() for fault in warnings]})
        return
    show_faults(warnings)
    show_region(read)


@app.command(rich_help_panel=PANEL)
def solve(
    region: RegionArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder to write the result to.")
    ] = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to search, improve and prove.")] = 60.0,
    work_limit: Annotated[
        int | None,
        typer.Option(min=1, help="Most steps; where it ends the solve, it repeats exactly on one thread."),
    ] = None,
    gap: Annotated[
        float, typer.Option(min=0.0, help="Gap at which to stop, as a share: 0.01 is 1 %.")
    ] = 1e-6,
    seed: Annotated[int, typer.Option(min=0, help="Seed of search and solver.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Cores to use.")] = 1,
    solver: Annotated[
        str | None, typer.Option(help="Another PuLP solver: CBC, SCIP, ... (see doctor).")
    ] = None,
    stable: Annotated[
        bool, typer.Option("--stable", help="No firm may gain by moving alone to another park.")
    ] = False,
    relocation: Annotated[
        float, typer.Option(min=0.0, metavar="M_Y", help="With --stable: what a move costs, millions a year.")
    ] = 0.0,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Plan a region, show the plan and write it."""
    from clusterplan.distance import region_distances
    from clusterplan.plan import solve as solve_region
    from clusterplan.plan.document import as_text, document, no_plan_document
    from clusterplan.plan.folder import check_free
    from clusterplan.report.terminal import progress_line, say_warnings, show_plan

    if output is not None:
        check_free(output.resolve(), force=force)
    read = region_of(region)
    if not as_json:
        say_warnings(region, len(read.warnings) + len(region_distances(read).warnings))
    try:
        with solvers_to_stderr(), progress_line() as on_progress:
            plan = solve_region(
                read,
                time_limit=time_limit,
                work_limit=work_limit,
                gap=gap,
                seed=seed,
                threads=threads,
                solver=solver,
                stable=stable,
                relocation_m_y=relocation,
                on_progress=on_progress,
            )
    except (NoPlanError, TimeLimitError) as error:
        if not as_json:
            raise
        status: Literal["infeasible", "no_plan"] = "infeasible" if error.exit_code == 4 else "no_plan"
        typer.echo(as_text(no_plan_document(status, region=read, faults=error.faults)), nl=False)
        raise typer.Exit(error.exit_code) from None
    written = None if output is None else plan.save(output, force=force)
    if as_json:
        typer.echo(as_text(document(plan)), nl=False)
    else:
        show_plan(plan, written)


@app.command(rich_help_panel=PANEL)
def verify(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Check a result again: every rule and every number. Exit code 3 if something does not hold."""
    from clusterplan.plan import verify as verify_plan
    from clusterplan.report.terminal import show_breaches

    found = verify_plan(plan_of(plan))
    answer(as_json, found, records, show_breaches)
    if len(found):
        raise typer.Exit(3)


@app.command(rich_help_panel=PANEL)
def compare(
    first: PlanArgument,
    second: Annotated[Path, typer.Argument(metavar="DIR", help="Another result folder.")],
    others: Annotated[list[Path] | None, typer.Argument(metavar="[DIR]...", help="Further ones.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is different between results side by side, and who gains and who loses."""
    from clusterplan.explore import compare as compare_plans
    from clusterplan.report.terminal import show_differences

    folders = [first, second, *(others or ())]
    names = None if len(folders) == 2 else names_of(folders)
    found = compare_plans(*map(plan_of, folders), names=names)
    answer(as_json, found, records, show_differences)


def names_of(folders: list[Path]) -> list[str]:
    """Return what plans are called: the last names of their folders, whole paths where those repeat."""
    short = [folder.resolve().name for folder in folders]
    return short if len(set(short)) == len(short) else [str(folder) for folder in folders]


@app.command(rich_help_panel=PANEL)
def report(
    plan: PlanArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; default DIR/report.html."),
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the page: en or zh.")] = "en",
    form: Annotated[
        Literal["html", "md", "docx"] | None,
        typer.Option(
            "--format",
            help="The page, a summary in Markdown, or a brief for Word; default: by the end of FILE.",
        ),
    ] = None,
    alternatives: Annotated[
        int, typer.Option(min=0, metavar="N", help="Look for so many other plans that are nearly as good.")
    ] = 0,
    time_limit: Annotated[
        float, typer.Option(min=0.0, help="With --alternatives: seconds for each of them.")
    ] = 30.0,
) -> None:
    """Write a result as a page of HTML, a summary in Markdown or a brief for Word, in English or Chinese."""
    from clusterplan.explore import alternatives as alternatives_of
    from clusterplan.plan.manifest_json import keep_checksum
    from clusterplan.report import write_brief, write_page, write_summary
    from clusterplan.report.words import words

    words(lang)  # an unknown language is told before anything is solved
    read, others = plan_of(plan), None
    by_name: dict[str, Literal["md", "docx"]] = {".md": "md", ".docx": "docx"}
    form = form or by_name.get("" if output is None else output.suffix.lower(), "html")
    if alternatives and form != "html":
        raise UsageError(
            "Alternatives stand on the page; leave --alternatives out, or write the page (--format html)."
        )
    if form == "md":
        file = write_summary(read, output or plan / "summary.md", lang=lang)
    elif form == "docx":
        file = write_brief(read, output or plan / "brief.docx", lang=lang)
    else:
        if alternatives:
            with solvers_to_stderr():
                others = alternatives_of(read, alternatives, time_limit=time_limit)
        file = write_page(read, output or plan / "report.html", lang=lang, others=others)
    keep_checksum(plan, file)
    typer.echo(file)


@app.command(rich_help_panel=PANEL)
def charts(
    plan: PlanArgument,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write them.")],
    only: Annotated[
        str, typer.Option(help="Charts, by commas, such as chain,budgets; default: all of a plan.")
    ] = "",
    form: Annotated[Literal["png", "svg", "pdf"], typer.Option("--format", help="Kind of picture.")] = "png",
    beside: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Another result of the region, to set beside it.")
    ] = None,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Draw a result: map, chain, supply, budgets, why newcomers come, cash flow, who comes by itself."""
    from clusterplan.report.charts.gallery import write_charts

    names = [name.strip() for name in only.split(",") if name.strip()]
    other = None if beside is None else plan_of(beside)
    written = write_charts(plan_of(plan), output, only=names, form=form, beside=other, force=force)
    if as_json:
        print_json({"files": {name: str(file) for name, file in written.items()}})
    else:
        for file in written.values():
            typer.echo(file)


@app.command(rich_help_panel=PANEL)
def doctor(as_json: JsonOption = False) -> None:
    """Say which versions and solvers are here, and try a small plan."""
    from clusterplan.report.doctor import examine
    from clusterplan.report.terminal import show_health

    health = examine()
    answer(as_json, health, dict, show_health)
    if not health["works"]:
        raise typer.Exit(1)
