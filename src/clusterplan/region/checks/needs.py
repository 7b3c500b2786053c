"""Room for firms: each fits somewhere, and those that must be placed fit together.

Rules: ``need_too_large``, ``no_admissible_park``, ``over_capacity``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, listed, shown
from clusterplan.region.checks.siting import is_out, most, must_be_placed, places, refusal, usable_parks

ROUNDING = 1e-9
"""Relative slack of sums, so that 0.1 + 0.2 fits into 0.3."""


def check_needs(known: Known) -> Iterator[Fault]:
    """Yield a fault for every firm no park can take, and every capacity exceeded before any choice."""
    if not usable_parks(known):
        return
    too_large: set[str] = set()
    for firm in known.rows("firms"):
        if is_out(firm) or firm["status"] == "existing":
            continue
        grows = bool(known.manifest.phases)  # in phases parks may grow; that of each phase is checked
        found = [] if grows else list(_larger_than_any(known, firm))
        if found:
            too_large.add(firm["firm"])
            yield from found
        else:
            yield from _nowhere_admitted(known, firm)
    yield from _certain_excess(known, leave_out=too_large)


def _larger_than_any(known: Known, firm: Row) -> Iterator[Fault]:
    parks = usable_parks(known)
    for resource in known.resources:
        need = firm[resource]
        each = [most(known, park, resource) for park in parks]
        capacities = [capacity for capacity in each if capacity is not None]
        if need is None or len(capacities) < len(each):
            continue
        largest = max(capacities)
        if need > largest * (1 + ROUNDING):
            where = parks[capacities.index(largest)]
            yield known.fault(
                "firms",
                f"The firm needs more {resource} than any park has; '{where}' has most: {shown(largest)}.",
                "Check the units of both numbers; if they are right, split the firm, or set its status to "
                "excluded.",
                rule="need_too_large",
                row=firm,
                column=resource,
            )


def _nowhere_admitted(known: Known, firm: Row) -> Iterator[Fault]:
    """Yield a firm that every park left to it refuses: an error if it must be placed, else a warning."""
    left = places(known, firm)
    if not left or firm["stage"] not in known.manifest.stages:
        return
    reasons = {park: refusal(known, firm, known.parks[park]) for park in left}
    if any(reason is None for reason in reasons.values()):
        return
    told = "; ".join(f"'{park}': {reason}" for park, reason in list(reasons.items())[:3])
    more = f"; and {len(reasons) - 3} more parks" if len(reasons) > 3 else ""
    must = must_be_placed(firm)
    yield known.fault(
        "firms",
        f"{'The firm must be placed, but no' if must else 'No'} park it may go to takes it ({told}{more}).",
        f"Change what the parks ask in {known.file('parks')}, correct the firm's numbers, or set its status "
        + ("to candidate or excluded." if must else "to excluded."),
        rule="no_admissible_park",
        row=firm,
        column="firm",
        level="error" if must else "warning",
    )


@dataclass(frozen=True)
class _Pool:
    """Parks that share a capacity of one resource, and where that capacity is written."""

    parks: frozenset[str]
    resource: str
    capacity: float | None
    table: str
    row: Row | None
    column: str
    name: str


def _certain_excess(known: Known, leave_out: Collection[str]) -> Iterator[Fault]:
    """Yield capacities that the firms which must be placed, and can go nowhere else, exceed.

    Smaller pools come first: a resource that lacks in a park is not told again for its group or the region.
    """
    forced = {
        name: frozenset(left)
        for name, firm in known.firms.items()
        if must_be_placed(firm) and name not in leave_out and (left := places(known, firm))
    }
    told: set[str] = set()
    for pools in (_parks(known), _groups(known), _region(known)):
        lacking = []
        for pool in pools:
            inside = [name for name, left in forced.items() if left <= pool.parks]
            excess = None if pool.resource in told else _excess(known, pool, inside)
            if excess is not None:
                lacking.append(pool.resource)
                yield excess
        told.update(lacking)


def _excess(known: Known, pool: _Pool, inside: list[str]) -> Fault | None:
    needs = {name: known.firms[name][pool.resource] or 0.0 for name in inside}
    users = [name for name, need in needs.items() if need > 0]
    total = sum(needs.values())
    if pool.capacity is None or total <= pool.capacity * (1 + ROUNDING):
        return None
    mend = (
        "Check the units of both numbers; a capacity includes what existing firms use. "
        "If they are right, set the status of a firm to candidate or excluded."
    )
    if len(users) == 1:
        firm = known.firms[users[0]]
        return known.fault(
            "firms",
            f"The firm must be in {pool.name}, which has {shown(pool.capacity)} of {pool.resource}.",
            mend,
            rule="over_capacity",
            row=firm,
            column=pool.resource,
        )
    return known.fault(
        pool.table,
        f"Firms that must be in {pool.name} need {shown(total)} of {pool.resource}: {listed(users)}.",
        mend,
        rule="over_capacity",
        row=pool.row,
        column=pool.column,
        value=pool.capacity,
    )


def _parks(known: Known) -> Iterator[_Pool]:
    for park, row in known.parks.items():
        for resource in known.resources:
            capacity = most(known, park, resource)
            yield _Pool(frozenset({park}), resource, capacity, "parks", row, resource, f"park '{park}'")


def _groups(known: Known) -> Iterator[_Pool]:
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in known.rows("groups"):
        if row["group"] is not None and row["resource"] in known.resources:
            rows.setdefault((row["group"], row["resource"]), []).append(row)
    for (group, resource), members in rows.items():
        parks = frozenset(row["park"] for row in members)
        capacity = members[0]["capacity"]
        if capacity is not None:
            capacity += sum(dict(row["adds"]).get(group, 0.0) for row in known.rows("works"))
        yield _Pool(parks, resource, capacity, "groups", members[0], "capacity", f"group '{group}'")


def _region(known: Known) -> Iterator[_Pool]:
    parks = usable_parks(known)
    for resource in known.resources:
        each = [most(known, park, resource) for park in parks]
        known_of = [capacity for capacity in each if capacity is not None]
        total = float(sum(known_of)) if len(known_of) == len(each) else None
        yield _Pool(frozenset(known.parks), resource, total, "parks", None, resource, "the region")
