"""Kinds of instruments: what each is reckoned on, what its rate means, and which columns it needs.

The tables, the checks, the payment schedules and the docs read the bases from here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Basis:
    """What the rate of an instrument is applied to.

    Parameters
    ----------
    about
        What it is.
    rate
        What the rate is then.
    once
        True for what is given once (in instalments), False for what is given every year.
    is_share
        True where the rate is a share, so that more than 1 can't be meant.
    by_load
        True where it hangs on what the firm makes, so that it falls with its utilisation.
    needs
        Columns that must be filled.
    """

    about: str
    rate: str
    once: bool = False
    is_share: bool = True
    by_load: bool = False
    needs: tuple[str, ...] = ()


BASES: dict[str, Basis] = {
    "investment": Basis("the investment", "share", once=True),
    "land": Basis("the price of the land", "share", once=True),
    "rent": Basis("the yearly rent of the plant (`plant_rent_m_ha_y` of the park)", "share"),
    "tax": Basis("the yearly tax at the utilisation of the plan", "share", by_load=True),
    "energy": Basis("the yearly energy cost", "share"),
    "wages": Basis("the yearly wage bill", "share"),
    "output": Basis(
        "the yearly output at the utilisation of the plan",
        "currency a unit",
        is_share=False,
        by_load=True,
    ),
    "jobs": Basis("the workers", "currency a job, once", once=True, is_share=False),
    "fixed": Basis("a sum", "millions, once", once=True, is_share=False),
    "interest": Basis(
        "what is outstanding of a bank's loan of `loan_share` of the investment, repaid in equal parts over "
        "`loan_years`",
        "share a year",
        needs=("loan_share", "loan_years"),
    ),
    "loan": Basis(
        "a public loan of `loan_share` of the investment at `loan_rate`, repaid in equal parts over "
        "`loan_years`",
        "share forgiven",
        once=True,
        needs=("loan_share", "loan_years"),
    ),
    "order": Basis(
        "units of output that the public buys a year, `order_units_per_y` of all firms together",
        "currency a unit above its value",
        is_share=False,
        by_load=True,
        needs=("order_units_per_y",),
    ),
    "access": Basis(
        "the use of a platform of `platform_stage` within reach of the firm's park",
        "millions a year",
        is_share=False,
        needs=("platform_stage",),
    ),
}
"""What each basis means, by its word in the column `basis`."""

ONLY: dict[str, tuple[str, ...]] = {
    "loan_share": ("interest", "loan"),
    "loan_years": ("interest", "loan"),
    "loan_rate": ("loan",),
    "firm_rate": ("loan",),
    "order_units_per_y": ("order",),
    "platform_stage": ("access",),
}
"""Bases that each of these columns goes with."""

KINDS: dict[str, tuple[str, ...]] = {
    "capital_grant": ("investment", "fixed", "jobs"),
    "land_discount": ("land",),
    "rent_free": ("rent", "fixed"),
    "tax_holiday": ("tax", "investment", "jobs"),
    "interest_subsidy": ("interest",),
    "forgivable_loan": ("loan",),
    "power_discount": ("energy",),
    "wage_subsidy": ("wages", "jobs"),
    "training": ("jobs", "wages", "fixed"),
    "production_credit": ("output",),
    "order": ("order",),
    "access": ("access",),
    "other": tuple(BASES),
}
"""Instruments as people call them, and the bases by which each can be written."""

CONTRACTS = ("jobs", "output", "wages")
"""What a performance contract may hang on."""
