"""The application, and what its commands share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from clusterplan.errors import UsageError

if TYPE_CHECKING:
    from clusterplan.plan import Plan
    from clusterplan.region import Region

Found = TypeVar("Found")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Plan industrial clusters around a chain owner, and check the plan.",
)

RegionArgument = Annotated[
    str,
    typer.Argument(
        metavar="REGION",
        help="A folder, a workbook (.xlsx), a GeoPackage (.gpkg), or a bundled region's name.",
    ),
]
PlanArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A result folder that `solve` wrote.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a result that is already there.")]


@contextmanager
def solvers_to_stderr() -> Iterator[None]:
    """Send what solvers write on the process's stdout to stderr: stdout is for the result alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def folder_of(name: str) -> Path:
    """Return the folder or file a REGION argument means: itself, or the folder of a bundled region."""
    from clusterplan.region import bundled_folder, is_one_file

    if is_one_file(name):
        return Path(name)
    if Path(name).is_dir() or "/" in name or "\\" in name:
        folder = Path(name)
        if (folder / "plan.json").is_file() and (folder / "region").is_dir():
            raise UsageError(f"{folder} is a result folder. Give its region: {folder / 'region'}.")
        return folder
    try:
        return bundled_folder(name)
    except UsageError as error:
        raise UsageError(f"There is no folder {name!r} here. {error}") from None


def region_of(name: str) -> Region:
    """Return the region that a REGION argument means."""
    from clusterplan.region import read_region

    return read_region(folder_of(name))


def plan_of(folder: Path) -> Plan:
    """Return the plan in a result folder."""
    from clusterplan.plan import read_plan

    return read_plan(folder)


def numbers_of(text: str, kind: type, option: str) -> list[Any]:
    """Return the numbers of an option, given by commas; each once."""
    try:
        return list(dict.fromkeys(kind(part) for part in text.split(",") if part.strip()))
    except ValueError:
        raise UsageError(f"{option} takes numbers by commas, such as 0,1,2, not {text!r}.") from None


def records(frame: Any) -> Any:
    """Return a frame as JSON takes it: a list of rows, unknown numbers null."""
    from clusterplan.report.records import records as records_of

    return records_of(frame)


def print_json(value: Any) -> None:
    """Print a value as JSON; a number that is not known must be None."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def answer(
    as_json: bool, found: Found, json_of: Callable[[Found], Any], show: Callable[[Found], None]
) -> None:
    """Print what was found: as JSON, or as a planner reads it.

    Parameters
    ----------
    as_json
        Whether JSON is asked for.
    found
        What was found.
    json_of, show
        What turns it into JSON's values, and what shows it in the terminal.
    """
    if as_json:
        print_json(json_of(found))
    else:
        show(found)
