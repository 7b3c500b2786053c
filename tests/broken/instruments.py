"""Instruments whose columns do not fit their basis, or the rest of the region."""

from __future__ import annotations

from typing import Any

from .edits import Case, Edit, cell, column, every, manifest

INCENTIVES = "incentives.csv"


def given(**values: Any) -> Edit:
    """Set cells of the first instrument, in columns that the file need not have yet."""

    def edit(files: dict[str, str]) -> None:
        header = files[INCENTIVES].splitlines()[0].split(",")
        for name in values:
            if name not in header:
                column(INCENTIVES, name, "")(files)
        cell(INCENTIVES, 2, **values)(files)

    return edit


LOAN = {"basis": "loan", "rate": 0.5, "loan_share": 0.4, "loan_years": 5}

CASES = (
    Case("loan of no size", given(basis="loan", rate=0.5, loan_years=5),
         "basis_needs", INCENTIVES, 2, "loan_share"),
    Case("interest of a loan without end", given(basis="interest", rate=0.02, loan_share=0.5),
         "basis_needs", INCENTIVES, 2, "loan_years"),
    Case("order of no size", given(basis="order", rate=500),
         "basis_needs", INCENTIVES, 2, "order_units_per_y"),
    Case("access to no platform", given(basis="access", rate=1),
         "basis_needs", INCENTIVES, 2, "platform_stage"),
    Case("access to a platform that is nowhere", given(basis="access", rate=1, platform_stage="cell"),
         "no_such_platform", INCENTIVES, 2, "platform_stage"),
    Case("access to a platform of no such stage", given(basis="access", rate=1, platform_stage="tests"),
         "unknown_stage", INCENTIVES, 2, "platform_stage"),
    Case("forgiven share in percent", given(**{**LOAN, "rate": 50}),
         "impossible_share", INCENTIVES, 2, "rate"),
    Case("loan larger than the investment", given(**{**LOAN, "loan_share": 1.2}),
         "out_of_range", INCENTIVES, 2, "loan_share"),
    Case("loan paid back over no year", given(**{**LOAN, "loan_years": 0}),
         "out_of_range", INCENTIVES, 2, "loan_years"),
    Case("loan at a negative rate", given(**LOAN, loan_rate=-0.01),
         "negative", INCENTIVES, 2, "loan_rate"),
    Case("firm that borrows at a negative rate", given(**LOAN, firm_rate=-0.01),
         "negative", INCENTIVES, 2, "firm_rate"),
    Case("loan with years of payment", given(**LOAN, years=3),
         "years_of_a_loan", INCENTIVES, 2, "years"),
    Case("interest beyond the loan", given(**{**LOAN, "basis": "interest", "rate": 0.02}, years=6),
         "years_of_a_loan", INCENTIVES, 2, "years"),
    Case("loan that grants nothing", given(**{**LOAN, "rate": 0}, loan_rate=0.08),
         "costless_loan", INCENTIVES, 2, "loan_rate", "discount rate"),
    Case("order of no units", given(basis="order", rate=500, order_units_per_y=0),
         "out_of_range", INCENTIVES, 2, "order_units_per_y"),
    Case("share lent of a grant", given(loan_share=0.4),
         "left_out_number", INCENTIVES, 2, "loan_share", "interest or loan", level="warning"),
    Case("kind that is no kind", given(kind="gift"),
         "unknown_word", INCENTIVES, 2, "kind"),
    Case("kind that does not fit the basis", given(kind="tax_holiday", basis="energy"),
         "kind_without_basis", INCENTIVES, 2, "basis", "tax, investment, jobs"),
    Case("area that no park is in", given(areas="assisted"),
         "unknown_area", INCENTIVES, 2, "areas"),
    Case("rent that no park asks for", given(basis="rent"),
         "no_rent", INCENTIVES, 2, "basis", level="warning"),
    Case("more investment a hectare than anybody brings", given(min_investment_m_ha=1e6),
         "nobody_eligible", INCENTIVES, 2, "instrument", level="warning"),
    Case("more tax a hectare than anybody pays", given(min_tax_m_ha_y=1e6),
         "nobody_eligible", INCENTIVES, 2, "instrument", level="warning"),
    Case("negative investment a hectare", given(min_investment_m_ha=-1),
         "negative", INCENTIVES, 2, "min_investment_m_ha"),
    Case("negative tax a hectare", given(min_tax_m_ha_y=-1),
         "negative", INCENTIVES, 2, "min_tax_m_ha_y"),
    Case("stack without a limit", given(stack_group="capital"),
         "different_limits", INCENTIVES, 2, "stack_limit_m"),
    Case("stack with two limits", every(
            given(stack_group="capital", stack_limit_m=5),
            cell(INCENTIVES, 3, stack_group="capital", stack_limit_m=6)),
         "different_limits", INCENTIVES, 3, "stack_limit_m"),
    Case("limit of no stack", given(stack_limit_m=5),
         "left_out_number", INCENTIVES, 2, "stack_limit_m", level="warning"),
    Case("negative limit of a stack", given(stack_group="capital", stack_limit_m=-5),
         "negative", INCENTIVES, 2, "stack_limit_m"),
    Case("contract on what nobody counts", given(contract="patents"),
         "unknown_word", INCENTIVES, 2, "contract"),
    Case("claw-back without a contract", given(clawback=0.5),
         "left_out_number", INCENTIVES, 2, "clawback", level="warning"),
    Case("claw-back in percent", given(contract="jobs", clawback=50),
         "out_of_range", INCENTIVES, 2, "clawback"),
    Case("contract met by nothing", given(contract="jobs", contract_met_at=0),
         "out_of_range", INCENTIVES, 2, "contract_met_at"),
    Case("yearly budget with a rate", every(
            manifest("budgets.city", {"tier": "city", "basis": "per_year", "by_year_m": [5],
                                      "discount_rate": 0.1})),
         "inconsistent_keys", "region.yaml", None, "budgets.city"),
    Case("tax shared out more than once", manifest("tax_shares", {"city": 0.7, "state": 0.6}),
         "inconsistent_keys", "region.yaml", None, "tax_shares"),
    Case("tax of a tier that has no budget", manifest("tax_shares", {"citty": 0.7}),
         "unknown_tier", "region.yaml", None, "tax_shares.citty", "Did you mean 'city'?", level="warning"),
)  # fmt: skip
