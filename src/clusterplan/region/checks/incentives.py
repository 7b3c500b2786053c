"""Incentives, budgets and aid ceilings: rates that can be meant, years in order, nobody forgotten.

Rules: ``impossible_share``, ``crossed_amounts``, ``crossed_years``, ``left_out_instrument``,
``nobody_eligible``, ``unused_budget``. What a basis needs is checked in `instruments`.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, shown
from clusterplan.region.instruments import BASES


def check_incentives(known: Known) -> Iterator[Fault]:
    """Yield a fault for every instrument that can't be meant or is given to nobody."""
    for row in known.rows("incentives"):
        yield from _numbers(known, row)
        yield from _years(known, row)
        yield from _eligible(known, row)
    yield from _ceilings(known)
    if not known.broken("incentives"):
        paying = {row["budget"] for row in known.rows("incentives")}
        for budget in known.manifest.budgets:
            if budget not in paying:
                yield known.manifest_fault(
                    f"budgets.{budget}",
                    f"No instrument is paid from budget '{budget}'.",
                    f"Name it in the column budget of {known.file('incentives')}, or delete it.",
                    rule="unused_budget",
                    level="warning",
                )


def _numbers(known: Known, row: Row) -> Iterator[Fault]:
    if row["basis"] in BASES and BASES[row["basis"]].is_share and row["rate"] is not None and row["rate"] > 1:
        yield known.fault(
            "incentives",
            f"The rate is a share of the {row['basis']}, and {shown(row['rate'])} is more than all of it.",
            "Write 30 % as 0.3; an amount in millions has the basis fixed.",
            rule="impossible_share",
            row=row,
            column="rate",
        )
    if row["max_m"] is not None and row["min_m"] is not None and row["min_m"] > row["max_m"]:
        yield known.fault(
            "incentives",
            f"min_m ({shown(row['min_m'])}) is more than max_m ({shown(row['max_m'])}): never awarded.",
            "Exchange or correct the two amounts.",
            rule="crossed_amounts",
            row=row,
            column="min_m",
        )


def _years(known: Known, row: Row) -> Iterator[Fault]:
    first, last, award = row["valid_from"], row["valid_until"], known.manifest.award_year
    if first is not None and last is not None and first > last:
        yield known.fault(
            "incentives",
            f"valid_from ({shown(first)}) is after valid_until ({shown(last)}).",
            "Exchange or correct the two years.",
            rule="crossed_years",
            row=row,
            column="valid_from",
        )
    elif (first is not None and first > award) or (last is not None and last < award):
        early = first is not None and first > award
        yield known.fault(
            "incentives",
            f"The instrument is not valid in {award}, the year of the plan; it is left out.",
            "Nothing, if that is right; otherwise correct the year, or plan_year of the manifest.",
            rule="left_out_instrument",
            row=row,
            column="valid_from" if early else "valid_until",
            level="warning",
        )


def _eligible(known: Known, row: Row) -> Iterator[Fault]:
    if not known.firms or any(_fits(row, firm) for firm in known.firms.values()):
        return
    yield known.fault(
        "incentives",
        "No firm meets the conditions of the instrument (stages, routes, sizes, firms, newness, investment, "
        "workers, investment and tax a hectare, retention).",
        "Check them against the firms; existing and committed firms need is_retention, platforms get none.",
        rule="nobody_eligible",
        row=row,
        column="instrument",
        level="warning",
    )


def _fits(row: Row, firm: Row) -> bool:
    """Return whether a firm meets an instrument's conditions, its park apart."""
    return (
        not firm["is_platform"]
        and (firm["status"] not in ("existing", "committed") or bool(row["is_retention"]))
        and (firm["is_new_entrant"] is not False or not row["new_entrants_only"])
        and all(
            not row[condition] or firm[own] in row[condition]
            for condition, own in (
                ("stages", "stage"),
                ("routes", "route"),
                ("sizes", "size"),
                ("firms", "firm"),
            )
        )
        and all(
            row[least] is None or firm[own] is None or firm[own] >= row[least]
            for least, own in (("min_investment_m", "investment_m"), ("min_workers", "workers"))
        )
        and all(
            row[least] is None or not firm["land_ha"] or (firm[own] or 0.0) >= row[least] * firm["land_ha"]
            for least, own in (("min_investment_m_ha", "investment_m"), ("min_tax_m_ha_y", "tax_m_y"))
        )
    )


def _ceilings(known: Known) -> Iterator[Fault]:
    why = "Aid can't be more than the whole investment, and the ceiling is {}."
    mend = "Write 30 % as 0.3; leave it empty for no ceiling."
    for row in known.rows("parks"):
        for column in ("aid_ceiling", "aid_ceiling_medium", "aid_ceiling_small"):
            ceiling = row[column]
            if ceiling is not None and ceiling > 1:
                yield known.fault(
                    "parks",
                    why.format(shown(ceiling)),
                    mend,
                    rule="impossible_share",
                    row=row,
                    column=column,
                )
    for size, ceiling in known.manifest.aid_ceiling.model_dump().items():
        if ceiling is not None and ceiling > 1:
            yield known.manifest_fault(
                f"aid_ceiling.{size}",
                why.format(shown(ceiling)),
                mend,
                rule="impossible_share",
                value=ceiling,
            )
