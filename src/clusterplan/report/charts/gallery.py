"""All charts that a plan by itself can tell, as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clusterplan.errors import NoPlanError, UsageError
from clusterplan.explore import baseline
from clusterplan.plan import Plan
from clusterplan.region.suggest import suggest
from clusterplan.report.charts.beside import before_after, side_by_side
from clusterplan.report.charts.budgets import budgets
from clusterplan.report.charts.cascade import cascade
from clusterplan.report.charts.cashflow import cash_flow
from clusterplan.report.charts.chain import chain
from clusterplan.report.charts.layout_map import layout_map
from clusterplan.report.charts.style import axes_of, empty, lettered, title
from clusterplan.report.charts.supply import supply
from clusterplan.report.charts.willingness import willingness

Form = Literal["png", "svg", "pdf"]
DPI = 130
"""Dots an inch of PNG."""
_METADATA: dict[Form, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}


def _cascade(plan: Plan) -> Axes:
    return cascade(baseline(plan.region, orders=0))


CHARTS: dict[str, tuple[Callable[[Plan], Axes | tuple[Axes, Axes]], str]] = {
    "layout_map": (layout_map, "the map"),
    "before_after": (before_after, "today beside the plan"),
    "chain": (chain, "the chain and its local shares"),
    "supply": (supply, "who supplies whom"),
    "budgets": (budgets, "public money by budget"),
    "willingness": (willingness, "why newcomers come"),
    "cash_flow": (cash_flow, "the public purse by year"),
    "cascade": (_cascade, "who comes by itself"),
}
"""What draws each chart of a plan, and what it shows."""
BESIDE = "side_by_side"
"""Chart of two plans."""


def write_charts(
    plan: Plan,
    folder: str | Path,
    *,
    only: Sequence[str] = (),
    form: Form = "png",
    beside: Plan | None = None,
    force: bool = False,
) -> dict[str, Path]:
    """Write the charts of a plan as files, each named for its chart. The same plan gives the same files.

    Parameters
    ----------
    plan
        The plan.
    folder
        Where to write them; made if it is not there.
    only
        Names of charts (`CHARTS`); empty: all. A chart that can't be drawn of this plan says why instead.
    form
        ``png``, ``svg`` or ``pdf``.
    beside
        Another plan of the same region: it is set beside the plan too (``side_by_side``).
    force
        Whether files that are there already are replaced.

    Returns
    -------
    dict
        Files by chart.

    Raises
    ------
    UsageError
        If a name or form is none, or a file is there already.

    Examples
    --------
    >>> import tempfile
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file.name for file in cp.charts.write_charts(plan, folder, only=["chain"]).values()]
    ['chain.png']
    """
    names = _asked(only, form)
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file. Choose another name for the folder of charts.")
    if beside is not None:
        names.append(BESIDE)
    files = {name: target / f"{name}.{form}" for name in names}
    there = [str(file) for file in files.values() if file.exists()]
    if there and not force:
        raise UsageError(
            f"{there[0]} is there already. Choose another folder, or replace it with --force (force=True)."
        )
    drawn: dict[str, Axes] = {}
    try:
        for name in files:
            drawn[name] = (
                _drawn(plan, name) if beside is None or name != BESIDE else side_by_side(plan, beside)[0]
            )
        target.mkdir(parents=True, exist_ok=True)
        for name, file in files.items():
            _write(drawn[name], file, form)
    finally:
        for ax in drawn.values():
            plt.close(_figure(ax))
    return files


def _asked(only: Sequence[str], form: str) -> list[str]:
    for name in only:
        if name not in CHARTS:
            raise UsageError(
                f"There is no chart {name!r}.{suggest(name, CHARTS)} There are: {', '.join(CHARTS)}."
            )
    if form not in _METADATA:
        raise UsageError(f"Charts are written as {', '.join(_METADATA)}, not as {form!r}.")
    return list(dict.fromkeys(only)) or list(CHARTS)


def _drawn(plan: Plan, name: str) -> Axes:
    """Return a chart; where there is no state to draw, axes that say so."""
    draw, words = CHARTS[name]
    try:
        drawn = draw(plan)
    except NoPlanError as error:
        with lettered():
            ax = axes_of(None)
            title(ax, words, plan)
            return empty(ax, str(error))
    return drawn[0] if isinstance(drawn, tuple) else drawn


def _figure(ax: Axes) -> Figure:
    figure = ax.figure
    assert isinstance(figure, Figure)
    return figure


def _write(ax: Axes, file: Path, form: Form) -> None:
    with mpl.rc_context({"svg.hashsalt": "clusterplan"}):
        _figure(ax).savefig(file, dpi=DPI, format=form, metadata=_METADATA[form])
