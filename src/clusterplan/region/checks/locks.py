"""Statuses, locks and lists of parks: none says what another denies.

Rules: ``contradictory_lock``, ``contradictory_variants``, ``existing_without_park``, ``park_of_other``,
``existing_in_excluded_park``, ``existing_elsewhere``, ``no_park_left``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, listed
from clusterplan.region.checks.siting import (
    contradicts_itself,
    is_out,
    is_usable,
    must_be_placed,
    places,
    usable_parks,
)


def check_locks(known: Known) -> Iterator[Fault]:
    """Yield a fault for every status, lock or list that contradicts another."""
    yield from _parks(known)
    for firm in known.rows("firms"):
        yield from _lock(known, firm)
        if firm["status"] == "existing":
            yield from _existing(known, firm)
        else:
            yield from _lists(known, firm)
    yield from _variants(known)


def _parks(known: Known) -> Iterator[Fault]:
    for park in known.rows("parks"):
        if (park["status"], park["lock"]) in (("open", "out"), ("excluded", "in")):
            yield known.fault(
                "parks",
                f"The park's status is {park['status']}, but it is locked {park['lock']}.",
                "An open park stays open, an excluded one stays shut: change the status, or empty the lock.",
                rule="contradictory_lock",
                row=park,
                column="lock",
            )


def _lock(known: Known, firm: Row) -> Iterator[Fault]:
    if contradicts_itself(firm):
        yield known.fault(
            "firms",
            f"The firm's status is {firm['status']}, but it is locked {firm['lock']}.",
            "Existing and committed firms are in every plan, excluded ones in none: change the status, or "
            "empty the lock.",
            rule="contradictory_lock",
            row=firm,
            column="lock",
        )


def _existing(known: Known, firm: Row) -> Iterator[Fault]:
    park = firm["park"]
    if park is None:
        yield known.fault(
            "firms",
            "An existing firm needs the park it is in.",
            "Write its park, or change its status to committed if its place is open.",
            rule="existing_without_park",
            row=firm,
            column="park",
        )
        return
    if park not in known.parks or not usable_parks(known):
        return
    # An open park that is locked out has been told already.
    row = known.parks[park]
    if not is_usable(row) and not (row["status"] == "open" and row["lock"] == "out"):
        state = "excluded" if row["status"] == "excluded" else "locked out"
        yield known.fault(
            "firms",
            f"The firm is in park '{park}', which is {state}.",
            f"Set the status of '{park}' to open in {known.file('parks')}, or exclude the firm.",
            rule="existing_in_excluded_park",
            row=firm,
            column="park",
        )
    for column, denied in (
        ("only_parks", bool(firm["only_parks"]) and park not in firm["only_parks"]),
        ("not_parks", park in firm["not_parks"]),
    ):
        if denied:
            yield known.fault(
                "firms",
                f"The firm is in park '{park}', which its {column} rules out.",
                f"An existing firm stays where it is: empty {column}, or correct the park.",
                rule="existing_elsewhere",
                row=firm,
                column=column,
            )


def _lists(known: Known, firm: Row) -> Iterator[Fault]:
    if firm["park"] is not None and firm["status"] is not None:
        yield known.fault(
            "firms",
            f"Only existing firms have a park, and this one's status is {firm['status']}.",
            "Write the park in only_parks if the firm must go there, or set the status to existing.",
            rule="park_of_other",
            row=firm,
            column="park",
        )
    only = firm["only_parks"]
    if only and all(park in firm["not_parks"] for park in only):
        yield known.fault(
            "firms",
            f"Every park of its only_parks ({listed(only)}) stands in its not_parks.",
            "Take the park the firm may go to out of not_parks.",
            rule="no_park_left",
            row=firm,
            column="not_parks",
        )
    elif not is_out(firm) and places(known, firm) == () and usable_parks(known):
        must = must_be_placed(firm)
        yield known.fault(
            "firms",
            "The firm must be placed, but every park it may go to is excluded or locked out."
            if must
            else "Every park the firm may go to is excluded or locked out; it is never placed.",
            "Add a park to its only_parks (or take one out of not_parks), or open one of its parks.",
            rule="no_park_left",
            row=firm,
            column="only_parks" if only else "not_parks",
            level="error" if must else "warning",
        )


def _variants(known: Known) -> Iterator[Fault]:
    """Yield groups of which two firms must be placed, though at most one may."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for firm in known.rows("firms"):
        if firm["variant_group"] is not None and must_be_placed(firm):
            groups[firm["variant_group"]].append(firm)
    for group, firms in groups.items():
        for firm in firms[1:]:
            yield known.fault(
                "firms",
                f"'{firms[0]['firm']}' and '{firm['firm']}' must both be placed, "
                f"but are variants of one firm ('{group}').",
                "At most one of a variant_group is placed: make the others candidates, or change the group.",
                rule="contradictory_variants",
                row=firm,
                column="variant_group",
            )
