"""The public purse in the terminal: flows by year and tier, and what contracts take back."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.explore.money.contracts import Contracts
from clusterplan.explore.money.fiscal import ITEMS, Fiscal
from clusterplan.plan import Plan
from clusterplan.region import rows
from clusterplan.report.names import names_of
from clusterplan.report.numbers import counted, decimals, written
from clusterplan.report.records import records
from clusterplan.report.terminal import out

HEADS = {
    "promised_pv_m": "promised, present value",
    "kept_pv_m": "kept, present value",
    "surplus_m_y": "surplus, a year",
    "surplus_then_m_y": "surplus then, a year",
}
"""Heads of what contracts do to firms."""


def show_fiscal(plan: Plan, purse: Fiscal) -> None:
    """Show the public purse by year and by tier, and when it has paid back."""
    currency = plan.region.manifest.currency
    years = purse.years()
    years = years.drop(columns=[item for item in ITEMS if years[item].eq(0).all()])
    out.print(
        _table(years, "year", f"What comes with the plan, m {currency} (at what money costs the region)")
    )
    if len(purse.tiers):
        out.print(_table(purse.tiers, "tier", f"By tier, present values at its own money, m {currency}"))
    found = purse.summary
    for discounted, words in ((False, "in nominal money"), (True, "in present values")):
        year = purse.payback_year(discounted=discounted)
        told = "never in its life" if year is None else f"from year {year} on"
        out.print(f"Paid back {words}: {told}.")
    out.print(
        f"Net present value {written(found['npv_new_m'])} m of what is new, {written(found['npv_all_m'])} m "
        f"in all; grants, opening and building {written(found['spent_pv_m'])} m, "
        f"{_each(found['spent_per_job_m'])} m a new job, "
        f"{_each(found['spent_per_local'])} for each unit of local inputs over the life "
        "(present values)."
    )


def fiscal_json(plan: Plan, purse: Fiscal) -> dict[str, Any]:
    """Return the public purse as a JSON document; what is not known is null."""
    return {
        "currency": plan.region.manifest.currency,
        "summary": json.loads(purse.summary.to_json()),
        "years": records(purse.years().reset_index()),
        "years_all": records(purse.years(new=False).reset_index()),
        "tiers": records(purse.tiers.reset_index()),
        "flows": records(purse.flows),
    }


def show_contracts(plan: Plan, found: Contracts) -> None:
    """Show what contracts take back, and what it does to the firms."""
    currency = plan.region.manifest.currency
    hang = found.payments["contract"].notna()
    if not hang.any():
        out.print("No grant of this plan hangs on a contract.")
    amounts = found.payments[["promised_m", "paid_m", "taken_back_m", "kept_m"]].astype(float)
    by_grant = amounts.groupby([found.payments["firm"], found.payments["instrument"]]).sum()
    called, instruments = names_of(plan.region.firms), names_of(plan.region.incentives)
    by_grant.index = pd.Index([f"{called[firm]}: {instruments[i]}" for firm, i in by_grant.index])
    if len(by_grant):
        out.print(_table(by_grant, "grant", f"Grants over all years, m {currency}"))
    firms = found.firms
    if len(firms):
        out.print(
            _table(
                firms.drop(columns="stays_out").rename(index=called).rename(columns=HEADS),
                "firm",
                f"Firms with grants, m {currency}",
            )
        )
    out.print(f"{counted(int(firms['stays_out'].sum()), 'firm')} would rather have stayed out.")


def contracts_json(plan: Plan, found: Contracts) -> dict[str, Any]:
    """Return contracts as a JSON document; what is not known is null."""
    return {
        "currency": plan.region.manifest.currency,
        "payments": records(found.payments),
        "budgets": records(found.budgets.reset_index()),
        "firms": records(found.firms.reset_index()),
    }


def _table(frame: pd.DataFrame, head: str, title: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(head, overflow="fold")
    for column in frame.columns:
        table.add_column(str(column).removesuffix("_m").replace("_", " "), justify="right", overflow="fold")
    places = decimals(pd.Series(frame.to_numpy(float).ravel()).dropna())
    for row in rows(frame):
        cells = ("" if pd.isna(amount) else written(float(amount) + 0.0, places) for amount in row[1:])
        table.add_row(escape(str(row[0])), *cells)
    return table


def _each(amount: float) -> str:
    return "unknown" if pd.isna(amount) else f"{amount:,.3g}"
