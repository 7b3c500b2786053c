"""The commands: thin wrappers around the library.

Results go to stdout (with ``--json``, JSON and nothing else), the rest to stderr. Exit codes: 0 fine,
1 a fault of ours, 2 usage, 3 bad input, 4 no plan exists, 5 time ran out without a plan.
Heavy libraries are imported inside commands, so that ``--help`` is instant.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from clusterplan.errors import ClusterplanError, Fault, NoPlanError, TimeLimitError, UsageError

if TYPE_CHECKING:
    from clusterplan.region import Region

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Plan industrial clusters around a chain owner, and check the plan.",
)

RegionArgument = Annotated[
    str, typer.Argument(metavar="REGION", help="A folder, or the name of a bundled region.")
]
PlanArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A result folder that `solve` wrote.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a result that is already there.")]


@app.command()
def regions(as_json: JsonOption = False) -> None:
    """List the bundled regions."""
    from clusterplan.region import bundled_regions, load_region
    from clusterplan.report.terminal import show_regions

    found = [load_region(name) for name in bundled_regions()]
    if as_json:
        rows = [
            {"region": r.name, "title": r.manifest.title, "parks": len(r.parks), "firms": len(r.firms)}
            for r in found
        ]
        _print_json(rows)
    else:
        show_regions(found)


@app.command()
def validate(region: RegionArgument, as_json: JsonOption = False) -> None:
    """Read a region, check it, and list every fault."""
    from clusterplan.distance import region_distances
    from clusterplan.region import datapackage_faults
    from clusterplan.report.terminal import show_faults, show_region

    read = _region(region)
    warnings = (*read.warnings, *datapackage_faults(_folder(region)), *region_distances(read).warnings)
    if as_json:
        _print_json({"status": "valid", "faults": [fault.as_dict() for fault in warnings]})
        return
    show_faults(warnings)
    show_region(read)


@app.command()
def solve(
    region: RegionArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder to write the result to.")
    ] = None,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to search, improve and prove.")] = 60.0,
    work_limit: Annotated[
        int | None, typer.Option(min=1, help="Parts and nodes; repeats exactly on one thread.")
    ] = None,
    gap: Annotated[float, typer.Option(min=0.0, help="Relative gap at which to stop.")] = 1e-6,
    seed: Annotated[int, typer.Option(min=0, help="Seed of search and solver.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Cores to use.")] = 1,
    solver: Annotated[str | None, typer.Option(help="Another PuLP solver: CBC, SCIP, ...")] = None,
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
    read = _region(region)
    if not as_json:
        say_warnings(region, len(read.warnings) + len(region_distances(read).warnings))
    try:
        with _solvers_to_stderr(), progress_line() as on_progress:
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


@app.command()
def verify(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Check a result again: every rule and every number. Exit code 3 if something does not hold."""
    from clusterplan.plan import read_plan
    from clusterplan.plan import verify as verify_plan
    from clusterplan.report.terminal import show_breaches

    found = verify_plan(read_plan(plan))
    if as_json:
        _print_json(json.loads(found.to_json(orient="records")))
    else:
        show_breaches(found)
    if len(found):
        raise typer.Exit(3)


@app.command()
def compare(
    first: PlanArgument,
    second: Annotated[Path, typer.Argument(metavar="DIR", help="Another result folder.")],
    as_json: JsonOption = False,
) -> None:
    """Say what is different between two results."""
    from clusterplan.explore import compare as compare_plans
    from clusterplan.plan import read_plan
    from clusterplan.report.terminal import show_differences

    found = compare_plans(read_plan(first), read_plan(second))
    if as_json:
        _print_json(json.loads(found.to_json(orient="records")))
    else:
        show_differences(found)


@app.command()
def flips(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Say how far each firm's outside option may move before the layout could not hold."""
    from clusterplan.explore import flips as flips_of
    from clusterplan.plan import read_plan
    from clusterplan.report.terminal import show_flips

    solved = read_plan(plan)
    found = flips_of(solved, time_limit=None)
    if as_json:
        _print_json(json.loads(found.reset_index().to_json(orient="records")))
    else:
        show_flips(solved, found)


@app.command()
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
    from clusterplan.plan import read_plan
    from clusterplan.plan import solve as solve_region
    from clusterplan.report.market import json_of, show_baseline

    read = _region(region)
    with _solvers_to_stderr():
        found = baseline_of(read, orders=orders, seed=seed)
        compared = None if plan is None else read_plan(plan)
        if compared is None and time_limit > 0:
            try:
                compared = solve_region(read, time_limit=time_limit, seed=seed)
            except (NoPlanError, TimeLimitError) as error:
                typer.echo(f"There is no plan to compare with: {error}", err=True)
    if as_json:
        _print_json(json_of(found, compared))
    else:
        show_baseline(found, compared)


@app.command()
def willingness(
    plan: PlanArgument,
    exact: Annotated[
        bool, typer.Option("--exact", help="Also the least grants with supply and other grants chosen anew.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say why each firm comes: the parts of its surplus, and the least grant that keeps it."""
    from clusterplan.explore import willingness as willingness_of
    from clusterplan.plan import read_plan
    from clusterplan.report.shares import show_willingness, willingness_json

    solved = read_plan(plan)
    found = willingness_of(solved, exact=exact, time_limit=None)
    if as_json:
        _print_json(willingness_json(found))
    else:
        show_willingness(solved, found)


@app.command()
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
    from clusterplan.plan import read_plan
    from clusterplan.report.shares import sharing_json, show_sharing

    solved = read_plan(plan)
    shares = None if firms is None else shapley_of(solved, [firm.strip() for firm in firms.split(",")])
    found = sharing_of(solved)
    if as_json:
        _print_json(sharing_json(found, shares))
    else:
        show_sharing(solved, found, shares)


@app.command()
def additionality(
    plan: PlanArgument,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to plan without money.")] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Say what comes with the money that would not come without it: plan the region without instruments."""
    from clusterplan.explore import additionality as additionality_of
    from clusterplan.plan import read_plan
    from clusterplan.report.shares import additionality_json, show_additionality

    solved = read_plan(plan)
    found = additionality_of(solved, time_limit=time_limit)
    if as_json:
        _print_json(additionality_json(found))
    else:
        show_additionality(solved, found)


@app.command()
def attraction(
    region: RegionArgument,
    anchor: Annotated[
        list[str] | None,
        typer.Option("--anchor", metavar="FIRM", help="Who lands; may be given more than once."),
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

    with _solvers_to_stderr():
        found = attraction_of(_region(region), anchor or None, time_limit=time_limit, seed=seed)
    if as_json:
        _print_json(found.as_dict())
    else:
        show_attraction(found)


@app.command()
def loops(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Say which innovation loops are closed, what the others lack, and what would close most of them."""
    from clusterplan.explore import loops as loops_of
    from clusterplan.plan import read_plan
    from clusterplan.report.loops import show_loops

    solved = read_plan(plan)
    found = loops_of(solved)
    if as_json:
        tables = {"producers": found.producers, "pieces": found.pieces}
        _print_json({name: json.loads(table.to_json(orient="records")) for name, table in tables.items()})
    else:
        show_loops(solved, found)


@app.command()
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
    from clusterplan.plan import read_plan
    from clusterplan.report.moves import json_of, show_stability

    read = read_plan(plan)
    found = stability_of(read, relocation_m_y=relocation)
    if as_json:
        _print_json(json_of(found))
    else:
        show_stability(read, found)


@app.command()
def diagnose(
    region: RegionArgument,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what stands in the way of a plan, and the smallest changes that would let one exist."""
    from clusterplan.explore import diagnose as diagnose_region
    from clusterplan.report.obstacles import show_diagnosis

    found = diagnose_region(_region(region), time_limit=time_limit)
    if as_json:
        _print_json(found.as_dict())
    else:
        show_diagnosis(found)


@app.command()
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

    numbers, factors = _numbers(seeds, int, "--seeds"), _numbers(budgets, float, "--budgets")
    if not numbers and not factors:
        raise UsageError("Say what to vary: --seeds 0,1,2 or --budgets 0.5,1,2, or both.")
    read, options = _region(region), {"time_limit": time_limit, "gap": gap}
    tasks = [
        *with_seeds(read, numbers, **options),
        *(with_budgets(read, factors, **options) if factors else ()),
    ]
    with _solvers_to_stderr(), sweep_line() as on_progress:
        swept = sweep_tasks(tasks, folder=folder, workers=workers, on_progress=on_progress)
    if as_json:
        _print_json(json_of(swept))
    else:
        show_sweep(swept)


@app.command()
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

    with _solvers_to_stderr():
        found = explain_of(read_plan(plan), firm=firm, park=park, time_limit=time_limit)
    if as_json:
        _print_json({"about": found.about, "chosen": found.chosen, "choices": _records(found.choices)})
    else:
        show_explanation(found)


@app.command()
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

    with _solvers_to_stderr():
        found = alternatives_of(
            read_plan(plan), n, slack=slack, apart=apart, about=about, time_limit=time_limit
        )
    if as_json:
        tables = {name: _records(getattr(found, name)) for name in ("frame", "firms", "parks")}
        _print_json({"ended": found.ended, "plans": tables.pop("frame"), **tables})
    else:
        show_alternatives(found)


@app.command()
def tradeoff(
    region: RegionArgument,
    first: Annotated[str, typer.Option(help="An aim: value, or a term.")] = "value",
    second: Annotated[str, typer.Option(help="Another aim.")] = "grants",
    third: Annotated[str | None, typer.Option(help="A third aim.")] = None,
    n: Annotated[int, typer.Option("-n", min=2, help="Points between the ends, ends included.")] = 10,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds for each solve.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say what one aim costs another: plans of which none is better in everything."""
    from clusterplan.explore import tradeoff as tradeoff_of
    from clusterplan.report.questions import show_tradeoff

    with _solvers_to_stderr():
        found = tradeoff_of(_region(region), first, second, third, n=n, time_limit=time_limit)
    if as_json:
        _print_json({"aims": found.aims, "front": _records(found.front), "dropped": found.dropped})
    else:
        show_tradeoff(found)


@app.command()
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

    with _solvers_to_stderr():
        found = whatif_of(read_plan(plan), changes, time_limit=time_limit)
    if as_json:
        _print_json(whatif_json(found))
    else:
        show_whatif(found)


@app.command()
def routes(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Say what of a plan hangs on each technology route, directly and along supply."""
    from clusterplan.explore import routes as routes_of
    from clusterplan.plan import read_plan
    from clusterplan.report.routes import routes_json, show_routes

    solved = read_plan(plan)
    found = routes_of(solved)
    if as_json:
        _print_json(routes_json(found))
    else:
        show_routes(solved, found)


@app.command()
def scenarios(
    plan: PlanArgument,
    n: Annotated[int, typer.Option("-n", min=1, help="Futures along a cycle of prices and demand.")] = 6,
    price: Annotated[float, typer.Option(min=0.0, help="How far prices swing: 0.15 is about 15 %.")] = 0.15,
    demand: Annotated[float, typer.Option(min=0.0, help="How far demand swings.")] = 0.25,
    rho: Annotated[float, typer.Option(min=0.0, max=1.0, help="Weight of the worst futures.")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the futures.")] = 0,
    time_limit: Annotated[float, typer.Option(min=0.0, help="Seconds to plan each future.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Say how a plan fares when prices and demand turn, and whether another would fare better."""
    from clusterplan.explore import cycle
    from clusterplan.explore import scenarios as scenarios_of
    from clusterplan.plan import read_plan
    from clusterplan.report.questions import scenarios_json, show_scenarios

    solved = read_plan(plan)
    futures = cycle(solved.region, n, price=price, demand=demand, seed=seed)
    with _solvers_to_stderr():
        found = scenarios_of(solved, futures, rho=rho, time_limit=time_limit)
    if as_json:
        _print_json(scenarios_json(found))
    else:
        show_scenarios(found)


@app.command()
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

    with _solvers_to_stderr():
        found = outages_of(read_plan(plan), k, second_source=second_source, time_limit=time_limit)
    if as_json:
        _print_json(_records(found))
    else:
        show_outages(found)


@app.command()
def fiscal(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Show the public purse by year and tier, and when it has paid back."""
    from clusterplan.explore import fiscal as fiscal_of
    from clusterplan.plan import read_plan
    from clusterplan.report.purse import fiscal_json, show_fiscal

    solved = read_plan(plan)
    purse = fiscal_of(solved)
    if as_json:
        _print_json(fiscal_json(solved, purse))
    else:
        show_fiscal(solved, purse)


@app.command()
def contracts(
    plan: PlanArgument,
    fulfilment: Annotated[
        float, typer.Option(min=0.0, help="Share of what firms promised that comes true, of all firms.")
    ] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Show what is paid and taken back if firms keep only a part of what they promised."""
    from clusterplan.explore import contracts as contracts_of
    from clusterplan.plan import read_plan
    from clusterplan.report.purse import contracts_json, show_contracts

    solved = read_plan(plan)
    found = contracts_of(solved, fulfilment=fulfilment)
    if as_json:
        _print_json(contracts_json(solved, found))
    else:
        show_contracts(solved, found)


@app.command()
def report(
    plan: PlanArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Page to write; default DIR/report.html."),
    ] = None,
) -> None:
    """Write a result as one page of HTML."""
    from clusterplan.plan import read_plan
    from clusterplan.report import write_page

    typer.echo(write_page(read_plan(plan), output or plan / "report.html"))


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Say which versions and solvers are here, and try a small plan."""
    from clusterplan.report.doctor import examine
    from clusterplan.report.terminal import show_health

    health = examine()
    if as_json:
        _print_json(health)
    else:
        show_health(health)
    if not health["works"]:
        raise typer.Exit(1)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        typer.main.get_command(app).main(given, prog_name="clusterplan")
    except SystemExit as end:  # how typer ends a command, well or not
        return end.code if isinstance(end.code, int) else 0
    except ClusterplanError as error:
        return _tell(error, as_json="--json" in given)
    return 0


@contextmanager
def _solvers_to_stderr() -> Iterator[None]:
    """Send what solvers write on the process's stdout to stderr: stdout is for the result alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _folder(name: str) -> Path:
    """Return the folder a REGION argument means: itself, or that of a bundled region."""
    from clusterplan.region import bundled_folder

    if Path(name).is_dir() or "/" in name or "\\" in name:
        return Path(name)
    try:
        return bundled_folder(name)
    except UsageError as error:
        raise UsageError(f"There is no folder {name!r} here. {error}") from None


def _numbers(text: str, kind: type, option: str) -> list[Any]:
    """Return the numbers of an option, given by commas; each once."""
    try:
        return list(dict.fromkeys(kind(part) for part in text.split(",") if part.strip()))
    except ValueError:
        raise UsageError(f"{option} takes numbers by commas, such as 0,1,2, not {text!r}.") from None


def _region(name: str) -> Region:
    from clusterplan.region import read_region

    return read_region(_folder(name))


def _tell(error: ClusterplanError, *, as_json: bool) -> int:
    from clusterplan.report.terminal import show_faults

    faults: tuple[Fault, ...] = getattr(error, "faults", ())
    status = {3: "bad_input", 4: "infeasible", 5: "no_plan"}.get(error.exit_code)
    if as_json and status is not None:
        _print_json({"status": status, "faults": [fault.as_dict() for fault in faults]})
    elif faults:
        show_faults(faults)
    else:
        typer.echo(str(error), err=True)
    return error.exit_code


def _records(frame: Any) -> Any:
    """Return a frame as JSON takes it: a list of rows, unknown numbers null."""
    return json.loads(frame.reset_index().to_json(orient="records"))


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def run() -> None:
    """Entry point of the command `clusterplan`."""
    code = main()
    if "clusterplan.solve" in sys.modules:
        from clusterplan.solve import left_running

        if left_running():  # a solver that has not yet heard Ctrl-C, and would hold up the exit
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
