"""Groups of parks: one capacity for a resource of a group.

Rules: ``uneven_capacity``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, shown


def check_groups(known: Known) -> Iterator[Fault]:
    """Yield a fault for every row whose capacity is not that of its group."""
    first: dict[tuple[str, str], Row] = {}
    for row in known.rows("groups"):
        if None in (row["group"], row["resource"], row["capacity"]):
            continue
        other = first.setdefault((row["group"], row["resource"]), row)
        if other["capacity"] != row["capacity"]:
            yield known.fault(
                "groups",
                f"The capacity of group '{row['group']}' is {shown(other['capacity'])} in another row: "
                "its parks share one.",
                "Write the same capacity, all parks together, in each row of the group.",
                rule="uneven_capacity",
                row=row,
                column="capacity",
            )
