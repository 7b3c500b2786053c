"""A plan for several futures in the terminal and as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.table import Table

from clusterplan.report.names import names_of
from clusterplan.report.numbers import share_of, significant
from clusterplan.report.records import records
from clusterplan.report.terminal import out

if TYPE_CHECKING:
    from clusterplan.explore import Robust

_AIMS = {"mean": "the mean", "worst": "the worst", "cvar": "the mean and the worst futures weighed"}


def show_robust(found: Robust) -> None:
    """Show a plan for several futures."""
    gap = "unknown" if found.gap is None else share_of(found.gap, 2)
    out.print(
        f"{significant(found.value)} m a year: {_AIMS[found.aim]} of {len(found.futures)} futures is best "
        f"({found.status}, gap {gap}). Expected {significant(found.expected)}, "
        f"worst {significant(found.worst)}, mean of the worst {share_of(1 - found.alpha)} "
        f"{significant(found.cvar)}."
    )
    table = Table(title="The plan in each future, m a year", title_justify="left")
    for head in ("future", "probability", "value", "best if known", "firms gone", "firms that lose", "idle"):
        table.add_column(head, justify="left" if head == "future" else "right")
    for name, row in found.futures.iterrows():
        known = "" if math.isnan(row["known"]) else significant(row["known"])
        table.add_row(
            str(name),
            share_of(row["probability"]),
            significant(row["value"]),
            known,
            *(str(int(row[column])) for column in ("gone", "short", "idle")),
        )
    out.print(table)
    firms, parks = names_of(found.region.firms), names_of(found.region.parks)
    placed = Table(title="Who comes, where, and what is awarded", title_justify="left")
    for head in ("firm", "park", "expected surplus", "least surplus", "awarded, m a year"):
        placed.add_column(head, justify="left" if head in {"firm", "park"} else "right", overflow="fold")
    for firm, row in found.firms[found.firms["park"].notna()].iterrows():
        sums = (row["expected_surplus_m_y"], row["worst_surplus_m_y"], row["awarded_m_y"])
        told = ("" if math.isnan(amount) else f"{amount:.3g}" for amount in sums)
        placed.add_row(firms[str(firm)], parks[row["park"]], *told)
    out.print(placed)
    if found.value_of_planning is not None:
        out.print(
            f"Planning for all futures, not for their mean, is worth {_range(found.value_of_planning)}."
        )
    if found.value_of_knowing is not None:
        out.print(f"Knowing the future would be worth {_range(found.value_of_knowing)}.")


def robust_json(found: Robust) -> dict[str, Any]:
    """Return a plan for several futures as JSON takes it."""
    plain = {
        name: getattr(found, name)
        for name in (
            "status",
            "aim",
            "rho",
            "alpha",
            "willing",
            "value",
            "bound",
            "gap",
            "expected",
            "worst",
            "cvar",
            "of_mean",
            "how",
            "layouts",
            "columns",
            "seconds",
        )
    }
    ranges = {
        name: None if pair is None else [_finite(end) for end in pair]
        for name, pair in (
            ("value_of_planning", found.value_of_planning),
            ("value_of_knowing", found.value_of_knowing),
        )
    }
    tables = {name: records(getattr(found, name)) for name in ("futures", "firms", "parks", "grants")}
    return {"region": found.region.name, **plain, **ranges, **tables}


def _range(ends: tuple[float, float]) -> str:
    low, high = ends
    if math.isinf(low) and math.isinf(high):
        return "an amount that is not known"
    if math.isinf(high):
        return f"at least {significant(low)} m a year"
    if math.isinf(low):
        return f"at most {significant(high)} m a year"
    if high - low <= 1e-6 * max(1.0, abs(high)):
        return f"{significant(high)} m a year"
    return f"{significant(low)} to {significant(high)} m a year"


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
