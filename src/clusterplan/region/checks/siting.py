"""Where firms may and must be, as far as statuses, locks and admission say."""

from __future__ import annotations

from clusterplan.region.checks.chain import outputs
from clusterplan.region.checks.known import Known, Row, shown

PER_MILLION = 1e-6


def is_usable(park: Row) -> bool:
    """Return whether firms can be put in a park: neither excluded nor locked out."""
    return bool(park["status"] != "excluded" and park["lock"] != "out")


def is_out(firm: Row) -> bool:
    """Return whether a firm is in no plan: excluded or locked out."""
    return bool(firm["status"] == "excluded" or firm["lock"] == "out")


def contradicts_itself(firm: Row) -> bool:
    """Return whether a firm's lock denies its status."""
    if firm["lock"] == "in":
        return bool(firm["status"] == "excluded")
    return bool(firm["lock"] == "out" and firm["status"] in ("existing", "committed"))


def must_be_placed(firm: Row) -> bool:
    """Return whether a firm is in every plan: existing, committed or locked in, and that from the start."""
    return (
        not is_out(firm)
        and firm["from_year"] is None
        and (firm["status"] in ("existing", "committed") or firm["lock"] == "in")
    )


def usable_parks(known: Known) -> tuple[str, ...]:
    """Return the ids of the parks that firms can be put in."""
    return tuple(park for park, row in known.parks.items() if is_usable(row))


def places(known: Known, firm: Row) -> tuple[str, ...] | None:
    """Return the parks that statuses and locks leave to a firm.

    Returns
    -------
    tuple of str or None
        None where it cannot be told: the firm names a park that does not exist, or is existing and names
        none.
    """
    if firm["status"] == "existing":
        return (firm["park"],) if firm["park"] in known.parks else None
    named = (*firm["only_parks"], *firm["not_parks"])
    if any(park not in known.parks for park in named):
        return None
    wanted = firm["only_parks"] or tuple(known.parks)
    return tuple(park for park in wanted if park not in firm["not_parks"] and is_usable(known.parks[park]))


def most(known: Known, park: str, resource: str) -> float | None:
    """Return the most of a resource that a park can have, with levels and works; None for no limit."""
    own = known.parks[park][resource]
    if own is None:
        return None
    levels = [
        row[resource] for row in known.rows("levels") if row["park"] == park and row[resource] is not None
    ]
    works = [dict(row["adds"]).get(resource, 0.0) for row in known.rows("works") if row["park"] == park]
    return float(max([own, *levels]) + sum(works))


def refusal(known: Known, firm: Row, park: Row) -> str | None:
    """Return why a park does not take a firm by its admission rules and its size, or None if it does.

    Separation from homes is not looked at: it needs distances.
    """
    if park["admits"] and firm["stage"] not in park["admits"]:
        return f"it does not admit stage '{firm['stage']}'"
    for resource in known.resources:
        need, capacity = firm[resource], most(known, park["park"], resource)
        if need is not None and capacity is not None and need > capacity:
            return f"its {resource} is {shown(capacity)}, the firm needs {shown(need)}"
    return None if firm["is_platform"] else _below_standard(known, firm, park)


def _below_standard(known: Known, firm: Row, park: Row) -> str | None:
    """Return which standard of a park a firm does not meet, or None if it meets all."""
    made, energy, most = output_value(known, firm), firm["energy_mwh_y"], park["max_energy_mwh_m"]
    if made and energy is not None and most is not None and energy / made > most * (1 + 1e-12):
        told = f"energy for a million of output is {shown(energy / made)}"
        return f"its max_energy_mwh_m is {shown(most)}, the firm's {told}"
    land = firm["land_ha"]
    for least, brought, what in (
        ("min_investment_m_ha", firm["investment_m"], "investment"),
        ("min_output_m_ha_y", made, "value of output"),
        ("min_tax_m_ha_y", firm["tax_m_y"], "tax"),
    ):
        if land and brought is not None and park[least] is not None and brought / land < park[least]:
            return (
                f"its {least} is {shown(park[least])}, the firm's {what} a hectare is {shown(brought / land)}"
            )
    return None


def output_value(known: Known, firm: Row) -> float | None:
    """Return the value of a firm's full output, co-products included, in millions of currency a year.

    None where a product or a number of it is not known.
    """
    total = 0.0
    for product, quantity in outputs(firm).items():
        row = known.products.get(product)
        if row is None or row["value"] is None or quantity is None:
            return None
        total += quantity * row["value"] * PER_MILLION
    return total
