"""A sweep in the terminal: what came of each task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.explore import Running, Sweep
from clusterplan.region import rows
from clusterplan.report.numbers import counted, decimals, share_of, written
from clusterplan.report.records import records
from clusterplan.report.terminal import err, out, show_faults


def show_sweep(swept: Sweep) -> None:
    """Show what came of each task, and what was not taken from the folder."""
    show_faults(swept.told)
    frame = swept.frame
    table = Table()
    table.add_column("task", overflow="fold")
    table.add_column("")
    for head in ("value, m a year", "gap", "seconds"):
        table.add_column(head, justify="right")
    table.add_column("")
    places = decimals(frame["value"].dropna())
    for row in rows(frame):
        said = row.fault.split(". ")[0] if row.status in ("failed", "lost") and row.fault else ""
        table.add_row(
            escape(str(row.Index)),
            row.status.replace("_", " "),
            "" if pd.isna(row.value) else written(row.value, places),
            "" if pd.isna(row.gap) else share_of(row.gap, 2),
            "" if pd.isna(row.seconds) else f"{row.seconds:,.1f}",
            escape(said or ("" if row.source == "none" else row.source)),
        )
    out.print(table)
    left = int((frame["status"] == "not_run").sum())
    if left:
        out.print(f"{counted(left, 'task')} not run: the same command with the same folder goes on.")


def json_of(swept: Sweep) -> dict[str, Any]:
    """Return a sweep as plain values: the rows of its frame, and what was not taken from the folder."""
    return {
        "tasks": records(swept.frame),
        "seconds": swept.seconds,
        "interrupted": swept.interrupted,
        "faults": [fault.as_dict() for fault in swept.told],
    }


@contextmanager
def sweep_line() -> Iterator[Callable[[Running], None] | None]:
    """Show one live line of progress on stderr; on a file, nothing."""
    if not err.is_terminal:
        yield None
        return
    with err.status("starting ...") as status:

        def on_progress(running: Running) -> None:
            left = "" if running.left_s is None else f", about {running.left_s:.0f} s left"
            status.update(f"{running.seconds:.0f} s: {running.done} of {running.total} done{left}")

        yield on_progress
