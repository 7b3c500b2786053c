"""The line of progress while a plan is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clusterplan.report.numbers import share_of
from clusterplan.report.terminal.console import err
from clusterplan.solve import Progress


@contextmanager
def progress_line() -> Iterator[Callable[[Progress], None] | None]:
    """Show one live line of progress on stderr while solving; on a file, nothing."""
    if not err.is_terminal:
        yield None
        return
    with err.status("reading and writing the model ...") as status:

        def on_progress(progress: Progress) -> None:
            best = "none yet" if progress.best is None else f"{progress.best:,.2f}"
            bound = "unknown" if progress.bound is None else f"{progress.bound:,.2f}"
            gap = "" if progress.gap is None else f", gap {share_of(progress.gap, 2)}"
            status.update(f"{progress.seconds:.0f} s: best {best}, bound {bound}{gap}")

        yield on_progress
