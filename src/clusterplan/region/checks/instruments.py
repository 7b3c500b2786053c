"""Instruments: what each basis needs is there, and nothing that it does not know.

Rules: ``basis_needs``, ``left_out_number``, ``kind_without_basis``, ``costless_loan``, ``years_of_a_loan``,
``unknown_area``, ``no_such_platform``, ``different_limits``, ``no_rent``, ``unknown_tier``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, shown
from clusterplan.region.instruments import BASES, KINDS, ONLY
from clusterplan.region.suggest import suggest


def check_instruments(known: Known) -> Iterator[Fault]:
    """Yield a fault for every instrument whose columns do not fit its basis or the rest of the region."""
    for row in known.rows("incentives"):
        if row["basis"] not in BASES:
            continue
        yield from _columns(known, row)
        yield from _kind(known, row)
        yield from _loan(known, row)
        yield from _places(known, row)
        if row["clawback"] != 1 and row["contract"] is None and row["clawback"] is not None:
            yield _left_out(known, row, "clawback", "an instrument without a contract takes nothing back")
    yield from _stacks(known)
    yield from _tiers(known)


def _columns(known: Known, row: Row) -> Iterator[Fault]:
    for column in BASES[row["basis"]].needs:
        if row[column] is None:
            yield known.fault(
                "incentives",
                f"The basis {row['basis']} is {BASES[row['basis']].about}, and '{column}' is empty.",
                f"Fill '{column}', or choose another basis.",
                rule="basis_needs",
                row=row,
                column=column,
            )
    for column, bases in ONLY.items():
        if row[column] and row["basis"] not in bases:
            yield _left_out(known, row, column, f"it goes with the basis {' or '.join(bases)} alone")


def _left_out(known: Known, row: Row, column: str, why: str) -> Fault:
    return known.fault(
        "incentives",
        f"'{column}' means nothing here: {why}. It is left out.",
        "Empty the cell, or correct basis or contract.",
        rule="left_out_number",
        row=row,
        column=column,
        level="warning",
    )


def _kind(known: Known, row: Row) -> Iterator[Fault]:
    if row["kind"] in KINDS and row["basis"] not in KINDS[row["kind"]]:
        yield known.fault(
            "incentives",
            f"An instrument of kind {row['kind']} can't have the basis {row['basis']}.",
            f"Write one of {', '.join(KINDS[row['kind']])}, or the kind other.",
            rule="kind_without_basis",
            row=row,
            column="basis",
        )


def _loan(known: Known, row: Row) -> Iterator[Fault]:
    if row["basis"] not in ("interest", "loan") or row["loan_years"] is None:
        return
    if row["basis"] == "loan" and row["years"] is not None:
        yield known.fault(
            "incentives",
            "A public loan is paid out in one year, start_y, and comes back over loan_years.",
            "Empty the cell.",
            rule="years_of_a_loan",
            row=row,
            column="years",
        )
    elif row["basis"] == "interest" and row["years"] is not None and row["years"] > row["loan_years"]:
        yield known.fault(
            "incentives",
            f"Interest is paid over {shown(row['years'])} years, of a loan of {shown(row['loan_years'])}.",
            "Write at most loan_years, or leave it empty for all of them.",
            rule="years_of_a_loan",
            row=row,
            column="years",
        )
    if row["basis"] == "loan" and row["rate"] is not None and row["rate"] <= 1 and _cost(known, row) <= 1e-12:
        yield known.fault(
            "incentives",
            f"Nothing is granted in this loan: at {shown(row['loan_rate'])} interest, with "
            f"{shown(row['rate'])} of it forgiven, it comes back in full at the discount rate.",
            "Lower loan_rate, forgive a part of it by rate, or delete the instrument.",
            rule="costless_loan",
            row=row,
            column="loan_rate",
        )


def _cost(known: Known, row: Row) -> float:
    """Return the grant in a unit of a public loan, present value in the year it is lent."""
    n, r = int(row["loan_years"]), known.manifest.discount_rate
    interest = row["loan_rate"] or 0.0
    due = ((1 / n + interest * (n - k) / n) * (1 + r) ** -(1 + k) for k in range(n))
    return float(1 - (1 - row["rate"]) * sum(due))


def _places(known: Known, row: Row) -> Iterator[Fault]:
    if not known.broken("parks"):
        areas = tuple(dict.fromkeys(park["area"] for park in known.parks.values() if park["area"]))
        for area in row["areas"]:
            if area not in areas:
                yield known.fault(
                    "incentives",
                    f"No park is in an area '{area}'.{suggest(area, areas)}",
                    f"Write an area as it stands in the column area of {known.file('parks')}.",
                    rule="unknown_area",
                    row=row,
                    column="areas",
                    value=area,
                )
        if row["basis"] == "rent" and not any(park["plant_rent_m_ha_y"] for park in known.parks.values()):
            yield known.fault(
                "incentives",
                "The instrument pays the rent of plants, and no park asks for any.",
                f"Fill plant_rent_m_ha_y in {known.file('parks')}, or delete the instrument.",
                rule="no_rent",
                row=row,
                column="basis",
                level="warning",
            )
    stage = row["platform_stage"]
    if row["basis"] == "access" and stage in known.members("stages") and not known.broken("firms"):
        platforms = [firm for firm in known.firms.values() if firm["is_platform"]]
        if not any(firm["stage"] == stage for firm in platforms):
            yield known.fault(
                "incentives",
                f"No platform is of stage '{stage}', so nobody ever has access to one.",
                f"Add a platform of that stage to {known.file('firms')}, or name another stage.",
                rule="no_such_platform",
                row=row,
                column="platform_stage",
            )


def _stacks(known: Known) -> Iterator[Fault]:
    limits: dict[str, float | None] = {}
    for row in known.rows("incentives"):
        group = row["stack_group"]
        if group is None:
            if row["stack_limit_m"] is not None:
                yield _left_out(known, row, "stack_limit_m", "it limits a stack_group, and there is none")
            continue
        if group not in limits:
            limits[group] = row["stack_limit_m"]
        if row["stack_limit_m"] is None or row["stack_limit_m"] != limits[group]:
            yield known.fault(
                "incentives",
                f"The stack_limit_m of group '{group}' is "
                + ("not given." if row["stack_limit_m"] is None else "not the same in each of its rows."),
                "Write the same limit in each row of the group.",
                rule="different_limits",
                row=row,
                column="stack_limit_m",
            )


def _tiers(known: Known) -> Iterator[Fault]:
    tiers = tuple(dict.fromkeys(budget.tier for budget in known.manifest.budgets.values()))
    for tier in known.manifest.tax_shares:
        if tier not in tiers:
            yield known.manifest_fault(
                f"tax_shares.{tier}",
                f"No budget is of tier '{tier}'.{suggest(tier, tiers)}",
                "Nothing, if it pays for no instrument; otherwise write the tier as in budgets.",
                rule="unknown_tier",
                level="warning",
            )
