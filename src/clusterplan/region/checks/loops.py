"""Innovation loops: each has producers, and each of its stages could be there.

Rules: ``loop_of_nobody``, ``unreachable_loop``, ``worthless_loop``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row
from clusterplan.region.checks.siting import is_out


def check_loops(known: Known) -> Iterator[Fault]:
    """Yield a warning for every loop that no plan could close, or that would be worth nothing."""
    if not known.firms:
        return
    for row in known.rows("loops"):
        if row["stage"] not in known.manifest.stages or not set(row["needs"]) <= set(known.manifest.stages):
            continue
        producers = [
            firm
            for firm in known.firms.values()
            if not is_out(firm) and firm["stage"] == row["stage"] and row["route"] in (None, firm["route"])
        ]
        if not producers:
            yield _nobody(known, row)
            continue
        yield from _lacking(known, row, producers)
        if row["value_m_y"] == 0:
            yield known.fault(
                "loops",
                "The loop is worth nothing: closing it changes no plan.",
                "Write what a closed loop is worth a year to a producer, or delete the row.",
                rule="worthless_loop",
                row=row,
                column="value_m_y",
                level="warning",
            )


def _nobody(known: Known, row: Row) -> Fault:
    of_route = "" if row["route"] is None else f" and route '{row['route']}'"
    return known.fault(
        "loops",
        f"The loop has no producer: no firm that may be placed is of stage '{row['stage']}'{of_route}.",
        f"Check stage and route against those of {known.file('firms')}, or delete the row.",
        rule="loop_of_nobody",
        row=row,
        column="stage" if row["route"] is None else "route",
        level="warning",
    )


def _lacking(known: Known, row: Row, producers: list[Row]) -> Iterator[Fault]:
    """Yield a loop of which a stage has no firm but the producer itself."""
    for stage in row["needs"]:
        others = [firm for firm in known.firms.values() if firm["stage"] == stage and not is_out(firm)]
        if not others or (len(others) == 1 and producers == others):
            yield known.fault(
                "loops",
                f"The loop needs stage '{stage}', of which no {'other ' if others else ''}firm or platform "
                "may be placed: it is never closed.",
                f"Add a firm or platform of that stage to {known.file('firms')}, or take it out of needs.",
                rule="unreachable_loop",
                row=row,
                column="needs",
                level="warning",
            )
            return
