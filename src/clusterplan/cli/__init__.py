"""The commands: thin wrappers around the library.

Results go to stdout (with ``--json``, JSON and nothing else), the rest to stderr. Exit codes: 0 fine,
1 a fault of ours, 2 usage, 3 bad input, 4 no plan exists, 5 time ran out without a plan.
Heavy libraries are imported inside commands, so that ``--help`` is instant.
"""

from __future__ import annotations

import os
import sys

import typer

from clusterplan.cli import firms, futures, phases, plans, questions, sweeps, worth
from clusterplan.cli.app import app, print_json
from clusterplan.errors import ClusterplanError, Fault

__all__ = ["app", "main", "run"]

_ORDER = [module.__name__ for module in (plans, firms, questions, futures, sweeps, worth, phases)]
app.registered_commands.sort(key=lambda command: _ORDER.index(getattr(command.callback, "__module__", "")))


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


def _tell(error: ClusterplanError, *, as_json: bool) -> int:
    from clusterplan.report.terminal import show_faults

    faults: tuple[Fault, ...] = getattr(error, "faults", ())
    status = {3: "bad_input", 4: "infeasible", 5: "no_plan"}.get(error.exit_code)
    if as_json and status is not None:
        print_json({"status": status, "faults": [fault.as_dict() for fault in faults]})
    elif faults:
        show_faults(faults)
    else:
        typer.echo(str(error), err=True)
    return error.exit_code


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
