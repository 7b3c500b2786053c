"""Why a choice that is forced leaves no plan: the smallest set of rules that can't hold together with it."""

from __future__ import annotations

import pandas as pd

from clusterplan.errors import InputError
from clusterplan.explore.obstacles.diagnose import diagnose
from clusterplan.plan import Plan
from clusterplan.region import Changes, Region, change


def conflict_of(plan: Plan, about: str, choice: str, time_limit: float | None) -> pd.DataFrame:
    """Return rules that can't hold together with a choice, as `clusterplan.diagnose` tells them.

    Parameters
    ----------
    plan
        The plan that chose otherwise.
    about
        The firm or park.
    choice
        A park or ``out`` for a firm, ``open`` or ``shut`` for a park.
    time_limit
        Seconds; None: no limit. Empty where they did not do, or the choice's own input is refused.
    """
    try:
        region = _with_choice(plan.region, about, choice)
    except InputError as error:
        told = [("input", fault.file, fault.why) for fault in error.faults if fault.level == "error"]
        return pd.DataFrame(told, columns=["rule", "id", "what"])
    return diagnose(region, time_limit=time_limit).conflict


def _with_choice(region: Region, about: str, choice: str) -> Region:
    """Return a region in which a choice about a firm or park is locked in.

    Raises
    ------
    InputError
        If the region's other numbers do not bear it.
    """
    lines: Changes
    if choice in ("open", "shut"):
        lines = f"park.{about}.lock = {'in' if choice == 'open' else 'out'}"
    elif choice == "out":
        lines = f"firm.{about}.lock = out"
    else:
        lines = {f"firm.{about}.lock": "in", f"firm.{about}.only_parks": (choice,)}
    return change(region, lines)
