"""Markets: every row trades something, every gateway has rows, and prices make sense together.

Rules: ``no_price``, ``volume_without_price``, ``gateway_without_market``, ``sells_below_buying``,
``price_far_from_value``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, shown

FAR = 10.0
"""Ratio of a price to the product's value from which on a slip of the unit is likelier than a market."""


def check_markets(known: Known) -> Iterator[Fault]:
    """Yield a fault for every market that trades nothing and for prices that can't be meant."""
    for row in known.rows("markets"):
        yield from _prices(known, row)
    if known.broken("markets"):
        return
    trading = {row["gateway"] for row in known.rows("markets")}
    for row in known.rows("gateways"):
        if row["gateway"] is not None and row["gateway"] not in trading:
            yield known.fault(
                "gateways",
                f"The gateway buys and sells nothing in {known.file('markets')}.",
                "Add what it trades, or delete it.",
                rule="gateway_without_market",
                row=row,
                column="gateway",
                level="warning",
            )


def _prices(known: Known, row: Row) -> Iterator[Fault]:
    buys, sells = row["buys_at"], row["sells_at"]
    if buys is None and sells is None:
        yield known.fault(
            "markets",
            "The row has neither buys_at nor sells_at, so nothing is traded.",
            "Fill the price at which the gateway buys, or the one at which it sells.",
            rule="no_price",
            row=row,
            column="buys_at",
        )
        return
    for price, volume in (("buys_at", "buys_up_to_per_y"), ("sells_at", "sells_up_to_per_y")):
        if row[price] is None and row[volume] is not None:
            yield known.fault(
                "markets",
                f"There is a {volume}, but no {price}: this is not traded.",
                f"Fill {price}, or empty {volume}.",
                rule="volume_without_price",
                row=row,
                column=volume,
                level="warning",
            )
    if buys is not None and sells is not None and sells < buys:
        yield known.fault(
            "markets",
            f"The gateway sells at {shown(sells)} what it buys at {shown(buys)}.",
            "Exchange the two prices if they stand in each other's column.",
            rule="sells_below_buying",
            row=row,
            column="sells_at",
            level="warning",
        )
    yield from _far(known, row)


def _far(known: Known, row: Row) -> Iterator[Fault]:
    value = known.products.get(row["product"], {}).get("value")
    if not value:
        return
    for column in ("buys_at", "sells_at"):
        price = row[column]
        if price is not None and not value / FAR < price < value * FAR:
            yield known.fault(
                "markets",
                f"The price is {shown(price)}, but {known.file('products')} values '{row['product']}' at "
                f"{shown(value)}.",
                "Check that both are in currency per unit of the product.",
                rule="price_far_from_value",
                row=row,
                column=column,
                level="warning",
            )
