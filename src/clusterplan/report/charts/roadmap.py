"""Who comes when: a bar for everything that opens, is built or comes, from its year on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from clusterplan.explore import Phases
from clusterplan.report.charts.style import (
    GREY,
    INK,
    LINES,
    PAPER,
    SMALL,
    axes_of,
    below,
    empty,
    fit,
    lettered,
    look,
    name_rows,
    patch,
    plain,
    say_left_out,
    title,
)
from clusterplan.report.names import names_of
from clusterplan.report.numbers import written

KINDS = {"firm": "firm comes", "park": "park opens", "level": "park grows", "work": "work is built"}
"""What each kind of row is called, in the order of their colours."""


def roadmap(found: Phases, ax: Axes | None = None) -> Axes:
    """Draw the road map of phases: what comes when, and what could have come earlier.

    A bar begins with the phase in which a park opens, a work is built or a firm comes, and lasts: nothing
    leaves. A pale bar before it are the phases in which it could have come already. The park of a firm, and
    its grants if it gets any (present value), are written in its bar. What is there from before is left out.

    Parameters
    ----------
    found
        `clusterplan.phases` of a region.
    ax
        Axes to draw on; new ones if None.

    Examples
    --------
    >>> import clusterplan as cp
    >>> years = [{"id": "now", "from_year": 2026}, {"id": "later", "from_year": 2030}]
    >>> ax = cp.charts.roadmap(cp.phases(cp.change(cp.load_region("tiny"), {"phases": years})))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['South park', 'Soft Seats', 'Bright Batteries']
    """
    rows = found.roadmap[found.roadmap["could_come"].notna()].reset_index(drop=True)
    manifest = found.region.manifest
    with lettered():
        ax = axes_of(ax, 10.0, 2.0 + 0.27 * max(len(rows), 4))
        title(ax, f"{fit(manifest.title, 60)}: who comes when")
        if rows.empty:
            return empty(ax, "Nothing comes in these phases that is not there already.")
        starts = found.frame["from_year"]
        kinds, parks = list(KINDS), names_of(found.region.parks)
        for at, row in enumerate(rows.to_dict("records")):
            _bar(ax, at, row, int(starts[row["could_come"]]), kinds.index(row["kind"]))
            ax.annotate(
                _words(row, parks, manifest.currency),
                (row["year"], at),
                (5, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )
        until = int(rows["until"].iloc[0])
        for phase in found.frame.to_dict("records"):
            ax.axvline(phase["from_year"], color=INK, linewidth=0.8, linestyle=":")
            ax.annotate(
                fit(phase["title"], 24),
                (phase["from_year"], 1.0),
                (3, 2),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="bottom",
                fontsize=SMALL,
                color=GREY,
            )
        ax.title.set_position((0.0, 1.0))
        ax.set_title(ax.get_title(loc="left"), loc="left", pad=16)
        name_rows(ax, [fit(name) for name in rows["name"]])
        ax.set(xlim=(int(starts.iloc[0]), until), xlabel="year")
        ax.set_xticks([*starts.tolist(), until])
        plain(ax, "")
        there = [kind for kind in kinds if (rows["kind"] == kind).any()]
        handles = [patch(kinds.index(kind), KINDS[kind]) for kind in there]
        if (rows["waits"] > 0).any():
            handles.append(Patch(facecolor=PAPER, edgecolor=GREY, linestyle="--", label="could have come"))
        below(ax, handles, 5, 32.0)
        say_left_out(ax, rows["name"])
    return ax


def _bar(ax: Axes, at: int, row: Mapping[Any, Any], could: int, number: int) -> None:
    year, until = row["year"], row["until"]
    if could < year:
        ax.barh(at, year - could, left=could, height=0.66, facecolor=PAPER, edgecolor=GREY, linestyle="--")
    ax.barh(at, until - year, left=year, height=0.66, **look(number), **LINES)


def _words(row: Mapping[Any, Any], parks: dict[str, str], currency: str) -> str:
    """Return the park of a firm, and its grants."""
    if row["kind"] != "firm":
        return ""
    where = fit(parks.get(str(row["park"]), str(row["park"])), 28)
    granted = row["grant_pv_m"]
    return f"{where}, grants {written(granted)} m {currency}" if granted > 0 else where
