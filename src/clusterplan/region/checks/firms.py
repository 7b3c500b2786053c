"""What a firm says of itself: product with output, an outside option for who is free to stay away, platforms.

Rules: ``product_without_output``, ``output_without_product``, ``repeated_product``, ``no_outside_option``,
``platform_anchor``, ``left_out_number``, ``energy_above_power``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, shown

HOURS_OF_YEAR = 8784.0
"""Hours of a leap year."""


def check_firms(known: Known) -> Iterator[Fault]:
    """Yield a fault for every firm whose numbers do not go together."""
    for firm in known.rows("firms"):
        yield from _output(known, firm)
        yield from _energy(known, firm)
        if firm["is_platform"]:
            yield from _platform(known, firm)
        else:
            yield from _enterprise(known, firm)


def _output(known: Known, firm: Row) -> Iterator[Fault]:
    product = firm["product"]
    if product is not None and firm["output_per_y"] is None:
        yield known.fault(
            "firms",
            f"The firm makes '{product}', but not how much of it.",
            "Fill output_per_y with its full output a year.",
            rule="product_without_output",
            row=firm,
            column="output_per_y",
        )
    if product is None:
        column = "output_per_y" if firm["output_per_y"] else "co_products" if firm["co_products"] else None
        if column is not None:
            yield known.fault(
                "firms",
                f"The firm has {column}, but no product.",
                f"Fill product, or empty {column}.",
                rule="output_without_product",
                row=firm,
                column=column,
            )
    elif product in dict(firm["co_products"]):
        yield known.fault(
            "firms",
            f"'{product}' is the firm's product and its co-product too.",
            "Take it out of co_products; output_per_y is all of it.",
            rule="repeated_product",
            row=firm,
            column="co_products",
        )


def _energy(known: Known, firm: Row) -> Iterator[Fault]:
    power, energy = firm["power_mw"], firm["energy_mwh_y"]
    if power is not None and energy is not None and energy > power * HOURS_OF_YEAR * (1 + 1e-9):
        yield known.fault(
            "firms",
            f"{shown(energy)} MWh a year are more than {shown(power)} MW give in all hours of a year.",
            "Check the units: energy_mwh_y is in MWh a year, power_mw in MW.",
            rule="energy_above_power",
            row=firm,
            column="energy_mwh_y",
            level="warning",
        )


def _platform(known: Known, firm: Row) -> Iterator[Fault]:
    if firm["is_anchor"]:
        yield known.fault(
            "firms",
            "A platform can't be an anchor: it owns no chain.",
            "Set is_anchor or is_platform to false.",
            rule="platform_anchor",
            row=firm,
            column="is_anchor",
        )
    for column in ("margin_m_y", "outside_m_y"):
        if firm[column]:
            why = "A platform is paid for publicly; this number is left out of account."
            mend = "Empty the cell; what the platform costs a year stands in public_cost_m_y."
            yield _left_out(known, firm, column, why, mend)


def _enterprise(known: Known, firm: Row) -> Iterator[Fault]:
    if firm["status"] == "candidate" and firm["outside_m_y"] is None and firm["is_platform"] is not None:
        yield known.fault(
            "firms",
            "A candidate needs its outside option: without it nothing tells whether it would come.",
            "Fill outside_m_y with what it earns a year at its best place elsewhere "
            "(an estimate will do, with provenance assumed).",
            rule="no_outside_option",
            row=firm,
            column="outside_m_y",
        )
    if firm["public_cost_m_y"]:
        why = "Only platforms have a public cost; this number is left out of account."
        mend = "Empty the cell, or set is_platform to true."
        yield _left_out(known, firm, "public_cost_m_y", why, mend)
    if firm["budget"] is not None:
        why = "Only platforms are paid from a budget here; what firms get stands in the instruments."
        mend = "Empty the cell, or set is_platform to true."
        yield _left_out(known, firm, "budget", why, mend)


def _left_out(known: Known, firm: Row, column: str, why: str, mend: str) -> Fault:
    return known.fault("firms", why, mend, rule="left_out_number", row=firm, column=column, level="warning")
