"""How a solve went: the best plan and the bound over time."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from clusterplan.report.charts.style import BLUE, VERMILION, axes_of, empty, lettered, plain, title
from clusterplan.solve import Progress


def progress(told: Sequence[Progress], ax: Axes | None = None, *, unit: str = "millions a year") -> Axes:
    """Draw the value of the best plan and the bound over the seconds of a solve.

    Parameters
    ----------
    told
        What ``clusterplan.solve(..., on_progress=told.append)`` reported.
    ax
        Axes to draw on; new ones if None.
    unit
        Unit of the value.

    Examples
    --------
    >>> import clusterplan as cp
    >>> told = []
    >>> plan = cp.solve(cp.load_region("tiny"), on_progress=told.append)
    >>> cp.charts.progress(told).get_xlabel()
    'seconds'
    """
    with lettered():
        ax = axes_of(ax, 7.5, 4.2)
        title(ax, "value and bound over time")
        if all(one.best is None and one.bound is None for one in told):
            return empty(ax, "The solve reported no plan and no bound.")
        end = max(one.seconds for one in told)
        for key, colour, dash, marker, words in (
            ("bound", VERMILION, (0, (4, 2)), "v", "bound: no plan is worth more"),
            ("best", BLUE, "-", "o", "best plan so far"),
        ):
            known = [(one.seconds, getattr(one, key)) for one in told if getattr(one, key) is not None]
            if known:
                x, y = zip(*known, strict=True)
                ax.step([*x, end], [*y, y[-1]], where="post", color=colour, linestyle=dash, label=words)
                ax.plot(end, y[-1], marker=marker, color=colour, clip_on=False, zorder=3)
        ax.set(xlabel="seconds", ylabel=f"value, {unit}")
        plain(ax, "y")
        ax.legend(loc="best", frameon=False)
    return ax
