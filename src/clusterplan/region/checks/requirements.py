"""Requirements and bounds on open parks: each says something, and something that can be met.

Rules: ``empty_requirement``, ``crossed_bounds``, ``unreachable_requirement``, ``broken_requirement``,
``unreachable_open_parks``, ``broken_open_parks``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, listed, shown
from clusterplan.region.checks.siting import is_out, is_usable, must_be_placed, places, usable_parks


def check_requirements(known: Known) -> Iterator[Fault]:
    """Yield a fault for every requirement no plan can meet, as far as statuses and locks say."""
    for row in known.rows("requirements"):
        yield from _says_something(known, row)
        if known.firms and usable_parks(known) and _is_sound(known, row):
            yield from _can_be_met(known, row)
    yield from _open_parks(known)


def _says_something(known: Known, row: Row) -> Iterator[Fault]:
    if row["at_least"] is None and row["at_most"] is None:
        yield known.fault(
            "requirements",
            "The requirement has neither at_least nor at_most.",
            "Fill one of them, or delete the row.",
            rule="empty_requirement",
            row=row,
            column="at_least",
        )
    elif not row["stages"] and not row["firms"]:
        yield known.fault(
            "requirements",
            "The requirement counts no firms: both stages and firms are empty.",
            "Name the stages or the firms that are counted.",
            rule="empty_requirement",
            row=row,
            column="stages",
        )
    elif _crossed(row):
        yield known.fault(
            "requirements",
            f"at_least ({shown(row['at_least'])}) is more than at_most ({shown(row['at_most'])}).",
            "Exchange or correct the two numbers.",
            rule="crossed_bounds",
            row=row,
            column="at_least",
        )


def _crossed(row: Row) -> bool:
    return row["at_least"] is not None and row["at_most"] is not None and row["at_least"] > row["at_most"]


def _is_sound(known: Known, row: Row) -> bool:
    """Return whether the row has no fault of its own that would be told a second time."""
    named = (
        all(stage in known.manifest.stages for stage in row["stages"])
        and all(firm in known.firms for firm in row["firms"])
        and all(park in known.parks for park in row["parks"])
    )
    return named and bool(row["stages"] or row["firms"]) and not _crossed(row)


def _can_be_met(known: Known, row: Row) -> Iterator[Fault]:
    parks = set(row["parks"] or known.parks)
    counted = [
        firm for name, firm in known.firms.items() if firm["stage"] in row["stages"] or name in row["firms"]
    ]
    possible = [firm for firm in counted if not is_out(firm) and _may_be_in(known, firm, parks)]
    # Of a variant_group at most one is placed.
    most = len({firm["variant_group"] or (firm["firm"],) for firm in possible})
    if row["at_least"] is not None and row["at_least"] > most:
        yield known.fault(
            "requirements",
            f"At least {shown(row['at_least'])} are asked for, but only {most} "
            f"{'firm' if most == 1 else 'firms'} can be placed so.",
            f"Lower at_least, or add candidates to {known.file('firms')}.",
            rule="unreachable_requirement",
            row=row,
            column="at_least",
        )
    certain = [
        firm["firm"]
        for firm in counted
        if must_be_placed(firm) and (left := places(known, firm)) and parks.issuperset(left)
    ]
    if row["at_most"] is not None and len(certain) > row["at_most"]:
        yield known.fault(
            "requirements",
            f"At most {shown(row['at_most'])} may be placed, but {len(certain)} must be: {listed(certain)}.",
            "Raise at_most, or make some of these firms candidates.",
            rule="broken_requirement",
            row=row,
            column="at_most",
        )


def _may_be_in(known: Known, firm: Row, parks: set[str]) -> bool:
    left = places(known, firm)
    return left is None or not parks.isdisjoint(left)


def _open_parks(known: Known) -> Iterator[Fault]:
    bounds = known.manifest.open_parks
    usable = usable_parks(known)
    if not usable:
        return
    if bounds.at_least > len(usable):
        yield known.manifest_fault(
            "open_parks.at_least",
            f"At least {bounds.at_least} parks are to be open, but only {len(usable)} can be.",
            "Lower it, or change the status of excluded parks.",
            rule="unreachable_open_parks",
            value=bounds.at_least,
        )
    occupied = {
        left[0]
        for firm in known.rows("firms")
        if must_be_placed(firm) and (left := places(known, firm)) and len(left) == 1
    }
    must_open = [
        park
        for park, row in known.parks.items()
        if is_usable(row) and (row["status"] == "open" or row["lock"] == "in" or park in occupied)
    ]
    if bounds.at_most is not None and len(must_open) > bounds.at_most:
        yield known.manifest_fault(
            "open_parks.at_most",
            f"At most {bounds.at_most} parks may be open, but {len(must_open)} are open, locked in or have "
            f"a firm that must be there: {listed(must_open)}.",
            "Raise it, or change the status or lock of parks.",
            rule="broken_open_parks",
            value=bounds.at_most,
        )
