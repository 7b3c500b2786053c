"""Firms, jobs and investment of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.plan.indicators.indicator import Indicator
from clusterplan.plan.indicators.parts import enterprises, money, open_parks, placed_firms
from clusterplan.plan.plan import Plan

PLACED = ("existing", "committed", "candidate")
"""Statuses a placed firm can have."""


def firms(plan: Plan) -> Iterator[Indicator]:
    """Yield how many firms there are, what they employ and what they invest."""
    everyone, earning = placed_firms(plan), enterprises(plan)
    coming = everyone["status"] != "existing"
    yield Indicator("parks_open", float(len(open_parks(plan))), "parks", "Parks that are open.")
    yield Indicator("firms", float(len(earning)), "firms", "Firms placed, platforms apart.")
    for status in PLACED:
        yield Indicator(
            f"firms.{status}",
            float((earning["status"] == status).sum()),
            "firms",
            f"Firms of status {status} that are placed, platforms apart.",
        )
    yield Indicator(
        "platforms", float(everyone["is_platform"].sum()), "platforms", "Public platforms placed."
    )
    yield Indicator(
        "utilisation",
        float(earning["utilisation"].mean()),
        "share",
        "Mean utilisation of the firms placed, platforms apart, each firm counted alike.",
    )
    yield Indicator(
        "jobs",
        float(everyone["workers"].sum()),
        "persons",
        "Workers of all firms and platforms placed, at full output.",
    )
    yield Indicator(
        "jobs_new",
        float(everyone.loc[coming, "workers"].sum()),
        "persons",
        "Workers, at full output, of the firms and platforms placed that are not there yet.",
    )
    yield Indicator(
        "investment",
        float(earning.loc[earning["status"] != "existing", "investment_m"].sum()),
        money(plan),
        "Investment of the firms placed that are not there yet, platforms apart.",
    )
