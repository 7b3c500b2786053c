"""Firms that serve two routes: the second is another than the first, and they can be told apart.

Rules: ``second_route_of_platform``, ``second_route_without_first``, ``second_route_repeated``,
``second_route_alike``, ``without_second_route``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.chain import by_routes, outputs, recipe
from clusterplan.region.checks.known import Known, Row

_OTHER = ("other_product", "other_output_per_y", "other_margin_m_y")


def check_second_routes(known: Known) -> Iterator[Fault]:
    """Yield a fault for every second route that says nothing, or too little."""
    for firm in known.rows("firms"):
        if firm["other_route"] is None:
            yield from _without(known, firm)
        elif firm["is_platform"]:
            yield _fault(
                known,
                firm,
                "second_route_of_platform",
                "A platform makes nothing that is traded, so it serves no second route.",
                "Empty other_route, or set is_platform to false.",
            )
        elif firm["route"] is None or firm["product"] is None:
            yield _fault(
                known,
                firm,
                "second_route_without_first",
                "The firm has a second route, but no route and product of its own.",
                "Fill route and product with what it mainly does.",
            )
        elif firm["route"] == firm["other_route"]:
            yield _fault(
                known,
                firm,
                "second_route_repeated",
                f"Its second route '{firm['other_route']}' is its own.",
                "Write another route of region.yaml, or empty the cell.",
            )
        elif not known.broken("recipes") and _is_alike(known, firm):
            yield _fault(
                known,
                firm,
                "second_route_alike",
                "By both routes it makes and needs the same, so that no plan could tell them apart.",
                f"Add to {known.file('recipes')} a recipe of the second route, or fill other_product.",
            )


def _without(known: Known, firm: Row) -> Iterator[Fault]:
    for column in _OTHER:
        if firm[column] is not None:
            yield _fault(
                known,
                firm,
                "without_second_route",
                f"The firm has {column}, but no second route.",
                f"Fill other_route, or empty {column}.",
                column,
            )


def _is_alike(known: Known, firm: Row) -> bool:
    """Return whether a firm trades the same a year by both its routes, of what is known."""
    amounts = []
    for work in by_routes(firm):
        full = work["output_per_y"]
        if full is None:
            return False
        needed: dict[str, float] = {}
        for row in recipe(known, work):
            if row["input"] is not None and row["quantity"] is not None:
                needed[row["input"]] = needed.get(row["input"], 0.0) + row["quantity"] * full
        amounts.append((outputs(work), needed))
    return amounts[0] == amounts[1]


def _fault(  # noqa: PLR0917  (as a fault is read)
    known: Known, firm: Row, rule: str, why: str, mend: str, column: str = "other_route"
) -> Fault:
    return known.fault("firms", why, mend, rule=rule, row=firm, column=column)
