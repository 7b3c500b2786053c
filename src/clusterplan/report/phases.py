"""What a planner sees of phases: each of them, the road map, and what could wait."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.report.names import names_of
from clusterplan.report.numbers import share_of, significant
from clusterplan.report.questions import table_of
from clusterplan.report.records import records
from clusterplan.report.terminal import out

if TYPE_CHECKING:
    from clusterplan.explore import Phases

ROAD_MAP = "roadmap.csv"
"""Name of the road map beside the plans."""


def show_phases(found: Phases, choices: pd.DataFrame | None = None) -> None:
    """Show phases, the road map, and what each choice of a phase is worth if that was asked."""
    money = f"m {found.region.manifest.currency}"
    gap = "unknown" if found.gap is None else share_of(found.gap, 2)
    out.print(
        f"{found.region.manifest.title}: {found.status}, present value {significant(found.value_m)} {money} "
        f"in {found.frame['from_year'].iloc[0]}, gap {gap}"
    )
    columns = [
        ("title", "phase"),
        ("from_year", "from"),
        ("years", "years"),
        ("value_m_y", f"value, {money} a year"),
        ("forward_m_y", "if no phase looked further"),
        ("alone_m_y", "if decided afresh"),
        ("came", "come"),
        ("firms", "firms"),
        ("parks", "open parks"),
        ("awarded_pv_m", f"new grants, {money}"),
    ]
    out.print(table_of(found.frame.reset_index(), columns, "Phases"))
    parks = names_of(found.region.parks)
    road = found.roadmap[found.roadmap["could_come"].notna()].copy()
    road["where"] = [parks.get(park, park) for park in road["park"]]
    road["grant"] = road["grant_pv_m"].where(road["grant_pv_m"] > 0)
    columns = [
        ("year", "year"),
        ("kind", ""),
        ("name", "what comes"),
        ("where", "where"),
        ("grant", f"grants, {money}"),
        ("waits", "phases waited"),
    ]
    out.print(table_of(road, columns, "Road map"))
    out.print(_ahead(found, money))
    if choices is not None:
        _show_choices(found, choices, money)


def _ahead(found: Phases, money: str) -> str:
    """Return what looking ahead is worth, in words."""
    if found.dead_end is not None:
        title = found.frame["title"][found.dead_end]
        return (
            f"If each phase looked no further than itself, phase '{title}' would have no plan: what came "
            "before would stand in its way."
        )
    if found.looking_ahead_m is None:
        return "What would come of phases that look no further than themselves was not found in time."
    return (
        f"Looking ahead is worth {significant(max(0.0, found.looking_ahead_m))} {money}: so much less would "
        "phases be worth that look no further than themselves."
    )


def _show_choices(found: Phases, choices: pd.DataFrame, money: str) -> None:
    names = {**names_of(found.region.parks), **names_of(found.region.firms)}
    table = choices.copy()
    table["name"] = [names.get(one, one) for one in table["id"]]
    titles = found.frame["title"]
    table["then"] = [None if pd.isna(one) else titles[one] for one in table["then"]]
    columns = [
        ("name", "choice"),
        ("choice", "in the first phase it"),
        ("status", "without it"),
        ("loss_m", f"worth less by, {money}"),
        ("loss_at_least_m", "at least by"),
        ("then", "it would come in"),
        ("others_moved", "others moved"),
        ("may_wait", "either way is as good"),
    ]
    out.print(table_of(table, columns, "Each choice the other way, all phases planned again"))


def phases_json(found: Phases, choices: pd.DataFrame | None = None) -> dict[str, Any]:
    """Return phases as JSON takes them."""
    return {
        "status": found.status,
        "value_m": found.value_m,
        "bound_m": found.bound_m,
        "gap": found.gap,
        "forward_m": found.forward_m,
        "looking_ahead_m": found.looking_ahead_m,
        "dead_end": found.dead_end,
        "phases": records(found.frame),
        "roadmap": records(found.roadmap),
        **({} if choices is None else {"choices": records(choices)}),
    }


def save_phases(found: Phases, folder: str | Path, *, force: bool = False) -> Path:
    """Write the plan of each phase as a result folder of its own, and the road map beside them.

    Parameters
    ----------
    found
        Phases.
    folder
        Where to; one folder a phase is made in it, named by its id.
    force
        Whether to replace what is there.

    Raises
    ------
    UsageError
        If a plan or road map is there already, and `force` is not set.
    """
    home = Path(folder)
    there = [home / name for name in (*found.plans, ROAD_MAP) if (home / name).exists()]
    if there and not force:
        raise UsageError(f"{there[0]} is there already. Choose another folder, or replace it with --force.")
    home.mkdir(parents=True, exist_ok=True)
    for name, plan in found.plans.items():
        plan.save(home / name, force=force)
    found.roadmap.to_csv(home / ROAD_MAP, index=False)
    return home
