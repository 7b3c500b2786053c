"""Who makes what, who needs what, and what gateways trade."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.region.checks.known import Known, Row


def by_routes(firm: Row) -> list[Row]:
    """Return a firm as it works by its own route, and, if it has one, by its second."""
    if firm["other_route"] is None:
        return [firm]
    changed = {
        column: firm[column] if firm["other_" + column] is None else firm["other_" + column]
        for column in ("route", "product", "output_per_y", "margin_m_y")
    }
    return [firm, {**firm, **changed}]


def outputs(firm: Row) -> dict[str, float | None]:
    """Return the products of a firm and their full output in units a year (None: not known)."""
    if firm["product"] is None:
        return {}
    full = firm["output_per_y"]
    made: dict[str, float | None] = {firm["product"]: full}
    for product, per_unit in firm["co_products"]:
        made[product] = None if full is None else full * per_unit
    return made


def recipe(known: Known, firm: Row) -> list[Row]:
    """Return the rows of `recipes` a firm works by: those of its route, else those without a route."""
    rows = [
        row
        for row in known.rows("recipes")
        if row["stage"] == firm["stage"] and row["product"] == firm["product"] and row["product"] is not None
    ]
    own = [row for row in rows if row["route"] == firm["route"]]
    return own or [row for row in rows if row["route"] is None]


def needs(known: Known, firm: Row) -> tuple[str, ...]:
    """Return the products a firm needs as inputs; not its own product, which is told as a fault."""
    inputs = (row["input"] for row in recipe(known, firm))
    return tuple(dict.fromkeys(each for each in inputs if each not in (None, firm["product"])))


def supplies(known: Known, seller: Row, buyer: Row) -> Iterator[str]:
    """Yield the products one firm makes and another needs."""
    wanted = needs(known, buyer)
    yield from (product for product in outputs(seller) if product in wanted)


def traded(known: Known, price: str) -> frozenset[str]:
    """Return the products some gateway trades at a price of that column (`buys_at` or `sells_at`)."""
    return frozenset(row["product"] for row in known.rows("markets") if row[price] is not None)
